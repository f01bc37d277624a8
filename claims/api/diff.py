"""Reading a noun as it stood at a moment, and what changed in it between two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.as_of import AS_OF, as_of, deleted_key
from claims.logic.diff import NOUNS, Change, changes
from claims.logic.moment import moment_in
from claims.reports.load.absent import absent
from factcheck.api.choices import NamedChoiceField
from factcheck.api.entry import ChangeSerializer
from factcheck.api.problem import bad_parameter
from factcheck.api.schema import moment_parameter
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import is_desk
from factcheck.base.errors import Absent
from factcheck.models.recorded import RecordedModel

FROM = moment_parameter("from", "The earlier moment.", required=True)
TO = moment_parameter("to", "The later moment; now, if left out.")


class RowChangeSerializer(serializers.Serializer):
    noun = NamedChoiceField(choices=["dispute", "evidence", *NOUNS.values()], help_text="What kind of row it is.")
    id = serializers.IntegerField(help_text="The id of the row.")
    claim = serializers.IntegerField(allow_null=True, help_text="The id of the claim on which it hangs, if on one.")
    change = NamedChoiceField(
        choices=["added", "changed", "removed"], help_text="What happened to it, as far as you may read it."
    )
    row = serializers.CharField(help_text="The row in a few words.")
    differences = ChangeSerializer(many=True, help_text="The fields of a changed row that differ.")


class DiffSerializer(serializers.Serializer):
    """What was added, changed and removed between two moments."""

    earlier = serializers.DateTimeField(help_text="The earlier moment.")
    later = serializers.DateTimeField(help_text="The later moment.")
    changes = RowChangeSerializer(many=True, help_text="One entry for each row that differs.")


class PastMixin(RecordedViewSet):
    """A noun that can be read as it stood at `?as_of=`, and compared between two moments."""

    queryset: QuerySet[Any]
    expensive = frozenset({"diff"})

    def row_then(self, pk: int, moment: datetime) -> RecordedModel:
        """The row as the caller may read it at that moment, with all its parts. Raises Absent."""
        raise NotImplementedError

    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        moment = as_of(request)
        if moment is None:
            return super().retrieve(request, *args, **kwargs)
        return self.answer(self.row_then(self._key(), moment))

    @extend_schema(parameters=[FROM, TO], responses=DiffSerializer, filters=False)
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, pk: str) -> Response:
        """What was added, changed and removed between two moments: rows and fields, as far as you may read them."""
        earlier, later = (
            moment_in(request.query_params, "from"),
            moment_in(request.query_params, "to") or timezone.now(),
        )
        if earlier is None:
            raise bad_parameter("from", "Say from which moment on, such as from=2025-07-02T12:00Z.", "required")
        if earlier > later:
            raise bad_parameter("to", "This moment is before the one that you compare it with (from).", "order")
        key = self._key()
        before, after = self._representation(key, earlier), self._representation(key, later)
        if before is None and after is None:
            raise absent(self.queryset.model, key, request.user, later, "to")
        self.current_object = None
        noun = self.queryset.model._meta.model_name
        found = [_entry(change) for change in changes(noun, before, after)]
        return Response(DiffSerializer({"earlier": earlier, "later": later, "changes": found}).data)

    def _key(self) -> int:
        """The id of the row in the path; for the desk also of one that was deleted since."""
        try:
            return int(self.get_object().pk)
        except Http404:
            key = deleted_key(str(self.kwargs["pk"]))
            if key is None or not is_desk(self.request.user):
                raise
            return key

    def _representation(self, pk: int, moment: datetime) -> Any:
        try:
            row = self.row_then(pk, moment)
        except Absent:
            return None
        return self.get_serializer(row).data


def _entry(change: Change) -> dict[str, Any]:
    differences = [{"field": name, "before": old, "after": new} for name, (old, new) in change.fields.items()]
    return {
        "noun": change.noun,
        "id": change.id,
        "claim": change.claim,
        "change": change.change,
        "row": change.label,
        "differences": differences,
    }
