"""The rules of the register as pages of the desk: what they say, their levels, and the exceptions from them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget

from claims.choices import RuleLevel
from claims.models import RuleException, RuleSetting
from claims.rules.catalogue import RULES
from claims.rules.judgement import load_levels
from factcheck.admin import ChoiceFilter, RecordedForm, RecordedModelAdmin
from factcheck.admin.links import add_url, admin_url, list_url
from factcheck.audit.access import is_desk

TONES = {RuleLevel.REFUSE: "bad", RuleLevel.WARN: "warn", RuleLevel.HINT: "plain"}


def rules_view(request: HttpRequest) -> HttpResponse:
    """All rules with their levels. Raises PermissionDenied outside the desk."""
    if not (is_desk(request.user) and request.user.has_perm("claims.view_rulesetting")):
        raise PermissionDenied
    levels = load_levels()
    settings = {row.code: row for row in RuleSetting.objects.visible_to(request.user)}
    excepted = Counter(RuleException.objects.visible_to(request.user).values_list("code", flat=True))
    may_change = request.user.has_perm("claims.change_rulesetting")
    rows = [
        {
            "rule": rule,
            "level": levels[code],
            "tone": TONES[levels[code]],
            "setting": settings.get(code),
            "exceptions": excepted[code],
            "exceptions_url": list_url(RuleException, code=code),
            "except_url": add_url(RuleException, code=code) if may_change and rule.about and not rule.fixed else "",
            "change_url": (admin_url(settings[code]) if code in settings else add_url(RuleSetting, code=code))
            if may_change and not rule.fixed
            else "",
        }
        for code, rule in RULES.items()
    ]
    context = {**admin.site.each_context(request), "title": "Rules", "rows": rows}
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/rules.html", context)


class RuleForm(RecordedForm):
    """A form on which a rule is chosen by its sentence."""

    code = forms.ChoiceField(
        label="Rule",
        choices=[(rule.code, f"{rule.code}: {rule.sentence}") for rule in RULES.values() if not rule.fixed],
        widget=UnfoldAdminSelectWidget,
        help_text="The rule, by its short name.",
    )


class RuleFilter(ChoiceFilter):
    title, parameter_name, field = "rule", "code", "code"
    options = tuple((rule.code, rule.code) for rule in RULES.values() if rule.about and not rule.fixed)


@admin.register(RuleSetting)
class RuleSettingAdmin(RecordedModelAdmin):
    form = RuleForm
    list_display = ("code", "level", "reason", "updated_at")
    list_filter = (ChoiceFilter.of("level", RuleLevel),)
    search_fields = ("code", "reason")
    prefilled = prefilled_words = ("code",)
    fieldsets = ((None, {"fields": ["code", "level", "reason"]}),)


@admin.register(RuleException)
class RuleExceptionAdmin(RecordedModelAdmin):
    form = RuleForm
    list_display = ("code", "rows_named", "reason", "created_at")
    list_select_related = label_related = ("claim", "other", "attribution__source", "attribution__claim")
    list_filter = (RuleFilter,)
    search_fields = ("code", "reason")
    prefilled_words = ("code",)
    prefilled = ("code", "claim", "other", "attribution", "document", "source", "other_source")
    autocomplete_fields = ("claim", "other", "attribution", "document", "source", "other_source")
    fieldsets = (
        (None, {"fields": ["code", "reason"]}),
        (
            "What it is about",
            {
                "fields": ["claim", "other", "attribution", "document", "source", "other_source"],
                "description": "Name just the rows that the rule is about: two claims, one claim, one attribution.",
            },
        ),
    )

    @admin.display(description="about")
    def rows_named(self, exception: RuleException) -> Any:
        return ", ".join(f"{noun} {pk}" for noun, pk in exception.as_rows())
