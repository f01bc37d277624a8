"""What verdicts on claims that relations tie must not say at once; on plain values."""

from __future__ import annotations

from collections.abc import Iterator

from claims.choices import Leaning, RelationKind
from claims.rules.likelihood import RANGES
from claims.rules.network import Network
from claims.rules.registry import REFUSE, WARN, Broken, Finding, Row, Rule, Words, apply
from claims.rules.relations import PAIR, RELATION_RULES, SAME_WAY, claim_row, pair_broken, through


def both_supported(network: Network) -> Iterator[Broken]:
    """Two claims are supported, and one excludes what the other says, through repeats and refinements if need be."""
    supported = set(network.of_leaning(Leaning.SUPPORTED))
    for one in sorted(supported):
        for way in network.consequences(one, holds=True):
            other = way.claims[-1]
            apart = sum(kind not in SAME_WAY for kind in way.kinds)
            # From what says two rivals at once its own opposite follows: that is told of its relations.
            if other != one and not way.holds and other in supported and apart == 1:
                said = " cannot both be true, and both stand as supported"
                yield pair_broken(one, other, claim_row(one), " and ", claim_row(other), said, *through(way), ".")


def contradictories_both_refuted(network: Network) -> Iterator[Broken]:
    refuted = set(network.of_leaning(Leaning.REFUTED))
    for one in sorted(refuted):
        for way in network.consequences(one, holds=False):
            other = way.claims[-1]
            if way.holds and other in refuted and sum(kind not in SAME_WAY for kind in way.kinds) == 1:
                said = " cannot both be false, and both stand as refuted"
                yield pair_broken(one, other, claim_row(one), " and ", claim_row(other), said, *through(way), ".")


def finer_supported_coarser_refuted(network: Network) -> Iterator[Broken]:
    refuted = set(network.of_leaning(Leaning.REFUTED))
    for one in network.of_leaning(Leaning.SUPPORTED):
        for other, way in network.implied_by(one).items():
            if other in refuted and RelationKind.REFINES in way.kinds:
                said = " stands as supported and refines "
                yield pair_broken(
                    one, other, claim_row(one), said, claim_row(other), ", which stands as refuted", *through(way), "."
                )


def repeats_decided_apart(network: Network) -> Iterator[Broken]:
    refuted = set(network.of_leaning(Leaning.REFUTED))
    for one in network.of_leaning(Leaning.SUPPORTED):
        for other, way in network.implied_by(one).items():
            if other in refuted and RelationKind.REFINES not in way.kinds:
                said = " stands as supported and repeats "
                yield pair_broken(
                    one, other, claim_row(one), said, claim_row(other), ", which stands as refuted", *through(way), "."
                )


def repeats_rated_apart(network: Network) -> Iterator[Broken]:
    for tie in network.ties:
        one, other = (network.stands.get(end) for end in (tie.claim, tie.other))
        if tie.kind != RelationKind.REPEATS or one is None or other is None:
            continue
        opposite = {one.leaning, other.leaning} == {Leaning.SUPPORTED, Leaning.REFUTED}
        if one.rating and other.rating and one.rating != other.rating and not opposite:
            said = " repeats ", claim_row(other.id), ", and the two are rated differently."
            yield pair_broken(one.id, other.id, claim_row(one.id), *said)


def decided_against_chain(network: Network) -> Iterator[Broken]:
    """What is left: a way that turns more than once, such as over two contradictions, to what was decided otherwise."""
    leaning = {pk: stand.leaning for pk, stand in network.stands.items()}
    wrong = {True: Leaning.REFUTED, False: Leaning.SUPPORTED}
    for holds in (True, False):
        for one in network.of_leaning(Leaning.SUPPORTED if holds else Leaning.REFUTED):
            for way in network.consequences(one, holds=holds):
                other = way.claims[-1]
                if sum(kind not in SAME_WAY for kind in way.kinds) > 1 and leaning.get(other) == wrong[way.holds]:
                    said = " decides ", claim_row(other), " the other way", *through(way), "."
                    yield pair_broken(one, other, "What is published on ", claim_row(one), *said)


def likelihoods_exceed(network: Network) -> Iterator[Broken]:
    """Lower bounds of claims of which one at most holds sum to more than 100 percent.

    Looked for from each claim, taking the likeliest first: what is found is wrong; that nothing is found does not
    prove it right where many claims exclude some of the others only.
    """
    given = {pk: RANGES[stand.likelihood][0] for pk, stand in network.stands.items() if stand.likelihood in RANGES}
    order = sorted(given, key=lambda pk: (-given[pk], pk))
    rivals = {pk: network.rivals(pk) & given.keys() for pk in order}
    for first in order:
        chosen = [first]
        for pk in order:
            if pk != first and all(pk in rivals[other] for other in chosen):
                chosen.append(pk)
            if sum(given[pk] for pk in chosen) > 100:
                break
        total = sum(given[pk] for pk in chosen)
        if total > 100:
            chosen.sort()
            said = f" cannot be true together, and their likelihoods sum to at least {total} %."
            yield Broken(tuple(map(claim_row, chosen)), (*_listed(chosen), said))


