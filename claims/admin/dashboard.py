"""The front page of the admin: what waits for the person who has just logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from claims.admin.abandoned import told_to_administrators
from claims.admin.first_steps import first_steps_of
from claims.admin.kept import KeptForPeople
from claims.admin.queue import SHOWN, Queue, Row, queue_of
from claims.admin.tour import has_tour
from claims.admin.verdict import DUE_SOON
from claims.choices import ClaimStatus, QuoteState, Stance, VerdictStatus
from claims.logic.staleness import Reason
from claims.logic.wording import one_after_another, quote_warnings
from claims.models import Attribution, Claim, Dispute, Evidence, EvidenceLink, Inquiry, Verdict
from claims.models.verdict import VerdictQuerySet
from claims.reports.load.staleness import load_stale
from factcheck.admin.links import add_url, admin_url, list_url
from factcheck.admin.lists import COUNTED
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from factcheck.teamwork.models import Assignment
from factcheck.teamwork.notices import count_unread, news_for
from factcheck.teamwork.teams import MINE, given_to, teams_of
from factcheck.teamwork.work import tasks_of
from sources.admin.reading import begun_by
from sources.models import Snapshot

LATELY = 90
"""Days; an older change is in the list of stale verdicts."""

admin.site.index_template = "admin/claims/dashboard.html"
admin.site.index_title = "What waits"


_KEPT: KeptForPeople[list[Queue]] = KeptForPeople(200)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what waits to the context of the front page. The number of queries is fixed.

    The queues are kept until the register changes: a desk opens this page again and again.
    """
    user: Any = request.user
    context["on_desk"] = is_desk(user)
    if not context["on_desk"]:
        return context
    # Tasks and news are no change of the register: they are looked up each time.
    queues = [*_personal(user), *_KEPT.answer(user, lambda: _queues(user))]
    waiting = any(queue.rows for queue in queues if queue.mine)
    name = _name(user)
    context["greeting"] = f"{name}, this waits for you." if waiting else f"{name}, nothing waits for you right now."
    context["queues"] = [queue for queue in queues if queue.rows]
    context["idle"] = [queue for queue in queues if not queue.rows]
    context["first_steps"] = first_steps_of(user) if not context["queues"] else []
    context["told"] = told_to_administrators(request)
    context["begin"] = begun_by(user)
    context["tour"] = has_tour(user)
    context["board"] = reverse("board") if user.has_perm("claims.view_dispute") else ""
    context["starts"] = [
        (label, add_url(model))
        for label, model in (("New dispute", Dispute), ("New claim", Claim), ("New evidence", Evidence))
        if user.has_perm(f"claims.add_{model._meta.model_name}")
    ]
    return context


def _personal(user: User) -> list[Queue]:
    """What others want of `user`."""
    tasks = tasks_of(user)
    news = news_for(user, unread=True, most=SHOWN)
    today = timezone.localdate()
    late = any(task.due_on is not None and task.due_on < today for task, _row in tasks)
    return [
        Queue(
            "Mine to do",
            [Row(f"{admin_url(row)}#together", str(row), _task(task, user)) for task, row in tasks[:SHOWN]],
            "Nothing was assigned to you.",
            tone="warn" if late else "info",
            count=str(len(tasks)) if tasks else "",
            mine=True,
        ),
        Queue(
            "Said to me",
            [Row(one.url, str(one.row), one.words) for one in news],
            "Nothing new.",
            reverse("notices"),
            count=str(count_unread(user)) if news else "",
            mine=True,
        ),
        *_of_teams(user),
    ]


def _of_teams(user: User) -> list[Queue]:
    """The disputes that were given to a team of `user`, last changed first."""
    teams = list(teams_of(user))
    if not teams:
        return []
    rows = Dispute.objects.visible_to(user).filter(pk__in=given_to("dispute", [team.pk for team in teams]))
    title = f"Disputes of {teams[0]}" if len(teams) == 1 else "Disputes of my teams"
    return [
        queue_of(
            title,
            rows.order_by("-updated_at", "-pk"),
            lambda row: f"Last changed {row.updated_at:%d %B, %H:%M}",
            "No dispute was given to your team.",
            list_url(Dispute, team=MINE),
        )
    ]


