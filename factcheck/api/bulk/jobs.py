"""The jobs of one's own, over REST: how far each is, what became of its rows, and calling it off."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from factcheck.api.bulk.serializers import BulkJobSerializer, RowResultSerializer
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.parameters import check_parameters, known_parameters
from factcheck.api.parsers import StrictJSONParser
from factcheck.api.preference import MAX_ROWS, PREFERENCE
from factcheck.audit.models.bulk import OPEN, BulkJob, BulkStatus
from factcheck.base.errors import Conflict
from factcheck.base.http.address import public_url

RETRY_AFTER = 2
"""Seconds after which it is worth looking again."""


LACKS: dict[str, Any] = {"id": None, "version": None, "code": "", "detail": "", "errors": []}
"""What is kept of neither all that were stored nor all that were refused."""


class BulkJobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[BulkJob]):
    """Your own requests about many rows that a worker does (`Prefer: respond-async`). They are told of for a week after
    they ended."""

    permission_classes = (IsAuthenticated,)
    queryset = BulkJob.objects.all()
    serializer_class = BulkJobSerializer
    pagination_class = SignedCursorPagination
    filter_backends = ()
    parser_classes = (StrictJSONParser,)
    ordering = default_ordering = "-id"
    called = ("job", "jobs")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, known_parameters(self))

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far a job is. `Retry-After` says when to look again, while it is not done."""
        return answer_of(self.get_object())

    @extend_schema(
        summary="What became of the rows of a job",
        description=(
            "Each row that was stored or refused so far, in the order in which they were sent. All of them stand in "
            f"one answer, which has no pages: a job has at most {MAX_ROWS:,} rows."
        ),
        responses=RowResultSerializer(many=True),
        filters=False,
    )
    def results(self, request: Request, pk: int) -> Response:
        """What became of each row that was stored or refused so far."""
        kept = self.get_object().pieces.filter(results__isnull=False).values_list("results", flat=True)
        found = sorted((result for results in kept for result in results or ()), key=lambda result: result["row"])
        return Response([{**LACKS, **result} for result in found])

    @extend_schema(request=None, responses=BulkJobSerializer)
    def cancel(self, request: Request, pk: int) -> Response:
        """Call off a job. What is stored stays; the other rows are not. 409 for one that has ended."""
        job = self.get_object()
        ended = {"status": BulkStatus.CANCELLED, "finished_at": timezone.now()}
        called_off = BulkJob.objects.filter(pk=job.pk, status__in=OPEN).update(**ended)
        job.refresh_from_db()
        if not called_off and job.status != BulkStatus.CANCELLED:
            raise Conflict(f"This job is {job.status} already.", code="job_ended")
        return answer_of(job)


def answer_of(job: BulkJob) -> Response:
    """How far a job is, and when to look again."""
    headers = {"Retry-After": str(RETRY_AFTER)} if job.status in OPEN else {}
    return Response(BulkJobSerializer(job).data, headers=headers)


def accepted(job: BulkJob) -> HttpResponse:
    """The answer to a request that a worker does. It has no body: programs whose types follow from the description know
    that a body holds rows."""
    headers = {
        "Location": public_url(reverse("job-detail", args=[job.pk])),
        "Retry-After": str(RETRY_AFTER),
        "Preference-Applied": PREFERENCE,
    }
    response = HttpResponse(status=status.HTTP_202_ACCEPTED, headers=headers)
    del response["Content-Type"]
    return response


urlpatterns = [
    path("", BulkJobViewSet.as_view({"get": "list"}), name="job-list"),
    path("<int:pk>/", BulkJobViewSet.as_view({"get": "retrieve"}), name="job-detail"),
    path("<int:pk>/results/", BulkJobViewSet.as_view({"get": "results"}, pagination_class=None), name="job-results"),
    path("<int:pk>/cancel/", BulkJobViewSet.as_view({"post": "cancel"}), name="job-cancel"),
]
