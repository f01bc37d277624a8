"""The feed of public changes: what happened to what everybody may read, with what was taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.registry import NOUNS
from claims.models import Claim
from claims.rules.announcement import ROUTES, public_subjects
from claims.rules.appearance import ORDER, Appearance, appearances
from claims.services.prepared import audience_of
from factcheck.api.conditional import TOLD_TO, ConditionalMixin
from factcheck.api.fields import DateTimeValueField
from factcheck.api.parameters import check_parameters, number_in
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.problem import bad_parameter
from factcheck.audit.models import AuditEntry
from factcheck.base.http.address import public_url

PLACE = re.compile(r"([0-9]{1,18})(?:~([a-z]{1,30})~([0-9]{1,18}))?")
"""What follows in a `next`: the number of an entry, and where a page ended within the one after it the last row."""
MOST, USUAL = 200, 50
LOOKED_AT = 400
"""So many entries of the trail are looked at for one answer: most of them may not be for the public."""
LONGEST = 1_000
"""So many rows of one entry stand on a page: a dispute that is opened or closed may have many more."""
AT_ONCE = 100
"""So many of them together: where these fill the answer, the others are left alone."""


class PublicChangeSerializer(serializers.Serializer):
    entry = serializers.IntegerField(help_text="Its number in the audit trail: later changes have greater numbers.")
    at = serializers.DateTimeField(help_text="When it happened.")
    action = serializers.CharField(
        help_text="What happened, such as claim.published; of a row that came or went with another one, what happened "
        "to that."
    )
    noun = serializers.CharField(help_text="The list of the API to which the row belongs, such as claims.")
    id: Any = serializers.IntegerField(help_text="The id of the row.")
    claim = serializers.IntegerField(allow_null=True, help_text="The id of the claim on which it hangs, if any.")
    dispute = serializers.IntegerField(allow_null=True, help_text="The id of the dispute to which it belongs, if any.")
    address = serializers.URLField(help_text="Where the row is read by programs; a 404 once it is gone.")
    gone = serializers.BooleanField(help_text="Whether it was taken away: drop your copy.")


class PublicChangesSerializer(serializers.Serializer):
    more = serializers.BooleanField(help_text="Whether there may be more already: ask for `next` at once.")
    next = serializers.URLField(help_text="Where what happens after this is read, now or later.")
    results = PublicChangeSerializer(many=True, help_text="What happened, in the order in which it did.")


class ChangesView(ConditionalMixin, APIView):
    """What happened to what everybody may read."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    queryset = Claim.objects.all()

    @extend_schema(
        summary="Public changes",
        description="What happened to what everybody may read now and could read right after the change, in order, "
        "with whatever came before the public by it or is not public any more; the same for every reader. Follow "
        "`next`: it is there on the last page too.",
        parameters=[
            OpenApiParameter(
                "since",
                {"type": "string", "example": "0"},
                description="The number of the last entry that you know, 0 for all, or a moment such as "
                "2025-07-02T12:00Z. Without it the feed begins now. `next` may name a place within an entry.",
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                description="How many rows at most; up to "
                f"{LONGEST} that came or went with one entry are not torn apart.",
            ),
        ],
        responses={200: PublicChangesSerializer, 304: None},
        tags=["changes"],
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, {"since", "page_size"})
        size, (after, reached) = number_in(request, "page_size", USUAL, MOST), since_in(request)
        entries = list(AuditEntry.objects.filter(id__gt=after).order_by("id")[: LOOKED_AT + 1])
        results: list[dict[str, Any]] = []
        place = str(after)
        for entry, own, beside in _told_of(entries[:LOOKED_AT]):
            rows = own + beside
            if reached is not None and entry.id == after + 1:
                rows = [row for row in beside if place_of(row.noun, row.pk) > reached]
            if results and len(results) + len(rows) > size:
                break
            results += [told(entry, row) for row in rows[:LONGEST]]
            if len(rows) > LONGEST:
                last = rows[LONGEST - 1]
                place = f"{entry.id - 1}~{last.noun}~{last.pk}"
                break
            place = str(entry.id)
        more = bool(entries) and str(entries[-1].id) != place
        following = f"{reverse('changes')}?since={place}"
        if "page_size" in request.query_params:
            following += f"&page_size={size}"
        response = Response({"more": more, "next": public_url(following), "results": results})
        if (audience := audience_of(request.user)) is not None:
            setattr(response, TOLD_TO, audience.value)
        return response


def _told_of(
    entries: Sequence[AuditEntry],
) -> Iterator[tuple[AuditEntry, list[Appearance], list[Appearance]]]:
    """Each of these entries that follow one another, with what everybody is told of it: its own row, if any, and those
    that came or went with it, in an order that stays."""
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        for entry, subject, beside in zip(some, public_subjects(some), appearances(some), strict=True):
            own = (
                [Appearance(*subject, entry.action.endswith(".withdrawn"), entry.claim_id, entry.dispute_id)]
                if subject
                else []
            )
            yield entry, own, [row for row in beside if (row.noun, row.pk) != subject]


def place_of(noun: str, pk: int) -> tuple[int, int]:
    """Where a row stands among those that came or went with one entry."""
    return ORDER[noun], pk


def told(entry: AuditEntry, row: Appearance) -> dict[str, Any]:
    """What everybody is told of one row at an entry."""
    route = ROUTES[row.noun]
    return {
        "entry": entry.id,
        "at": entry.at,
        "action": entry.action,
        "noun": _lists()[route],
        "id": row.pk,
        "claim": row.claim,
        "dispute": row.dispute,
        "address": public_url(reverse(f"{route}-detail", args=[row.pk])),
        "gone": row.gone,
    }


@cache
def _lists() -> dict[str, str]:
    """The list of each noun, by the name of its route."""
    return {noun.basename: noun.prefix for noun in NOUNS}


def since_in(request: Request) -> tuple[int, tuple[int, int] | None]:
    """The last entry that the caller knows, and how far they know the one after it; a 400 for what is neither its
    number nor a moment."""
    text = request.query_params.get("since")
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if text is None:
        return newest, None
    if (found := PLACE.fullmatch(text)) and (found[2] is None or found[2] in ORDER):
        return int(found[1]), place_of(found[2], int(found[3])) if found[2] else None
    try:
        moment = DateTimeValueField().clean(text)
    except ValidationError:
        message = "Give the number of the last entry that you know, or a moment such as 2025-07-02T12:00Z."
        raise bad_parameter("since", message) from None
    first = AuditEntry.objects.filter(at__gte=moment).order_by("at", "id").values_list("id", flat=True).first()
    return newest if first is None else first - 1, None


urlpatterns = [path("changes/", ChangesView.as_view(), name="changes")]