def _task(task: Assignment, user: User) -> str:
    mine = f" (team {task.team})" if task.team is not None else ""
    who = "" if task.assigner_id == user.pk else f", asked by {_name(task.assigner)}"
    due = f", by {task.due_on:%d %B %Y}" if task.due_on is not None else ""
    late = ": overdue" if task.due_on is not None and task.due_on < timezone.localdate() else ""
    return f"{task.task or 'To do'}{mine}{due}{late}{who}"


def _queues(user: Reader) -> list[Queue]:
    verdicts = Verdict.objects.visible_to(user).select_related("claim", "rating", "author", "reviewer")
    claims = Claim.objects.visible_to(user).select_related("dispute")
    drafts = verdicts.filter(status=VerdictStatus.DRAFT, author=user)
    open_claims = claims.exclude(status=ClaimStatus.WITHDRAWN)
    queues = []
    if user.has_perm("claims.publish_verdict"):
        queues.append(
            queue_of(
                "Verdicts for my review",
                verdicts.awaiting(user),
                lambda row: f"{row.rating}, drafted by {_name(row.author)}, submitted {row.submitted_at:%d %B, %H:%M}",
                "No verdict waits for your review.",
                list_url(Verdict, for_me="yes"),
                mine=True,
            )
        )
    queues += [
        queue_of(
            "Returned to me",
            # As they were submitted: in the order of their last change SQLite looks at the drafts of everybody.
            drafts.filter(submitted_at__isnull=False).order_by("-submitted_at", "-updated_at"),
            lambda row: f"{row.rating}. The reviewer's note: {row.review_note[:160]}",
            "Nothing came back to you.",
            list_url(Verdict, mine="yes", status="draft"),
            "warn",
            mine=True,
        ),
        queue_of(
            "My drafts",
            drafts.filter(submitted_at=None).order_by("-updated_at"),
            lambda row: f"{row.rating}, last changed {row.updated_at:%d %B, %H:%M}",
            "You have no draft verdicts.",
            list_url(Verdict, mine="yes", status="draft"),
            mine=True,
        ),
        queue_of(
            "Claims in review",
            claims.filter(status=ClaimStatus.IN_REVIEW).order_by("updated_at"),
            _of_dispute,
            "No claim waits for a reviewer.",
            list_url(Claim, status="in_review"),
        ),
        _stale_verdicts(verdicts, user),
        queue_of(
            "To be looked at again soon",
            verdicts.due_within(DUE_SOON).order_by("review_by", "pk"),
            lambda row: f"{row.rating}, to be looked at again by {row.review_by:%d %B %Y}",
            f"No verdict has to be looked at again in the next {DUE_SOON} days.",
            list_url(Verdict, due_soon="yes"),
        ),
        queue_of(
            "Overdue replies",
            Inquiry.objects.visible_to(user).overdue().select_related("source", "claim").order_by("due_on", "pk"),
            lambda row: f"{row.source} was asked for an answer by {row.due_on:%d %B %Y}",
            "Nobody owes the desk an answer.",
            list_url(Inquiry, overdue="yes"),
            "warn",
        ),
        queue_of(
            "Broken snapshots",
            Snapshot.objects.visible_to(user)
            .filter(broken_since__isnull=False)
            # No join: SQLite would begin with all documents.
            .prefetch_related("document")
            .order_by("-broken_since", "-pk"),
            lambda row: f"Has not verified since {row.broken_since:%d %B %Y, %H:%M}",
            "Every kept copy is whole.",
            list_url(Snapshot, broken="yes"),
            "bad",
        ),
        queue_of(
            "Quotes not found",
            Attribution.objects.visible_to(user)
            .standing()
            .filter(quote_check__state=QuoteState.NOT_FOUND)
            .select_related("source", "claim", "document")
            .order_by("-pk"),
            lambda row: f"{row.source}, in “{row.document}”",
            "Every quote that can be looked up stands in its document.",
            list_url(Attribution, quote="not_found"),
            "warn",
        ),
        queue_of(
            "Quotes to read again",
            Attribution.objects.visible_to(user)
            .standing()
            .warned()
            .exclude(quote_check__state=QuoteState.NOT_FOUND)
            .select_related("source", "claim", "quote_check")
            # The same as by its own key, from the index of these alone.
            .order_by("-quote_check__attribution_id"),
            lambda row: f"{row.source}: {one_after_another(quote_warnings(row.quote_check.warnings))}",
            "No quote leaves out anything that a reader has to know of.",
            list_url(Attribution, warned="yes", withdrawn="no"),
            "warn",
        ),
        *_older_verbs(user),
        queue_of(
            "Claims without evidence",
            open_claims.filter(~Exists(EvidenceLink.objects.counting().filter(claim=OuterRef("pk")))).order_by("-pk"),
            _of_dispute,
            "No claim lacks evidence.",
            list_url(Claim, evidence="no"),
        ),
        queue_of(
            "Claims without verdict",
            open_claims.filter(~Exists(Verdict.objects.published().filter(claim=OuterRef("pk")))).order_by("-pk"),
            _of_dispute,
            "No claim lacks a published verdict.",
            list_url(Claim, verdict="no"),
        ),
        queue_of(
            "Recently published",
            verdicts.filter(status=VerdictStatus.PUBLISHED).order_by("-published_at"),
            lambda row: f"{row.rating}, {row.published_at:%d %B %Y}, by {_name(row.author)} and {_name(row.reviewer)}",
            "No verdict has been published yet.",
            list_url(Verdict, current="yes"),
            "good",
        ),
    ]
    return queues


