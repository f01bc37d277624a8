"""The timeline of a dispute over REST: who held what, when, and where a voice departs from what it said before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.dossier import DOSSIER_PARAMETERS, DossierView
from claims.api.matrix import MatrixDisputeSerializer
from claims.choices import Stance
from claims.models import Dispute
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.position import Position
from claims.reports.content.rows import SourceContent
from claims.reports.formats import timeline
from claims.reports.formats.catalogue import disposition
from factcheck.api.choices import NamedChoiceField
from factcheck.api.negotiation import PathDecides
from factcheck.api.problem import Problem, bad_parameter

FILTERS = ("source", "voice", "claim", "stance", "changes")


class TimelineSourceSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The id of the source.")
    label: Any = serializers.CharField(help_text="Its name, or “Source withheld”.")
    slug = serializers.CharField(help_text="Its short name in addresses; empty where it is withheld.")


class TimelineRelaySerializer(TimelineSourceSerializer):
    earlier_wording = serializers.BooleanField(
        help_text="Whether it passed on nothing since the claim got its present wording."
    )


class TimelineClaimSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The id of the claim.")
    number = serializers.IntegerField(help_text="Its place in the report of the dispute.")
    text = serializers.CharField(help_text="The statement.")


class DepartureSerializer(serializers.Serializer):
    kind = NamedChoiceField(
        choices=["contradicts", "shifts", "revises"],
        help_text="The two cannot both stand; the position has shifted; or only a number was revised upwards.",
    )
    refers_to = serializers.IntegerField(help_text="The id of the earlier attribution.")
    departs = serializers.BooleanField(
        help_text="False where only a number was revised, or a clear position left open, or an open one made clear."
    )
    words = serializers.CharField(help_text="The same as a sentence.")


class PositionSerializer(serializers.Serializer):
    attribution = serializers.IntegerField(help_text="The id of the attribution.")
    address = serializers.CharField(help_text="Where it is read.")
    voice = TimelineSourceSerializer(help_text="The topmost body for which it spoke on its day, or its source itself.")
    source: Any = TimelineSourceSerializer(help_text="Who made the statement.")
    stance = NamedChoiceField(choices=Stance.choices, help_text="What the source does with the claim.")
    said_on = serializers.CharField(help_text="When it was said, as exactly as known; empty where it is not.")
    not_after = serializers.CharField(help_text="Without a date of its own: the date of the document that printed it.")
    when = serializers.CharField(help_text="The same in words.")
    claim = TimelineClaimSerializer(help_text="The claim that it is about.")
    capacity = serializers.CharField(help_text="The role in which the source spoke.")
    quote = serializers.CharField(help_text="Its own words.")
    quote_language = serializers.CharField(help_text="Their language.")
    translation = serializers.CharField(help_text="The same in the language of the register.")
    document = serializers.CharField(help_text="The title of the work in which it was printed.")
    earlier_wording = serializers.BooleanField(
        help_text="Whether it was last entered or changed before the claim got its present wording: it says nothing of "
        "that."
    )
    relayed_by = TimelineRelaySerializer(many=True, help_text="Who passed it on.")
    change = DepartureSerializer(
        allow_null=True,
        help_text="Where it departs from an earlier position of its voice, leaves that open, or revises its number.",
    )


class TimelineSerializer(serializers.Serializer):
    """The positions on a dispute in the order of time."""

    dispute = MatrixDisputeSerializer(help_text="The dispute.")
    positions = PositionSerializer(many=True, help_text="The positions, the earliest first; undated ones last.")


class TimelineView(DossierView):
    """Who held what, and when."""

    queryset = Dispute.objects.all()
    parameters = ("as_of", *FILTERS)
    kept_form = "timeline"

    @extend_schema(
        summary="Timeline of a dispute",
        description="What was said on a dispute, by whom and when; relays are folded into what they pass on.",
        parameters=[
            *DOSSIER_PARAMETERS,
            OpenApiParameter("source", str, description="Only statements of this source, by its id or slug."),
            OpenApiParameter("voice", str, description="Only what speaks for this body, by its id or slug."),
            OpenApiParameter("claim", int, description="Only statements about this claim, by its id."),
            OpenApiParameter("stance", str, enum=Stance.values, description="Only this stance."),
            OpenApiParameter(
                "changes",
                bool,
                description="Only those that depart from an earlier one or revise its number; or others.",
            ),
        ],
        responses={200: TimelineSerializer, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)
        wanted = _conditions(request, dossier)
        shown = tuple(row for row in dossier.timeline.positions if all(holds(row) for holds in wanted))
        form = "-".join(
            ["timeline2", *(f"{name}.{request.query_params[name]}" for name in FILTERS if name in request.query_params)]
        )
        return self.answer(request, form, dossier, lambda: Response(timeline.as_json(dossier, shown)))


class TimelinePictureView(DossierView):
    """The same as a picture."""

    queryset = Dispute.objects.all()
    kept_form = "timeline-svg"
    content_negotiation_class = PathDecides

    @extend_schema(
        summary="Timeline of a dispute as a picture",
        description="A lane for each voice and a column for each date; it reads without colour and carries its text.",
        parameters=DOSSIER_PARAMETERS,
        responses={(200, "image/svg+xml"): OpenApiTypes.STR, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)

        def write() -> HttpResponse:
            response = HttpResponse(timeline.as_svg(dossier), content_type="image/svg+xml; charset=utf-8")
            response["Content-Disposition"] = disposition(f"{dossier.stem}-timeline.svg", inline=True)
            return response

        return self.answer(request, "timelinesvg1", dossier, write)


def _conditions(request: Request, dossier: DisputeDossier) -> list[Callable[[Position], bool]]:
    """What the filters of the request ask of a position; 400 for a value that no position of this dispute can have."""
    given, positions = request.query_params, dossier.timeline.positions
    found: list[Callable[[Position], bool]] = []
    if "source" in given:
        source = _source("source", given["source"], (row.source for row in positions))
        found.append(lambda row: row.source.id == source)
    if "voice" in given:
        voice = _source("voice", given["voice"], (row.voice for row in positions))
        found.append(lambda row: row.voice.id == voice)
    if "claim" in given:
        claim = next((pk for pk in dossier.claim_ids if str(pk) == given["claim"]), None)
        if claim is None:
            raise _unknown("claim", given["claim"], "claim of this dispute")
        found.append(lambda row: row.claim == claim)
    if "stance" in given:
        stance = given["stance"]
        if stance not in Stance.values:
            raise bad_parameter("stance", f"Choose from: {', '.join(Stance.values)}.")
        found.append(lambda row: row.stance.code == stance)
    if "changes" in given:
        if given["changes"] not in {"true", "false"}:
            raise bad_parameter("changes", "Give true or false.")
        changes = given["changes"] == "true"
        found.append(lambda row: (row.departure is not None) == changes)
    return found


def _source(name: str, key: str, sources: Iterable[SourceContent]) -> int:
    """The id of the source that `key` names among these: whoever is withheld has no slug, and is not told by one."""
    for source in sources:
        if key in {str(source.id), source.slug}:
            return source.id
    raise _unknown(name, key, f"{name} in this timeline")


def _unknown(name: str, key: str, noun: str) -> Problem:
    return bad_parameter(name, f"There is no {noun} {key[:100]!r}.", "unknown_value")


urlpatterns = [
    path("disputes/<str:key>/timeline/", TimelineView.as_view(), name="dispute-timeline"),
    path("disputes/<str:key>/timeline/svg/", TimelinePictureView.as_view(), name="dispute-timeline-svg"),
]
