"""The questions that claims answered at one moment, read from their history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model

from claims.models import Claim, Question
from factcheck.models.versions import Versions, join

PEOPLE = ("answer_author", "answer_reviewer", "answer_draft_author")


def find_questions(versions: Versions, claims: Mapping[int, Claim]) -> dict[int, Any]:
    """The questions of the disputes of these claims, by id, joined to the accounts that they name as those are now."""
    disputes = {claim.dispute_id for claim in claims.values() if claim.dispute_id}
    questions = versions.where(Question, "dispute", disputes) if disputes else {}
    named = {getattr(row, f"{name}_id") for name in PEOPLE for row in questions.values()} - {None}
    people = get_user_model()._default_manager.in_bulk(named) if named else {}
    for name in PEOPLE:
        join(questions.values(), name, people)
    return questions
