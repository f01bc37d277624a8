"""Claims that another system keeps too: entered or changed by the id that they have there, one or many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.claim_entry import ClaimEntryMixin, without
from claims.api.nested import ALONE
from claims.models import Claim
from factcheck.api.many import Chosen, bulk_size, joined, placed_problem
from factcheck.api.problem import Problem
from factcheck.api.reason import clean_reason
from factcheck.api.rowlist import placing
from factcheck.api.serializers import MAX_BULK, REASON_FIELD
from factcheck.audit.access import require
from factcheck.audit.context import current
from factcheck.audit.followers import together
from factcheck.base.errors import Conflict, DomainError

BESIDE = {"ref", *ALONE}
"""What comes with a new claim and is passed over where the claim is there."""


class ByExternalIdMixin(ClaimEntryMixin):
    """Enters claims, or changes them, by the id of another system."""

    @action(detail=False, methods=["post"], url_path="by-external-id", url_name="by-external-id")
    def by_external_id(self, request: Request) -> Response:
        """Enter the claim of this `external_id`, with what hangs on it, or change it in what the body names.

        It is looked for among the claims that the caller may see, and only in the `dispute` where the body names one:
        no claim is moved by this. What hangs on the claim is entered with it, and passed over where the claim is
        there. What changes nothing is not written, and needs no version.

        An array of up to 500 is entered and changed together, all or none; each names its `version` and
        `change_reason` as in a PATCH of many. The answer is 201 where all of them were new.
        """
        if isinstance(request.data, list):
            return self.enter_or_change_many(request)
        [claim] = self.find_called([request.data])
        if claim is None:
            self.action = "create"
            return self.create(request)
        require(request.user, "claims.change_claim", "change claims")
        self.action = "partial_update"
        serializer = self.get_serializer(claim, data=without(request.data, BESIDE), partial=True)
        serializer.is_valid(raise_exception=True)
        if differs(claim, serializer.validated_data):
            self.guard_row(claim)
            self.perform_update(serializer)
        return self.answer(claim)

    def enter_or_change_many(self, request: Request) -> Response:
        """Enter those of the claims that are not there, and change the others, all or none."""
        self.refuse_if_match(request)
        bodies: Any = request.data
        if not 1 <= len(bodies) <= MAX_BULK:
            raise bulk_size()
        claims = self.find_called(bodies, many=True)
        new = [index for index, claim in enumerate(claims) if claim is None]
        there = [index for index, claim in enumerate(claims) if claim is not None]
        with together():
            if there:
                require(request.user, "claims.change_claim", "change claims")
                with renumbered(there):
                    self.change_called([claims[index] for index in there], [bodies[index] for index in there])
            if new:
                self.action = "create"
                with renumbered(new):
                    serializer = self.get_serializer(data=[bodies[index] for index in new], many=True)
                    serializer.is_valid(raise_exception=True)
                    self.perform_create(serializer)
                for index, claim in zip(new, serializer.instance, strict=True):
                    claims[index] = claim
        self.action, self.included = "change_many", frozenset()
        answer = self.answer_many(claims)
        answer.status_code = 200 if there else 201
        return answer

    def change_called(self, claims: list[Any], bodies: list[Any]) -> None:
        """Change these claims in what the bodies name; those that this leaves as they are need neither version nor
        right."""
        self.action = "change_many"
        given = [without(body, BESIDE) for body in bodies]
        serializer: Any = self.get_serializer(claims, data=given, many=True, partial=True)
        serializer.is_valid(raise_exception=True)
        reasons, problems = [], []
        public = self.public_among(claims)
        for index, (claim, body) in enumerate(zip(claims, bodies, strict=True)):
            try:
                reasons.append(clean_reason(body[REASON_FIELD]) if REASON_FIELD in body else current().reason)
                if differs(claim, serializer.validated_data[index]):
                    self.require_change(Chosen(claim, body, reasons[-1]), public=claim.pk in public)
            except (Problem, DomainError) as error:
                problems.append(placed_problem(error, index))
        if problems:
            raise joined(problems)
        serializer.context["reasons"] = reasons
        serializer.save()

    def find_called(self, bodies: list[Any], *, many: bool = False) -> list[Claim | None]:
        """The claim that each body means, among those that the caller may see; None where there is none. Raises
        Conflict unless it is clear which, ValidationError where a body names none or two mean the same."""
        named: list[tuple[str, Any]] = []
        for index, body in enumerate(bodies):
            with placing(index) if many else nullcontext():
                named.append((external_id_in(body), body.get("dispute", ANYWHERE)))
        rows: dict[str, list[Claim]] = defaultdict(list)
        for row in self.get_queryset().filter(external_id__in={name for name, _dispute in named}).order_by("pk"):
            rows[row.external_id].append(row)
        field = self.get_serializer().fields["dispute"]
        field.look_up([dispute for _name, dispute in named if dispute not in (ANYWHERE, None)])
        found: list[Claim | None] = []
        meant: Counter[Any] = Counter()
        for index, (name, given) in enumerate(named):
            with placing(index) if many else nullcontext():
                dispute = dispute_in(field, given)
                called = [row for row in rows[name] if given is ANYWHERE or row.dispute == dispute]
                if len(called) > 1:
                    raise Conflict(AMBIGUOUS, code="ambiguous", field="dispute")
                meant[key := called[0].pk if called else (name, dispute)] += 1
                if meant[key] > 1:
                    message = "Name each claim once: another row of this request means the same."
                    raise ValidationError({"external_id": [ErrorDetail(message, "repeated")]})
                found.append(called[0] if called else None)
        return found


ANYWHERE: Any = object()
"""Stands for the dispute where a body names none, not even that there is none."""
AMBIGUOUS = (
    "Claims of several disputes have this external id. Name the dispute of the one that you mean, or change it by its "
    "own id."
)


def external_id_in(body: object) -> str:
    """What the other system calls the claim that a body means."""
    external_id = body.get("external_id") if isinstance(body, dict) else None
    if not isinstance(external_id, str) or not external_id:
        message = "Say what the other system calls the claim, such as wire:123."
        raise ValidationError({"external_id": [ErrorDetail(message, "required")]})
    return external_id


def dispute_in(field: Any, given: Any) -> Any:
    """The dispute that a body names, None where it names none."""
    if given is ANYWHERE:
        return None
    try:
        return field.run_validation(given)
    except ValidationError as error:
        raise ValidationError({"dispute": error.detail}) from error


def differs(claim: Claim, values: dict[str, Any]) -> bool:
    """Whether the claim has other values than these."""
    return any(getattr(claim, name) != value for name, value in values.items())


@contextmanager
def renumbered(places: list[int]) -> Iterator[None]:
    """Say of what is refused inside among some rows of a request where in the request they stand."""

    def moved(path: str) -> str:
        number, dot, rest = path.partition(".")
        return f"{places[int(number)]}{dot}{rest}" if number.isdigit() and int(number) < len(places) else path

    try:
        yield
    except ValidationError as error:
        detail: Any = error.detail
        told = enumerate(detail) if isinstance(detail, list) else detail.items()
        raise ValidationError({moved(str(path)): entry for path, entry in told if entry}) from error
    except Problem as problem:
        entries = [{**one, "field": moved(str(one["field"]))} for one in problem.errors]
        row = entries[0]["field"].partition(".")[0] if entries else ""
        words = str(problem.detail)
        said = f"Row {row}: {words.partition(': ')[2]}" if words.startswith("Row ") and row.isdigit() else words
        raise Problem(problem.status_code, problem.code, said, errors=entries) from problem
