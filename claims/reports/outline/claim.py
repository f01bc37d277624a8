"""One claim as blocks of a report: its verdict, who says what, what bears on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.text import capfirst

from claims.reports.content.claim import ClaimContent, OriginGroup
from claims.reports.content.dossier import Dossier
from claims.reports.outline.blocks import (
    Block,
    Card,
    Heading,
    Items,
    ItemsRole,
    Paragraph,
    Run,
    facts,
    joined,
    prose,
    runs,
)
from claims.reports.outline.bottom_line import contradicted_by
from claims.reports.outline.evidence import bearings
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers
from claims.reports.outline.rows import (
    attribution_card,
    relation_card,
    relation_words,
    relays_first_hand,
    relays_line,
    review_card,
    verdict_card,
)


def decision(claim: ClaimContent) -> Iterator[Block]:
    """Whether the claim stands, and the verdict on it."""
    if not claim.is_published:
        reason = (" ", Run(claim.withdrawn_reason)) if claim.withdrawn_reason else ()
        yield Paragraph(runs(f"{capfirst(claim.status.words)}: this claim is not published.", *reason), "banner")
    if claim.verdict:
        yield verdict_card(claim.verdict, before=claim.rating_before(claim.verdict))
    else:
        yield Paragraph(runs("No verdict yet"), "none")


def about(claim: ClaimContent, numbers: Numbers, *, shared: Collection[str] = (), whole: bool) -> Iterator[Block]:
    """What the claim means; `shared` are topics that are told of all claims, `whole` says that the report is on this
    claim alone: it tells its question, and who contradicts it stands above."""
    yield from prose(claim.context)
    contradicted = (*contradicted_by(claim, numbers), Run(f" ·\u00a0{claim.contradicted_count}", "quiet"))
    yield from facts(
        ("Answers the question", runs(Run(claim.question)) if whole else ()),
        ("Contradicted by", contradicted if claim.contradicted_by and not whole else ()),
        ("Number stated", runs(Run(claim.quantity))),
        ("Why the desk checks it", runs(Run(claim.check_reason))),
        ("Topics", numbers.topics(tag for tag in claim.tags if tag not in shared)),
    )
    yield from further(claim)


def parts(claim: ClaimContent, dossier: Dossier, numbers: Numbers, *, level: int) -> Iterator[Block]:
    """All that hangs on the claim."""
    for draft in claim.drafts:
        yield Heading(level, runs(f"Unpublished verdict: {draft.status}"), role="part")
        yield verdict_card(draft, "draft", before=claim.rating_before(draft))
    for side in claim.sides:
        counted = Run(f" ·\u00a0{side.words}", "quiet") if side.words else None
        yield Heading(level, runs(side.title, counted), role="part")
        for group in side.groups:
            yield from _group(group, numbers)
    yield from bearings(claim, dossier, numbers, level)
    yield from _relations(claim, dossier, level)
    yield from _list(level, "Reviews by other publishers", "reviews", *map(review_card, claim.reviews))
    if claim.earlier:
        yield Heading(level, runs("Earlier verdicts, since replaced"), role="part")
    for row in claim.earlier:
        yield verdict_card(row, "earlier", before=claim.rating_before(row))


def _relations(claim: ClaimContent, dossier: Dossier, level: int) -> Iterator[Block]:
    """How the claim bears on others. Of two that stand in one report the first tells why."""
    beside = frozenset(dossier.claim_ids)
    told = [row for row in claim.relations if row.other_id not in beside or claim.id < row.other_id]
    yield from _list(level, "How it bears on other claims", "relations", *(relation_card(row, beside) for row in told))
    elsewhere = [relation_words(row, beside) for row in claim.relations if row not in told]
    yield from facts(("Bears on others" if not told else "Also, told there", joined(elsewhere, "; ")))


def _group(group: OriginGroup, numbers: Numbers) -> Iterator[Block]:
    """The statements of one origin; who only passed it on stands on one line under it."""
    first, *others = group.attributions
    yield attribution_card(first, numbers)
    plain = [row for row in others if relays_first_hand(row, first)]
    if plain:
        yield relays_line(plain, numbers)
    yield from (attribution_card(row, numbers, first) for row in others if row not in plain)


def _list(level: int, title: str, role: ItemsRole, *cards: Card) -> Iterator[Block]:
    if cards:
        yield Heading(level, runs(title), role="part")
        yield Items(role, cards)
