"""The positions that each voice took on a dispute, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was said on a dispute, by whom, when, and where a voice departs from what it said before."""
