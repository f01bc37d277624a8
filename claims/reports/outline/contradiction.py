"""Who contradicts a claim, in the words of a report: what one source does to it together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap

from claims.logic import wording
from claims.reports.content.contradiction import Contradiction
from claims.reports.outline.blocks import Run, Runs, joined, listed
from claims.reports.outline.numbers import Numbers, claim_link


def contradicting(rows: Sequence[Contradiction], numbers: Numbers) -> Runs:
    """How one source contradicts a claim: by denying it, by saying a rival of it, or both."""
    return (*numbers.source(rows[0].source), *speaking_for(rows[0]), *joined(starmap(_contradicts, acts_of(rows)), ","))


def speaking_for(row: Contradiction) -> Runs:
    """` for The Ministry`; nothing of who spoke for themselves."""
    return (Run(" for "), Run(row.body, "strong")) if row.body else ()


def acts_of(rows: Iterable[Contradiction]) -> Iterator[tuple[str, list[Contradiction]]]:
    """What one source does: `denied it` with no other claim, and each verb with the claims of which it holds: those
    that repeat this one, and its rivals apart."""
    found: dict[tuple[str, bool], list[Contradiction]] = {}
    for row in rows:
        if row.claim is None:
            yield row.stance.words, []
        else:
            found.setdefault((row.did_so, row.denies), []).append(row)
    yield from ((verb, others) for (verb, _denies), others in found.items())


def _contradicts(verb: str, others: Sequence[Contradiction]) -> Runs:
    if not others:
        return (Run(f" {verb}", "quiet"),)
    which = "what repeats it: " if others[0].denies else ""
    return (Run(f" {verb} {which}", "quiet"), *listed([named(row) for row in others]))


def named(row: Contradiction) -> Runs:
    """The other claim: by its number where it stands in the same report, else in its own words."""
    if row.number:
        return (claim_link(row.number, row.text),)
    quoted = Run(wording.within(row.text), lang=row.language, link=row.address)
    return (Run("“"), quoted, Run("”"))
