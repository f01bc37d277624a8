"""Loads a claim with what it is judged beside: its rivals, and the question that it answers with its matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from claims.choices import ClaimStatus
from claims.models import Claim
from claims.models.claim import readable_claims
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Imprint
from claims.reports.content.question import QuestionContent
from claims.reports.load.assemble import assemble_claim
from claims.reports.load.question import assemble_question
from claims.reports.load.questions import load_states
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows
from claims.rules.rivalry import rivalry_around
from factcheck.base.people import Reader

MOST = 30
"""Claims beside the one that is judged; more are counted, and their dispute has them."""


@dataclass(frozen=True, slots=True)
class Beside:
    """`rivals` are those of the claim that the reader may read and that were not withdrawn; `more` is how many there
    are besides. `question` is the one that it answers, None where it answers none or too many claims do."""

    claim: ClaimContent
    rivals: tuple[ClaimContent, ...]
    more: int
    question: QuestionContent | None


def load_beside(claim: Claim, user: Reader) -> Beside:
    """The claim as `user` may know it, in a number of queries that does not depend on what hangs on it.

    Raises Claim.DoesNotExist when they may not read it.
    """
    redaction = Redaction.of(user)
    claim = Claim.objects.visible_to(user).select_related("question").get(pk=claim.pk)
    around = set(rivalry_around([claim.pk], lambda path: readable_claims(user, path)).of(claim.pk))
    readable = Claim.objects.visible_to(user).exclude(pk=claim.pk).select_related("question").order_by("pk")
    answering = Q(question=claim.question_id) if claim.question_id is not None else Q(pk__in=())
    near = list(readable.filter(Q(pk__in=around) | answering))
    rivals = {row.pk for row in near if row.pk in around and row.status != ClaimStatus.WITHDRAWN}
    # A withdrawn claim is nobody's rival; in the matrix of its question it has its column.
    beside = [row for row in near if row.pk in rivals or (claim.question_id and row.question_id == claim.question_id)]
    # Rivals first: where there are too many claims, those that merely answer the same question are left out.
    beside.sort(key=lambda row: row.pk not in rivals)
    shown = [claim, *beside[:MOST]]
    views, rows = _assemble(shown, user, redaction)
    return Beside(
        claim=views[0],
        rivals=tuple(view for view in views if view.id in rivals),
        more=max(0, len(rivals) - MOST),
        question=_question(claim, views, rows, redaction) if len(beside) <= MOST else None,
    )


def load_contents(claims: Sequence[Claim], user: Reader) -> list[ClaimContent]:
    """These claims, which `user` may read and which come with their questions, in a fixed number of queries."""
    return _assemble(claims, user, Redaction.of(user))[0]


def _assemble(claims: Sequence[Claim], user: Reader, redaction: Redaction) -> tuple[list[ClaimContent], Rows]:
    shown = [row.pk for row in claims]
    rows = Rows.of(shown, user)
    imprint = Imprint(settings.FACTCHECK_NEWSROOM, settings.FACTCHECK_BASE_URL, timezone.now(), redaction.desk)
    return [assemble_claim(row, rows, redaction, imprint, shown) for row in claims], rows


def _question(claim: Claim, views: Sequence[ClaimContent], rows: Rows, redaction: Redaction) -> QuestionContent | None:
    if claim.question is None:
        return None
    load_states([claim.question])
    return assemble_question(claim.question, views, rows, redaction)
