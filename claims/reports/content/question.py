"""One question of a dispute in a dossier: how far it is decided, the desk's answer, and the evidence on its claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from claims.logic import wording
from claims.logic.matrix import Matrix
from claims.reports.content.declare import Shown, Term, When


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """One question with its matrix; `claims` are the ids of those that answer it and may be read by this reader."""

    id: int
    order: int
    text: Annotated[str, Shown("question", column="title")]
    exclusive: Annotated[bool, Shown("at most one claim can hold")]
    exhaustive: Annotated[bool, Shown("one of the claims must hold")]
    answer: Annotated[str, Shown("answer of the desk", column="text")]
    answer_author: Annotated[str, Shown("answer written by", compared=False)]
    answer_reviewer: Annotated[str, Shown("answer published by", compared=False)]
    answer_published_at: Annotated[When, Shown("answered on", column="date")]
    overtaken_on: Annotated[When, Shown("older than what stands on it since", compared=False)]
    """When what stands on the question first changed after the answer: a claim or a verdict was published, or a claim
    withdrawn."""
    answer_draft: Annotated[str, Shown("answer that waits")]
    """For the desk alone, as the names of its people are."""
    answer_draft_author: Annotated[str, Shown("answer that waits written by", compared=False)]
    text_draft: Annotated[str, Shown("new wording that waits")]
    state: Annotated[Term, Shown("state", column="status")]
    sentence: Annotated[str, Shown("why", column="reason", compared=False)]
    claims: tuple[int, ...] = ()
    akin: bool = False
    """Whether two of them are no rivals, so that both may hold."""
    rivals: bool = False
    """Whether two of them are."""
    one_holds: bool = True
    """Whether the mark `exhaustive` can be of these claims: the reader sees all that were entered on it, and not all of
    them stand as refuted."""
    matrix: Matrix = field(default_factory=Matrix)

    @property
    def label(self) -> str:
        return self.text

    @property
    def holds(self) -> str:
        """What the desk has marked of the claims on it, as a sentence; empty where it has marked nothing."""
        exhaustive = self.exhaustive and self.one_holds
        return wording.holds(exclusive=self.exclusive, exhaustive=exhaustive, akin=self.akin, rivals=self.rivals)
