"""Who may what: one row of the truth table for each noun and act, one column for each role.

Whatever else the service has an address for is tried by `tests/api/test_every_door.py`, and stands with these in
`docs/doors.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from claims.services import draft_answer, submit_claim
from factcheck.base.fetch import FetchError
from factcheck.router import router
from factcheck.webhooks.models import WebhookCall
from sources.services.snapshot import keep_copy
from tests import factories as f
from tests.api.nouns import NOUNS, address, claim
from tests.api.routes import api_routes

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reader", "researcher", "reviewer", "editor", "administrator")
ASKED = ROLES if connection.vendor == "sqlite" else ("anonymous", "researcher", "editor")
"""Who may what is decided before a database is asked: on PostgreSQL three stand for all."""
ON_A_ROW = {"secret", "rotate", "read", "change", "delete", "withdraw", "merge"}
VERBS = {
    "list": "read",
    "retrieve": "read",
    "create": "create",
    "update": "change",
    "partial_update": "change",
    "destroy": "delete",
    "send_back": "return",
    "change_many": "change",
    "by_external_id": "create",
    "withdraw_many": "withdraw",
}
"""Actions of views that are called otherwise in the tables."""
OWNED = {"assessment", "verdict", "export"}
"""Whose rows are their maker's."""
CHANGE = {"HTTP_X_CHANGE_REASON": "A test."}

