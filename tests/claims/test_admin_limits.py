"""How much a page or a list of the admin takes at a time, and that what is above it is refused without a loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import RequestFactory
from django.urls import reverse

from claims.admin import claim_publishing
from claims.models import Attribution, Claim
from factcheck.accounts.models import TokenGrant
from factcheck.admin import formsets, modeladmin, steps
from factcheck.admin.lists import TOO_MANY_SELECTED, BoundedListMixin
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.admin_page import Page, answer_to, get, new_row, send
from tests.api.odd import part
from tests.claims.test_admin_forms import forms_of
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of
from tests.database import ONE_ENGINE

pytestmark = ONE_ENGINE

SOME_TENS = 100
FORGED = ({"TOTAL_FORMS": "1001", "INITIAL_FORMS": "0"}, {"TOTAL_FORMS": "1001", "INITIAL_FORMS": "1001"})


def test_no_list_of_rows_under_a_page_takes_more_than_some_tens(rows: dict[str, Any]) -> None:
    seen = set()
    for role in ("Editor", "Administrator"):
        user = make.someone(role)
        for url, answer in forms_of(user, rows):
            inlines = answer.context_data["inline_admin_formsets"]
            prefixes = [inline.formset.prefix for inline in inlines]
            for place, prefix in enumerate(prefixes):
                if (known := type(inlines[place].opts)) in seen:
                    continue
                seen.add(known)
                forged = FORGED[len(seen) % len(FORGED)]
                none = {f"{other}-{name}": "0" for other in prefixes for name in forged}
                sent = answer_to(user, url, {**none, **{f"{prefix}-{name}": n for name, n in forged.items()}})
                formset = sent.context_data["inline_admin_formsets"][place].formset
                assert len(formset.forms) < SOME_TENS, f"{url} makes {len(formset.forms)} forms of {prefix}"
                assert formset.non_form_errors() == [formsets.TOO_MANY], url
    assert len(seen) > 10


def test_no_list_that_can_be_edited_takes_more_rows_than_it_shows(rows: dict[str, Any]) -> None:
    request = RequestFactory().get("/")
    request.user = make.someone("Editor")
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, BoundedListMixin):
            formset = model_admin.get_changelist_formset(request)
            assert (formset.validate_max, formset.absolute_max) == (True, model_admin.list_max_show_all), model
        else:
            assert not model_admin.list_editable, model


def test_no_page_has_more_fields_than_a_form_may_send(rows: dict[str, Any]) -> None:
    for url, answer in forms_of(make.someone("Editor"), rows):
        below = answer.context_data["inline_admin_formsets"]
        fields = sum(len(inline.formset.empty_form.fields) for inline in below if inline.has_change_permission)
        most = fields * (formsets.ROWS_ON_A_PAGE + formsets.NEW_ROWS) + 100
        assert most <= (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or most), url


def test_too_many_new_rows_are_all_shown_again_with_what_to_do(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formsets, "NEW_ROWS", 2)
    claim, client = make.make_claim(), client_of(ann)
    make.make_attribution(claim)
    page = get(client, at(claim))
    assert page.fields["attributions-MAX_NUM_FORMS"] == "3"
    typed = {"attributions-TOTAL_FORMS": "4"} | {f"attributions-{n}-quote": f"Word {n}." for n in (1, 2, 3)}
    answer = send(client, at(claim), typed, page)
    # Said above the tabs as well: the tab with the rows may be shut.
    assert answer.text.count(formsets.TOO_MANY) == 2
    assert {name: answer.fields[name] for name in typed} == typed
    assert Attribution.objects.count() == 1


def test_a_claim_with_many_attributions_is_changed_page_by_page(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formsets, "ROWS_ON_A_PAGE", 3)
    claim, client = make.make_claim("It is so."), client_of(ann)
    said = [make.make_attribution(claim) for _ in range(5)]
    first = get(client, at(claim))
    assert (first.fields["attributions-TOTAL_FORMS"], first.fields["attributions-0-id"]) == ("3", str(said[0].pk))
    (further,) = (link for link in first.links if "attributions-page" in link)
    assert further == "?attributions-page=2#attributions"
    url = f"{at(claim)}?attributions-page=2"
    page = get(client, url)
    assert "?attributions-page=1#attributions" in page.links
    changes = {"text": "It is not so.", "attributions-1-quote": "The last word."}
    changes |= new_row(page, "attributions", source=make.make_source().pk, stance="denies")
    assert send(client, url, changes, page).errors == []
    claim.refresh_from_db()
    assert (claim.text, claim.attributions.count()) == ("It is not so.", 6)
    assert [row.quote for row in claim.attributions.order_by("pk")][:5] == ["", "", "", "", "The last word."]
    for odd in ("x", "-1", "0", "9999", "9" * 400, "²"):
        assert answer_to(ann, f"{at(claim)}?attributions-page={odd}").status_code == 200


ODD_KEYS = ("abc", "-1", "1.5", " ", "１", "²", "9" * 19, "9" * 400, "\x00", "1,2", "💥", "999999999")


def actions_of(user: Any) -> Iterator[tuple[Any, str]]:
    """Every list that `user` may see, with each action that it offers them."""
    for model, model_admin in admin.site._registry.items():
        request = RequestFactory().get("/")
        request.user = user
        if model_admin.has_view_permission(request):
            for name in model_admin.get_actions(request):
                yield model, name


def test_an_action_on_a_row_that_is_none_says_so(rows: dict[str, Any], django_user_model: Any) -> None:
    root = django_user_model.objects.create(username="root", is_staff=True, is_superuser=True)
    client, before = client_of(root), AuditEntry.objects.count()
    client.raise_request_exception = False
    tried = 0
    for turn, (model, action) in enumerate(actions_of(root)):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for key in ODD_KEYS if model is Claim else part(ODD_KEYS, turn, 4):
            # A row that is there does not make it better; of tokens one has only one's own.
            there = [] if key == ODD_KEYS[-1] or model is TokenGrant else [str(rows[model._meta.model_name].pk)]
            data = {"action": action, "index": "0", "_selected_action": [*there, key]}
            answer = client.post(url, data)
            said = [str(message) for message in get_messages(answer.wsgi_request)]
            assert (answer.status_code, answer.headers.get("Location")) == (302, url), (model, action, key)
            assert said[-1].startswith("Nothing was done: "), (model, action, key, said)
            tried += 1
    assert tried > 40
    assert AuditEntry.objects.count() == before


ODD_CHOICES = (
    {"index": "", "_selected_action": ""},
    {"index": "x", "_selected_action": ""},
    {"index": "-9", "_selected_action": []},
    {"index": "9" * 5_000, "_selected_action": [""]},
    {"_selected_action": ["", ""]},
    {"index": "0", "_selected_action": "", "select_across": "x"},
    {"index": "0", "_selected_action": "1", "action": ""},
    {"index": "0", "_selected_action": "1", "action": "delete_everything"},
)


def test_an_action_without_its_button_or_its_rows_does_nothing(rows: dict[str, Any], django_user_model: Any) -> None:
    root = django_user_model.objects.create(username="root", is_staff=True, is_superuser=True)
    client, before = client_of(root), AuditEntry.objects.count()
    client.raise_request_exception = False
    for turn, (model, action) in enumerate(actions_of(root)):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for choice in part(ODD_CHOICES, turn, 4):
            assert client.post(url, {"action": action, **choice}).status_code in {200, 302}, (model, action, choice)
    assert AuditEntry.objects.count() == before


def test_an_action_on_too_many_rows_does_nothing_and_says_so(editor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (steps, modeladmin, claim_publishing):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    claims = [make.make_claim() for _ in range(3)]
    url, client = reverse("admin:claims_claim_changelist"), client_of(editor)
    for action in ("submit_selected", "publish_selected", "delete_selected"):
        for across in ({}, {"select_across": "1"}):
            chosen = {"action": action, "index": "0", "_selected_action": [claim.pk for claim in claims], **across}
            assert TOO_MANY_SELECTED in Page(client.post(url, chosen, follow=True)).text
    assert set(Claim.objects.values_list("status", flat=True)) == {"draft"}
    client.post(url, {"action": "submit_selected", "index": "0", "_selected_action": [claims[0].pk, claims[1].pk]})
    assert Claim.objects.filter(status="in_review").count() == 2
