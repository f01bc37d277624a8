"""Who is let in where: every address of the URL conf, every method, every role, as docs/doors.md has it.

`pytest tests/api --golden` writes the page anew; look at the difference before you commit it.
"""

from __future__ import annotations

import difflib
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken

from claims.exports.file import make_link
from claims.exports.job import request_export
from claims.pages.robots import BLOCK
from factcheck.accounts.sessions import PROVED
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.bulk import BulkJob
from factcheck.base.errors import DomainError
from factcheck.teamwork.models import Team, Wishes
from factcheck.webhooks.models import WebhookCall
from sources.services.snapshot import keep_copy
from tests import factories as make
from tests.admin_page import answer_to
from tests.api.doors import Door, as_table, cell, every_door, lines
from tests.api.nouns import NOUNS
from tests.api.test_who_may_what import OWNED, ROLES, TABLES, VERBS, nobody_answers

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs" / "doors.md"
ASKED = {
    "near": "field=sources.source.name&text=x",
    "understood": "kind=date&text=2014",
    "autocomplete": "term=x&app_label=claims&model_name=claim&field_name=dispute",
    "claims_export_stream": "query=/api/v1/claims/",
}
"""What a few doors cannot do without."""
BEGIN = "<!-- What follows is made by pytest tests/api/test_every_door.py --golden -->"


