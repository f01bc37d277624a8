"""What the desk should look at in a dispute, over REST; for the desk alone."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.dossier import DOSSIER_PARAMETERS, KEY, DossierView
from claims.api.stale import for_the_desk
from claims.choices import ClaimStatus, RuleLevel
from claims.models import Claim, Dispute
from claims.reports.content.concerns import Concern, gravest_first
from claims.reports.load.breaches import load_breaches
from factcheck.api.choices import NamedChoiceField
from factcheck.api.schema import ETAG, IF_NONE_MATCH


class ConcernSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="What is amiss, for programs, such as evidence_not_weighed.")
    words = serializers.CharField(help_text="The same as a sentence.")
    remedy = serializers.CharField(help_text="What to do.")
    claims = serializers.ListField(child=serializers.IntegerField(), help_text="The ids of the claims concerned.")
    evidence = serializers.ListField(child=serializers.IntegerField(), help_text="The ids of the evidence concerned.")
    level = NamedChoiceField(choices=RuleLevel.choices, help_text="How grave the rule is that is broken.")
    excepted = serializers.BooleanField(help_text="Whether this is on record as an exception from the rule.")


class DisputeConcernsSerializer(serializers.Serializer):
    """What is amiss with a dispute as it is entered."""

    concerns = ConcernSerializer(many=True, help_text="The gravest first.")


class ConcernsView(DossierView):
    """What is amiss with a dispute: stale verdicts, overdue replies, evidence not weighed, broken rules."""

    queryset = Dispute.objects.all()
    for_the_desk_alone = True

    @extend_schema(
        summary="Concerns about a dispute",
        description="What the desk should look at, with a remedy each; for the desk alone.",
        parameters=DOSSIER_PARAMETERS,
        responses={200: DisputeConcernsSerializer, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)
        for_the_desk(request.user)
        numbers = {claim.id: claim.number for claim in dossier.claims if claim.status.code != ClaimStatus.WITHDRAWN}
        # Rules are asked of what stands now: what they made of the past nobody decided by.
        broken = () if dossier.imprint.as_of else load_breaches(numbers, request.user, numbers)
        return self.answer(request, _tag(broken), dossier, lambda: _listed(gravest_first((*dossier.concerns, *broken))))


class ClaimConcernsView(DossierView):
    """The rules that a claim breaks as it stands."""

    queryset = Claim.objects.all()
    for_the_desk_alone = True
    parameters = ()

    @extend_schema(
        summary="Concerns about a claim",
        description="The rules that the claim breaks as it stands, with a remedy each; for the desk alone.",
        parameters=[KEY, IF_NONE_MATCH, ETAG],
        responses={200: DisputeConcernsSerializer, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.claim(key)
        for_the_desk(request.user)
        broken = load_breaches([claim.id for claim in dossier.claims], request.user)
        return self.answer(request, _tag(broken), dossier, lambda: _listed(broken))


def _tag(broken: tuple[Concern, ...]) -> str:
    """What tells this answer from others: rules change with their levels, of which the dossier knows nothing."""
    return f"concerns2-{sha256(repr(broken).encode()).hexdigest()[:16]}"


def _listed(concerns: tuple[Concern, ...]) -> Response:
    return Response({"concerns": [asdict(concern) for concern in concerns]})


urlpatterns = [
    path("disputes/<str:key>/concerns/", ConcernsView.as_view(), name="dispute-concerns"),
    path("claims/<str:key>/concerns/", ClaimConcernsView.as_view(), name="claim-concerns"),
]
