"""Rows under a page are sent as their values: what the browser makes of them is what the server would have drawn."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim, Dispute
from claims.services.demo import create_people, load_disputes
from factcheck.admin import sentrows
from factcheck.admin.sentrows import Rows
from tests import factories as make
from tests.browser.conftest import BROWSER
from tests.browser.test_desk_day import PASSWORD, Desk
from tests.claims.test_claim_admin import at

pytestmark = BROWSER
ROWS = """() => {
  const told = (node) => node.nodeType === Node.TEXT_NODE ? node.data.replace(/\\s+/g, " ").trim()
    : node.nodeType !== Node.ELEMENT_NODE ? "" : [
      node.tagName,
      [...node.attributes].map((one) => `${one.name}=${one.name === "class" ? [...node.classList].sort() : one.value}`)
        .sort().join("|"),
      ...[...(node.content || node).childNodes].map(told),
    ].filter(Boolean).join(node.tagName === "TEXTAREA" ? node.defaultValue : "\\n");
  return [...document.querySelectorAll("[data-inline-formset]")].map((list) =>
    [...list.querySelectorAll(":scope > .form-group:not(.empty-form)")].map(told));
}"""
"""The rows of each list: elements with their attributes and classes in one order, and their texts."""
SENT = """() => [...new FormData(document.querySelector("#content-main form.warn-unsaved-form"))].map(String)
  .filter((one) => !one.startsWith("csrf")).sort()"""


@pytest.fixture
def desk(chromium: Any, live_register: None, live_server: Any) -> Desk:
    create_people()
    load_disputes()
    user = make.make_user("root", "Editor", first_name="Root", last_name="Boss", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return Desk(chromium, live_server.url, user)


def test_a_row_put_together_here_is_the_row_the_server_draws(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.page
    # What other scripts make of the rows is the same if the rows are.
    page.route("**/*.js", lambda route: route.continue_() if "/rows." in route.request.url else route.abort())
    draft = Claim.objects.filter(status="draft", attributions__isnull=False).first()
    several = Claim.objects.get(pk=1)
    evidence = several.evidence_links.all()[0].evidence
    hostile = "</script><b>__proto__</b> $& $1 “quoted” & 'single' \\n\n\n  lines"
    make.make_attribution(draft, quote=hostile, stance="denies", anonymous=True, anonymous_reason=f"\n{hostile}")
    make.make_older_attribution(draft)
    make.make_review(draft)
    make.make_inquiry(draft)
    for row in (
        several,
        draft,
        evidence,
        Dispute.objects.get(pk=1),
        make.make_document(),
        make.make_affiliation().source,
    ):
        url = desk.address + at(row)
        page.goto(url)
        assert page.locator("script[data-rows]").count() == 0
        put, would_send = page.evaluate(ROWS), page.evaluate(SENT)
        with monkeypatch.context() as patched:
            patched.setattr(sentrows, "rows_of", lambda shown: Rows(list(shown)))
            page.goto(url)
            drawn = page.evaluate(ROWS)
            assert would_send == page.evaluate(SENT)
        for mine, theirs in zip(put, drawn, strict=True):
            assert mine == theirs, row
        assert row is not several or sum(map(len, put)) > 8
