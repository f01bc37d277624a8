"""What the columns of tidy tables mean: what the register says of its own fields, and words for what it derives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from claims.models import (
    Attribution,
    Claim,
    ClaimRelation,
    Dispute,
    Evidence,
    EvidenceLink,
    Inquiry,
    Premise,
    Question,
    Review,
    Verdict,
)
from claims.reports.content.changes import ChangeContent
from claims.reports.content.claim import ClaimContent, Said
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dated import DatedContent
from claims.reports.content.dossier import DisputeContent
from claims.reports.content.evidence import EvidenceContent, PremiseContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from sources.models import Document, Snapshot, Source

_MODELS: Mapping[type, tuple[Any, ...]] = {
    AttributionContent: (Attribution,),
    ClaimContent: (Claim,),
    DisputeContent: (Dispute,),
    DocumentContent: (Document,),
    EvidenceContent: (EvidenceLink, Evidence),
    InquiryContent: (Inquiry,),
    PremiseContent: (Premise,),
    QuestionContent: (Question,),
    RelationContent: (ClaimRelation,),
    ReviewContent: (Review,),
    SnapshotContent: (Snapshot,),
    SourceContent: (Source,),
    VerdictContent: (Verdict,),
}
"""Of which rows a content class tells; the first that has a field of a name says what it is."""

_DERIVED: Mapping[type, Mapping[str, str]] = {
    ChangeContent: {
        "change": "Whether it is new, changed, replaced or no longer here.",
        "noun": "What kind of row it is, such as a verdict or a statement.",
        "claim": "The claim on which it hangs, if on one.",
        "number": "By which this report calls that claim.",
        "label": "The row in a few words.",
        "reason": "Why a verdict was corrected.",
    },
    DatedContent: {
        "noun": "What kind of row it is, such as a verdict or a statement.",
        "claim": "The claim on which it hangs, if on one.",
        "act": "What its date is the date of: published, said, asked, replied and so on.",
        "date": "When that was, by the row itself, whenever it was entered.",
        "who": "Who did it; of works and evidence their title.",
        "what": "What they did, or what was done with it.",
    },
    AttributionContent: {
        "origin": "The statement that stands for the origin of this one: of all that share it the earliest entered.",
        "taken_back_by": "The statement by which its source, or the body for which that spoke, took it back.",
        "taken_back_on": "When it was taken back.",
        "passes_on": "Of a relay what the statement at the end of its chain does; empty for what is no relay.",
        "side": "On which side it counts: for, against, neither; if not: back (taken back), fallen (passed that on).",
        "fallen": "Whether it counts no more since what it passes on was taken back.",
        "quote_state": "Whether the quote stands in the cited document, as far as the register has its text.",
        "place": "Where in the document it stands.",
        "earlier_wording": "Whether it was said before the claim got its present wording, and says nothing of that.",
    },
    ClaimContent: {
        "number": "By which this report calls it.",
        "voices_for": "What is said for it and counts.",
        "voices_against": "What is said against it and counts.",
        "voices_neither": "What is said neither for it nor against it.",
        "voices_against_repeats": "What is said against claims that repeat it.",
        "voices_for_rivals": "What is said for its rivals.",
        "evidence_for": "What supports it and counts.",
        "evidence_against": "What refutes it and counts.",
    },
    Contradiction: {
        "source": "Who contradicts the claim.",
        "attribution": "The statement by which they do: of several the first.",
        "said_on": "When they said that.",
        "stance": "What they did: denied it, or said a rival, which is then the other claim.",
        "claim": "The rival that they say, or what repeats this claim and is denied; empty where they deny this one.",
        "text": "The words of that other claim.",
        "passed_on": "The verb that they pass on, where they stand for a source whose statement was withdrawn.",
        "earlier_wording": "Whether they did so only before the claim got its present wording.",
        "body": "For whom they spoke, where that was one body each time.",
        "remarks": "What held each time: that the work was retracted since, that the speaker was not named.",
    },
    DisputeContent: {
        "state": "How far its questions are decided: open, contested, settled or under review.",
        "state_sentence": "How many of its questions are settled, in words.",
    },
    EvidenceContent: {
        "id": "The number of the piece of evidence in the register.",
        "origin": "The piece of evidence that names its origin: pieces of one origin are not independent.",
        "discounted": "Why it does not count on this claim, as a code; empty where it does.",
    },
    PremiseContent: {"text": "The claim on which the bearing depends.", "fate": "Why that claim does not hold, if so."},
    QuestionContent: {
        "state": "How far it is decided: open, contested, settled or under review.",
        "sentence": "Why it is in that state.",
        "akin": "Whether two of its claims are no rivals, so that both may hold.",
        "rivals": "Whether two of its claims are rivals, so that one of them at most holds.",
        "one_holds": "Whether all claims that were entered are shown, and not all of these stand as refuted.",
    },
    RelationContent: {
        "verb": "How the relation reads from this claim to the other.",
        "other_id": "The claim to which it bears the relation.",
        "other_text": "The words of that claim.",
        "other_language": "The language of that claim.",
        "other_address": "The page of that claim.",
    },
    Said: {
        "name": "Who says the claim: whoever only passed that on is not among them, nor who took it back.",
        "source_id": "Its number: it joins where names do not.",
        "attribution": "The statement by which they do: of several the first.",
        "how": "What they did, such as alleged it, and what to know of it; empty where they asserted it as it stands.",
        "body": "For whom they spoke, where that was one body each time.",
    },
    SourceContent: {"wikidata": "Its entry in Wikidata, such as Q42."},
    VerdictContent: {"claim_text": "The words of the claim that it judges."},
}


def meaning_of(content: type, name: str) -> str:
    """What a field of a content class means, as a sentence; empty where nothing says it."""
    if told := _DERIVED.get(content, {}).get(name):
        return told
    for model in _MODELS.get(content, ()):
        try:
            text = str(getattr(model._meta.get_field(name), "help_text", ""))
        except FieldDoesNotExist:
            continue
        if text:
            return text
    return ""
