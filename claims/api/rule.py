"""The rules of the register over REST: what they say, how grave they are, and the exceptions from them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Model
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.child import checked
from claims.api.stale import for_the_desk
from claims.choices import RuleLevel
from claims.models import Claim, RuleException, RuleSetting
from claims.rules.catalogue import RULES
from claims.rules.judgement import load_levels
from claims.rules.registry import Rule
from claims.services.rule import set_level
from factcheck.api import filters
from factcheck.api.choices import NamedChoiceField
from factcheck.api.parameters import check_parameters
from factcheck.api.parsers import MergePatchParser, StrictJSONParser
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.base.errors import Absent
from sources.models import Source


class RuleSerializer(serializers.Serializer):
    """One rule; its level is set with PATCH rules/{code}/."""

    code = serializers.CharField(help_text="The short name of the rule, as refusals and concerns give it.")
    level = NamedChoiceField(choices=RuleLevel.choices, help_text="What happens where it is broken.")
    default_level = NamedChoiceField(choices=RuleLevel.choices, help_text="The level that it comes with.")
    highest_level = NamedChoiceField(
        choices=RuleLevel.choices, help_text="The gravest level that the desk may give it."
    )
    fixed = serializers.BooleanField(help_text="Whether its level never changes.")
    sentence = serializers.CharField(help_text="What holds.")
    remedy = serializers.CharField(help_text="What to do where it does not.")
    exceptions = serializers.IntegerField(help_text="How many exceptions there are that you may read.")


class RulesSerializer(serializers.Serializer):
    """All rules of the register, in the order in which a reader is told of them."""

    rules = RuleSerializer(many=True, help_text="The rules.")


class LevelSerializer(serializers.Serializer):
    level = NamedChoiceField(choices=RuleLevel.choices, help_text="What happens where the rule is broken.")
    reason = serializers.CharField(max_length=2_000, help_text="Why the desk sets this level.")


def _as_json(rule: Rule, level: str, exceptions: int) -> dict[str, Any]:
    return {
        "code": rule.code,
        "level": str(level),
        "default_level": str(rule.level),
        "highest_level": str(rule.level if rule.fixed else rule.highest),
        "fixed": rule.fixed,
        "sentence": rule.sentence,
        "remedy": rule.remedy,
        "exceptions": exceptions,
    }


class RulesView(APIView):
    """All rules, for the desk."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    lists = True
    for_the_desk_alone = True

    @extend_schema(
        summary="Rules of the register",
        description="What each rule says, how grave it is and how many exceptions there are; for the desk alone.",
        responses={200: RulesSerializer},
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, ())
        for_the_desk(request.user)
        levels = load_levels()
        excepted = Counter(RuleException.objects.visible_to(request.user).values_list("code", flat=True))
        return Response({"rules": [_as_json(rule, levels[code], excepted[code]) for code, rule in RULES.items()]})


class RuleView(APIView):
    """One rule, and its level."""

    permission_classes = (ModelRolePermissions,)
    parser_classes = (StrictJSONParser, MergePatchParser)
    http_method_names = ("get", "head", "patch", "options")
    model: type[Model] = RuleSetting
    for_the_desk_alone = True

    @extend_schema(
        summary="A rule",
        description="What it says and how grave it is; for the desk alone.",
        responses={200: RuleSerializer},
    )
    def get(self, request: Request, code: str) -> Response:
        check_parameters(request, ())
        for_the_desk(request.user)
        return Response(self._told(request, code))

    @extend_schema(
        summary="Set the level of a rule",
        description="Who set it, when and why is in the trail. The rule of two people, and what the database holds, "
        "never change.",
        request=LevelSerializer,
        responses={200: RuleSerializer},
    )
    def patch(self, request: Request, code: str) -> Response:
        check_parameters(request, ())
        self._rule(code)
        body = checked(LevelSerializer, request)
        set_level(actor=request.user, code=code, level=body["level"], reason=body["reason"])
        return Response(self._told(request, code))

    def _told(self, request: Request, code: str) -> dict[str, Any]:
        rule = self._rule(code)
        excepted = RuleException.objects.visible_to(request.user).filter(code=code).count()
        return _as_json(rule, load_levels()[code], excepted)

    def _rule(self, code: str) -> Rule:
        if code not in RULES:
            raise Absent("There is no such rule.", code="not_found")
        return RULES[code]


class RuleExceptionSerializer(ShownSerializer):
    class Meta:
        model = RuleException
        fields: tuple[str, ...] = (
            "id",
            "code",
            "claim",
            "other",
            "attribution",
            "document",
            "source",
            "other_source",
            "reason",
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING


class RuleExceptionFilterSet(filters.RecordedFilterSet):
    code = filters.ChoiceFilter(choices=[(code, rule.sentence) for code, rule in RULES.items()])
    claim = filters.ReferenceFilter(queryset=Claim.objects.all())
    source = filters.ReferenceFilter(queryset=Source.objects.all())

    class Meta:
        model = RuleException
        fields: tuple[str, ...] = ()


class RuleExceptionViewSet(RecordedViewSet):
    """Places where a rule is broken for a reason: there it refuses and warns no more. For the desk."""

    queryset = RuleException.objects.select_related(
        "claim", "other", "attribution__source", "document", "source", "other_source"
    )
    serializer_class = RuleExceptionSerializer
    filterset_class = RuleExceptionFilterSet
    ordering_fields = ("code", "created_at", "updated_at")
    exportable = False


urlpatterns = [
    path("rules/", RulesView.as_view(), name="rules"),
    path("rules/<slug:code>/", RuleView.as_view(), name="rule"),
]
