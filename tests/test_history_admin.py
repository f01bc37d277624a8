"""Every History button of the admin leads to what happened to the row."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from factcheck.teamwork.models import Team
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.conftest import rows
from tests.claims.test_claim_admin import at

__all__ = ["rows"]

WITHOUT = {"webhookcall", "dbtaskresult", "tokengrant", "auditentry", "export"}
"""Of what is not in the trail, or is the trail."""
BY_PAGE = {"user", "group", "team", "authtoken"}
"""Of what keeps no history of its own: made below as administrators make them."""


@pytest.fixture
def root(register: None) -> Client:
    client = Client()
    client.force_login(make.make_user("root", "Editor", is_superuser=True))
    return client


def test_each_noun_has_a_history_or_no_button(root: Client, rows: dict[str, Any]) -> None:
    get(root, reverse("admin:claims_claim_changelist"))
    walked = set()
    for model in admin.site._registry:
        noun = str(model._meta.model_name)
        if noun == "tokengrant":
            continue
        history = at(rows[noun], "history")
        assert (history in get(root, at(rows[noun])).links) == (noun not in WITHOUT), noun
        if noun in WITHOUT | BY_PAGE:
            continue
        page = get(root, history)
        assert page.status == 200
        assert "No change is recorded." not in page.text, noun
        walked.add(noun)
    assert len(walked) > 20


def test_what_administrators_make_and_change_tells_its_history(root: Client) -> None:
    add = {model: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add") for model in (Team, Group)}
    send(root, add[Team], {"name": "Politics"})
    send(root, add[Group], {"name": "Guests"})
    person = {"username": "zoe", "role": Group.objects.get(name="Reader").pk, "by": "invitation"}
    send(root, reverse("admin:auth_user_add"), {**person, "email": "zoe@example.org"})
    zoe = User.objects.get(username="zoe")
    kind = {"scope": "read"}
    send(root, reverse("admin:knox_authtoken_add"), {"user": zoe.pk, "name": "Script", **kind})
    team, group, token = Team.objects.get(), Group.objects.get(name="Guests"), AuthToken.objects.get()
    send(root, at(team), {"about": "Elections and parties."})
    for row in (team, group, zoe, token):
        page = get(root, at(row, "history"))
        assert "created by root" in page.text.lower(), row
    told = get(root, at(team, "history")).text
    assert "changed by root" in told.lower()


def test_tokens_of_ones_own_have_no_history_and_no_page_of_one(root: Client) -> None:
    send(root, reverse("admin:accounts_tokengrant_add"), {"name": "Mine", "scope": "read"})
    grant = AuthToken.objects.get().grant
    assert at(grant, "history") not in get(root, at(grant)).links
    assert root.get(at(grant, "history")).status_code == 404


def test_the_menu_leads_everybody_of_the_desk_to_the_teams(root: Client, ann: Any) -> None:
    client = Client()
    client.force_login(ann)
    for one in (root, client):
        assert reverse("admin:teamwork_team_changelist") in get(one, reverse("admin:index")).links
