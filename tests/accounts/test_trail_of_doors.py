"""What the trail remembers of rights, tokens and what is taken out."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from factcheck.audit.models import AuditEntry
from factcheck.audit.models.doors import DOORS
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of

LIST = "/admin/audit/auditentry/"


def entered() -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(action__in=DOORS).order_by("id")
    return list(rows.values_list("action", "object_label", "reason"))


def test_a_token_that_is_used_from_elsewhere_is_entered_once(ann: Any) -> None:
    row, token = AuthToken.objects.create(ann)
    for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2", "203.0.113.1"):
        answer = Client(REMOTE_ADDR=address).get("/api/v1/claims/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    assert [(act, why) for act, _label, why in entered()] == [
        ("authtoken.used_elsewhere", "From 203.0.113.2."),
    ]
    row.grant.refresh_from_db()
    assert "203.0.113" not in str(row.grant.used_from)
    assert token not in str(entered())


def test_another_role_and_single_rights_are_entered_in_words(administrator: Any, ann: Any) -> None:
    administrator.is_superuser = True
    administrator.save()
    editors = Group.objects.get(name="Editor")
    url = reverse("admin:auth_user_change", args=[ann.pk])
    assert send(client_of(administrator), url, {"role": str(editors.pk), "is_superuser": "on"}).errors == []
    assert entered() == [
        ("user.role_changed", "ann", "Researcher → Editor."),
        ("user.permissions_changed", "ann", "Given: superuser."),
    ]


def test_what_a_role_may_is_entered(administrator: Any) -> None:
    group = Group.objects.get(name="Editor")
    first, *others = group.permissions.select_related("content_type")
    url = reverse("admin:auth_group_change", args=[group.pk])
    given = {"name": group.name, "permissions": [str(one.pk) for one in others], "_save": "Save"}
    assert client_of(administrator).post(url, given).status_code == 302
    assert entered() == [
        ("group.permissions_changed", "Editor", f"Taken: {first.content_type.app_label}.{first.codename}.")
    ]


def test_what_is_taken_out_is_entered(ann: Any) -> None:
    client = client_of(ann)
    b"".join(client.get("/api/v1/claims/export/csv/").streaming_content)  # type: ignore[attr-defined]
    ((act, label, _why),) = entered()
    assert (act, label) == ("export.asked", "csv of /api/v1/claims/")


@pytest.mark.parametrize("who", ["administrator", "ann"])
def test_administrators_filter_what_happened_at_the_doors(who: str, request: Any, ann: Any) -> None:
    Client().post("/admin/login/", {"username": "ann", "password": "wrong"})
    client = client_of(request.getfixturevalue(who))
    whole = get(client, LIST).text
    told = "user.login_failed" in whole
    assert told == (who == "administrator")
    assert ("log-ins, locks, rights, tokens, exports" in whole) == told
    assert "ratingscale.created" in whole
    if told:
        assert "ratingscale.created" not in get(client, f"{LIST}?doors=yes").text
        assert "Wrong password." in get(client, f"{LIST}?noun=user&act=user.login_failed").text
