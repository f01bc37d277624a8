"""What is due, as a calendar that programs subscribe to. It leaves the register, so it tells numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from factcheck.audit.access import is_desk
from factcheck.audit.differences import recorded_models
from factcheck.base.desk_address import url_of
from factcheck.base.http.address import public_url
from factcheck.teamwork.models import Assignment, Wishes
from factcheck.teamwork.rows import find_rows, in_short
from factcheck.teamwork.work import of_person

MOST = 500


@dataclass(frozen=True)
class Due:
    """A day on which something of a row is due; `what` in words that name nothing."""

    noun: str
    number: int
    on: date
    what: str


_due: list[Callable[[User], Iterable[Due]]] = []


def tell_due(of: Callable[[User], Iterable[Due]]) -> None:
    """`of` says what of its nouns is due for a person, each of which they may see. Said once by the app that knows."""
    _due.append(of)


def due_for(user: User) -> list[Due]:
    """All that is due for `user`, what is first before the rest."""
    tasks = Assignment.objects.filter(of_person(user), ended_at=None, due_on__isnull=False)[:MOST]
    rows = find_rows(user, {(one.object_type, one.object_id) for one in tasks})
    found = [
        Due(one.object_type, one.object_id, one.due_on, f"assigned to you{'r team' if one.team_id else ''}")
        for one in tasks
        if one.due_on is not None and (one.object_type, one.object_id) in rows
    ]
    return sorted([*found, *(one for of in _due for one in of(user))], key=lambda one: (one.on, one.noun, one.number))


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of the person to whom the secret in the address belongs."""
    wishes = Wishes.objects.filter(calendar_key=key).select_related("user").first()
    if wishes is None or not is_desk(wishes.user):
        raise Http404
    made = Calendar()
    host = urlsplit(settings.FACTCHECK_BASE_URL).hostname or "register"
    made.add("prodid", f"-//{host}//due//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{settings.FACTCHECK_NEWSROOM}: due")
    for one in due_for(wishes.user)[:MOST]:
        event = Event()
        event.add("uid", f"{one.noun}-{one.number}-{one.what.replace(' ', '-')}@{host}")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", f"{in_short(one.noun, one.number).capitalize()}: {one.what}")
        event.add("url", public_url(url_of(recorded_models()[one.noun], one.number)))
        made.add_component(event)
    answer = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Disposition"] = 'inline; filename="due.ics"'
    return answer
