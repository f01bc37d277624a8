"""What a source did with a claim, in words: who passes on a denial is told as passing on the denial."""

from __future__ import annotations

from claims.choices import Stance
from claims.logic import verbs
from claims.logic.voices import Statement, Voices
from claims.reports.content.rows import NO_TERM, Term
from claims.reports.load.fields import term
from claims.reports.load.redact import Redaction
from claims.reports.load.speakers import Speakers


def did(pk: int, stance: str, speakers: Speakers, redaction: Redaction, voice: int | None = None) -> Term:
    """`denied it`, `passed on that the Ministry denied it`, `took the statement of the Ministry back`: what the
    statement with this id does; and whether it was `(said of an earlier wording)`.

    Whose statement is passed on is not named where it was withdrawn, or where the name of its source is withheld. The
    subject of the sentence is the source, or the `voice` under which it is told: "its own" means what that said.
    """
    end, earlier = speakers.voices.passes_on(pk), speakers.voices.rows[pk].earlier_wording
    if end is None:
        back = _took_back(speakers.voices.rows[pk], speakers, redaction, voice) if stance == Stance.RETRACTS else ""
        return Term(stance, verbs.in_words(stance, did=back, earlier=earlier))
    source = speakers.sources.get(end.source) if end.stands else None
    named = source is not None and not redaction.hides(source)
    whose = redaction.source(source).name if source is not None and named else verbs.ANOTHER
    back = _took_back(end, speakers, redaction) if named and end.stance == Stance.RETRACTS else ""
    return Term(stance, verbs.in_words(stance, end.stance, whose, back, earlier=earlier))


def _took_back(back: Statement, speakers: Speakers, redaction: Redaction, voice: int | None = None) -> str:
    subject = back.source if voice is None else voice
    whose = dict.fromkeys(row.source for row in speakers.voices.meant_by(back))
    others = [redaction.source(speakers.sources[pk]).name for pk in whose if pk != subject]
    return verbs.took_back(others, own=subject in whose)


def passes_on(pk: int, voices: Voices) -> Term:
    """The verb at the end of the chain of a relay; none for what is no relay, or where that is not on record."""
    end = voices.passes_on(pk)
    return term(end.stance, Stance) if end is not None else NO_TERM