USUAL = """
    read draft         404 404 200 200 200 200
    create             401 403 201 201 201 201
    change draft       401 403 200 200 200 200
    change published   401 403 403 200 200 200
    delete draft       401 403 204 204 204 204
    delete published   401 403 403 409 409 409
"""
WITHDRAWABLE = """
    withdraw           401 403 403 200 200 200
"""
MERGING = """
    merge draft        401 403 200 200 200 200
    merge published    401 403 403 200 200 200
"""
DIFFERING = """
    diff published     200 200 200 200 200 200
    diff draft         404 404 200 200 200 200
"""
VOCABULARY = """
    create             401 403 403 403 201 201
    change published   401 403 403 403 200 200
    delete published   401 403 403 403 409 409
"""
TABLES = {
    "source": USUAL + MERGING,
    "affiliation": USUAL,
    "document": USUAL + MERGING,
    # A copy never changes: there is no method for it, and asking for one is refused first for want of the right.
    "snapshot": """
    read draft         404 404 200 200 200 200
    create             401 403 201 201 201 201
    upload             401 403 201 201 201 201
    fetch              401 403 400 400 400 400
    file               401 403 200 200 200 200
    change draft       401 403 403 403 403 405
    change published   401 403 403 403 403 405
    delete draft       401 403 403 403 403 405
    delete published   401 403 403 403 403 405
""",
    # Editors alone delete disputes.
    "dispute": USUAL.replace("delete draft       401 403 204 204", "delete draft       401 403 403 403").replace(
        "delete published   401 403 403 409", "delete published   401 403 403 403"
    )
    + DIFFERING,
    # An answer takes two people, who may both correct what is published.
    "question": USUAL
    + """
    draft              401 403 403 200 200 200
    publish            401 403 403 200 200 200
    publish own        401 403 403 403 403 403
    return             401 403 403 200 200 200
""",
    "claim": USUAL
    + WITHDRAWABLE
    + DIFFERING
    # What was published stays.
    + MERGING.replace("403 403 200 200 200", "403 409 409 409 409")
    + """
    submit             401 403 200 200 200 200
    return             401 403 403 200 200 200
    publish            401 403 403 200 200 200
""",
    "relation": USUAL + WITHDRAWABLE,
    "attribution": USUAL + WITHDRAWABLE,
    "evidence": USUAL,
    "evidence-link": USUAL
    + WITHDRAWABLE
    + """
    premises           401 403 201 201 201 201
""",
    "premise": USUAL + WITHDRAWABLE,
    "review": USUAL + WITHDRAWABLE,
    "inquiry": USUAL
    + WITHDRAWABLE
    + """
    silence            401 403 200 200 200 200
""",
    # Each analyst's own; never public.
    "assessment": """
    read draft         404 404 200 200 200 200
    create             401 403 201 201 201 201
    change draft       401 403 200 200 200 200
    change another's   401 403 403 403 403 403
    delete draft       401 403 204 204 204 204
    delete another's   401 403 403 403 403 403
""",
    "rating-scale": VOCABULARY,
    "rating": VOCABULARY,
    # A draft is its author's; what is published is corrected, never changed.
    "verdict": """
    read draft         404 404 200 200 200 200
    create             401 403 201 201 201 201
    change draft       401 403 200 200 200 200
    change another's   401 403 403 403 403 403
    change published   401 403 403 409 409 409
    delete draft       401 403 204 204 204 204
    delete another's   401 403 403 204 204 204
    delete published   401 403 403 409 409 409
    submit             401 403 200 200 200 200
    submit another's   401 403 403 403 403 403
    return             401 403 403 200 200 200
    publish            401 403 403 200 200 200
    publish own        401 403 403 403 403 403
    correct            401 403 201 201 201 201
    confirm            401 403 403 200 200 200
    confirm own        401 403 403 403 403 403
""",
    # Made by correcting a verdict.
    "confirmation": """
    create             401 403 403 405 405 405
    delete published   401 403 403 403 403 405
""",
    "correction": """
    create             401 403 405 405 405 405
    change published   401 403 405 405 405 405
    delete published   401 403 405 405 405 405
""",
    # How strict the desk is with itself: editors decide it.
    "rule-exception": """
    read draft         404 404 200 200 200 200
    create             401 403 403 403 201 201
    change draft       401 403 403 403 200 200
    delete draft       401 403 403 403 204 204
""",
    "import": """
    read draft         404 404 200 200 200 200
    create             401 403 403 403 405 405
    change draft       401 403 403 403 403 405
    delete draft       401 403 403 403 403 405
""",
    # One's own, or with the right to all; whoever is signed in may ask.
    "export": """
    read draft         401 404 200 200 200 200
    read another's     401 404 404 404 200 200
    create             401 202 202 202 202 202
    file               401 404 200 200 200 200
    file another's     401 404 404 404 403 403
    change draft       401 405 405 405 405 405
    delete draft       401 404 204 204 204 204
    delete another's   401 404 404 404 403 403
    cancel             401 404 200 200 200 200
    cancel another's   401 404 404 404 403 403
""",
    "audit": """
    read draft         401 403 200 200 200 200
    create             401 403 403 403 403 403
    change draft       401 403 403 403 403 403
    delete draft       401 403 403 403 403 403
""",
    # For those who look after them.
    "webhook": """
    read draft         401 403 403 403 200 200
    create             401 403 403 403 201 201
    change draft       401 403 403 403 200 200
    delete draft       401 403 403 403 204 204
    secret             401 403 403 403 200 200
    rotate             401 403 403 403 200 200
    ping               401 403 403 403 200 200
    resend             401 403 403 403 200 200
    take_over          401 403 403 403 200 200
""",
}


def nobody_answers() -> Any:
    """Nothing leaves this machine."""
    return patch("factcheck.webhooks.sending.post", side_effect=FetchError("The host name is not known."))


ROWS = [
    pytest.param(noun, line[:19].strip(), line[19:].split(), id=f"{noun}: {line[:19].strip()}")
    for noun, table in TABLES.items()
    for line in (line.strip() for line in table.splitlines())
    if line
]


