"""Look up every quote in the work that is cited for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from tqdm import tqdm

from claims.choices import QuoteState
from claims.logic import wording
from claims.models import Attribution, QuoteCheck
from claims.services.quotecheck import renew_checks
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Look up all quotes anew in the texts and copies of the documents that are cited for them. Changes are "
        "followed by themselves; this is for a register that was filled before there were checks, or by other means."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # In the order of documents, so that each text is read for few batches.
        rows = Attribution.objects.order_by("document_id", "pk").values_list("pk", flat=True)
        pks = list(rows)
        with tqdm(total=len(pks), unit=" attributions", disable=None, leave=False) as progress:
            renew_checks(pks, progress=progress.update)
        counted = dict(QuoteCheck.objects.values_list("state").annotate(Count("pk")))
        words = ", ".join(f"{counted.get(state, 0)} {state.label.split(':')[0].lower()}" for state in QuoteState)
        self.stdout.write(f"{wording.counted(len(pks), 'attribution', 'attributions')}: {words}.")
