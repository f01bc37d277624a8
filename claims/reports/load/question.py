"""Puts one question of a dossier together: its state, the desk's answer, and the matrix of its claims."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from claims.choices import ClaimStatus, Leaning, QuestionState
from claims.models import Question
from claims.reports.content.claim import ClaimContent, numbered
from claims.reports.content.question import QuestionContent
from claims.reports.load.fields import content_of, moment, term
from claims.reports.load.matrix import assemble_matrix
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows


def assemble_question(
    question: Question, claims: Sequence[ClaimContent], rows: Rows, redaction: Redaction
) -> QuestionContent:
    """The question as one reader may know it; `claims` are all of its dispute that they may read."""
    own = [claim for claim in claims if claim.question_id == question.pk]
    standing = [claim for claim in own if claim.status.code != ClaimStatus.WITHDRAWN]
    found, desk = question.found, redaction.desk
    pairs = _rivalries(standing, rows)
    refuted = all(claim.verdict is not None and claim.verdict.rating.leaning == Leaning.REFUTED for claim in standing)
    return content_of(
        QuestionContent,
        question,
        answer_author=redaction.person(question.answer_author),
        answer_reviewer=redaction.person(question.answer_reviewer),
        overtaken_on=moment(found.overtaken_on if found else None),
        answer_draft=question.answer_draft if desk else "",
        text_draft=question.text_draft if desk else "",
        answer_draft_author=redaction.person(question.answer_draft_author) if desk else "",
        state=term(found.state if found else "", QuestionState),
        sentence=found.sentence if found else "",
        claims=tuple(claim.id for claim in own),
        akin=not all(pairs),
        rivals=any(pairs),
        one_holds=not refuted and (desk or found is None or not found.waiting),
        matrix=assemble_matrix(own, rows, redaction, numbered(claims)),
    )


def _rivalries(claims: Sequence[ClaimContent], rows: Rows) -> list[bool]:
    """For each two of these claims whether they are rivals."""
    rivals = {claim.id: {row.pk for row in rows.speakers.rivals.get(claim.id, ())} for claim in claims}
    return [other in rivals[one] for one, other in combinations(rivals, 2)]
