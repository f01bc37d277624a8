"""Which claims are rivals: they cannot both be true.

The rule on plain values first, then the queries that ask the register for them. `docs/definitions.md` says it in words.
"""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Claim, ClaimRelation


def rivals_among(claim: int, pairs: Iterable[tuple[int, int]], everyone: Iterable[int] = ()) -> list[int]:
    """The ids of the rivals of the claim: the other ends of its rivalries, and `everyone` else where all exclude
    each other."""
    linked = {end for pair in pairs if claim in pair for end in pair}
    return sorted({*linked, *everyone} - {claim})


def rivals_of(claim: Claim) -> list[int]:
    """The ids of the rivals of `claim`: by a standing relation, and in an exclusive dispute all other claims."""
    pairs = ClaimRelation.objects.rivalries().touching(claim).values_list("claim_id", "other_id")
    exclusive = claim.dispute is not None and claim.dispute.exclusive
    everyone = claim.dispute.claims.values_list("pk", flat=True) if claim.dispute is not None and exclusive else ()
    return rivals_among(claim.pk, pairs, everyone)
