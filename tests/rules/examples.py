"""For each rule what breaks it and what does not, as the last act of somebody at a door.

A rule without its example fails in test_doors. An act is a noun and the body with which it is sent, made after all that
comes before it is in the register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from claims.models import Claim, ClaimRelation
from claims.services import withdraw
from tests import factories as f

Body = dict[str, Any]
Act = Callable[[], Body]


@dataclass(frozen=True, slots=True)
class Example:
    """`broken` and `sound` prepare the register and give the body of the act; of a verdict its claim and content."""

    code: str
    noun: str
    broken: Act
    sound: Act
    label: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.label}".strip()


def decided(*codes: str, dispute: Any = None, **fields: Any) -> list[Claim]:
    """A claim for each rating, with a published verdict; an empty code leaves the claim undecided."""
    claims = []
    for code in codes:
        claim = f.make_claim(published=True, dispute=dispute)
        if code:
            f.make_published(claim, code=code, **fields)
        claims.append(claim)
    return claims


def tie(one: Claim, kind: str, other: Claim, **fields: Any) -> ClaimRelation:
    return f.make_relation(one, other, kind=kind, **fields)


def relation(kind: str, *codes: str, point: str = "") -> Act:
    """Two claims with these verdicts, which the act relates."""

    def act() -> Body:
        one, other = decided(*codes)
        return {"claim": one.pk, "other": other.pk, "kind": kind, "point": point}

    return act


def second(first_kind: str, kind: str, *, turned: bool = False) -> Act:
    """A second relation of one pair."""

    def act() -> Body:
        one, other = decided("", "")
        tie(one, first_kind, other)
        ends = (other, one) if turned else (one, other)
        return {"claim": ends[0].pk, "other": ends[1].pk, "kind": kind}

    return act


def chained(steps: list[tuple[int, str, int]], kind: str, start: int, end: int, *codes: str) -> Act:
    """Claims with these verdicts and relations; the act relates two of them."""

    def act() -> Body:
        claims = decided(*codes)
        for one, step, other in steps:
            tie(claims[one], step, claims[other])
        return {"claim": claims[start].pk, "other": claims[end].pk, "kind": kind}

    return act


def answering(kind: str) -> Act:
    """Three answers to an exclusive question, of which one refines another; the act relates it to the third."""

    def act() -> Body:
        dispute = f.make_dispute(exclusive=True)
        one, two, both = (f.make_claim(dispute=dispute, published=True) for _ in range(3))
        tie(both, "refines", one)
        return {"claim": both.pk, "other": two.pk, "kind": kind}

    return act


def verdict(code: str, *, links: tuple[str, ...] = ("supports", "refutes"), prepare: Any = None, **content: Any) -> Act:
    """A verdict in review on a claim with such links."""

    def act() -> Body:
        claim = prepare() if prepare is not None else f.make_claim(published=True)
        for bearing in links:
            f.make_link(claim, bearing)
        return {"claim": claim, "code": code, **content}

    return act


def beside(kind: str, code: str, *, turned: bool = False, likelihood: str = "") -> Callable[[], Claim]:
    """A claim that is related to another one, on which a verdict is published."""

    def prepare() -> Claim:
        claim, other = decided("", code, likelihood=likelihood)
        tie(*((other, kind, claim) if turned else (claim, kind, other)))
        return claim

    return prepare


def over(kinds: str, code: str, *, likelihood: str = "") -> Callable[[], Claim]:
    """A claim from which a chain leads to one with a published verdict; `<` before a kind turns that relation."""

    def prepare() -> Claim:
        steps = kinds.split()
        claims = decided(*("" for _ in steps), code, likelihood=likelihood)
        for place, step in enumerate(steps):
            ends = claims[place], claims[place + 1]
            one, other = reversed(ends) if step.startswith("<") else ends
            tie(one, step.lstrip("<"), other)
        return claims[0]

    return prepare


def in_question(code: str, likelihood: str = "", **question: Any) -> Callable[[], Claim]:
    """A claim beside a decided one, on an exclusive question, or one with another bound."""

    def prepare() -> Claim:
        dispute = f.make_dispute(**(question or {"exclusive": True}))
        beside = f.make_claim(published=True, dispute=dispute)
        decided(code, dispute=dispute, likelihood=likelihood)
        return beside

    return prepare


def repeating_in_question(kind: str) -> Callable[[], Claim]:
    """A claim on an exclusive question beside a supported one, to which what it repeats is related so."""

    def prepare() -> Claim:
        claim, (repeated,) = in_question("supported")(), decided("")
        tie(claim, "repeats", repeated)
        tie(repeated, kind, Claim.objects.exclude(pk=claim.pk).get(question=claim.question))
        return claim

    return prepare


def on_retracted(*retracted: str) -> Callable[[], Claim]:
    """A claim with evidence that documents carry which were retracted on these days."""

    def prepare() -> Claim:
        claim = f.make_claim(published=True)
        documents = [f.make_document(retracted_on=day) for day in retracted]
        f.make_link(claim, "supports", evidence=f.make_evidence(documents=documents))
        return claim

    return prepare


def graded(*credibilities: int) -> Callable[[], Claim]:
    def prepare() -> Claim:
        claim = f.make_claim(published=True)
        for credibility in credibilities:
            f.make_link(claim, "supports", evidence=f.make_evidence(credibility=credibility))
        return claim

    return prepare


def said(stance: str = "asserts", said_on: str = "", occurred_on: str = "", published_on: str = "") -> Act:
    """A statement on a claim of a dispute whose event took place then, printed then."""

    def act() -> Body:
        claim = f.make_claim(dispute=f.make_dispute(occurred_on=occurred_on))
        body = {"claim": claim.pk, "source": f.make_source().pk, "stance": stance, "said_on": said_on}
        return body | ({"document": f.make_document(published_on=published_on).pk} if published_on else {})

    return act


def relayed(origin: str, said_on: str) -> Act:
    def act() -> Body:
        row = f.make_attribution(said_on=origin)
        body = {"claim": row.claim_id, "source": f.make_source().pk, "stance": "relays", "relayed_from": row.pk}
        return body | {"said_on": said_on}

    return act


def reworded(stance: str, words: str) -> Act:
    """A correction that gives these words, if any, to a claim with which somebody has done this before."""

    def act() -> Body:
        claim = f.make_claim(published=True)
        f.make_attribution(claim, stance=stance)
        correction = {"correction_reason": "Too strong.", "correction_severity": "clarification", "claim_text": words}
        return {"claim": claim, "code": "contested", "supersedes": f.make_published(claim), **correction}

    return act


def retracted(spoken: str, said_on: str) -> Act:
    def act() -> Body:
        row = f.make_attribution(said_on=spoken)
        return {"claim": row.claim_id, "source": row.source_id, "stance": "retracts", "said_on": said_on}

    return act


def taken_back_for(speaks_for: bool) -> Act:
    """A retraction, on a day that is not known, by somebody who speaks for the source of the only statement, or not."""

    def act() -> Body:
        row = f.make_attribution(said_on="2025-07-01")
        body = {"claim": row.claim_id, "source": f.make_source().pk, "stance": "retracts"}
        return body | ({"on_behalf_of": row.source_id} if speaks_for else {})

    return act


def body(**fields: Any) -> Act:
    return lambda: {
        name: f.make_source().pk if value is SOURCE else f.make_claim().pk if value is CLAIM else value
        for name, value in fields.items()
    }


def identified(known: str, given: str) -> Act:
    def act() -> Body:
        f.make_source(wikidata_id=known)
        return {"kind": "person", "name": "A second row", "wikidata_id": given}

    return act


def numbered(kind: str, other: tuple[int, int], unit: str = "deaths") -> Act:
    def act() -> Body:
        rows = [
            f.make_claim(quantity_min=low, quantity_max=high, quantity_unit=one)
            for low, high, one in ((10, 50, "deaths"), (*other, unit))
        ]
        return {"claim": rows[0].pk, "other": rows[1].pk, "kind": kind, "point": "number"}

    return act


def counted(*ranges: tuple[int, int], exclusive: bool = False) -> Act:
    """A claim that states the last of these numbers, on a question with claims that state the others, all of them
    drafts."""

    def act() -> Body:
        dispute = f.make_dispute(exclusive=exclusive)
        for low, high in ranges[:-1]:
            f.make_claim(dispute=dispute, quantity_min=low, quantity_max=high, quantity_unit="deaths")
        low, high = ranges[-1]
        content = {"quantity_min": low, "quantity_max": high, "quantity_unit": "Deaths "}
        return {"text": "So many died.", "dispute": dispute.pk, "question": dispute.questions.get().pk, **content}

    return act


def in_set(bearing: str, name: str, *, withdrawn: bool = False) -> Act:
    """A link that joins a set of supporting evidence, whose part may have been withdrawn."""

    def act() -> Body:
        part = f.make_link(bearing="supports", set_name="Chain of custody")
        if withdrawn:
            withdraw(actor=f.someone("Editor"), row=part, reason="A forgery.")
        return {"claim": part.claim_id, "evidence": f.make_evidence().pk, "bearing": bearing, "set_name": name}

    return act


def resting(steps: int, *, closed: bool = True) -> Act:
    """A premise from the last of a row of claims, each of which rests on evidence that depends on the next; on the
    first again, or on one beside."""

    def act() -> Body:
        claims = [f.make_claim() for _ in range(steps + 1)]
        for claim, ground in pairwise(claims):
            f.make_premise(f.make_link(claim), ground)
        last = f.make_link(claims[-1])
        return {"link": last.pk, "claim": (claims[0] if closed else f.make_claim()).pk}

    return act


SOURCE, CLAIM = object(), object()
R, S = "refuted", "supported"
LIKELY = {"likelihood": "likely"}

EXAMPLES = (
    # What a verdict is by itself.
    Example("rationale_required", "verdict", verdict("contested", rationale=" "), verdict("contested")),
    Example("evidence_required", "verdict", verdict("contested", links=()), verdict("contested", links=("context",))),
    Example("supports_evidence_required", "verdict", verdict(S, links=("refutes",)), verdict(S)),
    Example("refutes_evidence_required", "verdict", verdict(R, links=("supports",)), verdict(R)),
    Example("likelihood_against_rating", "verdict", verdict(R, **LIKELY), verdict(R, likelihood="roughly_even")),
    Example(
        "likelihood_against_rating",
        "verdict",
        verdict("mostly_supported", likelihood="unlikely"),
        verdict("mostly_supported", **LIKELY),
        "the other way",
    ),
    Example(
        "likelihood_far_from_even",
        "verdict",
        verdict("contested", likelihood="very_likely"),
        verdict("contested", **LIKELY),
    ),
    Example(
        "support_gone",
        "verdict",
        verdict(S, links=(), prepare=on_retracted("2025-08-01")),
        verdict(S, links=(), prepare=on_retracted("2025-08-01", "")),
    ),
    Example(
        "certain_without_ground",
        "verdict",
        verdict(S, links=(), prepare=graded(6), likelihood="almost_certain"),
        verdict(S, links=(), prepare=graded(6, 6), likelihood="almost_certain"),
    ),
    # What sets and premises do together.
    Example(
        "set_of_several_bearings",
        "evidence-link",
        in_set("refutes", "Chain of custody"),
        in_set("supports", "Chain of custody"),
    ),
    Example(
        "set_of_several_bearings",
        "evidence-link",
        in_set("context", "chain of CUSTODY"),
        in_set("refutes", "Another"),
        "written in another way",
    ),
    Example(
        "set_of_several_bearings",
        "evidence-link",
        in_set("refutes", "Chain of custody"),
        in_set("refutes", "Chain of custody", withdrawn=True),
        "of what stands",
    ),
    Example("premise_in_circle", "premise", resting(1), resting(1, closed=False)),
    Example("premise_in_circle", "premise", resting(3), resting(3, closed=False), "through others"),
    # A02: of two that contradict each other one holds.
    Example(
        "contradictories_refuted",
        "verdict",
        verdict(R, prepare=beside("contradicts", R)),
        verdict(R, prepare=beside("excludes", R)),
    ),
    Example(
        "contradictories_refuted",
        "verdict",
        verdict("mostly_refuted", prepare=beside("contradicts", R, turned=True)),
        verdict("unproven", prepare=beside("contradicts", R)),
        "mostly, told from the other",
    ),
    Example(
        "contradictories_refuted",
        "verdict",
        verdict(R, prepare=over("contradicts repeats", R)),
        verdict(R, prepare=over("contradicts supports", R)),
        "over what repeats it",
    ),
    Example(
        "contradictories_refuted",
        "relation",
        relation("contradicts", R, R),
        relation("contradicts", R, "unproven"),
        "by the relation",
    ),
    Example(
        "contradictories_refuted",
        "relation",
        chained([(0, "contradicts", 1)], "repeats", 1, 2, R, "", R),
        chained([(0, "contradicts", 1)], "compatible", 1, 2, R, "", R),
        "by a repetition",
    ),
    Example(
        "exhaustive_refuted",
        "verdict",
        verdict(R, prepare=in_question(R, exclusive=True, exhaustive=True)),
        verdict(R, prepare=in_question("unproven", exclusive=True, exhaustive=True)),
    ),
    Example(
        "exhaustive_refuted",
        "verdict",
        verdict("mostly_refuted", prepare=in_question("mostly_refuted", exhaustive=True)),
        verdict(R, prepare=in_question(R, exclusive=True)),
        "mostly, also where several may hold",
    ),
    # A03: where the finer claim holds, the coarser one does.
    Example(
        "coarser_refuted",
        "verdict",
        verdict(R, prepare=beside("refines", S, turned=True)),
        verdict(R, prepare=beside("refines", S)),
    ),
    Example(
        "coarser_refuted",
        "verdict",
        verdict(S, prepare=over("refines refines refines", R)),
        verdict(S, prepare=over("refines <refines refines", R)),
        "over a chain",
    ),
    Example(
        "coarser_refuted",
        "verdict",
        verdict("mostly_supported", prepare=over("repeats refines", "mostly_refuted")),
        verdict("contested", prepare=over("repeats refines", R)),
        "over what repeats it",
    ),
    Example("coarser_refuted", "relation", relation("refines", S, R), relation("refines", R, S), "by the relation"),
    Example(
        "coarser_refuted",
        "relation",
        chained([(0, "refines", 1)], "refines", 1, 2, S, "", R),
        chained([(0, "refines", 1)], "refines", 2, 1, S, "", R),
        "by the last link",
    ),
    # What follows by repeats and rivals.
    Example(
        "repeats_decided_apart",
        "verdict",
        verdict(R, prepare=beside("repeats", S)),
        verdict(S, prepare=beside("repeats", S)),
    ),
    Example(
        "repeats_decided_apart", "relation", relation("repeats", S, R), relation("repeats", S, S), "by the relation"
    ),
    Example(
        "repeats_rated_apart",
        "verdict",
        verdict("contested", prepare=beside("repeats", S)),
        verdict("contested", prepare=beside("repeats", "contested")),
    ),
    Example(
        "rival_supported",
        "verdict",
        verdict(S, prepare=beside("excludes", S)),
        verdict(S, prepare=beside("excludes", R)),
    ),
    Example(
        "rival_supported",
        "verdict",
        verdict(S, prepare=over("refines contradicts <refines", S)),
        verdict(S, prepare=over("<refines contradicts", S)),
        "through refinements",
    ),
    Example(
        "rival_supported",
        "verdict",
        verdict(S, prepare=over("repeats excludes", S)),
        verdict(S, prepare=over("compatible excludes", S)),
        "through a repetition",
    ),
    Example(
        "rival_supported",
        "verdict",
        verdict(S, prepare=in_question(S)),
        verdict(S, prepare=in_question("contested")),
        "of an exclusive question",
    ),
    Example(
        "rival_supported",
        "verdict",
        verdict(S, prepare=repeating_in_question("supports")),
        verdict(S, prepare=repeating_in_question("compatible")),
        "of an exclusive question, as what repeats it",
    ),
    Example("rival_supported", "relation", relation("excludes", S, S), relation("supports", S, S), "by the relation"),
    Example(
        "decided_against_chain",
        "verdict",
        verdict(R, prepare=over("contradicts contradicts", S)),
        verdict(S, prepare=over("contradicts contradicts", S)),
    ),
    Example(
        "likelihoods_exceed",
        "verdict",
        verdict("unproven", prepare=beside("excludes", "unproven", **LIKELY), **LIKELY),
        verdict("unproven", prepare=beside("compatible", "unproven", **LIKELY), **LIKELY),
    ),
    Example(
        "likelihoods_exceed",
        "verdict",
        verdict("unproven", prepare=in_question("unproven", "likely"), **LIKELY),
        verdict("unproven", prepare=in_question("unproven", "likely"), likelihood="unlikely"),
        "of an exclusive question",
    ),
    Example(
        "likelihoods_exceed",
        "verdict",
        verdict("unproven", prepare=over("repeats excludes", "unproven", **LIKELY), **LIKELY),
        verdict("unproven", prepare=over("refines excludes", "unproven", **LIKELY), likelihood="unlikely"),
        "of what repeats a rival",
    ),
    Example(
        "likelihoods_fall_short",
        "verdict",
        verdict("unproven", prepare=in_question("unproven", "unlikely", exhaustive=True), likelihood="unlikely"),
        verdict("unproven", prepare=in_question("unproven", "unlikely", exclusive=True), likelihood="unlikely"),
    ),
    # A04: relations of one pair that exclude each other.
    Example("relations_clash", "relation", second("contradicts", "repeats"), second("contradicts", "excludes")),
    Example(
        "relations_clash",
        "relation",
        second("excludes", "compatible", turned=True),
        second("supports", "compatible"),
        "told from the other",
    ),
    Example(
        "relations_clash", "relation", second("refines", "contradicts"), second("refines", "supports"), "a refinement"
    ),
    Example(
        "relations_clash",
        "relation",
        second("supports", "excludes", turned=True),
        second("supports", "refines", turned=True),
        "a support",
    ),
    Example(
        "refines_in_circle",
        "relation",
        chained([(0, "refines", 1), (1, "refines", 2)], "refines", 2, 0, "", "", ""),
        chained([(0, "refines", 1), (1, "refines", 2)], "refines", 0, 2, "", "", ""),
    ),
    Example(
        "rival_in_chain",
        "relation",
        chained([(0, "repeats", 1), (1, "repeats", 2)], "excludes", 0, 2, "", "", ""),
        chained([(0, "supports", 1), (1, "repeats", 2)], "excludes", 0, 2, "", "", ""),
    ),
    Example(
        "rival_in_chain",
        "relation",
        chained([(0, "refines", 1), (1, "excludes", 2)], "refines", 0, 2, "", "", ""),
        chained([(0, "refines", 1), (1, "excludes", 2)], "supports", 0, 2, "", "", ""),
        "two rivals at once",
    ),
    Example("rival_in_chain", "relation", answering("refines"), answering("supports"), "two answers at once"),
    Example("rival_numbers_overlap", "relation", numbered("excludes", (20, 30)), numbered("excludes", (60, 70))),
    Example(
        "rival_numbers_overlap",
        "relation",
        numbered("excludes", (50, 70)),
        numbered("excludes", (20, 30), "injured"),
        "at the edge",
    ),
    Example("numbers_apart_unrelated", "claim", counted((10, 50), (471, 471)), counted((10, 50), (40, 60))),
    Example(
        "numbers_apart_unrelated",
        "claim",
        counted((10, 50), (471, 471)),
        counted((10, 50), (471, 471), exclusive=True),
        "drafts on one exclusive question",
    ),
    # Dates.
    Example(
        "said_before_event",
        "attribution",
        said(said_on="2025-06", occurred_on="2025-07-01"),
        said(said_on="2025", occurred_on="2025-07-01"),
    ),
    Example(
        "said_after_printing",
        "attribution",
        said(said_on="2025-07-02", published_on="2025-07-01"),
        said(said_on="2025-07-01T08:00Z", published_on="2025-07-01"),
    ),
    Example(
        "said_after_printing",
        "attribution",
        said("alleges", said_on="2025-07-02T00:00Z", published_on="2025-07-01"),
        said("retracts", said_on="2025-07-02", published_on="2025-07-01"),
        "but for what takes the work back",
    ),
    Example(
        "relay_before_origin", "attribution", relayed("2025-07-02", "2025-07-01"), relayed("2025-07", "2025-07-01")
    ),
    Example(
        "retraction_before_statement",
        "attribution",
        retracted("2025-07-02", "2025-07-01"),
        retracted("2025-07-02", "2025-07-02"),
    ),
    Example("retraction_of_nothing", "attribution", taken_back_for(False), taken_back_for(True)),
    Example(
        "older_than_wording", "verdict", reworded("asserts", "Perhaps it was so."), reworded("questions", "Perhaps so.")
    ),
    Example(
        "older_than_wording", "verdict", reworded("disputes", "Perhaps it was so."), reworded("disputes", ""), "against"
    ),
    Example("date_in_future", "attribution", said(said_on="{next}"), said(said_on="{this}")),
    Example(
        "date_in_future",
        "document",
        body(kind="article", title="A work", published_on="{next}"),
        body(kind="article", title="A work", published_on="{this}"),
        "of a work",
    ),
    Example(
        "date_in_future",
        "evidence",
        body(kind="testimony", title="A sight", observed_on="{next}"),
        body(kind="testimony", title="A sight", observed_on="{this}"),
        "of evidence",
    ),
    Example(
        "date_in_future",
        "review",
        body(claim=CLAIM, publisher=SOURCE, url="https://check.example.org/r", reviewed_on="{next}"),
        body(claim=CLAIM, publisher=SOURCE, url="https://check.example.org/r", reviewed_on="{this}"),
        "of a review",
    ),
    Example("date_in_another_era", "attribution", said(said_on="2568-07-01"), said(said_on="2025-07-01")),
    Example(
        "date_in_another_era",
        "dispute",
        body(title="A dispute", question="What?", occurred_on="2568"),
        body(title="A dispute", question="What?", occurred_on="{next}"),
        "of an event",
    ),
    Example(
        "date_in_another_era",
        "source",
        lambda: {**body(kind="organisation", name="A desk", part_of=SOURCE)(), "part_of_since": "2568"},
        lambda: {**body(kind="organisation", name="A desk", part_of=SOURCE)(), "part_of_since": "{next}"},
        "of a source",
    ),
    Example(
        "retracted_before_published",
        "document",
        body(kind="article", title="A work", published_on="2025-07-02", retracted_on="2025-07-01"),
        body(kind="article", title="A work", published_on="2025-07-02", retracted_on="2025-07"),
    ),
    # Identity.
    Example("same_wikidata_id", "source", identified("Q42424242", "Q42424242"), identified("Q52525252", "Q52525253")),
)

WITHOUT_A_DOOR = {
    "review_by_past": "the form refuses such a day already: only the time between draft and publication breaks it",
}
"""Rules that nothing can break through a door, with the reason."""
