"""To which body a source belonged when it spoke, and for which body it so spoke."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from factcheck.base.edtf import certainly_since, certainly_within

# An office speaks through its officials, and a body through its parts. Whoever is employed by a paper or an airline
# does not speak for it, nor does a paper for its owner, be that the state; and a witness tells what they saw.
_BODIES = frozenset({"state_body", "organisation", "news_outlet"})
_SPEAKS_FOR: Mapping[str, frozenset[str]] = {
    "person": frozenset({"state_body"}),
    "organisation": _BODIES,
    "state_body": _BODIES,
    "news_outlet": frozenset({"news_outlet"}),
    "witness": frozenset(),
}


class Belonging(NamedTuple):
    """A body to which a source belonged, None for none, and from when to when; empty where that is not known."""

    part_of: int | None
    since: str
    until: str


class Member(NamedTuple):
    """A source with the body to which it belongs now, since when, and what is on record of earlier times."""

    kind: str
    part_of: int | None
    since: str
    earlier: Sequence[Belonging] = ()


def body_on(day: str, present: int | None, present_since: str, earlier: Sequence[Belonging]) -> int | None:
    """The body to which a source certainly belonged on a day; None where it was none, or where that is not certain.

    What is on record of earlier times goes before the present body. Where nothing is, the present one has always been
    it, unless somebody said since when.
    """
    held = {row.part_of for row in earlier if certainly_within(day, row.since, row.until)}
    if held:
        return held.pop() if len(held) == 1 else None
    if day and present_since:
        return present if certainly_since(day, present_since) else None
    return None if earlier else present


def voice_of(source: int, day: str, members: Mapping[int, Member]) -> int:
    """The topmost body for which `source` spoke on a day (EDTF), or itself; `members` are those that the reader knows.

    Each step leads to the body to which it belonged on that day, and only where its kind speaks for such a body.
    """
    seen = [source]
    while (member := members.get(seen[-1])) is not None:
        above = body_on(day, member.part_of, member.since, member.earlier)
        if above is None or above in seen or above not in members:
            break
        if members[above].kind not in _SPEAKS_FOR.get(member.kind, frozenset()):
            break
        seen.append(above)
    return seen[-1]


def hangs_on_day(source: int, members: Mapping[int, Member]) -> bool:
    """Whether the voice of `source` can be another on another day: it, or a body above it, has a date or a past."""
    seen: set[int | None] = set()
    above: Collection[int | None] = {source}
    while above := {pk for pk in above if pk in members} - seen:
        seen |= above
        found = [members[pk] for pk in above if pk is not None]
        if any(member.since or member.earlier for member in found):
            return True
        above = {member.part_of for member in found}
    return False