def enter_what_has_doors(editor: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row of each kind, by the name of its model or of its noun in the API: one that everybody reads, where there is
    one. And the secrets that stand in addresses."""
    rows: dict[str, Any] = {}
    for name, noun in NOUNS.items():
        rows[name] = (noun.published or noun.draft)(editor)  # type: ignore[misc]
        rows.setdefault(noun.model._meta.model_name, rows[name])
    file, token = make.make_kept_export(editor), AuthToken.objects.create(editor)[0]
    kept = keep_copy(actor=editor, document=rows["document"], content=BytesIO(b"It is so."))
    request_export(actor=editor, kind="list", query="/api/v1/claims/", format="xlsx")
    rows |= {
        "claim": rows["verdict"].claim,
        "snapshot": kept,
        "export": file,
        "team": Team.objects.create(name="Politics"),
        "rulesetting": make.make_rulesetting(),
        "webhookcall": WebhookCall.objects.create(webhook=rows["webhook"], entry_id=AuditEntry.objects.first().pk),
        "dbtaskresult": DBTaskResult.objects.first(),
        "user": editor,
        "group": Group.objects.first(),
        "authtoken": token,
        "tokengrant": token.grant,
        "token": token.grant,
        "job": BulkJob.objects.create(made_by=editor, method="POST", path="/api/v1/claims/", rows=1),
    }
    secrets = {
        "exports": urlsplit(make_link(make.make_kept_export(editor))).path.split("/")[-2],
        "calendar": Wishes.objects.create(user=editor).calendar_key,
        "uidb64": urlsafe_base64_encode(force_bytes(editor.pk)),
        "admin": default_token_generator.make_token(editor),
    }
    return rows, secrets


def address_of(door: Door, rows: dict[str, Any], secrets: dict[str, Any]) -> str:
    """Where the door is for the rows at hand."""
    first = door.pattern.removeprefix("api/v1/").split("/")[0]
    row = rows[door.model._meta.model_name if door.model else door.noun or "claim"]
    values: dict[str, Any] = {
        **dict.fromkeys(("object_id", "id", "pk"), row.pk),
        "key": {
            "calendar": secrets["calendar"],
            "disputes": rows["dispute"].slug,
            "questions": rows["question"].pk,
            "sources": rows["source"].slug,
        }.get(first, row.pk),
        "slug": rows["dispute"].slug,
        "number": rows["document" if "/read/" in door.pattern else "claim"].pk,
        "noun": "claims" if first.startswith("sitemap") else "claim",
        "name": "csv",
        "format_name": "json" if "/report/" in door.pattern else "csv",
        "code": "said_before_event",
        "call": rows["webhookcall"].pk,
        "token": secrets.get(first),
        "uidb64": secrets["uidb64"],
        "block": rows["claim"].pk // BLOCK,
        "ending": "svg",
        "content_type_id": 1,
        "app_label": "claims",
        "url": "nowhere",
    }
    if door.name.startswith(("token-", "job-")):
        values["pk"] = rows[door.name.split("-")[0]].pk
    if "{noun}/{pk}" in door.address:
        values["pk"] = rows[values["noun"]].pk
    return door.at(values) + (f"?{ASKED[door.name]}" if door.name in ASKED else "")


class Visitor:
    """Somebody of one role, who tries doors and leaves no trace."""

    def __init__(self, user: Any, client: Any) -> None:
        self.user, self.rest, self.pages = user or AnonymousUser(), client, Client(raise_request_exception=False)
        if user:
            self.pages.force_login(user)

    def try_door(self, door: Door, path: str, method: str) -> str:
        with transaction.atomic(), nobody_answers():
            found = self.at_desk(path, method) if door.of_desk else self.outside(path, method)
            # What was read may be kept ready for the next.
            transaction.set_rollback(method != "get")
        return found

    def outside(self, path: str, method: str) -> str:
        answer = getattr(self.rest if path.startswith("/api/") else self.pages, method)(path)
        return self.read(answer)

    def at_desk(self, path: str, method: str) -> str:
        """The view decides; its page, which is ten times as much work, is not drawn."""
        session = SessionStore()
        # Who changes accounts is asked for a fresh proof; here it was given.
        session[PROVED] = int(time.time())
        try:
            answer = answer_to(self.user, path, {} if method == "post" else None, session=session)
        except Http404:
            return "404"
        except PermissionDenied:
            return "403"
        except DomainError as error:
            return cell(error.status)
        # So Django says that a row is not there.
        gone = answer.get("Location") == reverse("admin:index") and path.count("/") > 5
        return "404" if gone else self.read(answer)

    def read(self, answer: Any) -> str:
        for close in getattr(answer, "_resource_closers", ()):  # close() itself would close the connection too
            close()
        return cell(answer.status_code, answer.get("Location", ""))


def acts_on(door: Door, method: str) -> list[tuple[str, list[str]]]:
    """What tests/api/test_who_may_what.py shows of this door, on rows of several kinds."""
    action = getattr(door.view, "actions", None) and door.view.actions[method]
    if not action or action == "list":
        return []
    verb = VERBS.get(action, action)
    found = []
    for line in TABLES.get(door.noun, "").splitlines():
        act, _space, row = line.strip()[:19].strip().partition(" ")
        if act == verb:
            own = row == "draft" and door.noun in OWNED
            found.append(("one's own" if own else row, line.strip()[19:].split()))
    return found


def answers_of(door: Door, path: str, visitors: list[Visitor]) -> dict[str, dict[str, list[str]]]:
    """What each visitor is answered, by row and method."""
    found: dict[str, dict[str, list[str]]] = {"": {}}
    read_by_all = door.noun in NOUNS and NOUNS[door.noun].published is not None
    for method in door.methods:
        acts = acts_on(door, method)
        for row, answers in acts:
            found.setdefault(row, {})[method] = [cell(int(answer)) for answer in answers]
        if not acts or (method == "get" and read_by_all and {row for row, _answers in acts} <= {"draft", "one's own"}):
            found[""][method] = [visitor.try_door(door, path, method) for visitor in visitors]
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="who may what is decided before a database is asked")
def test_every_door_is_written_down_and_answers_each_role_as_the_page_says(desk, client_of, request) -> None:
    rows, secrets = enter_what_has_doors(desk.editor)
    visitors = [Visitor(getattr(desk, role), client_of(getattr(desk, role))) for role in ROLES]
    parts: dict[str, list[tuple[str, ...]]] = {}
    for door in every_door():
        found = answers_of(door, address_of(door, rows, secrets), visitors)
        parts.setdefault(door.part, []).extend(line for row in sorted(found) for line in lines(door, row, found[row]))
    tables = "\n\n".join(f"## {part}\n\n{as_table(found, ROLES)}" for part, found in parts.items())
    before = PAGE.read_text()
    page = f"{before.partition(BEGIN)[0]}{BEGIN}\n\n{tables}\n"
    if request.config.getoption("--golden", default=False):
        PAGE.write_text(page)
    changed = difflib.unified_diff(PAGE.read_text().splitlines(), page.splitlines(), "docs/doors.md", "now", n=0)
    assert not (told := "\n".join(changed)), told
