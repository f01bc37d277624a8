"""Reckon anew what counts as evidence, and the state of every question."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

from claims.logic.wording import counted
from claims.models import Question
from claims.services.discount import refresh_discounts, special_claims
from claims.services.question_state import refresh_states
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Reckon anew which links of evidence count, and the state of every question from what is published. Changes "
        "are followed by themselves; this is for after a change of FACTCHECK_SETTLED_CONFIDENCE, or of rows by other "
        "means."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        of_evidence = refresh_discounts(special_claims())
        pks = list(Question.objects.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(pks), unit=" questions", disable=None, leave=False) as progress:
            changed = refresh_states(pks, progress=progress.update)
        if of_evidence:
            claims = counted(len(of_evidence), "claim", "claims")
            self.stdout.write(f"{claims} with other evidence that counts.")
        questions = counted(len(pks), "question", "questions")
        self.stdout.write(f"{questions}, {changed} of them with another state or another reason for it.")
