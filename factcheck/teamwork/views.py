"""The pages of the desk's work together: the section of a row, and what somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from factcheck.audit.access import is_desk, name_shown_to
from factcheck.base.errors import DomainError
from factcheck.base.http.address import public_url
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork import forms as asked
from factcheck.teamwork import notices, talk, work
from factcheck.teamwork.models import AboutRow, new_key
from factcheck.teamwork.rows import find_row, name_of
from factcheck.teamwork.shown import line_of, section_of

SCRIPT = "X-Desk-Script"
"""The header of a browser that shows the section in the page of the row."""
LARGEST = 2**63 - 1
Act = Callable[[User, RecordedModel, dict[str, Any]], object]


@never_cache
@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """The section of a row: who does what, who follows, what was said. A POST is one act; what was typed stays where
    it is refused."""
    user, row = _asked(request, noun, number)
    refused: list[str] = []
    said = ""
    if request.method == "POST":
        form_of, act = ACTS.get(request.POST.get("act", ""), (None, None))
        if form_of is None or act is None:
            raise Http404
        form = form_of(request.POST)
        try:
            if form.is_valid():
                for given in form.cleaned_data.values():
                    if isinstance(given, AboutRow) and (given.object_type, given.object_id) != name_of(row):
                        raise Http404
                told = act(user, row, form.cleaned_data)
                said = told if isinstance(told, str) else ""
            else:
                refused = [str(error) for errors in form.errors.values() for error in errors]
        except DomainError as problem:
            refused = [problem.message]
        except ValidationError as problem:
            refused = problem.messages
        if not refused and SCRIPT not in request.headers:
            if said:
                messages.info(request, said)
            return HttpResponseRedirect(request.path)
    status = 422 if refused else 200
    outcome = {"refused": refused, "said": said, "address": request.path}
    if SCRIPT in request.headers and "line" in request.GET:
        line = line_of(user, row, request.GET.get("about", ""))
        return TemplateResponse(request, "admin/teamwork/line.html", {"line": line, **outcome}, status=status)
    if SCRIPT in request.headers:
        context = section_of(user, row, without=request.GET.getlist("without")) | outcome
        return TemplateResponse(request, "admin/teamwork/section.html", context, status=status)
    context = {
        **admin.site.each_context(request),
        "title": "Working together",
        "typed": request.POST.get("text", "") if refused else "",
        **section_of(user, row),
        **outcome,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/teamwork/together.html", context, status=status)


# --- what is done there ---


def _said(told: talk.Told) -> str:
    """What came of the mentions, in words."""
    words = []
    if told.people:
        words.append(f"Told: {', '.join(name_shown_to(person, person) for person in told.people)}.")
    if told.may_not_see:
        words.append(f"May not see this and was not told: {', '.join(told.may_not_see)}.")
    if told.unknown:
        words.append(f"Nobody on the desk is called {', '.join(f'@{name}' for name in told.unknown)}.")
    return " ".join(words)


ACTS: dict[str, tuple[type[forms.Form], Act]] = {
    "say": (asked.SayForm, lambda user, row, given: _said(talk.say(actor=user, row=row, **given)[1])),
    "edit": (asked.EditForm, lambda user, row, given: _said(talk.edit(actor=user, row=row, **given))),
    "take_back": (asked.CommentForm, lambda user, _row, given: talk.take_back(actor=user, **given)),
    "resolve": (asked.CommentForm, lambda user, _row, given: talk.settle_thread(actor=user, resolved=True, **given)),
    "reopen": (asked.CommentForm, lambda user, _row, given: talk.settle_thread(actor=user, resolved=False, **given)),
    "assign": (asked.AssignForm, lambda user, row, given: work.assign(actor=user, row=row, **given)),
    "take": (forms.Form, lambda user, row, _given: work.assign(actor=user, row=row, assignee=user)),
    "end": (asked.AssignmentForm, lambda user, _row, given: work.end_assignment(actor=user, **given)),
    "follow": (forms.Form, lambda user, row, _given: work.follow(user=user, row=row)),
    "unfollow": (forms.Form, lambda user, row, _given: work.unfollow(user=user, row=row)),
}
"""What may be done, each with what it takes; what is to be said of it, in words, if anything."""


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Whose session this is, and what their forms have to carry; 401 where it has ended. For scripts, before a form is
    sent that would be lost."""
    if not is_desk(request.user):
        return JsonResponse({"user": None}, status=401)
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})


@never_cache
@require_POST
def here(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """The browser of the user has the page of the row open; who else has."""
    user, row = _asked(request, noun, number)
    others = work.note_presence(user, row)
    return JsonResponse({"others": [name_shown_to(user, other) for other in others]})


@never_cache
@require_http_methods(["GET", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """What the user is told, how they want to be told, and the address of their calendar."""
    user = _desk(request)
    wishes = notices.wishes_of(user)
    form = asked.WishesForm(request.POST if "mails" in request.POST else None, instance=wishes)
    if request.method == "POST":
        if "read" in request.POST:
            given = request.POST["read"]
            notices.call_read(user, [int(given)] if given.isascii() and given.isdecimal() and len(given) < 19 else None)
        elif "new_key" in request.POST:
            wishes.calendar_key = new_key()
            wishes.save()
            messages.info(request, "The calendar has a new address; the old one leads nowhere any more.")
        elif form.is_valid():
            form.save()
            messages.info(request, "This is how you are told from now on.")
        return HttpResponseRedirect(reverse("notices"))
    if wishes._state.adding:
        wishes.save()
    context = {
        **admin.site.each_context(request),
        "title": "For you",
        "news": notices.news_for(user),
        "form": form,
        "calendar": public_url(reverse("calendar", args=[wishes.calendar_key])),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/teamwork/notices.html", context)


def _desk(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not is_desk(user):
        raise PermissionDenied
    return user


def _asked(request: HttpRequest, noun: str, number: int) -> tuple[User, RecordedModel]:
    user = _desk(request)
    row = find_row(user, noun, number) if number <= LARGEST else None
    if row is None or not admin.site.is_registered(type(row)):
        raise Http404
    return user, row
