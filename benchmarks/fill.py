"""Fills the empty register that the environment names: `python -m benchmarks.fill --claims 100000`.

The rows come from `benchmarks.rows` and are written past the recorded doors, which would take hours. What the register
derives from its rows is made by its own commands afterwards, in `derive`.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from typing import Any

from benchmarks.environment import set_up

set_up()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402

from benchmarks.bulk import add, add_history, reset_sequences, unguarded  # noqa: E402
from benchmarks.rows import Rows  # noqa: E402
from benchmarks.subjects import BLOCK  # noqa: E402
from benchmarks.trail import add_entries  # noqa: E402
from claims.models import (  # noqa: E402
    Attribution,
    Claim,
    ClaimRelation,
    Dispute,
    DisputeMember,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    Premise,
    Question,
    Rating,
    Review,
    Verdict,
)
from claims.services.demo import create_people, load_vocabularies  # noqa: E402
from factcheck.base.statistics import refresh_statistics  # noqa: E402
from sources.models import Document, Source  # noqa: E402

DERIVING = ("rebuild_search", "check_quotes", "refresh_states")
"""The commands that make what the register derives from its rows, in their order. One that a release lacks is left
out."""


def nouns(rows: Rows) -> dict[Any, Callable[[], Any]]:
    """Whose rows there are, in the order in which they refer to each other."""
    return {
        Source: rows.source,
        Document: rows.document,
        Dispute: rows.dispute,
        Question: rows.question,
        Claim: rows.claim,
        ClaimRelation: rows.relation,
        Attribution: rows.attribution,
        Evidence: rows.evidence,
        EvidenceDocument: rows.carrier,
        EvidenceLink: rows.link,
        Premise: rows.premise,
        Verdict: rows.verdict,
        Review: rows.review,
        Inquiry: rows.inquiry,
    }


def fill(claims: int, *, trail: bool) -> None:
    """A register with so many claims; with one historical row and one audit entry a row where `trail` says so."""
    load_vocabularies()
    create_people()
    author, reviewer = (User.objects.get(username=name) for name in ("researcher", "reviewer"))
    ratings = dict(Rating.objects.values_list("code", "pk"))
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Rows(claims, midnight, author.pk, reviewer.pk, ratings)
    parts = nouns(rows)
    with unguarded(), tqdm(unit=" rows", disable=None, leave=False) as bar:
        for model, made in parts.items():
            bar.set_description(model._meta.verbose_name_plural)
            with transaction.atomic():
                add(model, made(), bar.update)
                if trail:
                    add_history(model, author.pk)
        for model in parts if trail else ():
            bar.set_description(f"entries of {model._meta.verbose_name_plural}")
            with transaction.atomic():
                add_entries(model, author.pk, "Demo Researcher", _dispute_of, bar.update)
    reset_sequences([*parts, *(model.history.model for model in parts if trail)])
    for dispute in Dispute.objects.filter(visibility="restricted"):
        DisputeMember(dispute=dispute, user=author).save()


def _dispute_of(row: Any) -> int | None:
    """The dispute under which the trail files a historical row: that of its claim, as `rows` deals them out."""
    if hasattr(row, "dispute_id"):
        return row.dispute_id
    claim = getattr(row, "claim_id", None)
    return None if claim is None else (claim - 1) // BLOCK + 1


def derive() -> None:
    """What the register derives from its rows is there."""
    there = get_commands()
    for name in DERIVING:
        if name in there:
            call_command(name, verbosity=0, stdout=io.StringIO())


def count() -> None:
    """The planner knows its tables, and PostgreSQL which pages every transaction sees."""
    if connection.vendor == "sqlite":
        refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--trail", action="store_true", help="with a historical row and an audit entry for each row")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    fill(options.claims, trail=options.trail)
    # Before what is derived as well: to derive it, the rows are asked for.
    count()
    derive()
    count()


if __name__ == "__main__":
    main()
