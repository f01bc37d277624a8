"""How high a card is, reckoned from its words: a site that embeds one asks before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from unicodedata import east_asian_width

from claims.publisher import publisher
from claims.reports.content.cards import ClaimCard, Decision, DisputeCard
from claims.reports.content.corrections import CorrectionNotice

LEAST = {ClaimCard: 320, DisputeCard: 440}
"""Pixels."""
LONGEST_TITLE, LONGEST_REASON, LONGEST_RIVAL = 400, 300, 200
"""Letters of a title, of the reason of a correction and of a claim in a list, as the template cuts them."""
_EDGES = 40
_TITLE, _TEXT, _SMALL = (12.5, 26), (8.8, 25), (8.2, 22)
"""How wide a letter and how high a line is at most in the fonts of most machines, in pixels."""
_LINK = "Statements, evidence and reasons · "
_BETWEEN = 10


def height_of(card: ClaimCard | DisputeCard, width: int, notices: Sequence[CorrectionNotice] = ()) -> int:
    """The height in pixels of a card of this width, so that all of it is seen."""
    room = width - _EDGES
    parts = _claim(card, notices) if isinstance(card, ClaimCard) else _dispute(card)
    parts.append((f"{_LINK}{publisher().name}", _SMALL))
    return max(LEAST[type(card)], _EDGES + sum(_high(text, kind, room) for text, kind in parts if text))


def _claim(card: ClaimCard, notices: Sequence[CorrectionNotice]) -> list[tuple[str, tuple[float, int]]]:
    parts = [(card.text[:LONGEST_TITLE], _TITLE), (_decided(card.decision), _SMALL)]
    for notice in notices:
        parts.append((f"    {notice.severity}    {notice.correction.words}    ", _TEXT))
        parts.append((notice.correction.new.correction_reason[:LONGEST_REASON], _TEXT))
    return [*parts, (card.decision.summary if card.decision else "", _TEXT)]


def _dispute(card: DisputeCard) -> list[tuple[str, tuple[float, int]]]:
    parts = [((card.question or card.title)[:LONGEST_TITLE], _TITLE), (card.state_sentence, _TEXT)]
    for claim in card.claims:
        parts += [(_decided(claim.decision), _SMALL), (claim.text[:LONGEST_RIVAL], _TEXT)]
    return [*parts, (f"And {card.more_words}." if card.more else "", _SMALL)]


def _decided(decision: Decision | None) -> str:
    return f"  {decision.label} {decision.published_at}" if decision else "  No verdict yet"


def _high(text: str, kind: tuple[float, int], room: int) -> int:
    letter, line = kind
    wide = sum(2.0 if east_asian_width(sign) in "WF" else 1.5 if sign.isupper() else 1.0 for sign in text)
    # A line ends where its last word does: on a narrow card much of it stays empty.
    return _BETWEEN + line * ceil(wide * letter / room * 1.05)
