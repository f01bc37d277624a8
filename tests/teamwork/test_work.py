"""Who does what until when, who follows what, who is here, and how it is told: in lists, by mail, in a calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from claims.services.verdict import publish_verdict, return_verdict
from factcheck.audit.context import acting
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.teamwork import talk, work
from factcheck.teamwork.models import Assignment, Kind, Mails, Notice, Presence, Wishes
from factcheck.teamwork.news import tell_news
from factcheck.teamwork.notices import mail_news, news_for
from tests.factories import make_attribution, make_claim, make_dispute, make_source, make_submitted
from tests.teamwork.test_talk import address, client_of, kinds

pytestmark = pytest.mark.django_db


def test_a_task_is_given_once_told_and_ended_by_whom_it_concerns(ann: Any, rob: Any, reviewer: Any) -> None:
    claim = make_claim()
    due = timezone.localdate() - timedelta(days=1)
    given = work.assign(actor=ann, row=claim, assignee=rob, task="Call the ministry", due_on=due)
    with pytest.raises(Conflict):
        work.assign(actor=reviewer, row=claim, assignee=rob)
    assert kinds(rob) == [Kind.ASSIGNED]
    page = client_of(rob).get(reverse("admin:index")).content.decode()
    assert "Call the ministry, by" in page
    assert ": overdue, asked by Ann Archer" in page
    with pytest.raises(Forbidden):
        work.end_assignment(actor=reviewer, assignment=given)
    work.end_assignment(actor=rob, assignment=given)
    assert (work.tasks_of(rob), list(work.assignments_of(claim))) == ([], [])
    # Done once, it may be given again; what one takes oneself is no news.
    work.assign(actor=rob, row=claim, assignee=rob)
    assert kinds(rob) == [Kind.ASSIGNED]


def test_nothing_is_assigned_to_who_may_not_see_it(ann: Any, rob: Any, reader: Any) -> None:
    hidden = make_dispute(visibility="restricted", members=[ann])
    for person in (rob, reader):
        with pytest.raises(RuleViolation, match="may not see this"):
            work.assign(actor=ann, row=hidden, assignee=person)
    answer = client_of(ann).post(address(hidden), {"act": "assign", "assignee": rob.pk})
    assert (answer.status_code, Assignment.objects.exists()) == (422, False)


def test_who_follows_is_told_of_what_others_do_as_one_until_it_is_read(ann: Any, rob: Any, reviewer: Any) -> None:
    dispute, source = make_dispute(), make_source()
    claim = make_claim(dispute=dispute)
    assert tell_news() == 0, "what is past is past"
    for person, row in ((ann, dispute), (rob, source), (reviewer, claim)):
        work.follow(user=person, row=row)
    with acting(actor=ann):
        said = make_attribution(claim, source=source)
    with acting(actor=rob):
        said.quote = "It was so."
        said.save()
    assert tell_news() == 2
    # Of one's own acts nobody is told.
    told = {person.username: [news.words for news in news_for(person)] for person in (ann, rob, reviewer)}
    assert told == {
        "ann": ["A change by Rob Reed: attribution changed"],
        "rob": ["A change by Ann Archer: attribution created"],
        "vera": ["2 changes, the last by Rob Reed: attribution changed"],
    }
    with acting(actor=rob):
        said.quote = "It was not so."
        said.save()
    assert (tell_news(), tell_news()) == (1, 0)
    assert [(news.notice.times, str(news.row)) for news in news_for(ann)] == [(2, str(dispute))]
    work.unfollow(user=ann, row=dispute)
    Notice.objects.all().delete()
    claim.text += " Indeed."
    claim.save()
    tell_news()
    assert (kinds(ann), kinds(reviewer)) == ([], [Kind.CHANGED])


def test_authors_are_told_what_became_of_their_verdicts(ann: Any, reviewer: Any) -> None:
    tell_news()
    verdict = make_submitted(author=ann)
    with acting(actor=reviewer):
        return_verdict(actor=reviewer, verdict=verdict, note="Who else was asked?")
    tell_news()
    assert [news.words for news in news_for(ann)] == ["Vera Voss sent your work back"]
    with acting(actor=reviewer):
        publish_verdict(actor=reviewer, verdict=make_submitted(author=ann))
    tell_news()
    assert kinds(ann) == [Kind.PUBLISHED, Kind.RETURNED]


def test_what_may_not_be_seen_is_not_told(ann: Any, rob: Any) -> None:
    dispute = make_dispute()
    claim = make_claim(dispute=dispute)
    tell_news()
    work.follow(user=rob, row=claim)
    dispute.visibility = "restricted"
    dispute.save()
    claim.text += " Indeed."
    claim.save()
    tell_news()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("mails", "first", "soon", "next_day"),
    [(Mails.AT_ONCE, 1, 1, 1), (Mails.HOURLY, 1, 0, 1), (Mails.DAILY, 1, 0, 1), (Mails.NEVER, 0, 0, 0)],
)
def test_mails_come_as_wished_and_name_nothing(ann, rob, settings, mails, first, soon, next_day) -> None:
    settings.FACTCHECK_SENDS_MAIL = True
    rob.email = "rob@example.org"
    rob.save()
    Wishes.objects.create(user=rob, mails=mails)
    claim = make_claim("The secret of the bridge.")
    morning = timezone.localtime().replace(hour=9, minute=0)
    for moment, sent in (
        (morning, first),
        (morning + timedelta(minutes=5), soon),
        (morning + timedelta(days=1), next_day),
    ):
        talk.say(actor=ann, row=claim, text="A secret, @rob.")
        assert mail_news(moment) == sent
    assert len(mail.outbox) == first + soon + next_day
    assert mail_news(morning + timedelta(days=2)) == 0, "each is mailed once"
    for one in mail.outbox:
        assert one.to == ["rob@example.org"]
        assert f"Ann Archer mentioned you: claim {claim.pk}" in one.body
        assert "secret" not in (one.subject + one.body).lower()


def test_no_mail_before_the_morning(ann: Any, rob: Any, settings: Any) -> None:
    settings.FACTCHECK_SENDS_MAIL = True
    rob.email = "rob@example.org"
    rob.save()
    Wishes.objects.create(user=rob, mails=Mails.DAILY)
    talk.say(actor=ann, row=make_claim(), text="@rob")
    assert mail_news(timezone.localtime().replace(hour=6)) == 0


def test_the_command_says_what_it_did(ann: Any, capsys: Any) -> None:
    call_command("tell_news")
    with acting(actor=ann):
        make_claim()
    call_command("tell_news")
    assert capsys.readouterr().out.splitlines() == [
        "Entries of the trail read: 0. Mails sent: 0.",
        "Entries of the trail read: 1. Mails sent: 0.",
    ]


def test_a_calendar_tells_numbers_to_whoever_knows_its_address(ann: Any, rob: Any) -> None:
    desk = client_of(rob)
    desk.get(reverse("notices"))
    before = reverse("calendar", args=[Wishes.objects.get(user=rob).calendar_key])
    claim = make_claim("The secret of the bridge.")
    hidden = make_claim(dispute=make_dispute(visibility="restricted", members=[ann, rob]))
    day = timezone.localdate() + timedelta(days=3)
    for row in (claim, hidden):
        work.assign(actor=ann, row=row, assignee=rob, due_on=day, task="Call the secret ministry")
    answer = Client().get(before)
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(one["summary"]), one["dtstart"].dt) for one in events] == [
        (f"Claim {row.pk}: assigned to you", day) for row in (claim, hidden)
    ]
    assert b"secret" not in answer.content
    desk.post(reverse("notices"), {"new_key": "1"})
    assert Client().get(before).status_code == 404
    after = reverse("calendar", args=[Wishes.objects.get(user=rob).calendar_key])
    rob.is_active = False
    rob.save()
    assert Client().get(after).status_code == 404


def test_who_has_a_page_open_is_told_to_others_for_a_while(ann: Any, rob: Any) -> None:
    claim = make_claim()
    url = reverse("here", args=["claim", claim.pk])
    assert client_of(ann).post(url).json() == {"others": []}
    assert client_of(rob).post(url).json() == {"others": ["Ann Archer"]}
    Presence.objects.filter(user=ann).update(seen_at=timezone.now() - 2 * work.HERE)
    assert client_of(rob).post(url).json() == {"others": []}
    work.forget_presence()
    assert Presence.objects.count() == 1


def test_the_page_of_news_opens_for_the_desk_alone(ann: Any, rob: Any, reader: Any) -> None:
    talk.say(actor=rob, row=make_claim("The bridge fell."), text="@ann, really?")
    desk = client_of(ann)
    page = desk.get(reverse("notices")).content.decode()
    assert "Rob Reed mentioned you" in page
    assert 'aria-label="For you: 1 not read"' in page
    desk.post(reverse("notices"), {"read": "all"})
    assert 'aria-label="For you"' in desk.get(reverse("notices")).content.decode()
    desk.post(reverse("notices"), {"mails": "never"})
    assert Wishes.objects.get(user=ann).mails == Mails.NEVER
    desk.post(reverse("notices"), {"mails": "sometimes"})
    assert Wishes.objects.get(user=ann).mails == Mails.NEVER
    assert Client().get(reverse("notices")).status_code == 302
    assert client_of(reader).get(reverse("notices")).status_code == 302
