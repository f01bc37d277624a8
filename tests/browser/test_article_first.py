"""Article first, in a real browser: statements with new sources out of one text, without leaving the page."""

from __future__ import annotations

import os
from typing import Any

from claims.models import Attribution, Claim
from sources.models import Document, Source
from tests import factories as make
from tests.browser.conftest import BROWSER
from tests.browser.test_desk_day import PASSWORD, Desk
from tests.browser.test_desk_entry import desk, is_accessible

pytestmark = BROWSER
__all__ = ["desk"]
NAMES = ("Ames", "Brown", "Clark", "Doe", "Ellis", "Frost", "Grant", "Hill", "Ingram", "Jones")
WITNESSES = [f"Witness {name}" for name in NAMES[: 10 if os.environ.get("EVERY_LOOK") else 4]]
"""The first and the last are entered in a way of their own, the others alike: ten of them with EVERY_LOOK=1."""
LINES = [f"“It was rust,” said {name}, who stood by the river {n} hours long." for n, name in enumerate(WITNESSES, 2)]
# A line in another script, and a letter that a browser counts as two, before all that is selected.
TEXT = "\n\n".join(["Bridge fell at noon 🌉", "قال الوزير إن الجسر سقط.", *LINES])
COUNT_CLICKS = (
    "window.clicks = 0; addEventListener('click', (event) => { window.clicks += event.detail ? 1 : 0; }, true)"
)


