"""Merging twins over REST, and where the address of a twin leads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponsePermanentRedirect
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api import filters
from factcheck.api.fields import MAX_INTEGER
from factcheck.api.strict import StrictSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.context import current
from factcheck.base.http.address import public_url
from sources.services import merge


class MergeSerializer(StrictSerializer):
    """Which row stays, and why the other one is the same."""

    into = serializers.IntegerField(
        min_value=1, max_value=MAX_INTEGER, help_text="The id of the row that stays; all that refers to this one moves."
    )
    change_reason = serializers.CharField(
        max_length=2_000, required=False, help_text="Why the two are the same; needed here or in X-Change-Reason."
    )


class MergedFilterSet(filters.RecordedFilterSet):
    merged = filters.PresenceFilter(field_name="merged_into")


class MergingViewSet(RecordedViewSet):
    """A noun whose twins are merged. The address of a twin leads to the row that stays (301) for whoever cannot read
    the twin itself; the desk reads it, with `merged_into`."""

    @extend_schema(request=MergeSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """All that refers to this row refers to `into`, which is answered; this one leads there from now on."""
        given = MergeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        twin = self.get_object()
        into = self.get_queryset().filter(pk=given.validated_data["into"]).first()
        if into is None:
            message = f"There is no such {twin._meta.verbose_name}, or you may not read it."
            raise serializers.ValidationError({"into": [message]}, code="does_not_exist")
        merge(actor=request.user, twin=twin, into=into, reason=current().reason)
        return self.answer(self.get_queryset().get(pk=into.pk))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().retrieve(request, *args, **kwargs)
        except (Http404, NotFound):
            if (address := self.leads_to()) is None:
                raise
            return HttpResponsePermanentRedirect(address)

    def leads_to(self) -> str | None:
        """The address of the row into which the one in the path was merged, if the user may read that."""
        key = str(self.kwargs["pk"])
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            return None
        noun: Any = type(self).queryset
        into: Any = self.visible(noun.filter(twins=int(key))).first()
        return public_url(self.reverse_action("detail", args=[into.pk], request=None)) if into is not None else None
