"""Two people of the desk in two browsers: a task, a comment with a mention, an answer, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core import mail

from factcheck.teamwork.models import Assignment, Comment, Mails, Wishes
from factcheck.teamwork.notices import tell_all
from factcheck.teamwork.talk import say
from tests import factories as make
from tests.browser.conftest import BROWSER, barriers
from tests.browser.test_desk_day import Desk, desks

pytestmark = BROWSER
__all__ = ["desks"]


def section(desk: Desk, row: Any) -> Any:
    desk.go(f"/admin/claims/claim/{row.pk}/change/")
    desk.page.wait_for_selector(".desk-say")
    return desk.page.locator("#together")


def test_two_people_talk_about_a_claim(desks: tuple[Desk, Desk], settings: Any) -> None:
    settings.FACTCHECK_SENDS_MAIL = True
    ann, vera = desks
    claim = make.make_claim("The bridge fell at noon.")
    ann_user = User.objects.get(username="ann")
    ann_user.email = "ann@example.org"
    ann_user.save()
    Wishes.objects.create(user=ann_user, mails=Mails.AT_ONCE)

    # Vera gives Ann a task, and asks about one field, while she is typing into the form.
    together = section(vera, claim)
    vera.page.fill("#id_text", "The bridge fell at one.")
    together.get_by_text("Assign", exact=True).first.click()
    together.locator("[name=assignee]").select_option(label="Ann Archer")
    together.locator("[name=task]").fill("Look at the clock")
    together.locator("[name=due_on]").fill("2030-05-17")
    together.get_by_role("button", name="Assign", exact=True).click()
    vera.sees("Look at the clock, by 17 May 2030")
    vera.page.get_by_role("button", name="Comment on Text").click()
    together.locator("#together-text").fill("@ann, noon by whose clock? @nobody")
    together.get_by_role("button", name="Comment", exact=True).click()
    vera.sees("Told: Ann Archer. Nobody on the desk is called @nobody.")
    assert vera.page.input_value("#id_text") == "The bridge fell at one."
    assert vera.page.get_by_role("button", name="1 comment about Text").is_visible()
    # What is refused stays where it was typed.
    together.locator("#together-text").fill("   ")
    together.get_by_role("button", name="Comment", exact=True).click()
    vera.sees("Write what you want to say.")
    assert together.locator("#together-text").input_value() == "   "

    # It reaches Ann by mail, by the bell, on her front page.
    tell_all()
    assert [one.to for one in mail.outbox] == [["ann@example.org"]]
    assert f"Vera Voss mentioned you: claim {claim.pk}" in mail.outbox[0].body
    assert "clock" not in mail.outbox[0].body
    ann.go("/admin/")
    ann.sees("Look at the clock, by 17 May 2030, asked by Vera Voss")
    ann.page.get_by_role("link", name="For you: 2 not read").click()
    ann.sees("Vera Voss mentioned you")
    ann.page.get_by_role("link", name="The bridge fell at noon.").first.click()
    ann.page.wait_for_selector(".desk-comment")
    ann.sees("Also here: Vera Voss")
    together = ann.page.locator("#together")
    together.get_by_text("Answer", exact=True).first.click()
    together.locator("[name=text]").first.fill("By the church's.")
    together.get_by_role("button", name="Answer", exact=True).click()
    ann.sees("By the church's.")
    together.get_by_role("button", name="Done").click()
    ann.sees("Nobody has anything to do here.")

    # Vera reads it, and calls it resolved.
    together = section(vera, claim)
    vera.sees("By the church's.")
    together.get_by_role("button", name="Resolved").click()
    vera.sees("Resolved by Vera Voss")
    assert Comment.objects.filter(parent=None).get().resolved_by is not None
    assert Assignment.objects.get().ended_at is not None

    # A session that ends takes nothing along.
    together.locator("#together-text").fill("One more thing.")
    vera.page.context.clear_cookies()
    together.get_by_role("button", name="Comment", exact=True).click()
    vera.sees("What you typed is still here.")
    assert together.locator("#together-text").input_value() == "One more thing."

    # What is said about a row of the claim is read at its place on the page of the claim.
    vera_user = User.objects.get(username="vera")
    link, said = make.make_link(claim), make.make_attribution(claim)
    for row, words in ((link, "@ann, is this the original?"), (said, "@ann, did he say so?")):
        say(actor=vera_user, row=row, text=words)
        ann.go("/admin/notices/")
        ann.page.locator(f'a[href*="new={row._meta.model_name}.{row.pk}"]').first.click()
        ann.page.wait_for_url(f"**/claims/claim/{claim.pk}/change/**")
        ann.sees(words.removeprefix("@ann, "))
        assert ann.page.locator(".desk-new .desk-said-here, .desk-new + tr .desk-said-here").is_visible()
        assert barriers(ann.page, "#content-main") == []
        ann.page.get_by_role("link", name="Answer on the page of this row").click()
        ann.page.wait_for_url(f"**/{row._meta.model_name}/{row.pk}/change/#comment-*")
        ann.page.wait_for_selector("#together .desk-comment")

    for width in (1280, 390):
        ann.page.set_viewport_size({"width": width, "height": 844})
        for path, part in ((f"/admin/claims/claim/{claim.pk}/change/", "#together"), ("/admin/notices/", "#main")):
            ann.go(path)
            if part == "#together":
                ann.page.wait_for_selector(".desk-say")
            assert barriers(ann.page, part) == []
    assert ann.faults == []
