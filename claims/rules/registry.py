"""What a rule is: declared as data, with a pure function on plain values that finds where it is broken.

Nothing here asks the database. The rules stand in the modules beside this one, each below its function, and
`claims.rules.catalogue` has all of them in one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from claims.choices import RuleLevel

REFUSE, WARN, HINT = RuleLevel.REFUSE, RuleLevel.WARN, RuleLevel.HINT
GRAVITY = (REFUSE, WARN, HINT)
"""The levels, the gravest first."""


class Row(NamedTuple):
    """One row of the register: its noun, such as "claim", and its id."""

    noun: str
    id: int


Words: TypeAlias = tuple[str | Row, ...]
"""A sentence in pieces: a row is named by whoever tells it, as far as the reader may know of it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where a rule does not hold: the rows that break it together, and how, as a sentence.

    `field` is the input that it is about where the rule has none of its own.
    """

    rows: tuple[Row, ...]
    words: Words
    field: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that the records of the register keep among themselves.

    `sentence` says what holds, `remedy` what to do where it does not. `check` finds the places; it is None where
    something else holds the rule, which `held_by` then names: a constraint of the database, or a step. Such a rule is
    `fixed`: its level never changes. `highest` is the gravest level that the desk may give it: what comes about by
    itself cannot be refused. `about` are the nouns of the rows that an exception names.
    """

    code: str
    level: RuleLevel
    sentence: str
    remedy: str
    check: Callable[[Any], Iterator[Broken]] | None = None
    field: str = ""
    about: tuple[str, ...] = ("claim",)
    fixed: bool = False
    held_by: str = ""
    highest: RuleLevel = REFUSE

    def allows(self, level: str) -> bool:
        """Whether the desk may give the rule this level."""
        return level == self.level if self.fixed else GRAVITY.index(RuleLevel(level)) >= GRAVITY.index(self.highest)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule and one place where it is broken."""

    rule: Rule
    broken: Broken

    @property
    def key(self) -> tuple[str, frozenset[Row]]:
        """What makes two findings the same: the rule, and the rows."""
        return self.rule.code, frozenset(self.broken.rows)

    @property
    def field(self) -> str:
        """The input that it is about."""
        return self.broken.field or self.rule.field

    def claims(self) -> tuple[int, ...]:
        """The ids of the claims among its rows."""
        return tuple(row.id for row in self.broken.rows if row.noun == "claim")


def apply(rules: tuple[Rule, ...], case: object) -> Iterator[Finding]:
    """Everything that these rules find in one case, each place once."""
    for rule in rules:
        if rule.check is not None:
            seen = set()
            for broken in rule.check(case):
                finding = Finding(rule, broken)
                if finding.key not in seen:
                    seen.add(finding.key)
                    yield finding
