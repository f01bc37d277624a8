"""Pieces and origins of evidence against `docs/definitions.md`, reckoned a second way: from pair to pair, until nothing
more joins."""

from __future__ import annotations

import os
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import BEARINGS, TOGETHER, count_pieces
from claims.logic.pieces import Kinship, Shown

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
CLAIMS, SETS, DOCUMENTS = (1, 2), ("", "", "A", "B"), (1, 2, 3)
World = tuple[list[Shown], dict[int, int | None], dict[int, set[int]], set[int]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """What is shown on two claims; from what each piece derives, also hidden ones; their documents; and those that
    say why they are an origin of their own."""
    size = draw(st.integers(1, 7))
    derived = {
        piece: draw(st.none() | st.integers(1, piece - 1)) if piece > 1 else None for piece in range(1, size + 1)
    }
    carriers = {piece: draw(st.sets(st.sampled_from(DOCUMENTS), max_size=2)) for piece in derived}
    alone = {piece for piece in derived if draw(st.booleans()) and draw(st.booleans())}
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(sorted(derived)), st.sampled_from(CLAIMS)), unique=True, max_size=8)
    )
    shown = [
        Shown(piece, draw(st.sampled_from(BEARINGS)), claim, draw(st.sampled_from(SETS))) for piece, claim in pairs
    ]
    return shown, derived, carriers, alone


def kinship(world: World) -> Kinship:
    _shown, derived, carriers, alone = world
    return Kinship(derived, {piece: documents for piece, documents in carriers.items() if piece not in alone})


def one_set(one: int, other: int, shown: list[Shown]) -> bool:
    sets = [(row.claim, row.set_name, row.evidence) for row in shown if row.set_name]
    return any((claim, name, other) in sets for claim, name, piece in sets if piece == one)


def closed(groups: list[set[int]], joined: set[frozenset[int]]) -> list[set[int]]:
    """The groups, any two of them put together that hold a joined pair, again and again."""
    for one, other in combinations(groups, 2):
        if any(frozenset({a, b}) in joined for a in one for b in other):
            return closed([*(group for group in groups if group not in (one, other)), one | other], joined)
    return groups


def naive_origins(world: World) -> list[set[int]]:
    shown, derived, carriers, alone = world
    known = {row.evidence for row in shown}
    while more := {parent for piece in known if (parent := derived[piece]) is not None} - known:
        known |= more
    joined = {
        frozenset({one, other})
        for one, other in combinations(sorted(known), 2)
        if other in (derived[one], one)
        or derived[other] == one
        or (carriers[one] & carriers[other] and not {one, other} & alone)
        or one_set(one, other, shown)
    }
    return closed([{piece} for piece in sorted(known)], joined)


def naive_pieces(shown: list[Shown]) -> list[set[int]]:
    known = sorted({row.evidence for row in shown})
    joined = {frozenset(pair) for pair in combinations(known, 2) if one_set(*pair, shown)}
    return closed([{piece} for piece in known], joined)


def touched(groups: list[set[int]], pieces: set[int]) -> int:
    return sum(bool(group & pieces) for group in groups)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds())
def test_pieces_and_origins_are_what_the_definition_says(world: World) -> None:
    shown = world[0]
    counted = count_pieces(shown, kinship(world))
    origins, pieces = naive_origins(world), naive_pieces(shown)
    for bearing in (*BEARINGS, TOGETHER):
        of = {row.evidence for row in shown if bearing in (row.bearing, TOGETHER)}
        assert (counted[bearing].total, counted[bearing].origins) == (touched(pieces, of), touched(origins, of))
        assert counted[bearing].origins <= counted[bearing].total <= len(of)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds())
def test_two_pieces_have_the_same_origin_only_where_something_joins_them(world: World) -> None:
    named = kinship(world).origins_of(world[0])
    for one, other in combinations(named, 2):
        together = any({one, other} <= group for group in naive_origins(world))
        assert (named[one] == named[other]) == together


def shown_on_one_claim(*pieces: int) -> list[Shown]:
    return [Shown(piece, "supports", 1) for piece in pieces]


def origins(shown: list[Shown], kinship: Kinship) -> int:
    return count_pieces(shown, kinship)["supports"].origins


def test_three_findings_of_one_document_are_one_origin_unless_one_says_why_not() -> None:
    shown = shown_on_one_claim(1, 2, 3)
    assert origins(shown, Kinship(carriers={1: [7], 2: [7], 3: [7]})) == 1
    assert origins(shown, Kinship(carriers={1: [7], 2: [7]})) == 2


def test_what_derives_from_a_hidden_piece_has_also_the_origin_of_its_documents() -> None:
    hidden = {1: 9, 2: None, 9: None}
    assert origins(shown_on_one_claim(1, 2), Kinship(hidden, {9: [7], 2: [7]})) == 1
    assert origins(shown_on_one_claim(1, 2), Kinship(hidden, {9: [7], 2: [8]})) == 2


def test_a_circle_of_pieces_is_one_origin() -> None:
    assert origins(shown_on_one_claim(1, 2), Kinship({1: 2, 2: 1})) == 1


def test_a_set_is_one_piece_on_its_own_claim_and_no_set_on_another() -> None:
    shown = [Shown(1, "supports", 1, "Chain"), Shown(2, "supports", 1, "Chain"), Shown(3, "supports", 2, "Chain")]
    assert (count_pieces(shown, Kinship())["supports"].total, origins(shown, Kinship())) == (2, 2)
