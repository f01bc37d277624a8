"""Who is whose rival, against the definition reckoned by walking over all claims and relations for each pair."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.rules.decided import find_clashes, find_in_network
from claims.rules.network import Network, Stand
from claims.rules.question_state import Side, question_state
from claims.rules.rivalry import Rivalry, Tie

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
KINDS = ["contradicts", "excludes", "refines", "repeats", "compatible", "supports"]
CLAIMS = range(6)
TURNS = [["contradicts"], ["excludes"], ["exclusive"]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Tie], dict[int, int]]:
    pair = st.tuples(st.sampled_from(KINDS), st.sampled_from(CLAIMS), st.sampled_from(CLAIMS))
    ties = [Tie(*row) for row in draw(st.lists(pair, max_size=7)) if row[1] != row[2]]
    answers = draw(st.dictionaries(st.sampled_from(CLAIMS), st.sampled_from([10, 11])))
    return ties, answers


def same(one: int, ties: list[Tie]) -> set[int]:
    """The claim and all that repeat it, through others if need be."""
    found = {one}
    while True:
        more = {end for tie in ties if tie.kind == "repeats" for end in tie[1:3] if {*tie[1:3]} & found} - found
        if not more:
            return found
        found |= more


def refines(one: set[int], other: set[int], ties: list[Tie]) -> bool:
    """Whether a chain of refinements leads from one to the other; claims that repeat each other are one."""
    reached: set[int] = set()
    found = set(one)
    while found - reached:
        reached |= found
        found |= {
            end for tie in ties if tie.kind == "refines" and tie.claim in reached for end in same(tie.other, ties)
        }
    steps = {end for tie in ties if tie.kind == "refines" and tie.claim in reached for end in same(tie.other, ties)}
    return bool(steps & other)


def are_rivals(one: int, other: int, ties: list[Tie], answers: dict[int, int]) -> bool:
    """The definition, word for word."""
    if one == other:
        return False
    here, there = same(one, ties), same(other, ties)
    for tie in ties:
        ends = (tie.claim, tie.other)
        if tie.kind in {"contradicts", "excludes"} and any(
            {*pair} == {*ends} and pair[0] != pair[1] for pair in product(here, there)
        ):
            return True
    if here == there:
        return False
    one_question = {answers[pk] for pk in here if pk in answers} & {answers[pk] for pk in there if pk in answers}
    fits = any(tie.kind == "compatible" and ({*tie[1:3]} & here) and ({*tie[1:3]} & there) for tie in ties)
    return bool(one_question) and not fits and not refines(here, there, ties) and not refines(there, here, ties)


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs())
def test_rivals_are_those_of_the_definition(graph: tuple[list[Tie], dict[int, int]]) -> None:
    ties, answers = graph
    rivalry = Rivalry(ties, answers)
    for one in CLAIMS:
        expected = [other for other in CLAIMS if are_rivals(one, other, ties, answers)]
        assert [other for other in CLAIMS if rivalry.between(one, other)] == expected
        assert rivalry.of(one) == expected
        assert [other for other in CLAIMS if rivalry.between(other, one)] == expected


def worlds(ties: list[Tie], answers: dict[int, int]) -> list[set[int]]:
    """The claims that hold, in each way in which the claims can hold and not hold together by what is on record."""
    rivals = [(one, other) for one, other in combinations(CLAIMS, 2) if are_rivals(one, other, ties, answers)]
    found = []
    for number in range(2 ** len(CLAIMS)):
        true = {claim for claim in CLAIMS if number >> claim & 1}
        bound = any({*pair} <= true for pair in rivals)
        for kind, one, other, _point in ties:
            bound |= kind == "refines" and one in true and other not in true
            bound |= kind == "repeats" and (one in true) != (other in true)
            bound |= kind == "contradicts" and (one in true) == (other in true)
            bound |= kind == "excludes" and {one, other} <= true
        if not bound:
            found.append(true)
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs())
def test_akin_is_what_follows_or_is_compatible(graph: tuple[list[Tie], dict[int, int]]) -> None:
    """Against all the ways in which the six claims can hold; asked of claims that can hold and need not."""
    ties, answers = graph
    rivalry, there = Rivalry(ties, answers), worlds(ties, answers)
    open_ = [pk for pk in CLAIMS if any(pk in true for true in there) and any(pk not in true for true in there)]
    for one, other in product(open_, repeat=2):
        if one != other:
            follows = all(other in true for true in there if one in true)
            back = all(one in true for true in there if other in true)
            here, beyond = same(one, ties), same(other, ties)
            fits = any(tie.kind == "compatible" and ({*tie[1:3]} & here) and ({*tie[1:3]} & beyond) for tie in ties)
            assert rivalry.follows(one, other) == follows
            assert rivalry.akin(one, other) == (fits or follows or back)


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs(), st.frozensets(st.sampled_from(CLAIMS)), st.booleans())
def test_no_rule_refuses_what_settles_a_question(
    graph: tuple[list[Tie], dict[int, int]], beside: frozenset[int], exclusive: bool
) -> None:
    """One claim of a question is supported, the others of it and all else are undecided: what the state asks to be
    refuted can be, if it can be false at all."""
    ties, elsewhere = graph
    beside |= {0}
    answers = {pk: question for pk, question in elsewhere.items() if pk not in beside}
    answers |= dict.fromkeys(beside, 12) if exclusive else {}
    before = Network({0: Stand(0, "supported")}, tuple(ties), answers)
    if not refused(before):
        rivalry = before.rivalry
        sides = [Side(claim, "supported", True) if claim == 0 else Side(claim) for claim in beside]
        found = question_state(sides, rivalry.between, rivalry.akin, rivalry.follows)
        # Of two others that contradict each other one holds: which, the desk says, and how it bears on the first.
        asked = found.against if found.code == "rivals_stand" else found.against[:1]
        assert bool(asked) == (found.state == "open")
        # Of three that contradict each other two by two none can be false, nor true: that is no matter of the first.
        there = worlds(ties, answers)
        if all(any(claim not in true for true in there) for claim in asked):
            decided = before.stands | {claim: Stand(claim, "refuted") for claim in asked}
            assert not refused(replace(before, stands=decided))


def refused(network: Network) -> list[str]:
    return [finding.rule.code for finding in find_in_network(network) if finding.rule.level == "refuse"]


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs(), st.frozensets(st.sampled_from(CLAIMS)))
def test_no_verdict_is_bound_by_a_relation_of_a_draft(
    graph: tuple[list[Tie], dict[int, int]], hidden: frozenset[int]
) -> None:
    ties, answers = graph
    seen = {pk: question for pk, question in answers.items() if pk not in hidden}
    stands = {pk: Stand(pk, ("supported", "refuted")[pk % 2]) for pk in CLAIMS if pk not in hidden}
    public = [tie for tie in ties if tie.claim not in hidden and tie.other not in hidden]
    with_drafts = [finding.key for finding in find_clashes(Network(stands, tuple(ties), seen, hidden=hidden))]
    assert with_drafts == [finding.key for finding in find_clashes(Network(stands, tuple(public), seen))]


@settings(max_examples=EXAMPLES, deadline=None)
@given(graphs())
def test_the_rules_on_relations_know_the_same_rivals(graph: tuple[list[Tie], dict[int, int]]) -> None:
    """By one turn, and through repeats alone, they come to the rivals of the definition, and to no others."""
    ties, answers = graph
    network = Network(ties=tuple(ties), answers=answers)
    for one in CLAIMS:
        expected = {other for other in CLAIMS if are_rivals(one, other, ties, answers)}
        assert network.rivals(one) == expected
        ways = [way for way in network.consequences(one, holds=True) if not way.holds and way.claims[-1] != one]
        assert expected <= {way.claims[-1] for way in ways}
        near = [way for way in ways if [kind for kind in way.kinds if kind != "repeats"] in TURNS]
        assert {way.claims[-1] for way in near} <= expected
        for way in near:
            (turn,) = (place for place, kind in enumerate(way.kinds) if kind != "repeats")
            before, after, kind = *way.claims[turn : turn + 2], way.kinds[turn]
            if kind == "exclusive":
                assert answers[before] == answers[after]
            else:
                assert any(tie.kind == kind and {*tie[1:3]} == {before, after} for tie in ties)


def test_nested_claims_of_an_exclusive_question_are_no_rivals() -> None:
    ties = [Tie("refines", 1, 2), Tie("refines", 2, 3), Tie("compatible", 4, 3)]
    rivalry = Rivalry(ties, dict.fromkeys((1, 2, 3, 4, 5), 7))
    assert [rivalry.of(claim) for claim in (1, 2, 3, 4, 5)] == [[4, 5], [4, 5], [5], [1, 2, 5], [1, 2, 3, 4]]


def test_a_claim_that_repeats_another_has_its_rivals() -> None:
    rivalry = Rivalry([Tie("repeats", 1, 2), Tie("contradicts", 2, 3), Tie("repeats", 4, 3)], {})
    assert [rivalry.of(claim) for claim in (1, 2, 3, 4)] == [[3, 4], [3, 4], [1, 2], [1, 2]]
