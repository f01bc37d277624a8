"""The matrix of a question of a dispute over REST: as JSON and as CSV."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.dossier import DOSSIER_PARAMETERS, DossierView
from claims.choices import Consistency
from claims.logic.matrix_plain import NO_FINDING, WEIGHT
from claims.models import Dispute, Question
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.question import QuestionContent
from claims.reports.formats import csv, matrix
from claims.reports.formats.catalogue import disposition
from claims.reports.load.dossier import addressed
from factcheck.api.choices import NamedChoiceField
from factcheck.api.negotiation import PathDecides
from factcheck.api.problem import bad_parameter


class MatrixVoteSerializer(serializers.Serializer):
    analyst = serializers.CharField(help_text="Who rated.")
    rating = NamedChoiceField(choices=Consistency.choices, help_text="How consistent they find it.")
    note = serializers.CharField(help_text="Why.")


class MatrixCellSerializer(serializers.Serializer):
    claim = serializers.IntegerField(help_text="The id of the claim.")
    analysts = serializers.IntegerField(help_text="How many analysts rated it.")
    mean = serializers.FloatField(
        allow_null=True, help_text="The mean from 1 (very inconsistent) to 5 (very consistent); not applicable is 3."
    )
    consensus = NamedChoiceField(
        choices=Consistency.choices, allow_blank=True, help_text="What the analysts come to; ties go toward neutral."
    )
    disagreement = serializers.FloatField(allow_null=True, help_text="How far they are apart: a standard deviation.")
    disagreement_words = serializers.CharField(help_text="Consensus, mild, large or extreme dispute.")
    discounted = serializers.CharField(
        help_text="Why the evidence does not count on this claim, so that the cell weighs nothing; empty where it does."
    )
    ratings = MatrixVoteSerializer(many=True, help_text="The single ratings; for the desk alone.")


class MatrixEvidenceSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Its short name in the matrix, such as E1.")
    id = serializers.IntegerField(help_text="The id of the evidence.")
    address = serializers.CharField(help_text="Where it is read.")
    title = serializers.CharField(help_text="What it is.")
    reliability = serializers.CharField(help_text="The best known grade of those who publish it, A to F.")
    credibility = serializers.IntegerField(help_text="Its own grade, 1 to 6.")
    weight = serializers.FloatField(help_text=f"What it counts for in the weighted scores. {WEIGHT}")
    diagnosticity = serializers.FloatField(help_text="How far it tells the claims apart; 0 decides nothing.")
    decisive = serializers.BooleanField(help_text="Whether the first place changes without it.")
    discounted = serializers.CharField(
        help_text="Why it counts on none of the claims and weighs nothing; empty where it counts on one."
    )
    origin = serializers.CharField(help_text="The short name of its origin, such as O1; empty where it does not count.")
    origin_share = serializers.FloatField(help_text="Its part of the weight of its origin; 0 where it does not count.")
    cells = MatrixCellSerializer(many=True, help_text="One cell for each claim, in the order of `claims`.")


class MatrixClaimSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The id of the claim.")
    address = serializers.CharField(help_text="Where it is read.")
    number = serializers.IntegerField(help_text="Its place in the report of the dispute.")
    text = serializers.CharField(help_text="The statement.")
    rank = serializers.IntegerField(
        allow_null=True, help_text=f"1 fares best; null where nothing tests it. {NO_FINDING}"
    )
    inconsistency = serializers.FloatField(help_text="What speaks against it.")
    consistency = serializers.FloatField(help_text="What fits it.")
    counted_inconsistency = serializers.FloatField(help_text="Heuer's count: 0 is best, -2 a very inconsistent piece.")
    weighted_rank = serializers.IntegerField(
        allow_null=True, help_text="The rank by the weighted scores, no finding either."
    )
    weighted_inconsistency = serializers.FloatField(help_text="What speaks against it, weighted by the grades.")
    weighted_consistency = serializers.FloatField(help_text="What fits it, weighted by the grades.")
    weighted_counted_inconsistency = serializers.FloatField(help_text="Heuer's count, weighted by the grades.")
    rated = serializers.IntegerField(help_text="How many of its cells that count are rated.")
    total = serializers.IntegerField(help_text="How many of its cells count.")
    not_applicable = serializers.IntegerField(help_text="How many of those come to “not applicable”.")
    origin_rank = serializers.IntegerField(
        allow_null=True, help_text="The rank where each origin counts once, no finding either."
    )
    origin_inconsistency = serializers.FloatField(help_text="What speaks against it, each origin counted once.")
    origin_consistency = serializers.FloatField(help_text="What fits it, each origin counted once.")
    weighted_origin_rank = serializers.IntegerField(
        allow_null=True, help_text="The same, weighted by the best grade in each origin."
    )


class MatrixOriginSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Its short name in the matrix, such as O1.")
    evidence = serializers.ListField(child=serializers.CharField(), help_text="The codes of its pieces.")
    pieces = serializers.IntegerField(help_text="As how many pieces they count; a set is one.")
    decisive = serializers.BooleanField(help_text="Whether the first place by origin changes without it.")


class MatrixDisputeSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The id of the dispute.")
    slug = serializers.CharField(help_text="Its short name.")
    title = serializers.CharField(help_text="Its title.")


class MatrixQuestionSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The id of the question.")
    address = serializers.CharField(help_text="Where it is read.")
    text = serializers.CharField(help_text="The question.")


class MatrixSerializer(serializers.Serializer):
    """The evidence of a dispute against the rival claims of one of its questions."""

    dispute = MatrixDisputeSerializer(help_text="The dispute.")
    question = MatrixQuestionSerializer(help_text="The question that the claims answer.")
    analysts = serializers.IntegerField(help_text="How many analysts rated anything in it.")
    claims = MatrixClaimSerializer(many=True, help_text="The rival claims, those that fare best first.")
    evidence = MatrixEvidenceSerializer(many=True, help_text="The evidence, the most telling first.")
    decisive = serializers.ListField(child=serializers.CharField(), help_text="Codes of the decisive evidence.")
    sensitivity = serializers.CharField(help_text="How far the order hangs on single pieces, in words.")
    origins = MatrixOriginSerializer(many=True, help_text="The origins of the evidence that counts.")
    order = serializers.CharField(
        help_text="Which claim comes first by piece and by origin, and on what that hangs; empty where nothing echoes."
    )
    echo = serializers.CharField(help_text="Which pieces have one origin, in words; empty where each is its own.")


QUESTION = OpenApiParameter(
    "question", int, OpenApiParameter.QUERY, description="The id of a question of the dispute; by default its first."
)


class MatrixView(DossierView):
    """How the evidence tells the rival claims of a question apart."""

    queryset = Dispute.objects.all()
    parameters = ("as_of", "question")
    kept_form = "matrix"

    def question(self, dossier: DisputeDossier) -> QuestionContent:
        """The question that was asked for. Raises a 400 for one that the dispute does not have, NotFound where it has
        none."""
        text = self.request.query_params.get("question")
        if text is None:
            if not dossier.questions:
                raise NotFound
            return dossier.questions[0]
        found = next((row for row in dossier.questions if str(row.id) == text), None)
        if found is None:
            listed = ", ".join(str(row.id) for row in dossier.questions) or "none"
            raise bad_parameter("question", f"The questions of this dispute are: {listed}.", "unknown_value")
        return found

    @extend_schema(
        summary="Matrix of a dispute",
        description="The evidence of a dispute against its rival claims (analysis of competing hypotheses).",
        parameters=[*DOSSIER_PARAMETERS, QUESTION],
        responses={200: MatrixSerializer, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)
        question = self.question(dossier)
        return self.answer(
            request, f"matrix3-{question.id}", dossier, lambda: Response(matrix.as_json(dossier, question))
        )


class QuestionMatrixView(DossierView):
    """The same at the address of the question."""

    queryset = Question.objects.all()

    @extend_schema(
        summary="Matrix of a question",
        description="The evidence of a dispute against the rival claims of one question.",
        parameters=[
            OpenApiParameter("key", str, OpenApiParameter.PATH, description="The id."),
            *DOSSIER_PARAMETERS[1:],
        ],
        responses={200: MatrixSerializer, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        row = addressed(Question.objects.visible_to(request.user), key).first()
        if row is None:
            raise NotFound
        dossier = self.dispute(str(row.dispute_id))
        question = next((found for found in dossier.questions if found.id == row.pk), None)
        if question is None:
            raise NotFound
        return self.answer(
            request, f"matrix3-{question.id}", dossier, lambda: Response(matrix.as_json(dossier, question))
        )


class MatrixTableView(MatrixView):
    """The same as a table."""

    content_negotiation_class = PathDecides
    kept_form = "matrix-csv"

    @extend_schema(
        summary="Matrix of a dispute as CSV",
        description="One row for each cell of the matrix.",
        parameters=[*DOSSIER_PARAMETERS, QUESTION],
        responses={(200, "text/csv"): OpenApiTypes.STR, 304: None},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        dossier = self.dispute(key)
        question = self.question(dossier)

        def write() -> HttpResponse:
            body = csv.table(matrix.COLUMNS, matrix.cells(question.matrix))
            response = HttpResponse(body, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = disposition(f"{dossier.stem}-matrix.csv", inline=False)
            return response

        return self.answer(request, f"matrixcsv3-{question.id}", dossier, write)


urlpatterns = [
    path("questions/<str:key>/matrix/", QuestionMatrixView.as_view(), name="question-matrix"),
    path("disputes/<str:key>/matrix/", MatrixView.as_view(), name="dispute-matrix"),
    path("disputes/<str:key>/matrix/csv/", MatrixTableView.as_view(), name="dispute-matrix-csv"),
]
