"""Decisions on the review page: what is refused keeps what was typed, nobody publishes what they have not seen, and
whoever decides is led to the next."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.admin import verdict_review
from claims.admin.verdict_queue import waiting_beside
from claims.models import Claim, Verdict
from claims.services import publish_verdict, return_verdict, submit_verdict
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.teamwork.models import Comment
from tests import factories as make
from tests.admin_page import Page, get
from tests.api.test_races import at_once
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of


def press(client: Client, verdict: Verdict, page: Page, act: str, **typed: str) -> Any:
    return client.post(at(verdict, "review"), {**page.fields, "act": act, **typed})


def opened(verdict: Verdict, user: Any) -> tuple[Client, Page]:
    client = client_of(user)
    return client, get(client, at(verdict, "review"))


def words(answer: Any) -> str:
    return Page(answer).text


# --- the queue ---


def test_the_queue_leads_from_each_to_the_one_after_it_and_round(ann: Any, rob: Any, reviewer: Any) -> None:
    first, second, third = (make.make_submitted(author=author) for author in (ann, rob, ann))
    make.make_submitted(author=reviewer)
    make.make_verdict(author=ann)
    make.make_published()
    assert [*Verdict.objects.awaiting(reviewer)] == [first, second, third]
    for verdict, following in ((first, second), (second, third), (third, first)):
        waiting = waiting_beside(verdict, reviewer)
        assert (waiting.next, waiting.number, waiting.words) == (following, 2, "2 more wait for your review.")
        assert at(following, "review") in opened(verdict, reviewer)[1].links


@pytest.mark.parametrize("who", ["ann", "reader"])
def test_who_may_not_decide_has_no_queue(who: str, rob: Any, request: pytest.FixtureRequest) -> None:
    verdict = make.make_submitted(author=rob)
    user = request.getfixturevalue(who)
    assert not Verdict.objects.awaiting(user).exists()
    assert waiting_beside(verdict, user).words == "Nothing else waits for your review."


def test_after_a_decision_comes_the_next_and_after_the_last_the_front_page(ann: Any, reviewer: Any) -> None:
    first, second, third = (make.make_submitted(author=ann) for _ in range(3))
    client, page = opened(second, reviewer)
    answer = client.post(at(second, "review"), {**page.fields, "act": "publish"}, follow=True)
    assert answer.redirect_chain == [(at(third, "review"), 302)]
    assert "Published: Contested" in words(answer)
    assert "1 more waits for your review." in words(client.get(at(first, "review")))
    client, page = opened(third, reviewer)
    answer = press(client, third, page, "return", note="Shorter.")
    assert answer["Location"] == at(first, "review")
    client, page = opened(first, reviewer)
    answer = client.post(at(first, "review"), {**page.fields, "act": "publish"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Nothing else waits for your review." in words(answer)
    found = Verdict.objects.order_by("pk").values_list("status", flat=True)
    assert [*found] == ["published", "published", "draft"]


def test_the_front_page_and_the_list_know_the_same_queue(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(make.make_claim("Theirs holds."), author=ann)
    make.make_submitted(make.make_claim("Mine holds."), author=reviewer)
    client = client_of(reviewer)
    assert at(verdict) in get(client, reverse("admin:index")).links
    shown = get(client, reverse("admin:claims_verdict_changelist") + "?for_me=yes").text
    assert ("Theirs holds." in shown, "Mine holds." in shown) == (True, False)


# --- what is refused ---


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"act": "return", "note": "  "}, "Say what the author has to do before it can be published."),
        ({"act": "return", "note": "x" * 10_001}, "at most 10000 characters"),
        ({"act": "return", "note": "A\x00B"}, "Null characters are not allowed."),
        ({"act": "publish", "note": "Too long."}, "You wrote a note, which nobody would read."),
        ({"act": "delete"}, "Choose whether to publish or to return it."),
        ({}, "Choose whether to publish or to return it."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    typed: dict[str, str], told: str, ann: Any, reviewer: Any
) -> None:
    verdict = make.make_submitted(author=ann)
    client, page = opened(verdict, reviewer)
    before = AuditEntry.objects.count()
    fields = {name: value for name, value in page.fields.items() if name != "act"}
    answer = client.post(at(verdict, "review"), {**fields, **typed})
    assert answer.status_code == 400
    assert told in words(answer)
    assert Page(answer).fields["note"].strip() == typed.get("note", "").strip()
    verdict.refresh_from_db()
    assert (verdict.status, AuditEntry.objects.count()) == ("in_review", before)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "１"])
def test_an_odd_mark_of_what_was_seen_publishes_nothing(seen: str, ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    client, _page = opened(verdict, reviewer)
    answer = client.post(at(verdict, "review"), {"act": "publish", "seen_version": seen})
    assert answer.status_code == 409
    assert Verdict.objects.get(pk=verdict.pk).status == "in_review"


# --- two at once ---


def test_what_another_published_meanwhile_is_told_with_the_note_kept(ann: Any, reviewer: Any, editor: Any) -> None:
    verdict = make.make_submitted(author=ann)
    client, page = opened(verdict, reviewer)
    publish_verdict(actor=editor, verdict=verdict)
    for act in ("publish", "return"):
        answer = press(client, verdict, page, act, note="Name the record.")
        assert answer.status_code == 409
        shown = Page(answer)
        assert "Nothing was done. Somebody has changed something while you had this page open." in shown.text
        assert "Verdict published by Edgar Ellis" in shown.text
        assert "It is published; nobody decides on it any more." in shown.text
        assert shown.fields["text"] == "Name the record."
        assert shown.buttons == ["say"]
    # What was typed is said as a comment, without scripts.
    client.post(reverse("together", args=["verdict", verdict.pk]), {"act": "say", "text": "Name the record."})
    assert Comment.objects.get().text == "Name the record."
    verdict.refresh_from_db()
    assert (verdict.reviewer, verdict.review_note) == (editor, "")


def test_what_was_resubmitted_meanwhile_is_neither_published_nor_returned_unread(
    ann: Any, reviewer: Any, editor: Any
) -> None:
    verdict = make.make_submitted(author=ann)
    client, page = opened(verdict, reviewer)
    return_verdict(actor=editor, verdict=verdict, note="Otherwise.")
    draft = Verdict.objects.get(pk=verdict.pk)
    with acting(actor=ann):
        draft.summary = "Otherwise."
        draft.save()
    submit_verdict(actor=ann, verdict=draft)
    answer = press(client, verdict, page, "return", note="Name the record.")
    assert answer.status_code == 409
    assert Page(answer).fields["note"] == "Name the record."
    answer = press(client, verdict, page, "publish")
    assert answer.status_code == 409
    shown = Page(answer)
    for told in ("Verdict submitted by Ann Archer", "Verdict returned by Edgar Ellis", "Otherwise."):
        assert told in shown.text
    assert Verdict.objects.get(pk=verdict.pk).status == "in_review"
    # Now it was seen.
    assert press(client, verdict, shown, "publish").status_code == 302
    assert Verdict.objects.get(pk=verdict.pk).status == "published"


def test_evidence_that_came_meanwhile_is_seen_before_it_is_published(ann: Any, rob: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    client, page = opened(verdict, reviewer)
    with acting(actor=rob):
        make.make_attribution(verdict.claim, stance="denies", source=make.make_source("The Witness"))
    answer = press(client, verdict, page, "publish")
    assert answer.status_code == 409
    assert "The Witness denied it" in words(answer)
    # A return says what the author has to do with the verdict: that was read.
    assert press(client, verdict, page, "return", note="Ask the witness.").status_code == 302


def test_what_comes_while_the_page_is_put_together_was_not_seen(
    ann: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = make.make_submitted(author=ann)
    load = verdict_review.load_material

    def load_late(*given: Any, **how: Any) -> Any:
        found = load(*given, **how)
        make.make_attribution(verdict.claim, stance="denies")
        return found

    monkeypatch.setattr(verdict_review, "load_material", load_late)
    client, page = opened(verdict, reviewer)
    monkeypatch.undo()
    assert press(client, verdict, page, "publish").status_code == 409


def test_a_change_elsewhere_stops_nobody(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    client, page = opened(verdict, reviewer)
    make.make_attribution(make.make_claim())
    assert press(client, verdict, page, "publish").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
@pytest.mark.parametrize("other", ["publish", "return"])
def test_of_two_who_decide_in_the_same_moment_one_is_told(other: str, live_register: None) -> None:
    verdict = make.make_submitted()
    people = [make.make_user("vera", "Reviewer"), make.make_user("edgar", "Editor")]
    pages = [opened(verdict, user) for user in people]
    typed = {"note": "Name the record."} if other == "return" else {}
    answers = at_once(
        lambda: press(*pages[0][:1], verdict, pages[0][1], "publish"),
        lambda: press(*pages[1][:1], verdict, pages[1][1], other, **typed),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    verdict.refresh_from_db()
    won = [answer.status_code for answer in answers].index(302)
    assert verdict.status == (("published", "draft" if other == "return" else "published")[won])
    if answers[1].status_code == 409 and typed:
        assert "Name the record." in answers[1].content.decode()
    assert Claim.objects.get(pk=verdict.claim_id).status == ("published" if verdict.status == "published" else "draft")
