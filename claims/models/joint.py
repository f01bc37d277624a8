"""What can be one act: statements of several sources, on one side."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from claims.choices import Stance
from claims.logic.verbs import side_of


def refuse_joint(stance: str, others: Iterable[str], same_source: bool) -> None:
    """Raise ValidationError unless a statement with this verb can be one act with others that have theirs;
    `same_source` says whether its own source made one of them."""
    if same_source:
        message = "Choose a statement of another source: nobody makes one jointly with itself."
        raise ValidationError({"joint_with": ValidationError(message, code="own_statement")})
    for other in others:
        if len({side_of(code) for code in (stance, other) if code != Stance.RELAYS}) > 1:
            message = f"One act is not both “{other}” and “{stance}”: choose one verb, or no joint act."
            raise ValidationError({"joint_with": ValidationError(message, code="other_side")})
