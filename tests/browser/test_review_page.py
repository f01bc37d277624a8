"""The page on which a verdict is reviewed: two people in two browsers, and the reviewer leaves it for the next one."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Claim, Verdict
from claims.services import publish_verdict
from factcheck.teamwork.models import Assignment, Comment, Mails, Wishes
from factcheck.teamwork.notices import tell_all
from tests import factories as make
from tests.browser.conftest import BROWSER, barriers
from tests.browser.test_desk_day import Desk, desks

pytestmark = BROWSER
__all__ = ["desks"]
LOOKS = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
"""Each width and each colour once; all of them with EVERY_LOOK=1."""


def make_case(author: User) -> tuple[Verdict, Any]:
    """A verdict in review on a claim with a rival, evidence and a quote; and the evidence for it."""
    dispute = make.make_dispute("The bridge", question="Why did the bridge fall?", exclusive=True)
    claim = make.make_claim("A lorry brought the bridge down.", dispute=dispute)
    make.make_claim("Rust brought the bridge down.", dispute=dispute)
    link = make.make_link(claim, "supports", evidence=make.make_evidence("Weighbridge record"), strength="moderate")
    document = make.make_document("Statement of the ministry", text="The lorry weighed sixty tonnes.")
    said = {"source": make.make_source("Ministry of Transport"), "document": document}
    make.make_attribution(claim, quote="The lorry weighed sixty tonnes.", **said)
    return make.make_submitted(claim, author=author, code="mostly_supported", confidence="moderate"), link


@pytest.fixture(autouse=True)
def _patient(desks: tuple[Desk, Desk]) -> None:
    """On a machine that does much else the page, which has much on it, takes its time."""
    for desk in desks:
        desk.page.set_default_timeout(30_000)


def without_faults(desk: Desk) -> None:
    assert barriers(desk.page, "#main") == []


def review(verdict: Verdict) -> str:
    return f"/admin/claims/verdict/{verdict.pk}/review/"


def open_line(desk: Desk, line: str) -> Any:
    """Open the talk at a line by the keyboard; where to type is in focus."""
    opener = desk.page.locator(f'[data-talk="{line}"]')
    opener.focus()
    desk.page.keyboard.press("Enter")
    place = desk.page.locator(f"#{line}")
    place.locator(".desk-say textarea:focus").wait_for()
    return place


def test_two_people_bring_a_verdict_from_review_to_the_public(
    desks: tuple[Desk, Desk], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FACTCHECK_SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    ann, vera = desks
    ann_user, vera_user = (User.objects.get(username=name) for name in ("ann", "vera"))
    User.objects.filter(pk=ann_user.pk).update(email="ann@example.org")
    Wishes.objects.create(user=ann_user, mails=Mails.AT_ONCE)
    verdict, link = make_case(ann_user)
    other = make.make_submitted(make.make_claim("The bridge was closed."), author=ann_user)
    make.make_submitted(make.make_claim("Nobody warned of it."), author=vera_user)

    # The verdict opens with all that it rests on.
    vera.go("/admin/")
    vera.follow("A lorry brought the bridge down.")
    visited: list[str] = []
    vera.page.on("framenavigated", lambda frame: visited.append(frame.url) if frame == vera.page.main_frame else None)
    assert vera.page.url.endswith(review(verdict))
    for words in (
        "Weighbridge record",
        "Quote verified",
        "Rust brought the bridge down.",
        "1 more waits for your review",
    ):
        vera.sees(words)

    # She gives a task, asks at the line of the evidence, and remarks on the rationale: all on this page.
    together = vera.page.locator("#together")
    vera.page.wait_for_selector("#together .desk-say")
    together.get_by_text("Assign", exact=True).first.click()
    together.locator("[name=assignee]").select_option(label="Ann Archer")
    together.locator("[name=task]").fill("Look at the record")
    together.get_by_role("button", name="Assign", exact=True).click()
    vera.sees("Ann Archer: Look at the record")
    vera.page.fill("#id_note", "Say who keeps the record.")
    at_evidence = open_line(vera, f"talk-evidencelink-{link.pk}")
    vera.page.keyboard.type("@ann, who keeps this?")
    vera.page.keyboard.press("Tab")
    vera.page.keyboard.press("Enter")
    at_evidence.get_by_text("Told: Ann Archer.").wait_for()
    at_rationale = open_line(vera, f"talk-verdict-{verdict.pk}-rationale")
    at_rationale.locator(".desk-say textarea").fill("Which record?")
    at_rationale.get_by_role("button", name="Comment", exact=True).click()
    at_rationale.locator(".desk-said").get_by_text("Which record?").wait_for()
    assert vera.page.input_value("#id_note") == "Say who keeps the record."
    assert vera.page.locator(f'[data-talk="talk-evidencelink-{link.pk}"]').inner_text().startswith("1 comment")

    # The mail is in the console, and tells no words.
    tell_all()
    mailed = capsys.readouterr().out
    assert "To: ann@example.org" in mailed
    assert f"Vera Voss mentioned you: evidence link {link.pk}" in mailed
    assert "who keeps" not in mailed

    # She returns it, and is led to the next.
    vera.press("Return")
    vera.sees("Returned:")
    vera.sees("1 more waits for your review.")
    vera.page.wait_for_url(f"**{review(other)}")
    vera.sees("Nothing else waits for your review.")

    # Ann finds the note, what was said at the lines, and answers.
    ann.go("/admin/")
    ann.sees("Say who keeps the record.")
    ann.sees("Look at the record")
    ann.follow("A lorry brought the bridge down.")
    ann.page.get_by_role("button", name="1 comment about Rationale").wait_for()
    ann.page.fill("#id_rationale", "The county keeps the record of the weighbridge, made before the fall.")
    ann.save()
    ann.follow("Beside its evidence")
    ann.sees("@ann, who keeps this?")
    answering = open_line(ann, f"talk-evidencelink-{link.pk}")
    answering.get_by_text("Answer", exact=True).first.click()
    answering.locator("details textarea").fill("The county does.")
    answering.get_by_role("button", name="Answer", exact=True).click()
    answering.locator(".desk-answer .desk-said").get_by_text("The county does.").wait_for()
    ann.follow("Form")
    ann.follow("Submit for review")
    ann.press("Submit for review")
    ann.sees("You cannot publish it now:")
    ann.sees("A verdict takes two people")
    assert ann.page.locator(".desk-publish, [value=publish]").count() == 0

    # Vera goes on to it, sees what changed, and publishes.
    vera.page.reload()
    vera.follow("Next without deciding")
    vera.page.wait_for_url(f"**{review(verdict)}")
    changes = vera.page.locator("#changes")
    changes.get_by_text("Returned by Vera Voss: Say who keeps the record.").wait_for()
    assert "The county keeps the record" in changes.locator("ins").first.inner_text()
    vera.sees("The county does.")
    vera.page.locator("summary", has_text="Publish").click()
    vera.press("Publish it now")
    vera.sees("Published:")
    vera.page.wait_for_url(f"**{review(other)}")
    verdict.refresh_from_db()
    assert (verdict.status, verdict.reviewer, Claim.objects.get(pk=verdict.claim_id).status) == (
        "published",
        vera_user,
        "published",
    )
    assert {re.sub(r".*/verdict/\d+/", "", url) for url in visited} == {"review/"}
    assert (Assignment.objects.count(), Comment.objects.count()) == (1, 3)
    assert ann.faults == vera.faults == []


def test_what_another_decides_meanwhile_is_told_and_loses_nothing_typed(desks: tuple[Desk, Desk]) -> None:
    ann, vera = desks
    verdict, _link = make_case(User.objects.get(username="ann"))
    vera.go(review(verdict))
    vera.page.fill("#id_note", "Say who keeps the record.")
    publish_verdict(actor=make.make_user("edgar", "Editor", first_name="Edgar", last_name="Ellis"), verdict=verdict)
    vera.press("Return")
    vera.sees("Nothing was done.")
    vera.sees("Verdict published by Edgar Ellis")
    assert vera.page.input_value("#id_kept") == "Say who keeps the record."
    without_faults(vera)
    vera.press("Say it as a comment")
    vera.sees("Say who keeps the record.")
    assert Comment.objects.get().text == "Say who keeps the record."
    # The browser tells of the answer 409 by itself.
    assert [said for said in vera.faults if "409" not in said] == []
    assert ann.faults == []


def test_the_page_is_for_everybody(desks: tuple[Desk, Desk]) -> None:
    """Wide and on a phone, in light and dark, with a line open: nothing that axe finds, nothing cut off, and the
    decision one step away."""
    _ann, vera = desks
    verdict, link = make_case(User.objects.get(username="ann"))
    for _ in range(15):
        make.make_link(verdict.claim, "supports")
    for width, scheme in LOOKS if os.environ.get("EVERY_LOOK") else LOOKS[::3]:
        vera.page.set_viewport_size({"width": width, "height": 844})
        vera.page.emulate_media(color_scheme=scheme)
        vera.go(review(verdict))
        vera.page.wait_for_selector("#together .desk-say")
        open_line(vera, f"talk-evidencelink-{link.pk}")
        vera.page.locator(".desk-publish summary").click()
        without_faults(vera)
        assert vera.page.evaluate("document.documentElement.scrollWidth") <= width
    # On the phone the way to the decision is always in sight.
    bar = vera.page.locator(".desk-review-bar")
    box = bar.bounding_box()
    assert box["y"] + box["height"] <= 844
    bar.get_by_role("link", name="Decide").click()
    vera.page.wait_for_function(
        "(() => { const b = document.querySelector('.desk-publish summary').getBoundingClientRect();"
        " return b.top >= 0 && b.bottom <= innerHeight })()"
    )
    # What was cut off is fetched into the page, and what was typed stays.
    vera.page.fill("#id_note", "Say who keeps the record.")
    lines = vera.page.locator("#part-supports li")
    shown = lines.count()
    vera.page.locator("[data-more=part-supports]").click()
    vera.page.wait_for_function("document.querySelectorAll('#part-supports li').length === 16")
    assert shown < 16
    assert vera.page.input_value("#id_note") == "Say who keeps the record."
    # A comment that was not sent stops a decision, which would take it away.
    place = open_line(vera, f"talk-evidencelink-{link.pk}")
    place.locator(".desk-say textarea").fill("And who signed it?")
    vera.press("Return")
    vera.sees("You typed a comment and did not send it.")
    place.locator(".desk-say textarea:focus").wait_for()
    place.get_by_role("button", name="Comment", exact=True).click()
    place.locator(".desk-said").get_by_text("And who signed it?").wait_for()
    vera.press("Return")
    vera.sees("Returned:")
    assert vera.faults == []
