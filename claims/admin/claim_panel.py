"""What is on record of a claim, in figures and words, beside its form."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from claims.admin.glossary import terms
from claims.admin.labels import label_of, rating_label
from claims.choices import QuoteState
from claims.logic.origins import TOGETHER
from claims.logic.wording import BEARINGS, SIDES, pieces, took_back, voices
from claims.models import Claim, Verdict
from claims.reports.load.breaches import load_breaches
from claims.reports.load.fields import when
from claims.reports.load.origins import load_origins
from claims.reports.load.speakers import load_speakers
from factcheck.base.people import Reader


def claim_panel(claim: Claim, user: Reader) -> dict[str, Any]:
    """What the template of the panel shows."""
    verdict = Verdict.objects.current().filter(claim=claim).select_related("rating").first()
    origins = load_origins([claim.pk], user).on_claim(claim.pk)
    counted = Claim.objects.filter(pk=claim.pk).aggregate(
        withdrawn=Count("attributions", filter=Q(attributions__withdrawn_at__isnull=False), distinct=True),
        not_found=Count(
            "attributions",
            filter=Q(attributions__withdrawn_at=None, attributions__quote_check__state=QuoteState.NOT_FOUND),
            distinct=True,
        ),
    )
    return {
        "words": terms("counts", "origin", "contradicted", "took-back"),
        "breaches": load_breaches([claim.pk], user),
        "status_label": label_of(claim),
        "verdict": verdict,
        "rating_label": rating_label(verdict.rating) if verdict else None,
        "counted": counted,
        "voices": voices(origins.voices[TOGETHER]),
        "pieces": pieces(origins.evidence[TOGETHER]),
        "sides": [(SIDES[side], voices(said)) for side, said in origins.voices.items() if side in SIDES],
        "contradicted": _contradicted(claim, user),
        "bearings": [
            (BEARINGS[bearing], pieces(shown)) for bearing, shown in origins.evidence.items() if bearing in BEARINGS
        ],
    }


def _contradicted(claim: Claim, user: Reader) -> str:
    """Who contradicts the claim and who took back what they said of it, in words."""
    speakers = load_speakers([claim.pk], user)
    told = [
        row.told(row.source.shown_to(user).name, row.body.shown_to(user).name if row.body is not None else "")
        for row in speakers.contradicting(claim.pk)
    ]
    told += [
        f"{row.by.shown_to(user).name} {took_back(when(row.taken_back_on).on)}" for row in speakers.taken_back(claim.pk)
    ]
    return "; ".join(dict.fromkeys(told))
