"""Draws a claim or a dispute as the picture that messages show beside a link."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orjson
import typst
from django.conf import settings

from claims.logic.direction import runs_to_the_left
from claims.reports.content.cards import ClaimCard, Decision, DisputeCard
from claims.reports.content.corrections import CorrectionNotice
from claims.reports.formats.letters import fonts_for, spelled_out
from factcheck.base.text import shortened

UNDECIDED = Decision(0, "No verdict yet", "#84817a", "")
LONGEST_TITLE, LONGEST_LINE = 220, 90


def write(card: ClaimCard | DisputeCard, correction: CorrectionNotice | None = None) -> bytes:
    """A PNG of 1200 by 630 dots; `correction` is what the verdict of a claim corrects, if it does."""
    content = spelled_out(orjson.dumps(_content(card, correction)).decode())
    compiler = typst.Compiler(input=_layout(), font_paths=fonts_for(content), sys_inputs={"card": content})
    written = compiler.compile(format="png", ppi=72)
    assert isinstance(written, bytes)
    return written


def _content(card: ClaimCard | DisputeCard, correction: CorrectionNotice | None) -> dict[str, object]:
    note = f"{correction.severity.capitalize()} {correction.correction.words}" if correction else ""
    if isinstance(card, ClaimCard):
        decision = card.decision or UNDECIDED
        title, sentence, lines = card.text, decision.summary, [_line(decision, str(decision.published_at))]
    else:
        title, sentence = card.question or card.title, card.state_sentence
        lines = [_line(claim.decision or UNDECIDED, claim.text) for claim in card.claims]
        note = f"And {card.more_words}" if card.more else ""
    return {
        "title": shortened(title, LONGEST_TITLE),
        "sentence": shortened(sentence, LONGEST_TITLE),
        "lines": lines,
        "verdict": isinstance(card, ClaimCard),
        "rtl": runs_to_the_left(title),
        "sentence_rtl": runs_to_the_left(sentence),
        "note": note,
        "newsroom": settings.FACTCHECK_NEWSROOM,
    }


def _line(decision: Decision, text: str) -> dict[str, str]:
    return {"label": decision.label, "colour": decision.colour, "text": shortened(text, LONGEST_LINE)}


@cache
def _layout() -> bytes:
    return (Path(__file__).resolve().parent / "typst" / "card.typ").read_bytes()
