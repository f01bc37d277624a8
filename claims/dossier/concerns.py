"""Looks for what is amiss with a dispute, in the rows of its dossier."""

from __future__ import annotations

from claims.dossier.rows import Rows
from claims.logic.concerns import Concern
from claims.logic.dossier import ClaimView


def find_concerns(claims: tuple[ClaimView, ...], rows: Rows) -> tuple[Concern, ...]:
    """What the desk should look at."""
    return ()
