"""What happens in the register: changes that follow a rule or touch several rows."""

from claims.services.claim import publish_claim, return_claim, submit_claim, withdraw_claim
from claims.services.confirmation import confirm_verdict
from claims.services.inquiry import record_silence
from claims.services.question import ask_question, draft_answer, publish_answer, return_answer
from claims.services.verdict import (
    correct_verdict,
    draft_verdict,
    publish_verdict,
    return_verdict,
    submit_verdict,
)
from claims.services.withdrawal import withdraw

__all__ = [
    "ask_question",
    "confirm_verdict",
    "correct_verdict",
    "draft_answer",
    "draft_verdict",
    "publish_answer",
    "publish_claim",
    "publish_verdict",
    "record_silence",
    "return_answer",
    "return_claim",
    "return_verdict",
    "submit_claim",
    "submit_verdict",
    "withdraw",
    "withdraw_claim",
]
