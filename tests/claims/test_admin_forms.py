"""Every form of the admin, for every role: what may be sent has its fields, and what is wrong is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests import factories as make
from tests.admin_page import answer_to, drawn
from tests.claims.test_claim_admin import at

NOUNS = sorted(admin.site._registry, key=lambda model: model._meta.label)
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
