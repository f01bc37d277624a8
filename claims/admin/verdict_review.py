"""The page on which a verdict in review opens: what it rests on, what changed, what was said, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from claims.admin.labels import label_of, rating_label, short
from claims.admin.verdict_changes import CONTENT, since_submitted
from claims.admin.verdict_material import load_material
from claims.admin.verdict_queue import CHOSEN, chosen_in, review_url, waiting_beside
from claims.admin.verdict_steps import PUBLISH, RETURN, violations_of
from claims.choices import RuleLevel, VerdictStatus
from claims.models import Verdict
from claims.models.rewording import short_wording
from claims.reports.load.breaches import load_breaches
from claims.rules.publication import tell_obstacles
from factcheck.admin import RecordedModelAdmin
from factcheck.admin.beforehand import names_of_who_may
from factcheck.admin.links import admin_url, link_to, list_url
from factcheck.admin.lists import MOST_AT_ONCE, TOO_MANY_SELECTED
from factcheck.admin.problems import PROBLEMS, in_words
from factcheck.admin.steps import button
from factcheck.admin.trail import ShownAct, acts_of, trail_for
from factcheck.audit.context import take_writer_lock
from factcheck.base.text import is_blank

STEPS = {"publish": PUBLISH, "return": RETURN}
NOTE_KEPT = "You wrote a note, which nobody would read. Return the verdict with it, or clear it before you publish."
MEANWHILE = "Somebody has changed something while you had this page open. Look at it, then decide."
NOT_WAITING = "A verdict in review waits for whoever did not write it."
MOST_ACTS = 20


class Refused(Exception):
    """A decision that was not taken: why, in words, and what others did meanwhile."""

    def __init__(self, words: str, acts: list[ShownAct] | None = None) -> None:
        super().__init__(words)
        self.words, self.acts = words, acts or []


class ReviewedAdmin(RecordedModelAdmin):
    """An admin of verdicts with the page at `review/`, on which one in review opens, also from the list."""

    actions = ("review_selected", "delete_selected")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.review_view)
        return [path("<path:object_id>/review/", view, name="claims_verdict_review"), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: Verdict) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        if row.status == VerdictStatus.DRAFT:
            made.append(button("Beside its evidence", admin_url(row, "review"), icon="rate_review"))
        return made

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("claims.publish_verdict"))

    @admin.action(description="Review and decide (selected %(verbose_name_plural)s)", permissions=["decide"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the review page of the first that may be decided, and from each to the next: none is published from
        the list, where nobody sees what it says."""
        chosen = list(queryset.order_by().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            messages.error(request, TOO_MANY_SELECTED)
            return None
        waiting = list(Verdict.objects.awaiting(request.user).filter(pk__in=chosen))
        if left := len(chosen) - len(waiting):
            messages.warning(request, f"Selected rows that do not wait for your review: {left}. {NOT_WAITING}")
        return HttpResponseRedirect(review_url(waiting[0], tuple(row.pk for row in waiting))) if waiting else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "GET" and object_id is not None:
            row = self.get_object(request, unquote(object_id))
            if row is not None and row.status == VerdictStatus.IN_REVIEW and self.has_view_permission(request, row):
                return HttpResponseRedirect(admin_url(row, "review"))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the verdict beside what it rests on, and take the decision on it; whoever took one is led to the next
        in their queue, and what was typed stays where a decision was refused."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method != "POST":
            if row.status == VerdictStatus.PUBLISHED:
                return HttpResponseRedirect(admin_url(row))
            return self._review_page(request, row)
        try:
            with transaction.atomic():
                done = _decide(request, row)
        except Refused as refused:
            return self._review_page(request, row, refused)
        waiting = waiting_beside(row, request.user, chosen_in(request))
        messages.success(request, format_html("{} {}", done, link_to(row)))
        messages.info(request, waiting.words)
        end = list_url(Verdict) if waiting.chosen else reverse("admin:index")
        return HttpResponseRedirect(waiting.url or end)

    def _review_page(self, request: HttpRequest, row: Verdict, refused: Refused | None = None) -> HttpResponse:
        user: Any = request.user
        # Before the verdict and what it rests on are read: what is recorded after this was not seen.
        trail = trail_for(user).filter(claim_id=row.claim_id).order_by("-id")
        seen = trail.values_list("id", flat=True).first() or 0
        row = self.get_object(request, str(row.pk)) or row
        since = since_submitted(row, user)
        material = load_material(row, user, since, whole=frozenset(request.GET.getlist("all")))
        told = tell_obstacles(row)
        together = reverse("together", args=["verdict", row.pk])
        context = {
            **self.admin_site.each_context(request),
            "title": f"Review: {short_wording(row.wording)}",
            "original": row,
            "verdict": row,
            "status_label": label_of(row),
            "rating_label": rating_label(row.rating),
            "severity": short(row, "correction_severity"),
            "opts": self.opts,
            "seen": seen,
            "refused": refused,
            "typed": request.POST.get("note", "") if refused else "",
            "since": since,
            "material": material,
            "claim": material.beside.claim,
            "dispute": row.claim.dispute,
            "question": material.beside.question,
            "breaches": load_breaches([row.claim_id], user),
            "told": [(level, told[level]) for level in RuleLevel if told[level]],
            "closed_because": self.closed_because(user, row) if row.author_id == user.pk else "",
            "may_delete": self.has_delete_permission(request, row),
            "together": f"{together}?{'&'.join(f'without={name}' for name in CONTENT)}",
            "said_here": together,
            "chosen": request.GET.get(CHOSEN, "") if chosen_in(request) else "",
            **_decision(user, row, told, chosen_in(request)),
        }
        request.current_app = self.admin_site.name
        status = 200 if refused is None else 409 if refused.acts else 400
        return TemplateResponse(request, "admin/claims/review.html", context, status=status)


def _decision(user: Any, row: Verdict, told: dict[RuleLevel, list[str]], chosen: tuple[int, ...]) -> dict[str, Any]:
    """What `user` may decide of the verdict now, and what waits for them beside it; `told` are the rules it breaks."""
    in_review = row.status == VerdictStatus.IN_REVIEW
    violations = violations_of(user, row, told) if in_review else []
    may_return = in_review and RETURN.offered(user, row)
    waiting = waiting_beside(row, user, chosen)
    return {
        "in_review": in_review,
        "violations": violations,
        "may_return": may_return,
        "may_publish": in_review and not violations,
        "who_may": [] if may_return else names_of_who_may("claims.publish_verdict"),
        "publish": PUBLISH,
        "return": RETURN,
        "waiting": waiting,
        "next": waiting.url,
    }


def _decide(request: HttpRequest, row: Verdict) -> str:
    """Take the decision that the form holds; what was done, in words. Raises Refused."""
    step = STEPS.get(request.POST.get("act", ""))
    if step is None:
        raise Refused("Choose whether to publish or to return it.")
    note = request.POST.get("note", "")
    take_writer_lock()
    _check_seen(request, row, publishing=step is PUBLISH)
    if step is PUBLISH and not is_blank(note):
        raise Refused(NOTE_KEPT)
    form = step.form(request.POST)
    # That a note is missing is for the service to say.
    if not (form.is_valid() or is_blank(note)):
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    given = {"note": note} if step is RETURN and is_blank(note) else form.cleaned_data
    try:
        step.run(actor=request.user, row=row, **given)
    except PROBLEMS as problem:
        raise Refused(in_words(problem)) from problem
    return step.done


def _check_seen(request: HttpRequest, row: Verdict, *, publishing: bool) -> None:
    """Nobody publishes what they have not seen, or returns another text than they have read."""
    given = request.POST.get("seen_version", "")
    seen = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    newer = trail_for(request.user).filter(claim_id=row.claim_id, id__gt=seen).order_by("-id")
    if not publishing:
        newer = newer.filter(object_type="verdict", object_id=str(row.pk))
    found = list(newer[:MOST_ACTS])
    if found:
        raise Refused(MEANWHILE, acts_of(found, request.user))
