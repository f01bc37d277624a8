"""What a matrix comes to, in one plain sentence."""

from __future__ import annotations

from claims.logic.matrix import Matrix, named
from claims.logic.wording import one_after_another

NO_FINDING = "A rank orders the claims by what was rated; it is no finding."
"""What is told wherever ranks are."""
WEIGHT = (
    "By grades a piece counts the reliability of its source (A whole, then 0.8, 0.6, 0.4, E 0.2) times its own "
    "credibility (1 to 5 likewise); F and 6, which are unknown and not worst, count 0.6."
)
"""What is told wherever weights are."""


def plain_sentence(matrix: Matrix) -> str:
    """Against which claim least speaks and against which most, counted by piece, and on which pieces the analysts
    differ; the latter alone where no two claims can be compared."""
    ranked = [column for column in matrix.columns if column.rank]
    if len(ranked) < 2:
        told = _differing(matrix)
        return f"{told[:1].upper()}{told[1:]}."
    # Sums of floats differ with the order of their terms.
    against = {column.number: round(column.inconsistency, 9) for column in ranked}
    least, most = min(against.values()), max(against.values())
    first = [column.number for column in ranked if column.rank == 1]
    if least < most:
        best, worst = (named(number for number, score in against.items() if score == bound) for bound in (least, most))
        told = f"Of what was rated, least speaks against {best} and most against {worst}"
    elif len(first) < len(ranked):
        fits = "fits" if len(first) == 1 else "fit"
        told = f"As much speaks against each of {named(against)}, and {named(first)} {fits} the evidence best"
    else:
        told = f"The evidence does not tell {named(against)} apart"
    return f"{told}; {_differing(matrix)}."


def _differing(matrix: Matrix) -> str:
    if matrix.analysts < 2:
        return "one analyst rated"
    codes = [row.code for row in matrix.rows if any(cell.differs for cell in row.cells)]
    codes.sort(key=lambda code: int(code[1:]))
    return f"the {matrix.analysts} analysts {f'differ on {one_after_another(codes)}' if codes else 'agree'}"
