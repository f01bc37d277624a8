"""Puts the matrix of a dispute together from the rows of its dossier."""

from __future__ import annotations

from claims.dossier.mask import Mask
from claims.dossier.rows import Rows
from claims.logic.dossier import ClaimView
from claims.logic.matrix import Matrix


def assemble_matrix(claims: tuple[ClaimView, ...], rows: Rows, mask: Mask) -> Matrix:
    """The evidence that bears on any of `claims`, against each of them, as one reader may know it."""
    return Matrix()
