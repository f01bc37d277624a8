"""What is dated since a moment at which there was nothing to read, as blocks: day by day, by the rows' own dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils.text import capfirst

from claims.reports.content.dated import DATED, NOTHING_DATED, DatedContent, dated_since
from claims.reports.content.dossier import Dossier
from claims.reports.outline.blocks import Block, Heading, Run, Runs, facts, joined, prose, runs
from claims.reports.outline.numbers import Numbers, claim_link
from factcheck.base.edtf import in_words


def dated_since_section(dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    """A line for each day, with what is dated to it; nothing where what has changed is told instead."""
    if not dossier.nothing_before:
        return
    found = dated_since(dossier)
    if found:
        yield Heading(3, runs("Dated since then"), "dated-since")
    yield from prose(DATED if found else NOTHING_DATED)
    days = groupby(found, key=lambda row: row.day)
    yield from facts(*((Run(in_words(day), datetime=day), _day(rows, numbers)) for day, rows in days))


def _day(rows: Iterable[DatedContent], numbers: Numbers) -> Runs:
    """What is dated to one day: each thing once, with the claims on which it hangs."""
    acts: dict[tuple[str, str, str, int], list[DatedContent]] = {}
    for row in rows:
        # What hangs on claims is one thing where the same was done on several.
        acts.setdefault((row.act.code, row.who, row.what, 0 if row.claim else row.id), []).append(row)
    return joined([_act(done, numbers) for done in acts.values()], "\n")


def _act(rows: list[DatedContent], numbers: Numbers) -> Runs:
    row = rows[0]
    claims = joined([(claim_link(one.claim),) for one in rows if one.claim], ", ")
    what = Run(f" {row.what}") if row.who else Run(capfirst(row.what))
    return runs(Run(row.who, "strong"), *_number(row, numbers), what, ": " if claims else None, *claims)


def _number(row: DatedContent, numbers: Numbers) -> Runs:
    """The number under which the report lists a work or a piece of evidence."""
    if row.noun.code == "document":
        return runs(" ", Run(f"[{numbers.works[row.id]}]", link=f"#document-{row.id}"))
    return runs(" ", numbers.piece(row.id)) if row.noun.code == "evidence" else ()
