"""Acts on many rows of a list in one request, all or none: each row names its id and the version that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api.exportable import AnyRow, ExportableList
from factcheck.api.fields import MAX_INTEGER
from factcheck.api.preference import MAX_ROWS, PREFERENCE, wants_little
from factcheck.api.problem import Problem
from factcheck.api.reason import clean_reason
from factcheck.api.rowlist import placed, placing
from factcheck.api.serializers import MAX_BULK, REASON_FIELD
from factcheck.audit.context import acting, current
from factcheck.audit.followers import together
from factcheck.base.errors import DomainError, PreconditionRequired, RuleViolation, StaleVersion
from factcheck.models.recorded import RecordedModel, guard_public, public_rows


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row of the register that a request names, with what is said of it there, and why it is to change."""

    row: Any
    given: dict[str, Any]
    reason: str


class ManyMixin(ExportableList[AnyRow]):
    """What a viewset of recorded rows does to many of them."""

    def change_many(self, request: Request) -> Response:
        """Change many, all or none: an array of `{id, version, ...}`, each with the fields that it changes and its own
        `change_reason`."""
        chosen = self.choose(request, changing=True)
        serializer: Any = self.get_serializer(
            [one.row for one in chosen], data=[one.given for one in chosen], many=True, partial=True
        )
        serializer.context["reasons"] = [one.reason for one in chosen]
        serializer.is_valid(raise_exception=True)
        with together():
            serializer.save()
        return self.answer_many([one.row for one in chosen])

    def act_on_many(
        self,
        request: Request,
        body: type[serializers.Serializer[Any]],
        act: Callable[[Any, dict[str, Any]], Any],
    ) -> Response:
        """Do this to each of the rows that the request names, with what it says of that one, all or none."""
        chosen = self.choose(request, changing=False)
        serializer: Any = body(data=request.data, many=True)
        serializer.is_valid(raise_exception=True)
        with together():
            for index, (one, given) in enumerate(zip(chosen, serializer.validated_data, strict=True)):
                with placing(index):
                    act(one.row, given)
        return self.answer_many([one.row for one in chosen])

    def answer_many(self, rows: list[Any]) -> Response:
        """The rows as they are now, in the order in which they were sent."""
        readable: Any = self.get_queryset()
        now = readable.in_bulk([row.pk for row in rows])
        found = [now.get(row.pk, row) for row in rows]
        if not wants_little(self.request):
            self.load_related(found)
        return Response(self.represent(found))

    def choose(self, request: Request, *, changing: bool) -> list[Chosen]:
        """The rows that the request names. Raises for all at once whose id is none, whose version has passed (412) or
        that are public and name no version (428); when `changing`, also for those that the caller may not change."""
        self.refuse_if_match(request)
        rows = request.data
        if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_BULK:
            raise bulk_size()
        numbers = [number_in(row) for row in rows]
        readable: Any = self.get_queryset()
        found: dict[int, Any] = readable.in_bulk({number for number in numbers if number})
        public = self.public_among(found.values())
        chosen, problems = [], []
        for index, (given, number) in enumerate(zip(rows, numbers, strict=True)):
            try:
                if not number or number not in found or number in numbers[:index]:
                    raise refused_id(number, known=number in found)
                reason = clean_reason(given[REASON_FIELD]) if REASON_FIELD in given else current().reason
                chosen.append(one := Chosen(found[number], given, reason))
                if changing:
                    self.require_change(one, public=number in public)
                else:
                    require_version(one.row, given.get("version"), needed=number in public)
            except (Problem, DomainError) as error:
                problems.append(placed_problem(error, index))
        if problems:
            raise joined(problems)
        return chosen

    def refuse_if_match(self, request: Request) -> None:
        """Raise for a header that names one version, where there are many rows."""
        if "HTTP_IF_MATCH" in request.META:
            raise Problem(400, "invalid_header", "Name the version of each row in its `version` instead of If-Match.")

    def public_among(self, rows: Iterable[Any]) -> set[int]:
        """The ids of those of these rows that the public reads."""
        model: Any = cast(Any, self).queryset.model
        return set(public_rows(model).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))

    def require_change(self, one: Chosen, *, public: bool) -> None:
        """Raise unless the caller may change this row for the reason that is given, and names its version where it has
        to."""
        if public:
            with acting(reason=one.reason):
                guard_public(type(one.row), [one.row.pk], changing=True)
        require_version(one.row, one.given.get("version"), needed=public)


def bulk_size() -> Problem:
    """The refusal of a body that is no array of as many rows as one request may have."""
    message = (
        f"Send an array of 1 to {MAX_BULK} rows. A worker takes up to {MAX_ROWS:,}: send `Prefer: {PREFERENCE}`, and "
        "look at the address that the answer names."
    )
    return Problem(400, "bulk_size", message)


def number_in(row: object) -> int:
    """The id that a row of the request names; 0 where it names none."""
    number = row.get("id") if isinstance(row, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= MAX_INTEGER else 0


def refused_id(number: int, *, known: bool) -> Problem:
    """Why the id of a row is not taken."""
    code, detail = "required", "Give an object with the id of the row, a whole number."
    if number:
        code, detail = "does_not_exist", f"There is no such row, or you may not see it: {number}."
    if known:
        code, detail = "repeated", f"Name each row once: {number} comes twice."
    return Problem(400, code, detail, errors=[{"field": "id", "code": code, "detail": detail}])


def require_version(row: RecordedModel, version: object, *, needed: bool) -> None:
    """Raise PreconditionRequired when the version is needed and missing, RuleViolation when it is none, StaleVersion
    when the row has another one."""
    name = row._meta.verbose_name
    if version is None:
        if needed:
            raise PreconditionRequired(
                f"Say which version of this {name} your change is based on: the public reads it.", field="version"
            )
        return
    if not isinstance(version, int) or isinstance(version, bool):
        message = f"Give the version of this {name} that you read, a whole number such as {row.version}."
        raise RuleViolation(message, code="invalid", field="version")
    if version != row.version:
        raise StaleVersion(
            f"This {name} was changed since you read it, to version {row.version}. "
            "Read it again and repeat your change.",
            field="version",
        )


def placed_problem(error: Problem | DomainError, index: int) -> Problem:
    """The refusal of the row of this number."""
    if isinstance(error, DomainError):
        return placed(error, str(index), f"Row {index}")
    moved = [{**entry, "field": f"{index}.{entry['field']}"} for entry in error.errors]
    return Problem(error.status_code, error.code, f"Row {index}: {error.detail}", errors=moved)


def joined(problems: Iterable[Problem]) -> Problem:
    """One problem for all of them, of the kind of the first."""
    first, *_others = problems = list(problems)
    return Problem(
        first.status_code,
        first.code,
        str(first.detail),
        errors=[entry for problem in problems for entry in problem.errors],
    )
