"""The page on which claims are published: each with all that everybody would read with it, one or several."""

from __future__ import annotations

from dataclasses import dataclass
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

from claims.admin.claim_steps import PUBLISH
from claims.admin.labels import label_of
from claims.admin.verdict_material import Part, evidence_parts, named_on, statement_parts
from claims.admin.verdict_queue import CHOSEN, chosen_in
from claims.choices import ClaimStatus, Visibility
from claims.models import Claim, Verdict
from claims.reports.content.claim import ClaimContent
from claims.reports.content.concerns import Concern
from claims.reports.load.beside import load_contents
from claims.reports.load.breaches import load_breaches_of_each
from claims.reports.load.rows import under
from claims.rules.publication import check_relations
from factcheck.admin.links import admin_url, link_to, list_url, with_query
from factcheck.admin.lists import MOST_AT_ONCE, TOO_MANY_SELECTED
from factcheck.admin.problems import PROBLEMS, in_words
from factcheck.admin.trail import trail_for
from factcheck.audit.context import take_writer_lock
from factcheck.base.errors import Conflict
from factcheck.base.people import Reader
from factcheck.teamwork.shown import lines_on
from sources.admin.merging import MergingAdmin

SHOWN = 10
"""Claims on one page; those that were chosen after them are on the next."""
READERS = {
    Visibility.PUBLIC: "Everybody reads it from then on.",
    Visibility.INTERNAL: "Everybody who is logged in reads it from then on.",
    Visibility.RESTRICTED: "The members of its dispute alone read it.",
}
MEANWHILE = "Somebody has changed something on it while you had this page open. Look at it again, then publish it."
NONE_TICKED = "Nothing was done: no claim is ticked."


@dataclass(frozen=True)
class ToPublish:
    """A claim with what is read by others once it is published; `obstacles` say why it cannot be."""

    row: Claim
    content: ClaimContent
    evidence: list[Part[Any]]
    statements: list[Part[Any]]
    breaches: list[Concern]
    obstacles: list[str]
    open: int
    """Comments on it that nobody has called resolved."""

    @property
    def readers(self) -> str:
        """Who reads it once it is published."""
        dispute = self.row.dispute
        return READERS[Visibility(dispute.visibility)] if dispute is not None else READERS[Visibility.PUBLIC]

    @property
    def status_label(self) -> Any:
        return label_of(self.row)


