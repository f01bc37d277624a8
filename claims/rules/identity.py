"""That one thing in the world is one row of the register; on plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.rules.registry import REFUSE, Broken, Row, Rule


@dataclass(frozen=True, slots=True)
class Identified:
    """The sources that have one identifier on Wikidata."""

    identifier: str
    sources: tuple[int, ...] = ()


def same_identifier(identified: Identified) -> Iterator[Broken]:
    if identified.identifier and len(identified.sources) > 1:
        first, *others = (Row("source", pk) for pk in identified.sources)
        for other in others:
            yield Broken((first, other), (first, " and ", other, f" both have the identifier {identified.identifier}."))


SOURCE_RULES = (
    Rule(
        "same_wikidata_id",
        REFUSE,
        "An identifier on Wikidata belongs to one source.",
        "Use the source that is there already, or correct the identifier of one of them.",
        same_identifier,
        field="wikidata_id",
        about=("source", "source"),
    ),
)
