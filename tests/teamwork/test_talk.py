"""What the desk says to each other: who may, who is told, what stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.teamwork import talk, work
from factcheck.teamwork.models import Comment, Kind, Notice
from factcheck.teamwork.notices import call_read, count_unread, news_for
from factcheck.teamwork.rows import place_of
from tests.admin_page import Page
from tests.factories import make_claim, make_dispute, make_link, make_source

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(row: Any) -> str:
    return reverse("together", args=[row._meta.model_name, row.pk])


def kinds(user: Any) -> list[str]:
    return [news.notice.kind for news in news_for(user)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ask @ann, then @Rob.", ["ann", "rob"]),
        ("@ann @ann", ["ann"]),
        ("Write to desk@example.org or https://example.org/@ann.", []),
        ("@", []),
        ("„@ann“ said so", ["ann"]),
    ],
)
def test_a_name_after_an_at_sign_is_a_mention(text: str, names: list[str]) -> None:
    assert talk.names_in(text) == names


def test_each_person_is_told_once_and_by_what_comes_first(ann: Any, rob: Any, reviewer: Any, reader: Any) -> None:
    claim = make_claim()
    first, told = talk.say(actor=ann, row=claim, text="Is this so, @rob? @rita, @nobody?")
    assert ([one.username for one in told.people], told.unknown) == (["rob"], ("rita", "nobody"))
    assert (kinds(rob), kinds(reviewer), kinds(ann), Notice.objects.count()) == ([Kind.MENTIONED], [], [], 1)
    work.follow(user=reviewer, row=claim)
    talk.say(actor=rob, row=claim, text="It is, @rob.", parent=first)
    assert (kinds(ann), kinds(reviewer), kinds(rob)) == ([Kind.ANSWERED], [Kind.COMMENTED], [Kind.MENTIONED])
    # An answer to an answer belongs to the same thread.
    last, _told = talk.say(actor=reviewer, row=claim, text="Good.", parent=Comment.objects.last())
    assert last.parent == first
    assert [len(thread.answers) for thread in talk.threads_of(claim)] == [2]
    assert news_for(rob)[0].words == "Vera Voss answered you"
    call_read(rob)
    assert count_unread(rob) == 0


def test_words_that_change_are_kept_and_words_taken_back_are_gone(ann: Any, rob: Any, administrator: Any) -> None:
    claim = make_claim()
    before = AuditEntry.objects.count()
    comment, _told = talk.say(actor=ann, row=claim, text="Who saw this?")
    with pytest.raises(Forbidden):
        talk.edit(actor=rob, comment=comment, text="Nobody.", row=claim)
    with pytest.raises(Forbidden):
        talk.take_back(actor=rob, comment=comment)
    told = [
        talk.edit(actor=ann, comment=comment, text=text, row=claim).people
        for text in ("Who saw this, @rob?", "Who saw this, @rob, and when? I, @ann, did not.")
    ]
    # Only who was told by this very change is called told; oneself never is.
    assert told == [(rob,), ()]
    assert [row.text for row in comment.earlier.all()] == ["Who saw this?", "Who saw this, @rob?"]
    assert kinds(rob) == [Kind.MENTIONED]
    talk.take_back(actor=ann, comment=comment)
    with pytest.raises(Conflict):
        talk.edit(actor=ann, comment=comment, text="Again.", row=claim)
    assert b"Who saw this" not in client_of(rob).get(address(claim)).content
    assert not comment.earlier.exists()
    again, _told = talk.say(actor=ann, row=claim, text="What nobody may keep.")
    page = client_of(administrator).get(address(claim)).content.decode()
    assert page.count("Erase its words") == 1
    client_of(administrator).post(address(claim), {"act": "take_back", "comment": again.pk})
    assert "What nobody may keep" not in client_of(ann).get(address(claim)).content.decode()
    # None of it is part of the register.
    assert AuditEntry.objects.count() == before


def test_a_thread_is_resolved_and_opened_again(ann: Any, rob: Any) -> None:
    claim = make_claim()
    one, _told = talk.say(actor=ann, row=claim, text="One.")
    talk.say(actor=ann, row=claim, text="Two.")
    answer, _told = talk.say(actor=rob, row=claim, text="Yes.", parent=one)
    with pytest.raises(RuleViolation):
        talk.settle_thread(actor=rob, comment=answer, resolved=True)
    talk.settle_thread(actor=rob, comment=one, resolved=True)
    assert [(row.text, row.resolved_by) for row in talk.threads_of(claim)] == [("Two.", None), ("One.", rob)]
    talk.settle_thread(actor=ann, comment=one, resolved=False)
    assert talk.threads_of(claim)[0].resolved_at is None


def test_only_the_desk_and_only_who_may_see_the_row(ann: Any, rob: Any, reader: Any, editor: Any) -> None:
    hidden = make_claim(dispute=make_dispute(visibility="restricted", members=[ann]))
    assert Client().get(address(hidden)).status_code == 302
    assert client_of(reader).get(address(hidden)).status_code == 302
    for user in (rob, editor):
        assert client_of(user).get(address(hidden)).status_code == 404
        assert client_of(user).post(address(hidden), {"act": "say", "text": "So?"}).status_code == 404
        assert client_of(user).post(reverse("here", args=["claim", hidden.pk])).status_code == 404
    answer = client_of(ann).post(address(hidden), {"act": "say", "text": "@rob, look."}, headers={"X-Desk-Script": "1"})
    assert "May not see this and was not told: rob." in answer.content.decode()
    assert not Notice.objects.exists()
    # What was told of a row that is hidden afterwards is not told any more.
    open_claim = make_claim()
    talk.say(actor=ann, row=open_claim, text="@rob, look.")
    assert count_unread(rob) == 1
    make_member = make_dispute(visibility="restricted", members=[ann])
    open_claim.dispute, open_claim.question = make_member, make_member.questions.get()
    open_claim.save()
    assert news_for(rob) == []
    assert count_unread(rob) == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"act": "say", "text": " "}, "Write what you want to say."),
        ({"act": "say", "text": "x" * 5_001}, "5000"),
        ({"act": "say", "text": "x\x07y"}, "character"),
        ({"act": "edit", "comment": "999", "text": "x"}, "valid choice"),
        ({"act": "assign"}, "Choose who is to do it."),
        ({"act": "assign", "assignee": "me", "due_on": "tomorrow"}, "valid choice"),
    ],
)
def test_what_cannot_be_done_is_said_and_what_was_typed_stays(ann: Any, given: dict[str, str], words: str) -> None:
    claim = make_claim()
    answer = client_of(ann).post(address(claim), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if given["act"] == "say":
        assert given["text"].strip()[:1] in answer.content.decode()
    assert not Comment.objects.exists()


def test_acts_on_what_is_about_another_row_or_unknown_are_refused(ann: Any) -> None:
    claim, source = make_claim(), make_source()
    comment, _told = talk.say(actor=ann, row=source, text="About the source.")
    desk = client_of(ann)
    assert desk.post(address(claim), {"act": "resolve", "comment": comment.pk}).status_code == 404
    assert desk.post(address(claim), {"act": "say", "parent": comment.pk, "text": "x"}).status_code == 404
    assert desk.post(address(claim), {"act": "explode"}).status_code == 404
    assert desk.get(reverse("together", args=["user", ann.pk])).status_code == 404
    assert desk.get(reverse("together", args=["claim", 2**80])).status_code == 404
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_markup_in_a_comment_is_text(ann: Any) -> None:
    claim = make_claim()
    talk.say(actor=ann, row=claim, text="<script>alert(1)</script>", about="text")
    page = client_of(ann).get(address(claim)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "about “text”" in page


def test_news_of_a_row_leads_to_its_place_on_the_page_of_its_claim(ann: Any, rob: Any) -> None:
    claim = make_claim()
    link = make_link(claim)
    comment, _told = talk.say(actor=rob, row=link, text="@ann, look")
    page = f"/admin/claims/claim/{claim.pk}/change/"
    assert [one.url for one in news_for(ann)] == [f"{page}?new=evidencelink.{link.pk}#comment-{comment.pk}"]
    # Once withdrawn it stands there no more.
    link.withdrawn_at, link.withdrawn_reason = comment.said_at, "Of another bridge."
    assert place_of(link) == f"/admin/claims/evidencelink/{link.pk}/change/"


def test_the_page_of_rows_is_the_one_on_which_the_marked_row_stands(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.admin.formsets.ROWS_ON_A_PAGE", 2)
    claim = make_claim()
    rows = [make_link(claim) for _turn in range(3)]
    client = Client()
    client.force_login(ann)
    page = f"/admin/claims/claim/{claim.pk}/change/"
    for marked, there in ((rows[0], 0), (rows[2], 2)):
        fields = Page(client.get(page, {"new": f"evidencelink.{marked.pk}"})).fields
        assert fields["evidence_links-0-id"] == str(rows[there].pk)
    for odd in ("evidencelink.", "evidencelink.9" + "9" * 40, "x.1", "evidencelink.-1"):
        assert client.get(page, {"new": odd}).status_code == 200