class PublishingAdmin(MergingAdmin):
    """An admin of claims with the page at `publish/`, to which the list leads with those that were selected."""

    actions = ("publish_selected", "delete_selected")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish_view)
        own = [
            path("publish/", view, name="claims_claim_publish_chosen"),
            path("<path:object_id>/publish/", view, name="claims_claim_publish"),
        ]
        return [*own, *super().get_urls()]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("claims.publish_claim"))

    @admin.action(description="Look at and publish (selected %(verbose_name_plural)s)", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the page that shows what would be read: none is published from the list, where nobody sees it."""
        chosen = sorted(queryset.order_by().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            messages.error(request, TOO_MANY_SELECTED)
            return None
        return HttpResponseRedirect(_page_of(chosen))

    def publish_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the claims, and publish those that are ticked: each by itself, what is refused is named."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if object_id is None:
            chosen: tuple[int, ...] = chosen_in(request)
        else:
            one = self.get_object(request, unquote(object_id))
            if one is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            chosen = (one.pk,)
        readable = Claim.objects.visible_to(request.user).filter(pk__in=chosen)
        claims = list(readable.select_related("dispute", "question").order_by("pk"))
        if not claims:
            messages.error(request, "Nothing was done: none of these claims is there.")
            return HttpResponseRedirect(list_url(Claim))
        if request.method != "POST":
            return self._publish_page(request, claims, single=object_id is not None)
        refused = _publish_ticked(request, claims[:SHOWN])
        if object_id is not None:
            return HttpResponseRedirect(request.path if refused else admin_url(claims[0]))
        left = [*refused, *(row.pk for row in claims[SHOWN:])]
        return HttpResponseRedirect(_page_of(left) if left else list_url(Claim))

    def _publish_page(self, request: HttpRequest, claims: list[Claim], *, single: bool) -> HttpResponse:
        user: Any = request.user
        # Before the claims are read: what is recorded after this was not seen.
        seen = trail_for(user).order_by("-id").values_list("id", flat=True).first() or 0
        shown = _material(claims[:SHOWN], user, frozenset(request.GET.getlist("all")))
        context = {
            **self.admin_site.each_context(request),
            "title": "Publish claims" if not single else PUBLISH.label,
            "original": claims[0] if single else None,
            "shown": shown,
            "single": single,
            "later": len(claims) - len(shown),
            "possible": any(not one.obstacles for one in shown),
            "says": PUBLISH.says,
            "seen": seen,
            "chosen": "" if single else request.GET.get(CHOSEN, ""),
            "back": admin_url(claims[0]) if single else list_url(Claim),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/claims/publish.html", context)


def _page_of(claims: list[int]) -> str:
    return with_query(reverse("admin:claims_claim_publish_chosen"), {CHOSEN: ",".join(map(str, claims))})


def _material(claims: list[Claim], user: Any, whole: frozenset[str]) -> list[ToPublish]:
    contents = load_contents(claims, user)
    lines = lines_on(user, [name for content in contents for name in named_on(content)])
    breaches = load_breaches_of_each([row.pk for row in claims], user)
    decided = under("claim_id", Verdict.objects.current().filter(claim__in=claims).select_related("claim", "rating"))
    found = []
    for row, content in zip(claims, contents, strict=True):
        within = f"{row.pk}-"
        found.append(
            ToPublish(
                row=row,
                content=content,
                evidence=evidence_parts(content, lines, whole=whole, within=within),
                statements=statement_parts(content, lines, whole=whole, within=within),
                breaches=breaches[row.pk],
                obstacles=_obstacles(row, user, decided.get(row.pk, [])),
                open=sum(lines[name].open for name in named_on(content)),
            )
        )
    return found


def _obstacles(claim: Claim, user: Reader, verdicts: list[Verdict]) -> list[str]:
    """Why `user` cannot publish the claim as it stands, in words; `verdicts` would come back with it."""
    if claim.merged_into_id is not None:
        return ["It was merged into another claim."]
    if claim.status == ClaimStatus.PUBLISHED:
        return ["The claim is published already."]
    if not user.has_perm("claims.publish_claim"):
        return ["Your role does not allow you to publish claims."]
    try:
        for verdict in verdicts:
            check_relations(verdict)
    except PROBLEMS as problem:
        return [in_words(problem)]
    return []


def _publish_ticked(request: HttpRequest, claims: list[Claim]) -> list[int]:
    """Publish those of `claims` that are ticked; what was refused of them is named, and returned."""
    ticked = set(request.POST.getlist("claim"))
    done, refused = [], []
    for row in claims:
        if str(row.pk) not in ticked:
            continue
        try:
            with transaction.atomic():
                take_writer_lock()
                _check_seen(request, row)
                PUBLISH.run(actor=request.user, row=row)
            done.append(row)
        except PROBLEMS as problem:
            refused.append(row.pk)
            messages.error(request, format_html("{}: {}", link_to(row), in_words(problem)))
    for row in done:
        messages.success(request, format_html("{} {}", PUBLISH.done, link_to(row)))
    if not done and not refused:
        messages.error(request, NONE_TICKED)
        return [row.pk for row in claims]
    return refused


def _check_seen(request: HttpRequest, claim: Claim) -> None:
    given = request.POST.get("seen", "")
    seen = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    if trail_for(request.user).filter(claim_id=claim.pk, id__gt=seen).exists():
        raise Conflict(MEANWHILE, code="changed_meanwhile")
