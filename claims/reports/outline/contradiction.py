"""Who contradicts a claim, as blocks of a report: one line for each source, whatever it does to the claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from claims.logic import wording
from claims.reports.content.contradiction import Contradiction
from claims.reports.outline.blocks import Card, Paragraph, Run, Runs, joined, listed, runs
from claims.reports.outline.rows import named


def rival_link(row: Contradiction) -> Run:
    """The rival that is said: by its number where it stands in the same report, else in its own words."""
    if row.number:
        return Run(f"claim {row.number}", link=f"#claim-{row.claim}", title=row.text)
    return Run(row.text, lang=row.language, link=row.address)


def contradiction_card(rows: Sequence[Contradiction], *, desk: bool) -> Card:
    """How one source contradicts a claim: by denying it, by saying a rival of it, or both."""
    did = joined([_contradicts(verb, rivals) for verb, rivals in acts_of(rows)], ", and ")
    return Card("entry", (Paragraph((*named(rows[0].source, desk=desk), Run(" "), *did, Run("."))),))


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
        return (Run(verb, "stance"),)
    quoted = [runs("“", Run(wording.within(row.text), lang=row.language, link=_place_of(row)), "”") for row in others]
    rivals = "its rivals" if len(others) > 1 else "its rival"
    which = "what repeats it:" if others[0].denies else rivals
    return (Run(verb, "stance"), Run(f" {which} "), *listed(quoted))


def _place_of(row: Contradiction) -> str:
    return f"#claim-{row.claim}" if row.number else row.address
