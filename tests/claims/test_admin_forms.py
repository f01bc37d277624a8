"""Every form of the admin, for every role: what may be sent has its fields, and what is wrong is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxInput
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from factcheck.accounts.models import TokenGrant
from factcheck.admin import RecordedRowForm
from tests import factories as make
from tests.admin_page import answer_to, drawn, get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of
from tests.database import ONE_ENGINE

pytestmark = ONE_ENGINE

# Tokens are their owner's alone: tests/test_account_admin.py opens their forms.
NOUNS = sorted(admin.site._registry.keys() - {TokenGrant}, key=lambda model: model._meta.label)
WRONG = "\x00"
"""No field but a box to tick takes this."""
ROLES = ("Researcher", "Reviewer", "Editor", "Administrator")


def forms_of(user: Any, rows: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The pages with a form that `user` may send, by address, and what the view answers."""
    for model in NOUNS:
        add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        for url, permission in (
            (add, "has_add_permission"),
            (at(rows[model._meta.model_name]), "has_change_permission"),
        ):
            try:
                answer: Any = answer_to(user, url)
            except PermissionDenied:
                continue
            if "adminform" in (getattr(answer, "context_data", None) or {}) and answer.context_data[permission]:
                yield url, answer


def fields_of(answer: Any) -> set[str]:
    """The names of all fields that the page must have: of its form and of the rows below it."""
    context = answer.context_data
    beside = set() if context.get("reason_asked", True) else {"change_reason"}
    beside |= set() if context["original"] else {"seen_version"}
    names = {name for name, field in context["adminform"].form.fields.items() if not field.disabled} - beside
    for inline in context["inline_admin_formsets"]:
        if inline.has_change_permission:
            for form in inline.formset.forms:
                own = {inline.formset.fk.name} | ({"id"} if form.instance._state.adding else set())
                names |= {form.add_prefix(name) for name in form.fields if name not in own}
    return names


def folded_fields(groups: Any, form: Any) -> list[str]:
    """The fields in groups that are folded away at first, but for boxes to tick, which cannot be wrong."""
    folded = [options["fields"] for _title, options in groups if "collapse" in options.get("classes", ())]
    fields = [name for name in flatten(folded) if name in form]
    return [name for name in fields if not isinstance(form[name].widget, CheckboxInput)]


def group_with(name: str, admin_form: Any) -> Any:
    """The group of an opened form that holds the field."""
    return next(group for group in admin_form if name in flatten(group.fields))


def assert_seen(name: str, admin_form: Any, where: str) -> None:
    """What is wrong with the field is said next to it, and not folded away."""
    group = group_with(name, admin_form)
    (said, *_more) = group.form.errors[name]
    shown = render_to_string("admin/includes/fieldset.html", {"fieldset": group, "adminform": admin_form})
    assert "<details>" not in shown, f"{where}: {name} is wrong, and its group “{group.name}” is folded away"
    assert escape(said) in shown.partition(f'name="{group.form.add_prefix(name)}')[2], where


def test_a_folded_group_with_a_wrong_field_is_open_and_says_so(rows: dict[str, Any]) -> None:
    tried = set()
    for role in ("Editor", "Administrator"):
        user = make.someone(role)
        for url, answer in forms_of(user, rows):
            admin_form = answer.context_data["adminform"]
            inlines = answer.context_data["inline_admin_formsets"]
            places = [("", admin_form, admin_form.form.fields)]
            places += [(f"{i.formset.prefix}-0-", i, i.formset.form.base_fields) for i in inlines]
            empty = {f"{inline.formset.prefix}-{n}_FORMS": "0" for inline in inlines for n in ("TOTAL", "INITIAL")}
            for number, (prefix, place, fields) in enumerate(places):
                for name in folded_fields(place.fieldsets, fields):
                    if (known := (place.model_admin, prefix, name)) in tried:
                        continue
                    tried.add(known)
                    count = {prefix.replace("-0-", "-TOTAL_FORMS"): "1"} if prefix else {}
                    sent = answer_to(user, url, {**empty, **count, f"{prefix}{name}": WRONG}).context_data
                    # The rows below the page have a form each, of which there is one now.
                    rows_below = sent["inline_admin_formsets"]
                    shown = next(iter(rows_below[number - 1])) if prefix else sent["adminform"]
                    assert_seen(name, shown, url)
    assert len(tried) > 30


def test_what_is_wrong_with_a_whole_row_is_said(rows: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordedRowForm, "clean", lambda form: form.add_error(None, f"Wrong: {form.prefix}."))
    said = 0
    for url, answer in forms_of(make.someone("Editor"), rows):
        inlines = [inline for inline in answer.context_data["inline_admin_formsets"] if inline.has_change_permission]
        if inlines:
            page = drawn(answer_to(make.someone("Editor"), url, drawn(answer).fields))
            below = [form for inline in inlines for form in inline.formset.initial_forms]
            for prefix in (None, *(form.prefix for form in below)):
                assert f"Wrong: {prefix}." in page.text, url
                said += 1
    assert said > 10


def test_every_form_that_may_be_sent_shows_its_fields(rows: dict[str, Any]) -> None:
    rows["verdict"] = make.make_verdict(author=make.someone("Researcher"))
    seen = set()
    for role in ROLES:
        for url, answer in forms_of(make.someone(role), rows):
            fields = fields_of(answer)
            assert fields, f"{role} is shown a form without any field: {url}"
            # What another role was shown is not drawn again.
            groups = answer.context_data["adminform"].fieldsets
            if (known := (url, frozenset(fields), repr(groups))) in seen:
                continue
            seen.add(known)
            named = drawn(answer).named
            missing = {name for name in fields if name not in named and f"{name}_0" not in named}
            assert not missing, f"{role} may send the form of {url}, but it has no place for {sorted(missing)}"
    assert len(seen) > len(NOUNS)


def test_nothing_is_chosen_that_would_be_a_guess(rows: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    add = reverse("admin:claims_evidencelink_add")
    typed = {"evidence": make.make_evidence().pk, "claim": make.make_claim().pk, "bearing": "supports"}
    assert get(client, add).fields["strength"] == ""
    refused = send(client, add, typed)
    assert (refused.status, "Strength : This field is required." in refused.text) == (200, True), refused.text
    assert "was added successfully" in send(client, add, {**typed, "strength": "weak"}).text
    # What is there stays as it is.
    assert get(client, at(rows["evidencelink"])).fields["strength"] == rows["evidencelink"].strength
