"""What one reader may know of one source: what it says on which claims, over time, and how those were decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from claims.logic.balance import BalanceRow, Outcome
from claims.logic.verbs import MAKES, REJECTS, RELAYS, RETRACTS, VERBS
from claims.logic.wording import counted
from claims.reports.content.cards import ClaimCard
from claims.reports.content.rows import SourceContent
from claims.reports.content.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Followed:
    """How the claims stand that it asserted or alleged, rejected, or took back: each verdict and on how many."""

    verb: str
    outcome: Outcome

    @property
    def words(self) -> str:
        """`asserted 3 claims`, `took a statement back on 1 claim`."""
        return f"{self.verb} {counted(self.outcome.claims, 'claim', 'claims')}"

    @property
    def shares(self) -> tuple[tuple[str, int], ...]:
        """The verdicts in the order of their scale, then what has none; they add up to all claims."""
        rated = tuple((rating.label, rating.claims) for rating in self.outcome.ratings)
        return (*rated, ("No verdict yet", self.outcome.undecided)) if self.outcome.undecided else rated


@dataclass(frozen=True, slots=True)
class SourceDossier:
    """One source. `statements` holds the newest of what it said or had said; `more` tells that there are others."""

    source: SourceContent
    parent: str
    """The short name of the body to which it belongs; empty without one that the reader may know."""
    parts: tuple[tuple[str, str], ...]
    """The bodies and persons that belong to it: short name and name."""
    claims: tuple[ClaimCard, ...]
    statements: Timeline
    more: bool
    balance: BalanceRow | None

    @property
    def stances(self) -> Timeline:
        """Its statements without what it only passed on, which tells nothing of what it holds."""
        held = (row for row in self.statements.positions if row.stance.code != RELAYS)
        return replace(self.statements, positions=tuple(held))

    @property
    def followed(self) -> tuple[Followed, ...]:
        """What it asserted or alleged, denied or disputed, and took back, as far as it did any of it."""
        if self.balance is None:
            return ()
        balance = self.balance
        took_back = f"{VERBS[RETRACTS].did} on"
        all_of_it = (
            (self._did(MAKES), balance.asserted),
            (self._did(REJECTS), balance.denied),
            (took_back, balance.taken_back),
        )
        return tuple(Followed(did, outcome) for did, outcome in all_of_it if outcome.claims)

    def _did(self, codes: Collection[str]) -> str:
        """What it did of this, in words: `asserted`, `asserted or alleged`."""
        said = self.balance.statements if self.balance is not None else {}
        return " or ".join(verb.did_so for code, verb in VERBS.items() if code in codes and said.get(code))