def is_accessible_everywhere(page: Any) -> None:
    """Nothing on the page breaks WCAG 2.2 AA as far as a program can tell, wide in light and narrow in dark colours."""
    for width, dark in ((1280, False), (390, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(dark) => document.documentElement.classList.toggle('dark', dark)", dark)
        is_accessible(page, "body")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.evaluate("document.documentElement.classList.remove('dark')")
    page.set_viewport_size({"width": 1400, "height": 1000})


def search(page: Any, field: str, text: str) -> None:
    """Type into the search field that has the focus, opened by a key."""
    page.wait_for_function(
        "(field) => document.activeElement.getAttribute('aria-labelledby')?.startsWith(`${field}-name`)", arg=field
    )
    page.keyboard.press("Enter")
    page.locator(".select2-container--open .select2-search__field:focus").wait_for()
    page.keyboard.type(text)
    page.locator(".desk-pick", has_text=text).first.wait_for()


def test_statements_with_new_sources_out_of_one_pasted_text(desk: Desk) -> None:
    claim = make.make_claim("Rust brought the bridge down.", dispute=make.make_dispute("The bridge"))
    page = desk.page

    # From the front page, in two steps; the title is proposed, and nothing that is no text.
    page.locator("#begin-paste").fill(TEXT)
    is_accessible_everywhere(page)
    desk.press("Read it")
    desk.sees("Proposed, from the first line of the text.")
    assert page.input_value("#id_title") == "Bridge fell at noon 🌉"
    assert page.input_value("#id_kind") == ""
    is_accessible_everywhere(page)
    page.select_option("#id_kind", "article")
    page.locator("#id_published_on").fill("5 March 2024")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/read/*/")
    document = Document.objects.get()
    assert (document.title, document.published_on) == ("Bridge fell at noon 🌉", "2024-03-05")
    here = page.url
    left: list[str] = []
    page.on("framenavigated", lambda frame: left.append(frame.url) if frame == page.main_frame else None)
    page.evaluate(COUNT_CLICKS)

    for number, (name, line) in enumerate(zip(WITNESSES, LINES, strict=True), 1):
        # A passage is selected with the mouse, and is the quote; the rest is done by keys.
        page.locator("#read-text p", has_text=name).click(click_count=3)
        page.wait_for_function("(line) => document.getElementById('id_quote').value === line", arg=line)
        page.keyboard.press("Control+Enter")
        if number == 1:
            search(page, "id_claim", "Rust brought")
            page.keyboard.press("Enter")
            page.locator("#id_claim option:checked", has_text="Rust brought").wait_for(state="attached")
            page.get_by_label("Keep for the next").first.focus()
            page.keyboard.press("Space")
            page.locator("#id_source + .select2-container .select2-selection").focus()
        if number == len(WITNESSES):
            # A claim that is new is made in passing, too.
            page.locator("#id_claim + .select2-container .select2-selection").focus()
            search(page, "id_claim", "The bridge was old.")
            page.keyboard.press("Control+Enter")
            frame = page.frame_locator(".desk-side iframe")
            assert frame.locator("#id_text").input_value() == "The bridge was old."
            frame.locator("#id_text").press("Control+s")
            page.locator("#id_claim option:checked", has_text="The bridge was old.").wait_for(state="attached")
            page.locator(".desk-side").wait_for(state="detached")
            page.locator("#id_source + .select2-container .select2-selection").focus()
        search(page, "id_source", name)
        page.keyboard.press("Control+Enter")
        frame = page.frame_locator(".desk-side iframe")
        assert frame.locator("#id_name").input_value() == name
        frame.locator("#id_kind").select_option("person")
        frame.locator("#id_kind").press("Control+s")
        page.locator("#id_source option:checked", has_text=name).wait_for(state="attached")
        page.locator(".desk-side").wait_for(state="detached")
        page.locator("#id_stance").select_option("asserts")
        page.locator("#id_stance").press("Control+s")
        page.locator("#read-told", has_text=f"Saved: {name} asserts").wait_for()
        page.locator("#read-text mark").nth(number - 1).wait_for()
        assert page.locator("#id_stance").input_value() == page.locator("#id_quote").input_value() == ""

    said = list(Attribution.objects.select_related("source", "quote_check").order_by("pk"))
    assert [(row.source.name, row.quote) for row in said] == list(zip(WITNESSES, LINES, strict=True))
    assert [row.claim for row in said] == [*([claim] * (len(LINES) - 1)), Claim.objects.get(text="The bridge was old.")]
    assert {row.quote_check.state for row in said} == {"verified"}
    assert {row.selector["exact"] for row in said} == set(LINES)
    assert said[0].selector["prefix"].endswith("قال الوزير إن الجسر سقط.\n")
    assert Source.objects.count() == len(WITNESSES)
    assert page.locator("#read-text mark").all_text_contents() == LINES
    assert page.url == here
    assert left == []
    # Three for a triple click that selects a paragraph: all else was done by keys.
    assert page.evaluate("window.clicks") == 3 * len(LINES)
    is_accessible_everywhere(page)
    assert desk.faults == []


def test_nothing_typed_is_lost_on_the_reading_page(desk: Desk) -> None:
    document = make.make_document("Read", text=TEXT)
    make.make_claim("Rust brought the bridge down.")
    page = desk.page
    desk.go(f"/admin/read/{document.pk}/")

    # What was typed by hand is not written over by a selection, unless the person says so.
    page.locator("#id_quote").fill("Typed by hand")
    page.locator("#read-text p", has_text="Ames").click(click_count=3)
    take = page.get_by_role("button", name="Take the selected passage instead of the quote")
    take.wait_for()
    assert page.input_value("#id_quote") == "Typed by hand"
    is_accessible_everywhere(page)
    page.locator("#read-text p", has_text="Ames").click(click_count=3)
    take.click()
    assert page.input_value("#id_quote") == LINES[0]
    desk.sees("Its place is the passage you selected")

    # What is refused is said at its field, the first one is gone to, and the search fields work on.
    page.locator("#id_said_on").fill("03/04/2016")
    page.keyboard.press("Control+s")
    desk.sees("3 April 2016 or 4 March 2016")
    assert (page.input_value("#id_quote"), page.input_value("#id_said_on")) == (LINES[0], "03/04/2016")
    desk.sees("Its place is the passage you selected")
    is_accessible_everywhere(page)
    page.locator("#id_claim + .select2-container .select2-selection[aria-labelledby^='id_claim-name']").focus()
    search(page, "id_claim", "Rust brought")
    page.keyboard.press("Enter")
    page.locator("#id_claim option:checked", has_text="Rust brought").wait_for(state="attached")

    # Nor when the session has ended meanwhile: one logs in over the form, and it goes on.
    page.context.clear_cookies()
    page.locator("#desk-errors").evaluate("(box) => { box.id = 'the-errors-of-before'; }")
    page.keyboard.press("Control+s")
    page.locator(".desk-log-in [name=username]").fill("ann")
    page.locator(".desk-log-in [name=password]").fill(PASSWORD)
    desk.press("Log in and save")
    page.locator(".desk-log-in").wait_for(state="detached")
    page.locator("#desk-errors").wait_for()
    assert page.input_value("#id_quote") == LINES[0]

    # Nor when the page is left: it is offered again.
    page.get_by_text("Another place, translation").click()
    page.locator("#id_capacity").fill("bystander")
    page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('desk-draft:'))")
    desk.go(f"/admin/read/{document.pk}/")
    desk.press("Put it back")
    assert page.input_value("#id_quote") == LINES[0]
    desk.sees("Its place is the passage you selected")
    assert not Attribution.objects.exists()
    # The browser's own word for what was refused.
    assert [fault for fault in desk.faults if "422" not in fault and "401" not in fault] == []


def test_a_bookmark_brings_what_another_page_says_of_itself(desk: Desk) -> None:
    page = desk.page
    desk.go("/admin/read/")
    bookmark = page.get_by_role("link", name="Read in the register").get_attribute("href")
    assert bookmark is not None
    # The bookmark names the public address of the register.
    other = page.context.new_page()
    other.set_content(
        "<html lang='en'><head><title>T</title><meta property='og:title' content='It <b>rained</b>'>"
        "<meta property='og:site_name' content='The Daily'></head><body><article>It rained all day.</article></body>"
    )
    other.evaluate("window.open = (url) => { window.opened = url; }")
    other.evaluate("(code) => { eval(decodeURIComponent(code.slice('javascript:'.length))); }", bookmark)
    path = other.evaluate("window.opened").partition("/admin/")[2]
    other.close()
    desk.go(f"/admin/{path}")
    page.wait_for_function("document.getElementById('id_pasted').value !== ''")
    assert page.input_value("#id_pasted") == "It rained all day."
    assert page.input_value("#id_title") == "It <b>rained</b>"
    assert "#" not in page.url
    desk.sees("The page names “The Daily” (the page, as your browser sent it).")
    assert desk.faults == []
