"""Hostile values in every field of every form of the admin for a new row: each is refused in the form, or taken."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.admin_page import Page
from tests.api import odd
from tests.api.nouns import NOUNS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

NO_NUMBER = "abc"
HOSTILE = ("99999999999999999999", "\x00", "\ud800", "-1", "9" * 400, "0001-01-01", "kept", "1;2", "[]", "{}")
"""No reference to a row is one of these; a lone surrogate comes in as three bytes that are no UTF-8."""
FORMS = sorted(admin.site._registry, key=lambda model: model._meta.label)
BODIES = {noun.model: noun.body for name, noun in NOUNS.items() if noun.body}


@pytest.fixture
def root(db: None) -> Any:
    return get_user_model().objects.create(username="root", is_superuser=True, is_staff=True)


def fields_of(answer: Any) -> dict[str, str]:
    """The form as a browser would send it, with a row added to each list of rows under it."""
    fields = dict.fromkeys(answer.context["adminform"].form.fields, "") | Page(answer).fields
    for shown in answer.context["inline_admin_formsets"]:
        new, formset = shown.formset.initial_form_count(), shown.formset
        fields[f"{formset.prefix}-TOTAL_FORMS"] = str(new + 1)
        fields |= {f"{formset.prefix}-{new}-{name}": "" for name in formset.form.base_fields}
    return {**fields, "_save": "Save"}


def send(client: Client, url: str, fields: dict[str, Any]) -> Any:
    body = "&".join(f"{quote(name)}={quote(str(value), errors='surrogatepass')}" for name, value in fields.items())
    return client.generic("POST", url, body, "application/x-www-form-urlencoded")


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model._meta.label)
def test_hostile_values_in_every_field_of_a_form(root: Any, model: Any) -> None:
    client, turn = Client(raise_request_exception=False), FORMS.index(model)
    client.force_login(root)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    answer = client.get(url)
    if answer.status_code == 403:
        return  # nobody enters such a row by hand
    fields = fields_of(answer)
    names = [name for name in fields if name != "_save" and not name.endswith("_FORMS")]
    for value in (NO_NUMBER, *odd.part(HOSTILE, turn, of=5)):
        answer = send(client, url, {**fields, **dict.fromkeys(names, value)})
        assert answer.status_code in {200, 302}, f"{answer.status_code} for {value!r} in every field of {url}"
    # Where all else is right, a single value gets further than to its own field. A page takes its time to be drawn.
    right = {**fields, **(BODIES[model]() if model in BODIES else {})}
    for name, value in zip(odd.part(names, turn, of=len(names) // 4 + 1), odd.part(HOSTILE, turn, of=1), strict=False):
        answer = send(client, url, {**right, name: value})
        assert answer.status_code in {200, 302}, f"{answer.status_code} for {value!r} in {name} of {url}"
