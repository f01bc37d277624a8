"""The board of the desk: states as they are stored, what a card tells, and a number of queries that does not grow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin import board
from claims.admin.board import load_board
from claims.admin.kept import KeptForPeople
from claims.choices import QuestionState
from claims.models import StoredState
from factcheck.audit.context import acting
from factcheck.teamwork import work
from factcheck.teamwork.models import Team
from factcheck.teamwork.teams import give
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of
from tests.factories import make_claim, make_dispute, make_evidence, make_inquiry, make_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def titles(user: Any, team: str = "") -> dict[str, list[str]]:
    return {column.state: [card.dispute.title for card in column.cards] for column in load_board(user, team)}


def test_each_dispute_stands_once_under_the_state_that_its_list_tells(ann: Any) -> None:
    make_dispute("Nothing yet")
    torn = make_claim(dispute=make_dispute("Torn"), published=True)
    with acting(reason="As found."):
        make_link(torn, "supports")
        make_link(torn, "refutes", evidence=make_evidence())
    make_claim(dispute=(decided := make_dispute("Decided")), published=True)
    StoredState.objects.filter(question__dispute=decided).update(state=QuestionState.SETTLED)
    shown = titles(ann)
    assert list(shown) == ["contested", "open", "under_review", "settled"]
    assert (shown["contested"], shown["settled"]) == (["Torn"], ["Decided"])
    assert shown["open"] == ["Nothing yet"]
    for column in load_board(ann):
        listed = get(client_of(ann), column.list_url).text
        for card in column.cards:
            assert card.dispute.title in listed


def test_a_card_tells_who_is_on_it_what_is_due_and_the_last_act(ann: Any, rob: Any, editor: Any) -> None:
    dispute = make_dispute("The bridge")
    claim = make_claim(dispute=dispute)
    today = timezone.localdate()
    work.assign(actor=editor, row=dispute, assignee=ann, task="Call", due_on=today + timedelta(days=3))
    work.assign(actor=editor, row=claim, assignee=rob)
    with acting(actor=rob):
        make_inquiry(claim, due_on=today - timedelta(days=1))
    team = Team.objects.create(name="Politics")
    team.members.add(ann)
    give(actor=editor, row=dispute, team=team)
    [card] = next(column for column in load_board(ann) if column.state == QuestionState.OPEN).cards
    assert (card.people, card.team, card.by) == (["Ann Archer", "Rob Reed"], "Politics", "Rob Reed")
    assert card.due is not None
    assert (card.due.what, card.due.late) == ("an answer is awaited", True)
    page = get(client_of(ann), reverse("board"))
    for words in ("The bridge", "Ann Archer, Rob Reed on it", "overdue since", "Politics"):
        assert words in page.text
    make_dispute("The tower")
    assert titles(ann, "mine")["open"] == titles(ann, str(team.pk))["open"] == ["The bridge"]
    assert "The tower" not in get(client_of(ann), f"{reverse('board')}?team=mine").text
    assert "The tower" in get(client_of(rob), f"{reverse('board')}?team=mine").text, (
        "what is not offered is not asked for"
    )


def test_a_restricted_dispute_is_on_nobody_elses_board(ann: Any, rob: Any, reader: Any) -> None:
    make_dispute("Secret", visibility="restricted", members=[ann])
    assert (titles(ann)["open"], titles(rob)["open"]) == (["Secret"], [])
    assert client_of(reader).get(reverse("board")).status_code in {302, 403}


def test_the_last_act_comes_first_and_the_list_has_the_rest(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SHOWN", 2)
    one, two, _three = (make_dispute(name) for name in ("One", "Two", "Three"))
    make_claim(dispute=one)
    assert titles(ann)["open"] == ["One", "Three"]
    column = next(column for column in load_board(ann) if column.state == QuestionState.OPEN)
    assert (column.count, column.more) == ("3", "and 1 more")
    monkeypatch.setattr(board, "LATEST", 0)
    two.summary = "Changed."
    two.save()
    assert titles(ann)["open"] == ["Two", "Three"]
    monkeypatch.setattr(board, "COUNTED", 2)
    column = next(column for column in load_board(ann) if column.state == QuestionState.OPEN)
    assert (column.count, column.more) == ("more than 2", "and more")


def test_ten_disputes_take_as_many_queries_as_two(ann: Any, editor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What stands in the columns is made anew each time.
    monkeypatch.setattr(KeptForPeople, "answer", lambda _kept, _user, make, _about=0: make())

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asking:
            load_board(ann)
        return len(asking)

    def filled(number: int) -> None:
        for _turn in range(number):
            dispute = make_dispute()
            work.assign(actor=editor, row=make_claim(dispute=dispute), assignee=ann)

    filled(2)
    load_board(ann)
    few = asked()
    filled(8)
    assert asked() == few


def test_a_task_is_on_the_board_at_once_although_its_columns_are_kept(ann: Any, editor: Any) -> None:
    dispute = make_dispute("The bridge")
    assert [one.people for column in load_board(ann) for one in column.cards] == [[]]
    work.assign(actor=editor, row=dispute, assignee=ann)
    assert [one.people for column in load_board(ann) for one in column.cards] == [["Ann Archer"]]
    make_dispute("The tunnel")
    assert len(titles(ann)["open"]) == 2
