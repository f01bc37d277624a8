"""Fields that are drawn without their templates look as with them."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.test.html import parse_html
from unfold import widgets

from claims.models import Attribution
from factcheck.base.widgets import WidgetRenderer

AWKWARD = """<b>"it's" & so</b>"""
CHOICES = [("", "Select"), ("Group <1>", [("a", "A & b"), (AWKWARD, "C")]), (3, "Three")]
FIELDS: dict[str, tuple[forms.Widget, Any]] = {
    "text": (forms.TextInput({"title": AWKWARD, "required": True, "disabled": False}), AWKWARD),
    "nothing": (forms.NumberInput(), None),
    "zero": (forms.NumberInput(), 0),
    "ticked": (forms.CheckboxInput(), True),
    "hidden": (forms.HiddenInput(), "x"),
    "prose": (forms.Textarea(), f"\n{AWKWARD}"),
    "choice": (forms.Select(choices=CHOICES), "a"),
    "theme's text": (widgets.UnfoldAdminTextInputWidget(), AWKWARD),
    "theme's text with a prefix": (widgets.UnfoldAdminTextInputWidget({"prefix": "https://"}), "x"),
    "theme's prose": (widgets.UnfoldAdminTextareaWidget(), ""),
    "theme's choice": (widgets.UnfoldAdminSelectWidget(choices=CHOICES), "3"),
    "theme's day": (widgets.UnfoldAdminSingleDateWidget(), "2026-01-02"),
    "theme's moment": (widgets.UnfoldAdminSplitDateTimeWidget(), datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
    "theme's tick": (widgets.UnfoldBooleanSwitchWidget(), False),
}


def without_blanks(html: str) -> str:
    return str(parse_html(html)).replace(">\n", ">").replace("\n<", "<")


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_looks_as_its_template_draws_it(name: str) -> None:
    widget, value = FIELDS[name]
    attrs = {"id": f"id_{name}"}
    # Those of the theme lose a prefix as they are drawn.
    ours, theirs = (
        deepcopy(widget).render("field", value, attrs, renderer=made) for made in (WidgetRenderer(), DjangoTemplates())
    )
    assert without_blanks(ours) == without_blanks(theirs)


def test_the_box_of_a_reference_is_drawn_anew_for_each_field() -> None:
    field = Attribution._meta.get_field("source")
    inner = widgets.UnfoldAdminSelectWidget(choices=CHOICES)
    for name, can_change in (("rows-0-source", True), ("rows-1-source", False)):
        widget = RelatedFieldWidgetWrapper(inner, field.remote_field, admin.site, True, can_change)
        widget.template_name = "unfold/widgets/related_widget_wrapper.html"
        ours = widget.render(name, "a", {"id": f"id_{name}"}, renderer=WidgetRenderer())
        # The template of ours, whose button a keyboard reaches, comes before the theme's.
        theirs = widget.render(name, "a", {"id": f"id_{name}"}, renderer=TemplatesSetting())
        assert '<button type="button"' in ours
        assert without_blanks(ours) == without_blanks(theirs)
