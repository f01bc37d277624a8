"""To which body a source belonged when it spoke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from factcheck.base.edtf import certainly_since, certainly_within


class Belonging(NamedTuple):
    """A body to which a source belonged, None for none, and from when to when; empty where that is not known."""

    part_of: int | None
    since: str
    until: str


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
