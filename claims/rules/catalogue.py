"""All rules of the register in one list, in the order in which a reader is told of them."""

from __future__ import annotations

from claims.rules.decided import VERDICT_RULES
from claims.rules.decision import PUBLICATION_RULES
from claims.rules.ground import GROUND_RULES
from claims.rules.identity import SOURCE_RULES
from claims.rules.registry import HINT, REFUSE, WARN, Rule
from claims.rules.relations import NUMBER_RULES, RELATION_RULES
from claims.rules.statement import DOCUMENT_RULES, STATEMENT_RULES, WORDING_RULES

HELD_ELSEWHERE = (
    Rule(
        "two_people",
        REFUSE,
        "A verdict takes two people: whoever drafts it does not publish it.",
        "Have somebody else review and publish it.",
        field="reviewer",
        fixed=True,
        held_by="verdict_takes_two_people",
    ),
    Rule(
        "one_verdict",
        REFUSE,
        "A claim has one verdict in force.",
        "Correct the published verdict.",
        field="claim",
        fixed=True,
        held_by="verdict_one_first",
    ),
    Rule(
        "one_correction",
        REFUSE,
        "A verdict is superseded once.",
        "Correct the newest verdict.",
        field="supersedes",
        fixed=True,
        held_by="verdict_superseded_once",
    ),
    Rule(
        "relation_to_itself",
        REFUSE,
        "A claim has no relation to itself.",
        "Choose another claim.",
        field="other",
        fixed=True,
        held_by="relation_joins_two_claims",
    ),
    Rule(
        "relation_twice",
        REFUSE,
        "Two claims have each relation once, in whichever direction it is told.",
        "Change the relation that is there already.",
        field="other",
        fixed=True,
        held_by="relation_once",
    ),
    Rule(
        "numbers_in_order",
        REFUSE,
        "The least number that a claim states is not above the greatest.",
        "Swap the two numbers.",
        field="quantity_max",
        fixed=True,
        held_by="claim_quantity_in_order",
    ),
)
"""Held by constraints of the database, which the desk cannot soften."""

WORK_RULES = (
    Rule(
        "verdict_stale",
        WARN,
        "A verdict is looked at again when what it rests on has changed.",
        "Correct the verdict, or have a reviewer who did not write it confirm it with a reason.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "answer_overtaken",
        WARN,
        "The answer to a question is looked at again when a claim or a verdict was published on it since, or a claim "
        "withdrawn.",
        "Draft the answer anew, in other words or the same, and have a second person publish it.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "judged_before_wording",
        WARN,
        "What bears on a claim, and how it is related to others, is looked at again when the claim gets other words or "
        "another number.",
        "Read the evidence and the relations against the words that stand now, and save each that holds, with a reason "
        "and otherwise unchanged; withdraw what does not.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "inquiry_overdue",
        WARN,
        "An inquiry has its answer, or its silence, by the day that was asked for.",
        "Enter the answer, ask once more, or record the silence.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "chain_broken",
        WARN,
        "Nobody passes on a statement that was withdrawn.",
        "Withdraw that attribution too, or enter from whom else it has it.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "no_evidence",
        HINT,
        "Some evidence bears on each claim.",
        "Link evidence to it; also that none was found where some was to be expected is evidence.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "no_evidence_counts",
        HINT,
        "Some of the evidence that bears on a claim counts.",
        "Link evidence that is neither the claim's own assertion nor derived from it, and depends on no claim that "
        "does not hold, or give what an incomplete set still shows alone another set or none.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
    Rule(
        "evidence_not_weighed",
        HINT,
        "What bears on one claim of a question is weighed against the others.",
        "Rate it in the matrix, or link it: evidence that fits every claim alike decides nothing.",
        about=(),
        held_by="concerns",
        highest=WARN,
    ),
)
"""What waits for the desk in a dispute: told among its concerns (`claims.reports.content.concerns`)."""

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        *HELD_ELSEWHERE,
        *PUBLICATION_RULES,
        *GROUND_RULES,
        *VERDICT_RULES,
        *RELATION_RULES,
        *NUMBER_RULES,
        *STATEMENT_RULES,
        *WORDING_RULES,
        *DOCUMENT_RULES,
        *SOURCE_RULES,
        *WORK_RULES,
    )
}
