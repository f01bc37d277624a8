"""The balance of the register over REST: as JSON and as CSV."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.choices import Leaning
from claims.logic.balance import Balance
from claims.logic.verbs import VERBS
from claims.models import Attribution, Dispute
from claims.reports.formats import balance as written
from claims.reports.formats import csv
from claims.reports.formats.catalogue import disposition
from claims.reports.load.balance import BY, MOST, load_balance
from factcheck.api import filters
from factcheck.api.choices import NamedChoiceField
from factcheck.api.conditional import ConditionalMixin, etag_of, not_modified
from factcheck.api.negotiation import PathDecides
from factcheck.api.parameters import number_in
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.problem import bad_parameter
from factcheck.api.schema import ETAG, IF_NONE_MATCH
from factcheck.audit.models import AuditEntry

USUAL = 50
KEPT = 600
"""Seconds for which a balance is kept for the public."""
CAUTION = (
    "Counts of what the desk entered, and no measure of anybody's truthfulness. A relay is counted as a relay, and "
    "speaks for its origin alone. Outside the desk all sources whose name is withheld are one row without country."
)


class BalanceRatingSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="The rating.")
    label: Any = serializers.CharField(help_text="The rating as a reader sees it.")
    leaning = NamedChoiceField(choices=Leaning.choices, help_text="Whether it says that the claim holds.")
    claims = serializers.IntegerField(help_text="On how many of the claims it stands.")


class BalanceOutcomeSerializer(serializers.Serializer):
    claims = serializers.IntegerField(help_text="How many claims, each once.")
    supported = serializers.IntegerField(help_text="How many of them have a verdict that they hold.")
    refuted = serializers.IntegerField(help_text="How many of them have a verdict that they do not hold.")
    neither = serializers.IntegerField(help_text="How many of them have a verdict that says neither.")
    undecided = serializers.IntegerField(help_text="How many of them have no verdict.")
    ratings = BalanceRatingSerializer(many=True, help_text="The ratings of the current verdicts.")


class BalanceStatementsSerializer(serializers.Serializer):
    """One number for each verb."""

    def get_fields(self) -> dict[str, Any]:
        return {
            code: serializers.IntegerField(help_text=f"How often the party {code}: {verb.meaning}.")
            for code, verb in VERBS.items()
        }


class BalanceRowSerializer(serializers.Serializer):
    id = serializers.IntegerField(allow_null=True, help_text="The id of the source; null for countries.")
    label: Any = serializers.CharField(help_text="The name of the source or country, or “Source withheld”.")
    slug = serializers.CharField(help_text="The short name of the source.")
    country = serializers.CharField(help_text="Its country by two letters; empty where none is given.")
    withheld = serializers.BooleanField(help_text="Whether the row stands for all sources that are withheld.")
    claims = serializers.IntegerField(help_text="On how many claims it says anything.")
    statements = BalanceStatementsSerializer(help_text="How many statements, by stance.")
    asserted = BalanceOutcomeSerializer(
        help_text="How the claims were decided that it asserts or alleges in their present wording."
    )
    denied = BalanceOutcomeSerializer(
        help_text="How the claims were decided that it denies or disputes in their present wording."
    )


class BalanceSerializer(serializers.Serializer):
    by = NamedChoiceField(choices=[(name, name) for name in BY], help_text="What a row stands for.")
    more = serializers.BooleanField(help_text="Whether there are more rows than `limit`.")
    rows = BalanceRowSerializer(many=True, help_text="Those with statements on the most claims, these first.")


class BalanceFilterSet(filters.StrictFilterSet):
    dispute = filters.ReferenceFilter(field_name="claim__dispute", queryset=Dispute.objects.all(), slug_field="slug")
    said_on, said_after, said_before = filters.edtf_range("said_on")
    language = filters.LanguageFilter(field_name="claim__language")
    tag = filters.TagFilter(field_name="claim__tags")

    class Meta:
        model = Attribution
        fields: tuple[str, ...] = ()


PARAMETERS = [
    OpenApiParameter("by", str, enum=list(BY), description="What a row stands for, by default the source."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        description=f"How many rows, 1 to {MOST}, by default {USUAL}.",
    ),
    IF_NONE_MATCH,
    ETAG,
]


class BalanceView(ConditionalMixin, APIView):
    """What sources, sides or countries say, on how many claims, and how those claims were decided."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    expensive = frozenset({"get"})
    queryset = Attribution.objects.all()
    filter_backends = (filters.StrictFilterBackend,)
    filterset_class = BalanceFilterSet
    action_parameters = {None: {"by", "limit"}}

    @extend_schema(
        summary="Balance of the register",
        description=CAUTION,
        parameters=PARAMETERS,
        filters=True,
        responses={200: BalanceSerializer, 304: None},
    )
    def get(self, request: Request) -> HttpResponse:
        return Response(written.as_json(self.balance()))

    def balance(self) -> Balance:
        """What the caller asked for, as far as they may read it. Raises 400 for what no parameter takes."""
        statements = filters.StrictFilterBackend().filter_queryset(self.request, self.queryset, self)
        by = self.request.query_params.get("by", BY[0])
        if by not in BY:
            raise bad_parameter("by", f"Choose from: {', '.join(BY)}.", "unknown_value")
        limit, user = number_in(self.request, "limit", USUAL, MOST), self.request.user
        if user.is_authenticated:
            return load_balance(user, by, statements, limit)
        # What the public reads changes with the trail alone, and whoever asks again must not cost the register anew.
        head = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first()
        asked = sorted((name, value) for name, value in self.request.query_params.items())
        key = f"balance:{hashlib.sha256(json.dumps([head, asked]).encode()).hexdigest()}"
        kept: Balance | None = cache.get(key)
        if kept is None:
            kept = load_balance(user, by, statements, limit)
            cache.set(key, kept, KEPT)
        return kept


class BalanceTableView(BalanceView):
    """The same as a table."""

    content_negotiation_class = PathDecides

    @extend_schema(
        summary="Balance of the register as CSV",
        description=f"One row for each source, side or country. {CAUTION}",
        parameters=PARAMETERS,
        filters=True,
        responses={(200, "text/csv"): OpenApiTypes.STR, 304: None},
    )
    def get(self, request: Request) -> HttpResponse:
        balance = self.balance()
        body = csv.table(written.COLUMNS, written.table_rows(balance))
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = disposition(f"balance-by-{balance.by}.csv", inline=False)
        response["ETag"] = etag_of(body)
        return not_modified(response) if self.is_known(response["ETag"]) else response


urlpatterns = [
    path("balance/", BalanceView.as_view(), name="balance"),
    path("balance/csv/", BalanceTableView.as_view(), name="balance-csv"),
]
