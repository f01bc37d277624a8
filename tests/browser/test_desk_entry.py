"""Entering at the desk by keyboard, in a real browser: sources and documents in passing, errors, the way back."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Attribution
from sources.models import Document, Source
from tests import factories as make
from tests.browser.conftest import BROWSER, barriers
from tests.browser.test_desk_day import PASSWORD, Desk

pytestmark = BROWSER


@pytest.fixture
def desk(chromium: Any, live_register: None, live_server: Any) -> Desk:
    user = make.make_user("ann", "Researcher", first_name="Ann", last_name="Archer")
    user.set_password(PASSWORD)
    user.save()
    return Desk(chromium, live_server.url, user)


def pick(desk: Desk, field: str, text: str) -> None:
    """Open a search field by the keyboard and type into it."""
    # Named by its label: made by the desk's script, and not by the one that it stands in for.
    desk.page.locator(f"#{field} + .select2-container .select2-selection[aria-labelledby^='{field}-name']").focus()
    desk.page.keyboard.press("Enter")
    desk.page.locator(".select2-container--open .select2-search__field:focus").wait_for()
    desk.page.keyboard.type(text)
    desk.page.locator(".desk-pick", has_text=text).first.wait_for()


def is_accessible(page: Any, part: str) -> None:
    """Nothing in this part of the page breaks WCAG 2.2 AA, as far as a program can tell."""
    assert barriers(page, part) == []


def test_a_statement_with_a_new_source_and_document_without_a_mouse(desk: Desk) -> None:
    dispute = make.make_dispute("The bridge of Aldbury")
    claim = make.make_claim("Rust brought the bridge down.", dispute=dispute)
    make.make_source("Bellingcat", kind="organisation")
    page = desk.page
    windows: list[Any] = []
    page.context.on("page", lambda opened: windows.append(opened))  # noqa: PLW0108 - the driver marks what it is given

    # To the dispute by its words, and to the form of a statement on its claim.
    page.keyboard.press("Control+k")
    page.keyboard.type("aldbury")
    page.locator("#desk-found li", has_text="Dispute").wait_for()
    is_accessible(page, "#desk-find")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Add a statement").focus()
    page.keyboard.press("Enter")

    # A source that is nearly there already is taken, not made again.
    pick(desk, "id_source", "Belingcat")
    page.locator(".desk-pick-create").wait_for()
    is_accessible(page, "#content")
    page.keyboard.press("Enter")
    frame = page.frame_locator(".desk-side iframe")
    assert frame.locator("#id_name").input_value() == "Belingcat"
    frame.get_by_role("button", name="Use this one: Bellingcat").press("Enter")
    page.locator("#id_source option:checked", has_text="Bellingcat").wait_for(state="attached")
    assert Source.objects.count() == 1

    # A new document, with its address and its date as they are typed.
    pick(desk, "id_document", "Who did it")
    page.keyboard.press("Control+Enter")
    frame.locator("#id_kind").select_option("article")
    frame.locator("#id_url").fill("www.example.org/who")
    frame.locator("#id_published_on").fill("28.9.2016")
    frame.get_by_text("= 28 September 2016").wait_for()
    frame.locator("#id_published_on").press("Control+s")
    page.locator("#id_document option:checked", has_text="Who did it").wait_for(state="attached")
    document = Document.objects.get()
    assert (document.url, document.published_on) == ("https://www.example.org/who", "2016-09-28")

    # What is wrong is gone to, in its fold or not; nothing that was typed is lost.
    page.select_option("#id_stance", "asserts")
    page.fill("#id_said_on", "03/04/2016")
    page.keyboard.press("Control+s")
    desk.sees("3 April 2016 or 4 March 2016")
    is_accessible(page, "#content")
    page.wait_for_function("document.activeElement.id === 'id_said_on'")
    page.keyboard.press("Control+a")
    page.keyboard.type("3 April 2016")
    page.keyboard.press("Control+s")

    # Back at the dispute, with the statement marked.
    page.wait_for_url("**/admin/claims/dispute/*/change/?new=*")
    page.locator(".desk-new").wait_for()
    said = Attribution.objects.get()
    assert (said.claim, said.source.name, said.document, said.said_on) == (claim, "Bellingcat", document, "2016-04-03")
    page.keyboard.press("Shift+?")
    page.get_by_role("dialog", name="Keys").wait_for()
    is_accessible(page, "#desk-keys")
    assert windows == []
    assert desk.faults == []
