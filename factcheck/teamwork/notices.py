"""What somebody is told: on the desk by words, by mail and in the calendar by numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from factcheck.audit.differences import recorded_models
from factcheck.base.desk_address import url_of
from factcheck.base.http.address import public_url
from factcheck.base.people import Reader
from factcheck.mail import send_to
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork.models import Kind, Mails, Notice, Wishes
from factcheck.teamwork.news import tell_news
from factcheck.teamwork.rows import find_rows, in_short, place_of
from factcheck.teamwork.work import forget_presence

SHOWN = 100
MORNING = 7
"""The hour from which the mail of a day is sent, in the time zone of the register."""
KEPT = timedelta(days=90)
"""A notice that was read is forgotten after that."""


@dataclass(frozen=True)
class News:
    """A notice and the row that it is about, which its reader may see."""

    notice: Notice
    row: RecordedModel
    url: str

    @property
    def words(self) -> str:
        """Who did what, as "Jane Doe mentioned you"; of several acts on what one follows, how many."""
        notice = self.notice
        who = notice.actor_name or "The system"
        if notice.kind != Kind.CHANGED:
            return f"{who} {notice.get_kind_display()}"
        many = f"{notice.times} changes, the last by {who}" if notice.times > 1 else f"A change by {who}"
        return f"{many}: {notice.action.replace('.', ' ').replace('_', ' ')}"


def count_unread(user: Reader) -> int:
    """How many notices `user` has not read, a hundred at most."""
    if not isinstance(user, User):
        return 0
    return Notice.objects.filter(user=user, read_at=None).order_by()[:SHOWN].count()


def news_for(user: User, *, unread: bool = False, most: int = SHOWN) -> list[News]:
    """The last notices of `user`, newest first. What they may not see any more is called read, and not told."""
    notices = Notice.objects.filter(user=user).select_related("comment")
    found = list((notices.filter(read_at=None) if unread else notices)[:most])
    rows = find_rows(user, {(one.object_type, one.object_id) for one in found})
    hidden = [one.pk for one in found if one.read_at is None and (one.object_type, one.object_id) not in rows]
    if hidden:
        Notice.objects.filter(pk__in=hidden).update(read_at=timezone.now())
    return [
        News(one, row, _place(one, row))
        for one in found
        if (row := rows.get((one.object_type, one.object_id))) is not None
    ]


def _place(notice: Notice, row: RecordedModel) -> str:
    """Where the news is read: what was said about a row that stands under another one is shown there, at its place."""
    if notice.comment_id:
        return f"{place_of(row)}#comment-{notice.comment_id}"
    return f"{url_of(type(row), row.pk)}#together"


def call_read(user: User, numbers: list[int] | None = None) -> None:
    """These notices of `user` are read, or all of them."""
    unread = Notice.objects.filter(user=user, read_at=None)
    (unread if numbers is None else unread.filter(pk__in=numbers)).update(read_at=timezone.now())


def wishes_of(user: User) -> Wishes:
    return Wishes.objects.filter(user=user).first() or Wishes(user=user)


def mail_news(now: datetime | None = None) -> int:
    """Send each person what they have not read and were not mailed, as often as they wish; how many mails were sent.
    A mail tells numbers and addresses alone: it leaves the register."""
    if not settings.FACTCHECK_SENDS_MAIL:
        return 0
    now = now or timezone.now()
    never = Wishes.objects.filter(mails=Mails.NEVER).values("user")
    waiting = (
        Notice.objects.filter(read_at=None, mailed_at=None)
        .exclude(user__email="")
        .exclude(user__in=never)
        .order_by("pk")
    )
    people: dict[int, list[Notice]] = {}
    for notice in waiting.select_related("user")[:5_000]:
        people.setdefault(notice.user_id, []).append(notice)
    sent = 0
    for notices in people.values():
        user: Any = notices[0].user
        wishes = wishes_of(user)
        if not user.is_active or not is_due(wishes, now):
            continue
        rows = find_rows(user, {(one.object_type, one.object_id) for one in notices})
        lines = [_line(one) for one in notices if (one.object_type, one.object_id) in rows]
        if lines:
            many = "1 thing" if len(lines) == 1 else f"{len(lines)} things"
            text = "\n\n".join([*lines, f"All: {public_url(reverse('notices'))}"])
            if not send_to([user.email], f"{many} for you", text):
                continue
            sent += 1
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=now)
        wishes.mailed_at = now
        wishes.save()
    return sent


def is_due(wishes: Wishes, now: datetime) -> bool:
    """Whether the next mail may be sent at `now`."""
    last, here = wishes.mailed_at, timezone.localtime(now)
    if wishes.mails == Mails.HOURLY:
        return last is None or now - last >= timedelta(hours=1)
    if wishes.mails == Mails.DAILY:
        return here.hour >= MORNING and (last is None or timezone.localtime(last).date() < here.date())
    return wishes.mails == Mails.AT_ONCE


def _line(notice: Notice) -> str:
    model = recorded_models().get(notice.object_type)
    who = notice.actor_name or "The system"
    times = f" ({notice.times} changes)" if notice.times > 1 else ""
    where = f"\n{public_url(url_of(model, notice.object_id))}" if model is not None else ""
    return f"{who} {notice.get_kind_display()}: {in_short(notice.object_type, notice.object_id)}{times}{where}"


def forget_old() -> None:
    """Read notices go after a while."""
    Notice.objects.filter(read_at__lt=timezone.now() - KEPT).delete()


def tell_all() -> tuple[int, int]:
    """Tell everything that waits; how many entries of the trail were read, and mails sent."""
    read = 0
    while step := tell_news():
        read += step
    sent = mail_news()
    forget_old()
    forget_presence()
    return read, sent
