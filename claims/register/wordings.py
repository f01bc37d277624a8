"""Since when the claims of a file that does not say so have their wording, as the verdicts in it tell."""

from __future__ import annotations

from django.db.models import F, QuerySet

from claims.models import Claim, Verdict
from factcheck.audit.history import record_rows


def find_wordings() -> None:
    """Each claim that says what a correction made of it has its wording since that was published.

    Past the guards of the desk, since nobody decides anything here; the trail has it all the same.
    """
    corrections = Verdict.objects.corrections().filter(claim_text=F("claim__text"))
    giving = corrections.exclude(supersedes__claim_text__in=("", F("claim_text"))).order_by("published_at", "pk")
    reworded = dict(giving.values_list("claim", "published_at"))
    before = Claim._base_manager.in_bulk(reworded)
    for pk, moment in reworded.items():
        QuerySet(Claim).filter(pk=pk).update(reworded_at=moment)
    after = list(Claim._base_manager.in_bulk(reworded).values())
    for claim in after:
        claim._before = before[claim.pk]
    record_rows(after, "~", dict(before))
