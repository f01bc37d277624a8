"""Reckon the state of every question anew."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

from claims.logic.wording import counted
from claims.models import Question
from claims.services.question_state import refresh_states
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Reckon the state of every question anew from what is published. Changes are followed by themselves; this is "
        "for after a change of FACTCHECK_SETTLED_CONFIDENCE, or of rows by other means."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        pks = list(Question.objects.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(pks), unit=" questions", disable=None, leave=False) as progress:
            changed = refresh_states(pks, progress=progress.update)
        questions = counted(len(pks), "question", "questions")
        self.stdout.write(f"{questions}, {changed} of them with another state or another reason for it.")
