"""How claims are entered over REST with what hangs on them."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import BaseSerializer

from claims.api.nested import ALONE, enter_parts
from claims.api.parts import PARTS, parts_of_new
from claims.models import Claim
from factcheck.api.preference import wants_little
from factcheck.api.viewset import RecordedViewSet


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
        if wants_little(self.request):
            return
        if isinstance(new, list):
            self.load_related(new)
        elif not self.came_with:
            new.parts = parts_of_new(new, self.request.user)


def without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The row without what stands under these names."""
    return {name: value for name, value in row.items() if name not in names}
