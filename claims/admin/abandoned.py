"""Where administrators open restricted disputes whose members are gone, two of them together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.models import Dispute
from claims.services.opening import ADMINISTER, Opening, ask_to_open, asked_for, open_abandoned, openings_since
from factcheck.admin.links import admin_url
from factcheck.base.errors import DomainError
from factcheck.base.text import forbidden_character

SHOWN = 100
TOLD = timedelta(days=30)
"""For how long the front page tells administrators what was asked and opened."""


@dataclass(frozen=True)
class Abandoned:
    """One dispute, of which even an administrator reads no more than its number."""

    id: int
    asked: Opening | None
    mine: bool


def told_to_administrators(request: HttpRequest) -> list[str]:
    """What was lately asked and opened, in sentences, for who manages accounts."""
    if not request.user.has_perm(ADMINISTER):
        return []
    return [row.words for row in openings_since(timezone.now() - TOLD)]


def abandoned_view(request: HttpRequest) -> HttpResponse:
    """The restricted disputes without an active member, by their numbers; its POST asks to open one, or opens it."""
    if not request.user.has_perm(ADMINISTER):
        raise PermissionDenied
    refused, reason = "", request.POST.get("reason", "")[:2_000]
    if request.method == "POST":
        given = request.POST.get("dispute", "")
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
        try:
            if "open" in request.POST:
                return HttpResponseRedirect(admin_url(open_abandoned(actor=request.user, dispute=number)))
            if found := forbidden_character(reason):
                refused = f"Remove the character {found} from the reason."
            else:
                ask_to_open(actor=request.user, dispute=number, reason=reason)
                return HttpResponseRedirect(reverse("admin:claims_dispute_abandoned"))
        except DomainError as problem:
            refused = problem.message
    rows = list(Dispute.objects.abandoned().order_by("id").values_list("pk", flat=True)[:SHOWN])
    asked = asked_for(rows)
    context = {
        **admin.site.each_context(request),
        "title": "Restricted disputes without members",
        "opts": Dispute._meta,
        "disputes": [Abandoned(pk, asked.get(pk), pk in asked and asked[pk].by == request.user.pk) for pk in rows],
        "told": told_to_administrators(request),
        "refused": refused,
        "reason": reason,
    }
    status = 400 if refused else 200
    return TemplateResponse(request, "admin/claims/abandoned.html", context, status=status)