class Request:
    """One act of one person on a row made for it, or on one of `rows`, by their maker where that matters."""

    def __init__(self, noun: str, client: Any, actor: Any, rows: dict[Any, Any]) -> None:
        self.noun, self.client, self.actor = NOUNS[noun], client, actor
        self.list, self.name = address(noun), noun
        self.rows = rows
        self.author = actor if actor is not None and actor.has_perm("claims.add_verdict") else f.someone("Researcher")

    def at(self, row: Any, step: str = "") -> str:
        return f"{self.list}{row.pk}/{step}"

    def state_of(self, row: Any) -> dict[str, str]:
        return {**CHANGE, "HTTP_IF_MATCH": f'"{row.version}"'}

    def read(self, row: Any) -> Any:
        return self.client.get(self.at(row))

    def create(self) -> Any:
        if self.name == "export":
            return self.client.post(self.list, {"kind": "list", "query": "/api/v1/claims/", "format": "csv"})
        return self.client.post(self.list, self.noun.body() if self.noun.body else {})

    def change(self, row: Any) -> Any:
        given = {"id": row.pk, "version": row.version, **self.noun.change}
        return self.as_one_of_many(
            lambda: self.client.patch(self.list, [given], **CHANGE),
            lambda: self.client.patch(self.at(row), self.noun.change, **self.state_of(row)),
        )

    def as_one_of_many(self, many: Callable[[], Any], alone: Callable[[], Any]) -> Any:
        """The answer to an act on one row, which is allowed or refused among many as it is alone."""
        with transaction.atomic():
            among = many()
            transaction.set_rollback(True)
        answer = alone()
        assert among.status_code == answer.status_code, (among.content, answer.content)
        return answer

    def delete(self, row: Any) -> Any:
        return self.client.delete(self.at(row), **self.state_of(row))

    def post(self, row: Any, step: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(self.at(row, f"{step}/"), body or {}, **self.state_of(row))

    def row(self, act: str) -> Any:
        """A published row where the act says so, a draft otherwise."""
        verb, _space, rest = act.partition(" ")
        own = self.author if rest != "another's" else f.someone("Editor")
        key = own.pk if self.name in OWNED else None
        if key not in self.rows:
            published = rest == "published" or verb == "withdraw" or self.noun.draft is None
            self.rows[key] = (self.noun.published if published else self.noun.draft)(own)
        return self.rows[key]

    def do(self, act: str) -> Any:
        """The answer to the act."""
        verb, _space, rest = act.partition(" ")
        match verb:
            case "create":
                return self.create()
            case "secret" | "rotate":
                return self.post(self.row(act), verb)
            case "read" | "change" | "delete":
                row = self.row(act)
                if self.name in {"audit", "export"}:
                    row.version = 1
                return getattr(self, verb)(row)
            case "merge":
                body = {"into": self.noun.draft(self.author).pk, "change_reason": "Entered twice."}  # type: ignore[misc]
                return self.post(self.row(act), verb, body)
            case "withdraw":
                row = self.row(act)
                given = {"id": row.pk, "version": row.version, "reason": "Wrong."}
                return self.as_one_of_many(
                    lambda: self.client.post(f"{self.list}withdraw/", [given]),
                    lambda: self.post(row, "withdraw", {"reason": "Wrong."}),
                )
        return getattr(self, f"{verb}_{self.name.replace('-', '_')}")(rest)

    def upload_snapshot(self, rest: str) -> Any:
        body = {"document": f.make_document().pk, "file": SimpleUploadedFile("page.txt", b"It is so.")}
        return self.client.generic(
            "POST", "/api/v1/snapshots/upload/", encode_multipart(BOUNDARY, body), content_type=MULTIPART_CONTENT
        )

    def fetch_snapshot(self, rest: str) -> Any:
        # Off, as it is unless an operator switches it on: 400 says so to who might.
        return self.client.post("/api/v1/snapshots/fetch/", {"document": f.make_document().pk})

    def file_snapshot(self, rest: str) -> Any:
        kept = keep_copy(actor=f.someone("Editor"), document=f.make_document(), content=BytesIO(b"It is so."))
        return self.closed(self.client.get(self.at(kept, "file/")))

    def file_export(self, rest: str) -> Any:
        kept = f.make_kept_export(f.someone("Editor") if rest == "another's" else self.author)
        return self.closed(self.client.get(self.at(kept, "file/")))

    def cancel_export(self, rest: str) -> Any:
        asked = f.make_export(f.someone("Editor") if rest == "another's" else self.author, status="queued")
        return self.client.post(self.at(asked, "cancel/"))

    def ping_webhook(self, rest: str) -> Any:
        with nobody_answers():
            return self.client.post(self.at(f.make_webhook(), "ping/"))

    def resend_webhook(self, rest: str) -> Any:
        webhook = f.make_webhook()
        call = WebhookCall.objects.create(webhook=webhook, event="webhook.ping")
        with nobody_answers():
            return self.client.post(self.at(webhook, f"calls/{call.pk}/resend/"))

    def take_over_webhook(self, rest: str) -> Any:
        return self.client.post(self.at(f.make_webhook(), "take-over/"))

    def closed(self, answer: Any) -> Any:
        for close in getattr(answer, "_resource_closers", ()):  # close() itself would close the connection too
            close()
        return answer

    def diff_claim(self, rest: str) -> Any:
        return self.client.get(f"{self.at(claim(rest == 'published'), 'diff/')}?from=2025-07-01")

    def diff_dispute(self, rest: str) -> Any:
        row = (self.noun.published if rest == "published" else self.noun.draft)(self.author)
        return self.client.get(f"{self.at(row, 'diff/')}?from=2025-07-01")

    def submit_claim(self, rest: str) -> Any:
        return self.post(claim(False), "submit")

    def return_claim(self, rest: str) -> Any:
        row = submit_claim(actor=f.someone("Researcher"), claim=claim(False))
        return self.post(row, "return", {"note": "Say more."})

    def publish_claim(self, rest: str) -> Any:
        return self.post(claim(False), "publish")

    def premises_evidence_link(self, rest: str) -> Any:
        row = f.make_link(claim(False))
        return self.client.post(self.at(row, "premises/"), {"claim": claim(False).pk})

    def draft_question(self, rest: str) -> Any:
        return self.post(f.make_question(), "draft-answer", {"text": "A valve failed."})

    def publish_question(self, rest: str) -> Any:
        author = self.author if rest == "own" else f.someone("Reviewer")
        row = f.make_question()
        if author.has_perm("claims.draft_answer"):
            row = draft_answer(actor=author, question=row, text="A valve failed.")
        return self.post(row, "publish-answer")

    def return_question(self, rest: str) -> Any:
        row = draft_answer(actor=f.someone("Reviewer"), question=f.make_question(), text="A valve failed.")
        return self.post(row, "return-answer", {"note": "Say more."})

    def submit_verdict(self, rest: str) -> Any:
        author = f.someone("Editor") if rest == "another's" else self.author
        return self.post(f.make_verdict(claim(False), author=author), "submit")

    def return_verdict(self, rest: str) -> Any:
        return self.post(f.make_submitted(claim(False)), "return", {"note": "Say more."})

    def publish_verdict(self, rest: str) -> Any:
        return self.post(f.make_submitted(claim(False), author=self.author if rest == "own" else None), "publish")

    def confirm_verdict(self, rest: str) -> Any:
        row = f.make_stale(claim(True), author=self.author if rest == "own" else None)
        return self.post(row, "confirm", {"reason": "It changes nothing."})

    def silence_inquiry(self, rest: str) -> Any:
        return self.post(f.make_inquiry(claim(False), due_on="2025-07-03"), "silence")

    def correct_verdict(self, rest: str) -> Any:
        row = f.make_published(claim(True))
        return self.post(row, "correct", {"reason": "Wrong.", "severity": "correction"})


@pytest.mark.parametrize(("noun", "act", "expected"), ROWS)
def test_each_role_gets_exactly_its_answer(desk, client_of, noun, act, expected):
    got, rows = [], {}
    for role in ASKED:
        actor = getattr(desk, role)
        request = Request(noun, client_of(actor), actor, rows)
        if act.partition(" ")[0] in ON_A_ROW:
            request.row(act)
        with transaction.atomic():
            response = request.do(act)
            got.append(str(response.status_code))
            transaction.set_rollback(True)
    wanted = dict(zip(ROLES, expected, strict=True))
    assert dict(zip(ASKED, got, strict=True)) == {role: wanted[role] for role in ASKED}


def test_every_noun_of_the_router_has_its_table():
    assert set(TABLES) == set(NOUNS) == {name for _prefix, _view, name in router.registry}


def test_every_step_of_the_router_stands_in_the_table():
    missing = []
    for route in api_routes().values():
        acts = {line.strip().split(" ")[0] for line in TABLES.get(route.noun, "").splitlines() if line.strip()}
        steps = {VERBS.get(action, action) for method, action in route.actions.items() if method != "get"}
        missing += [(route.name, step) for step in steps - acts if route.noun in NOUNS]
    assert missing == []
