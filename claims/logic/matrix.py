"""Analysis of competing hypotheses: how the evidence of a dispute tells its rival claims apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matrix:
    """The evidence of a dispute against its claims."""