ALONE = "is all that is published of what there can be"
TOGETHER = "are all that is published of what there can be"


def likelihoods_fall_short(network: Network) -> Iterator[Broken]:
    for group in network.exhaustive:
        stands = [network.stands.get(pk) for pk in sorted(group)]
        highs = [RANGES[stand.likelihood][1] for stand in stands if stand and stand.likelihood in RANGES]
        if group and len(highs) == len(group) and sum(highs) < 100:
            told = f"{ALONE}, and its likelihood is"
            if len(group) > 1:
                told = f"{TOGETHER}, and their likelihoods sum to"
            said = f" {told} at most {sum(highs)} %."
            yield Broken(tuple(map(claim_row, sorted(group))), (*_listed(sorted(group)), said))


def exhaustive_refuted(network: Network) -> Iterator[Broken]:
    """One of the claims of an exhaustive question holds, and all that are published are refuted; one that is not
    decided yet may be the one. A draft is not: readers would see that none of theirs holds, and be told that one does.
    """
    refuted = set(network.of_leaning(Leaning.REFUTED))
    for group in network.exhaustive:
        if group and group <= refuted:
            said = f" {ALONE}, and stands as refuted."
            if len(group) > 1:
                said = f" {TOGETHER}, and all stand as refuted."
            yield Broken(tuple(map(claim_row, sorted(group))), (*_listed(sorted(group)), said))


def _listed(claims: list[int]) -> Words:
    said: list[str | Row] = []
    for place, claim in enumerate(claims):
        said += [] if not place else [" and " if place == len(claims) - 1 else ", "]
        said.append(claim_row(claim))
    return tuple(said)


CORRECT = "Correct one of the verdicts, or withdraw the relation that ties them."
VERDICT_RULES = (
    Rule(
        "rival_supported",
        REFUSE,
        "Of two claims that cannot both be true, one at most is published as supported, also where one is reached "
        "through what repeats or refines it.",
        "Correct one of the two verdicts, or undo what makes them rivals: a relation, or an exclusive question.",
        both_supported,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "contradictories_refuted",
        REFUSE,
        "Of two claims that contradict each other one holds: not both are published as refuted.",
        f"{CORRECT} Where both may be false they exclude each other (excludes), and do not contradict each other.",
        contradictories_both_refuted,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "exhaustive_refuted",
        REFUSE,
        "Of the claims of an exhaustive question one holds: not all that are published are published as refuted.",
        "Correct one of the verdicts, publish the claim that is missing first, or say that the question is not "
        "exhaustive.",
        exhaustive_refuted,
        field="rating",
    ),
    Rule(
        "coarser_refuted",
        REFUSE,
        "Where the finer claim is published as supported, the coarser one is not refuted.",
        CORRECT,
        finer_supported_coarser_refuted,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "repeats_decided_apart",
        REFUSE,
        "Of two claims that say the same, not one is published as supported and the other as refuted.",
        CORRECT,
        repeats_decided_apart,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "repeats_rated_apart",
        WARN,
        "Two claims that say the same have the same rating.",
        CORRECT,
        repeats_rated_apart,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "decided_against_chain",
        REFUSE,
        "No verdict decides, through a chain of relations, a claim the other way than the verdict on that claim.",
        CORRECT,
        decided_against_chain,
        field="rating",
        about=PAIR,
    ),
    Rule(
        "likelihoods_exceed",
        REFUSE,
        "The likelihoods of claims of which one at most holds do not sum, by their lower bounds, to more than one.",
        "Choose a lower likelihood for one of them, or none.",
        likelihoods_exceed,
        field="likelihood",
        about=PAIR,
    ),
    Rule(
        "likelihoods_fall_short",
        REFUSE,
        "The likelihoods of the published claims of an exhaustive question do not sum, by their upper bounds, to less "
        "than one.",
        "Choose a higher likelihood for one of them, or publish the claim that is missing first.",
        likelihoods_fall_short,
        field="likelihood",
    ),
)
"""What is asked when a verdict is published or confirmed, when a relation ties two claims, when a claim is published,
and when a question gets another bound or claim."""


def find_clashes(network: Network) -> Iterator[Finding]:
    """What verdicts break. Only relations of published claims bind them: a reader can follow no others."""
    return apply(VERDICT_RULES, network.binding)


def find_in_network(network: Network) -> Iterator[Finding]:
    """What relations break, also those of drafts, and what verdicts do."""
    yield from apply(RELATION_RULES, network)
    yield from find_clashes(network)