def _older_verbs(user: Reader) -> list[Queue]:
    """Statements whose verb was entered before there were others to choose; a register without any is not told so."""
    rows = Attribution.objects.visible_to(user).standing().older().select_related("source", "claim")
    more = list_url(Attribution, stance=Stance.HEDGES.value, withdrawn="no")
    queue = queue_of(
        "Older verbs to choose again", rows.order_by("pk"), lambda row: f"{row.source} {row.stance}", "", more
    )
    if not queue.rows:
        return []
    counted = rows.order_by()[: COUNTED + 1].count()
    return [replace(queue, more=more, count=f"more than {COUNTED:,}" if counted > COUNTED else str(counted))]


def _stale_verdicts(verdicts: VerdictQuerySet, user: Reader) -> Queue:
    """Those that one of the latest changes made stale, each with what came first; the list knows the others too."""
    queue = queue_of(
        "Stale verdicts",
        verdicts.lately_stale(user, LATELY).order_by("-published_at"),
        lambda row: row,
        "No verdict is stale because of one of the latest changes.",
        list_url(Verdict, stale="yes"),
        "warn",
    )
    # Unlike the other queues it shows only what is recent, so the way to all of it always stands there.
    more = list_url(Verdict, stale="yes")
    reasons = load_stale([row.says for row in queue.rows], user)
    rows = [replace(row, says=_first(reasons[row.says.claim_id])) for row in queue.rows]
    return replace(queue, rows=rows, more=more)


def _first(reasons: Sequence[Reason]) -> str:
    more = f" And {len(reasons) - 1} more." if len(reasons) > 1 else ""
    return f"{reasons[0].words}{more}" if reasons else ""


def _of_dispute(claim: Claim) -> str:
    dispute = f" on {claim.dispute}" if claim.dispute else ""
    return f"{claim.get_status_display()}{dispute}"


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
