"""One day of a desk, in a real browser: from an empty register to a published verdict."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Attribution, Claim, Dispute, Evidence, Verdict
from factcheck.base.edtf import in_words
from tests import factories as make
from tests.browser.conftest import BROWSER, PATIENCE

PASSWORD = "a-long-password-for-tests"

pytestmark = BROWSER


class Desk:
    """One person at their own browser."""

    def __init__(self, browser: Any, address: str, user: Any) -> None:
        self.address = address
        self.faults: list[str] = []
        self.page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda asked: self.faults.append(asked.url) if self.outside(asked.url) else None)
        self.go("/admin/")
        self.page.fill("[name=username]", user.username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{address}/admin/")

    def outside(self, url: str) -> bool:
        return not url.startswith((self.address, "data:"))

    def go(self, path: str) -> None:
        self.page.goto("about:blank")
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.locator("#main").get_by_role("link", name=name).first.click()

    def save(self) -> None:
        # On the page of a row that is there, a save stays.
        stay = self.page.get_by_role("button", name="Save and continue editing", exact=True)
        button = stay if stay.count() else self.page.get_by_role("button", name="Save", exact=True)
        # The page may still tell of the save before.
        with self.page.expect_navigation():
            button.click()
        self.sees("successfully")

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def choose(self, field: str, text: str) -> None:
        """Search for a row and take it, in the field whose select has this id."""
        self.page.locator(f"#{field} + .select2-container").click()
        self.page.locator(".select2-search__field").last.fill(text)
        self.page.locator(".select2-results__option", has_text=text).first.click()


@pytest.fixture
def desks(chromium: Any, live_register: None, live_server: Any) -> tuple[Desk, Desk]:
    people = []
    for name, role, full in (("ann", "Researcher", "Ann Archer"), ("vera", "Reviewer", "Vera Voss")):
        first, last = full.split()
        user = make.make_user(name, role, first_name=first, last_name=last)
        user.set_password(PASSWORD)
        user.save()
        people.append(Desk(chromium, live_server.url, user))
    return people[0], people[1]


def test_a_dispute_from_the_first_question_to_a_frozen_verdict(desks: tuple[Desk, Desk]) -> None:
    ann, vera = desks
    make.make_source("Ministry of Transport", kind="state_body")
    make.make_source("The Daily Paper", kind="news_outlet")

    # A dispute with two rival claims.
    ann.follow("New dispute")
    ann.page.fill("#id_title", "The bridge of Aldbury")
    ann.page.fill("#id_question", "Why did the bridge fall?")
    ann.page.fill("#id_claims-0-text", "An overloaded lorry brought the bridge down.")
    ann.page.fill("#id_claims-1-text", "Rust brought the bridge down.")
    ann.save()
    ann.sees("Rust brought the bridge down.")
    dispute = Dispute.objects.get()
    lorry, rust = (Claim.objects.get(text__startswith=word) for word in ("An", "Rust"))
    assert {lorry.dispute_id, rust.dispute_id} == {dispute.pk}

    # Who says so: the ministry, and the paper that passes it on.
    ann.follow("An overloaded lorry brought the bridge down.")
    ann.page.locator("#tabs-items").get_by_text("Attributions").click()
    attribute(ann, 0, "Ministry of Transport", "asserts")
    ann.page.fill("#id_attributions-0-quote", "The lorry weighed sixty tonnes.")
    ann.save()
    attribute(ann, 1, "The Daily Paper", "relays")
    row = ann.page.locator(".form-group", has=ann.page.locator("#id_attributions-1-stance"))
    row.get_by_text("Translation, chain and place").click()
    ann.page.select_option("#id_attributions-1-relayed_from", label=relayed_label())
    ann.save()
    said, passed_on = Attribution.objects.order_by("pk")
    assert (passed_on.relayed_from, said.quote) == (said, "The lorry weighed sixty tonnes.")

    # One piece of evidence that speaks for one claim and against the other.
    ann.go(f"/admin/claims/dispute/{dispute.pk}/change/")
    ann.follow("Add evidence")
    ann.page.fill("#id_title", "Weighbridge record")
    ann.page.select_option("#id_kind", "official_record")
    ann.page.locator("#tabs-items").get_by_text("Bearing on claims").click()
    for place, (text, bearing) in enumerate((("overloaded lorry", "supports"), ("Rust", "refutes"))):
        ann.page.locator("#links-group .add-row").click()
        ann.choose(f"id_links-{place}-claim", text)
        ann.page.select_option(f"#id_links-{place}-bearing", bearing)
        ann.page.select_option(f"#id_links-{place}-strength", "strong")
    ann.save()
    links = Evidence.objects.get().links.all()
    assert {(link.claim, link.bearing) for link in links} == {(lorry, "supports"), (rust, "refutes")}

    # A verdict, drafted and submitted.
    ann.go(f"/admin/claims/claim/{lorry.pk}/change/")
    ann.follow("Draft a verdict")
    ann.page.select_option("#id_rating", label="Supported")
    ann.page.fill("#id_summary", "The weighbridge recorded the lorry.")
    ann.page.fill("#id_rationale", "The record was made before the fall and nobody disputes it.")
    ann.page.select_option("#id_likelihood", "likely")
    ann.page.select_option("#id_confidence", "moderate")
    ann.save()
    verdict = Verdict.objects.get()
    ann.follow("Submit for review")
    ann.press("Submit for review")
    ann.sees("cannot be changed until a reviewer returns it")

    # Nobody publishes their own.
    ann.sees("A verdict takes two people: you drafted it, so somebody else has to review and publish it.")

    # The reviewer returns it with a note, the researcher mends and resubmits, the reviewer publishes.
    vera.go("/admin/")
    vera.sees("Verdicts for my review")
    vera.follow("An overloaded lorry brought the bridge down.")
    vera.page.fill("#id_note", "Say who keeps the record.")
    vera.press("Return")
    vera.sees("Returned:")
    vera.sees("Nothing else waits for your review.")
    ann.go("/admin/")
    ann.sees("Say who keeps the record.")
    ann.follow("An overloaded lorry brought the bridge down.")
    ann.page.fill("#id_rationale", "The county's record was made before the fall and nobody disputes it.")
    ann.save()
    ann.follow("Submit for review")
    ann.press("Submit for review")
    vera.go(f"/admin/claims/verdict/{verdict.pk}/publish/")
    vera.sees("The county's record")
    vera.page.locator("summary", has_text="Publish").click()
    vera.press("Publish it now")
    vera.sees("Published:")
    vera.go(f"/admin/claims/verdict/{verdict.pk}/change/")
    vera.sees("A published verdict never changes.")

    # Frozen.
    assert vera.page.locator("#id_rationale").count() == 0
    assert vera.page.get_by_role("button", name="Save", exact=True).count() == 0
    vera.follow("History")
    vera.sees("Verdict published")
    verdict.refresh_from_db()
    lorry.refresh_from_db()
    assert (verdict.status, verdict.reviewer.username, lorry.status) == ("published", "vera", "published")
    assert ann.faults == vera.faults == []


def attribute(desk: Desk, place: int, source: str, stance: str) -> None:
    """Add a row to the attributions and say who it is and what they do."""
    desk.page.locator("#attributions-group .add-row").click()
    desk.choose(f"id_attributions-{place}-source", source)
    desk.page.select_option(f"#id_attributions-{place}-stance", stance)


def relayed_label() -> str:
    """The claim is known on its page: its words are not said once more."""
    said = Attribution.objects.select_related("source").get()
    return f"{said.source} {said.stance}" + (f", {in_words(said.said_on)}" if said.said_on else "")
