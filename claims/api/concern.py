"""What the desk should look at in a dispute, over REST; for the desk alone."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.dossier import DOSSIER_PARAMETERS, DossierView
from claims.api.stale import for_the_desk
from claims.models import Dispute


class ConcernSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="What is amiss, for programs, such as evidence_not_weighed.")
    words = serializers.CharField(help_text="The same as a sentence.")
    remedy = serializers.CharField(help_text="What to do.")
    claims = serializers.ListField(child=serializers.IntegerField(), help_text="The ids of the claims concerned.")
    evidence = serializers.ListField(child=serializers.IntegerField(), help_text="The ids of the evidence concerned.")


class DisputeConcernsSerializer(serializers.Serializer):
    """What is amiss with a dispute as it is entered."""

    concerns = ConcernSerializer(many=True, help_text="The gravest first.")


class ConcernsView(DossierView):
    """What is amiss with a dispute: rivals both supported, stale verdicts, overdue replies, evidence not weighed."""

    queryset = Dispute.objects.all()

    @extend_schema(
        operation_id="dispute_concerns",
        summary="Concerns about a dispute",
        description="What the desk should look at, with a remedy each; for the desk alone.",
        parameters=DOSSIER_PARAMETERS,
        responses={200: DisputeConcernsSerializer, 304: None},
        tags=["disputes"],
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)
        for_the_desk(request.user)
        body = {"concerns": [asdict(concern) for concern in dossier.concerns]}
        return self.answer(request, "concerns1", dossier, lambda: Response(body))


urlpatterns = [path("disputes/<str:key>/concerns/", ConcernsView.as_view(), name="dispute-concerns")]
