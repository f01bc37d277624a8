"""A whole dispute, from nothing to two published verdicts: how many clicks it takes, and that none are needed."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from claims.models import Attribution, Claim, ClaimRelation, Dispute, Evidence, EvidenceLink, Verdict
from sources.models import Document, Source
from tests.browser.conftest import BROWSER
from tests.browser.test_article_first import search
from tests.browser.test_desk_day import Desk, desks

pytestmark = BROWSER
__all__ = ["desks"]

CLAIMS = (
    "A lorry brought the bridge down.",
    "Rust brought the bridge down.",
    "A flood brought the bridge down.",
    "The bridge was closed in time.",
    "The bridge was not closed in time.",
    "Nobody was hurt.",
)
SOURCES = ("Ministry of Transport", "County of Aldbury", "Engineer Brown", "Driver Clark", "Mayor Doe", "Roof Builders")
ARTICLES = [
    (
        f"Report {day}",
        [f"“{CLAIMS[(day + n) % 6]}” So said the {SOURCES[(3 * day + n) % 6]}, day {day}." for n in range(3)],
    )
    for day in range(4)
]
EVERY = bool(os.environ.get("EVERY_LOOK"))
MOST = 60
"""Clicks that this may take with a mouse; without quick entry it took about 150, and 20 windows."""
FEWER = 12
"""Of these for the articles that are read with EVERY_LOOK=1 alone: six each."""


class Hand:
    """Somebody at the desk with a mouse, or without: fields are gone through by keys either way."""

    def __init__(self, desk: Desk, *, mouse: bool) -> None:
        self.desk, self.page, self.mouse = desk, desk.page, mouse
        self.clicks = 0
        self.windows: list[Any] = []
        self.page.context.on("page", lambda opened: self.windows.append(opened))  # noqa: PLW0108 - the driver marks what it is given

    def press(self, target: Any) -> None:
        """A link or button: a click, or the focus and a key."""
        target = target.first
        target.wait_for()
        if self.mouse:
            target.click()
            self.clicks += 1
        else:
            target.focus()
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self.press(self.page.locator("#main").get_by_role("link", name=name))

    def find(self, words: str, noun: str) -> None:
        """To the page of a row, by its words."""
        self.page.keyboard.press("Control+k")
        self.page.locator("#desk-find-words:focus").wait_for()
        self.page.keyboard.type(words)
        self.page.locator("#desk-found li", has_text=noun).filter(has_text=words).first.wait_for()
        row = self.page.locator("#desk-found li").filter(has_text=words)
        with self.page.expect_navigation():
            if self.mouse:
                row.first.click()
                self.clicks += 1
            else:
                self.page.keyboard.press("Enter")

    def type(self, field: str, text: str) -> None:
        self.page.locator(field).fill(text)

    def choose(self, field: str, text: str) -> None:
        self.page.locator(f"#{field} + .select2-container .select2-selection[aria-labelledby^='{field}-name']").focus()
        search(self.page, field, text)
        found(self.page, text)
        self.page.keyboard.press("Enter")
        self.page.locator(f"#{field} option:checked", has_text=text).wait_for(state="attached")

    def save(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+s")
        self.desk.sees("successfully")


@pytest.mark.parametrize("mouse", [True, False], ids=["mouse", "keys"])
def test_six_claims_their_statements_and_two_verdicts(
    desks: tuple[Desk, Desk], mouse: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """With two articles, in which each source speaks once, by keys alone with one; with EVERY_LOOK=1 with all four."""
    ann, vera = (Hand(desk, mouse=mouse) for desk in desks)
    articles = ARTICLES[: 4 if EVERY else 2 if mouse else 1]
    said = [line for _title, lines in articles for line in lines]
    enter_dispute(ann)
    for title, lines in articles:
        read_article(ann, title, lines)
    enter_evidence(ann, "Weighbridge record", {CLAIMS[0]: "supports", CLAIMS[1]: "refutes"})
    enter_evidence(ann, "Closing order", {CLAIMS[3]: "supports", CLAIMS[4]: "refutes"})
    relate(ann, CLAIMS[3], CLAIMS[4])
    for claim in (CLAIMS[0], CLAIMS[3]):
        judge(ann, claim)
    review(vera, 2)

    assert [model.objects.count() for model in (Dispute, Claim, Attribution, Source, Document, Evidence)] == [
        *(1, 6, len(said), sum(any(name in line for line in said) for name in SOURCES), len(articles), 2),
    ]
    assert (EvidenceLink.objects.count(), ClaimRelation.objects.count()) == (4, 1)
    assert set(Attribution.objects.values_list("quote_check__state", flat=True)) == {"verified"}
    assert Verdict.objects.filter(status="published", author__username="ann", reviewer__username="vera").count() == 2
    clicks, windows = ann.clicks + vera.clicks, len(ann.windows) + len(vera.windows)
    with capsys.disabled():
        sys.stdout.write(
            f"\nA whole dispute, {'mouse' if mouse else 'keys alone'}: {clicks} clicks, {windows} windows\n"
        )
    assert windows == 0
    assert clicks <= (MOST - (0 if EVERY else FEWER) if mouse else 0)
    assert [fault for hand in (ann, vera) for fault in hand.desk.faults] == []


def found(page: Any, text: str) -> None:
    """Wait for what is found for all that was typed: while one types, there is a list for each part of it."""
    page.locator(".desk-pick-create", has_text=f"“{text}”").wait_for()
    page.locator(".select2-results__option--highlighted", has_text=text).wait_for()


def enter_dispute(hand: Hand) -> None:
    hand.follow("New dispute")
    hand.type("#id_title", "The bridge of Aldbury")
    hand.type("#id_question", "Why did the bridge fall?")
    for place, text in enumerate(CLAIMS):
        if place > 1:
            hand.press(hand.page.locator("#claims-group a.add-row"))
        hand.type(f"#id_claims-{place}-text", text)
    hand.save()


def read_article(hand: Hand, title: str, lines: list[str]) -> None:
    hand.press(hand.page.locator("#nav-sidebar-inner a[href='/admin/']", has_text="What waits"))
    hand.type("#begin-paste", "\n\n".join([title, *lines]))
    hand.press(hand.page.get_by_role("button", name="Read it"))
    hand.page.locator("#id_kind").select_option("article")
    hand.page.keyboard.press("Control+s")
    hand.page.wait_for_url("**/admin/read/*/")
    for line in lines:
        state(hand, line)


def state(hand: Hand, line: str) -> None:
    """One statement out of the text that stands on the left."""
    page = hand.page
    claim, name = (next(text for text in texts if text in line) for texts in (CLAIMS, SOURCES))
    if hand.mouse:
        page.locator("#read-text p", has_text=line).click(click_count=3)
        hand.clicks += 1
        page.wait_for_function("(line) => document.getElementById('id_quote').value === line", arg=line)
    else:
        page.locator("#id_quote").fill(line)
    hand.choose("id_claim", claim)
    source = page.locator("#id_source + .select2-container .select2-selection[aria-labelledby^='id_source-name']")
    source.focus()
    search(page, "id_source", name)
    found(page, name)
    if Source.objects.filter(name=name).exists():
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Control+Enter")
        frame = page.frame_locator(".desk-side iframe")
        frame.locator("#id_kind").select_option("organisation")
        frame.locator("#id_kind").press("Control+s")
        page.locator(".desk-side").wait_for(state="detached")
    page.locator("#id_source option:checked", has_text=name).wait_for(state="attached")
    page.locator("#id_stance").select_option("asserts")
    page.locator("#id_stance").press("Control+s")
    page.locator("#read-told", has_text=f"Saved: {name} asserts").wait_for()
    page.locator("#read-text mark", has_text=claim).wait_for()


def enter_evidence(hand: Hand, title: str, bearings: dict[str, str]) -> None:
    hand.find("The bridge of Aldbury", "Dispute")
    hand.follow("Add evidence")
    hand.type("#id_title", title)
    hand.page.locator("#id_kind").select_option("official_record")
    hand.press(hand.page.locator("#tabs-items").get_by_text("Bearing on claims"))
    for place, (claim, bearing) in enumerate(bearings.items()):
        hand.press(hand.page.locator("#links-group a.add-row"))
        hand.choose(f"id_links-{place}-claim", claim)
        hand.page.locator(f"#id_links-{place}-bearing").select_option(bearing)
        hand.page.locator(f"#id_links-{place}-strength").select_option("strong")
    hand.save()


def relate(hand: Hand, one: str, other: str) -> None:
    hand.press(hand.page.locator(".desk-menu summary"))
    hand.press(hand.page.locator("a[href='/admin/claims/claimrelation/']"))
    hand.press(hand.page.locator("a[href^='/admin/claims/claimrelation/add/']"))
    hand.choose("id_claim", one)
    hand.choose("id_other", other)
    hand.page.locator("#id_kind").select_option("excludes")
    hand.save()


def judge(hand: Hand, claim: str) -> None:
    hand.find(claim, "Claim")
    hand.follow("Draft a verdict")
    hand.page.locator("#id_rating").select_option(label="Mostly supported")
    hand.type("#id_summary", "The record of the county says so.")
    hand.type("#id_rationale", "It was made before the fall, and nobody disputes it.")
    hand.page.locator("#id_likelihood").select_option("likely")
    hand.page.locator("#id_confidence").select_option("moderate")
    hand.save()
    hand.follow("Submit for review")
    hand.press(hand.page.get_by_role("button", name="Submit for review", exact=True))
    hand.desk.sees("You cannot publish it now:")


def review(hand: Hand, number: int) -> None:
    hand.desk.go("/admin/")
    hand.press(hand.page.locator("#main .desk-queue").first.get_by_role("link"))
    for turn in range(number):
        hand.press(hand.page.locator(".desk-publish > summary"))
        with hand.page.expect_navigation():
            hand.press(hand.page.get_by_role("button", name="Publish it now"))
        hand.desk.sees("Published:")
        assert Verdict.objects.filter(status="published").count() == turn + 1
