"""A tour of four steps through the invented dispute of the demo; each points at something that is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from claims.choices import VerdictStatus
from claims.models import Attribution, Claim, Dispute, EvidenceLink, Verdict
from claims.services.demo import INVENTED
from factcheck.admin.links import admin_url
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader

DISPUTE = (
    "A dispute asks a question, and claims compete to answer it. They stand side by side, each with how many "
    "sources say it, what speaks for and against it, and what the desk found."
)
ATTRIBUTIONS = (
    "Each row is one act of one source: it asserts the claim, denies it, or passes on what another said, in its "
    "own words. A quote is looked up in the document that is cited for it."
)
EVIDENCE = (
    "Records, findings and testimony that support this claim or refute it, and how strongly. One piece may "
    "support one claim and refute its rival."
)
VERDICT = (
    "One person writes a verdict, another reads it beside what it rests on, and publishes or returns it. Once "
    "published it never changes: a correction is a new verdict."
)


@dataclass(frozen=True)
class TourStep:
    """One thing to look at: the page on which it is, and where on that page, as a CSS selector."""

    title: str
    words: str
    url: str
    at: str


def has_tour(user: Reader) -> bool:
    """Whether the demo's invented dispute is here for `user`."""
    return Dispute.objects.visible_to(user).filter(slug=INVENTED).exists()


def steps_of(user: Reader) -> list[TourStep]:
    """The steps as far as there is something to look at; none where the demo is not loaded."""
    dispute = Dispute.objects.visible_to(user).filter(slug=INVENTED).first()
    if dispute is None:
        return []
    steps = [TourStep("A question, and claims that compete", DISPUTE, admin_url(dispute), ".desk-rivals")]
    claim = (
        Claim.objects.visible_to(user)
        .filter(
            Exists(Attribution.objects.standing().filter(claim=OuterRef("pk"))),
            Exists(EvidenceLink.objects.standing().filter(claim=OuterRef("pk"))),
            dispute=dispute,
        )
        .order_by("pk")
        .first()
    )
    if claim is not None:
        url = admin_url(claim)
        steps.append(TourStep("Who said it", ATTRIBUTIONS, f"{url}#attributions", "#attributions-group"))
        steps.append(
            TourStep("What speaks for and against", EVIDENCE, f"{url}#evidence_links", "#evidence_links-group")
        )
    verdicts = Verdict.objects.visible_to(user).filter(claim__dispute=dispute).order_by("pk")
    if waiting := verdicts.filter(status=VerdictStatus.IN_REVIEW).first():
        steps.append(TourStep("A verdict takes two people", VERDICT, admin_url(waiting, "review"), ".desk-decide"))
    elif decided := verdicts.filter(status=VerdictStatus.PUBLISHED).first():
        steps.append(TourStep("A verdict takes two people", VERDICT, admin_url(decided), "#content-main .desk-panel"))
    return steps


def tour_view(request: HttpRequest) -> HttpResponse:
    """The steps as links, and where to begin; without the demo, how to have it. Raises PermissionDenied outside the
    desk."""
    if not is_desk(request.user):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": "Tour", "steps": steps_of(request.user)}
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/tour.html", context)


def steps_view(request: HttpRequest) -> HttpResponse:
    """The steps as JSON, for a page that shows one. Raises PermissionDenied outside the desk."""
    if not is_desk(request.user):
        raise PermissionDenied
    told: dict[str, Any] = {"steps": [asdict(step) for step in steps_of(request.user)]}
    return JsonResponse(told)
