"""How claims are entered over REST: with what hangs on them, and by the id that another system has for them."""

from __future__ import annotations

from typing import Any

from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.nested import ALONE, enter_parts
from claims.api.parts import PARTS, parts_of_new
from claims.models import Claim
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import require
from factcheck.base.errors import Conflict


class ClaimEntryMixin(RecordedViewSet[Claim]):
    """Enters claims with what came with them."""

    rows_stand_in_rows = True
    came_with: list[dict[str, Any]] = []
    """Of each claim of this request its `ref` and what hangs on it; empty where none brings anything."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        data = kwargs.get("data")
        given = data if isinstance(data, list) else [data]
        names = {"ref", *ALONE}
        if self.action == "create" and any(isinstance(row, dict) and names & row.keys() for row in given):
            # What hangs on a claim is created after it.
            rows = [row if isinstance(row, dict) else {} for row in given]
            self.came_with = [{name: row[name] for name in names if name in row} for row in rows]
            own = [without(row, names) if isinstance(row, dict) else row for row in given]
            kwargs["data"] = own if isinstance(data, list) else own[0]
            self.included = frozenset(name for row in self.came_with for name in row if name in PARTS)
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: BaseSerializer) -> None:
        super().perform_create(serializer)
        new: Any = serializer.instance
        if self.came_with:
            claims = new if isinstance(new, list) else [new]
            context = {"request": self.request, "parts": ()}
            enter_parts(claims, self.came_with, context, many=isinstance(new, list))
        if isinstance(new, list):
            self.load_related(new)
        elif not self.came_with:
            new.parts = parts_of_new(new, self.request.user)

    @action(detail=False, methods=["post"], url_path="by-external-id", url_name="by-external-id")
    def by_external_id(self, request: Request) -> Response:
        """Enter the claim of this `external_id`, with what hangs on it, or change it in what the body names.

        It is looked for among the claims that the caller may see, and only in the `dispute` where the body names one:
        no claim is moved by this. What hangs on the claim is entered with it, and passed over where the claim is
        there. What changes nothing is not written, and needs no version.
        """
        body: Any = request.data
        external_id = body.get("external_id") if isinstance(body, dict) else None
        if not isinstance(external_id, str) or not external_id:
            message = "Say what the other system calls the claim, such as wire:123."
            raise ValidationError({"external_id": [ErrorDetail(message, "required")]})
        claim = self.find_called(external_id)
        if claim is None:
            self.action = "create"
            return self.create(request)
        require(request.user, "claims.change_claim", "change claims")
        self.action = "partial_update"
        serializer = self.get_serializer(claim, data=without(body, {"ref", *ALONE}), partial=True)
        serializer.is_valid(raise_exception=True)
        if any(getattr(claim, name) != value for name, value in serializer.validated_data.items()):
            self.guard_row(claim)
            self.perform_update(serializer)
        return self.answer(claim)

    def find_called(self, external_id: str) -> Claim | None:
        """The claim of this id that the caller may see, if there is one. Raises Conflict unless it is clear which."""
        rows: list[Claim] = list(self.get_queryset().filter(external_id=external_id).order_by("pk"))
        body: Any = self.request.data
        if "dispute" in body:
            try:
                dispute = self.get_serializer().fields["dispute"].run_validation(body["dispute"])
            except ValidationError as error:
                raise ValidationError({"dispute": error.detail}) from error
            rows = [row for row in rows if row.dispute == dispute]
        if len(rows) > 1:
            raise Conflict(
                "Claims of several disputes have this external id. Name the dispute of the one that you mean, or "
                "change it by its own id.",
                code="ambiguous",
                field="dispute",
            )
        return rows[0] if rows else None


def without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The row without what stands under these names."""
    return {name: value for name, value in row.items() if name not in names}
