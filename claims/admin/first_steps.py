"""What somebody who sees no dispute and no claim yet can begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from claims.models import Claim, Dispute, Evidence
from factcheck.admin.links import add_url

TWO_PEOPLE = "A verdict takes two: one writes it, another publishes it."
DISPUTE = "What is contested: its question, and the claims that answer it."
ARTICLE = "Mark who says what in it, in their own words."
EVIDENCE = "What speaks for a claim or against it, and how strongly."


@dataclass(frozen=True)
class FirstStep:
    """What to do, why, and where, as far as this person may."""

    title: str
    words: str
    url: str


def first_steps_of(user: Any) -> list[FirstStep]:
    """The steps from nothing to a verdict that `user` may take; none for who sees a dispute or a claim."""
    if Dispute.objects.visible_to(user).exists() or Claim.objects.visible_to(user).exists():
        return []
    steps = {
        "auth.add_user": FirstStep("Invite a colleague", TWO_PEOPLE, add_url(User)),
        "claims.add_dispute": FirstStep("New dispute", DISPUTE, add_url(Dispute)),
        "sources.add_document": FirstStep("Read an article", ARTICLE, reverse("read")),
        "claims.add_evidence": FirstStep("New evidence", EVIDENCE, add_url(Evidence)),
    }
    return [step for right, step in steps.items() if user.has_perm(right)]
