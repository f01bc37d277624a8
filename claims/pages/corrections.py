"""The public page of all corrections."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.dossier.corrections import load_corrections

SHOWN = 100


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The newest corrections that the visitor may read."""
    found = load_corrections(request.user, SHOWN + 1)
    context = {
        "newsroom": settings.FACTCHECK_NEWSROOM,
        "address": f"{settings.FACTCHECK_BASE_URL}{reverse('corrections')}",
        "notices": found[:SHOWN],
        "more": len(found) > SHOWN,
    }
    return render(request, "claims/pages/corrections.html", context)
