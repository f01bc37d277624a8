"""Words that the register uses in a sense of its own and that are no field: each in one sentence.

The full definitions are in docs/definitions.md, which has this list too; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One word, and what is meant by it."""

    code: str
    word: str
    says: str


TERMS = {
    term.code: term
    for term in (
        Term("stands", "stands", "A row stands while it is not withdrawn."),
        Term(
            "counts",
            "counts",
            "A statement counts while it stands, was not taken back, and neither is a retraction nor relays one; "
            "evidence, while it is not the claim's own assertion and no premise or part of its set has fallen.",
        ),
        Term(
            "origin",
            "origin",
            "Where it comes from in the end: statements of one source, or that pass on one another, and pieces that "
            "one document carries, or that derive from one another, have one origin; ten papers that repeat it "
            "add none. A piece that says why, or is something that is absent, may be an origin of its own.",
        ),
        Term(
            "said-by",
            "said by",
            "The sources at the ends of the chains of what counts for the claim: who said it, not who passed it on. "
            "Beside a source that did not assert it stands what it did: alleged it, suggested it.",
        ),
        Term("contradicted", "contradicted by", "Who denies the claim or what repeats it, and who says a rival of it."),
        Term(
            "took-back",
            "took it back",
            "Whose own statements were retracted, by themselves or by the body for which they spoke.",
        ),
        Term(
            "rival",
            "rival",
            "A claim that contradicts or excludes this one, or answers the same exclusive question, unless one "
            "refines or repeats the other or both can be true.",
        ),
        Term("circumstance", "circumstance", "A claim that answers no question of its dispute."),
        Term(
            "rank",
            "rank",
            "The place of a claim in the matrix of its question, by what speaks least against it of what was rated; it "
            "is no finding of the desk.",
        ),
        Term(
            "settled",
            "settled",
            "What the question asks is decided: a claim is fully supported and its rivals are fully refuted, each by a "
            "published verdict with the confidence that the newsroom asks for.",
        ),
        Term("under-review", "under review", "The question was settled, and a verdict that settled it is stale."),
        Term(
            "contested",
            "contested",
            "The question is not settled, and evidence speaks for two rivals that are not refuted, or for and against "
            "one claim that is not refuted.",
        ),
        Term("open", "open", "The question is neither settled, under review nor contested."),
        Term(
            "stale",
            "stale",
            "A published verdict under which something has changed since, or whose day to be looked at again has come.",
        ),
        Term("concern", "concern", "What waits for the desk on a dispute: a rule that is broken, or what is missing."),
        Term("verified", "verified", "The quote stands in the cited document, or in a kept copy of it, whole."),
        Term("elided", "elided", "The quote stands there around marks of omission, and what it leaves out is shown."),
    )
}
