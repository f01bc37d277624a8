"""The steps of a claim as buttons on its page: submit, publish, return, withdraw."""

from __future__ import annotations

from typing import Any

from unfold.enums import ActionVariant

from claims.choices import ClaimStatus
from claims.models import Claim
from claims.services import publish_claim, return_claim, submit_claim, withdraw_claim
from factcheck.admin import Step, text_form


def _facts(claim: Claim) -> list[tuple[str, Any]]:
    return [
        ("Dispute", str(claim.dispute or "")),
        ("Question", str(claim.question or "")),
        ("Claim", claim.text),
        ("Context", claim.context),
    ]


SUBMIT = Step(
    name="submit",
    label="Submit",
    says="The claim waits for a reviewer, who publishes or returns it.",
    run=lambda *, actor, row: submit_claim(actor=actor, claim=row),
    done="Submitted:",
    offered=lambda user, row: row.status == ClaimStatus.DRAFT and user.has_perm("claims.change_claim"),
    icon="send",
    in_lists=True,
    context=_facts,
)
PUBLISH = Step(
    name="publish",
    label="Publish",
    says="Everybody who may see its dispute reads the claim, with its attributions and evidence. "
    "From then on it stays on record.",
    run=lambda *, actor, row: publish_claim(actor=actor, claim=row),
    done="Published:",
    offered=lambda user, row: (
        row.status != ClaimStatus.PUBLISHED and row.merged_into_id is None and user.has_perm("claims.publish_claim")
    ),
    icon="publish",
    variant=ActionVariant.PRIMARY,
    page="publish",
)
RETURN = Step(
    name="return",
    label="Return",
    says="The claim is a draft again; your note is in its history.",
    run=lambda *, actor, row, note: return_claim(actor=actor, claim=row, note=note),
    done="Returned:",
    offered=lambda user, row: row.status == ClaimStatus.IN_REVIEW and user.has_perm("claims.publish_claim"),
    form=text_form("note", "Note", "What has to be done before it can be published."),
    icon="reply",
    context=_facts,
)
WITHDRAW = Step(
    name="withdraw",
    label="Withdraw",
    says="The public no longer reads the claim. It stays in the register with your reason.",
    run=lambda *, actor, row, reason: withdraw_claim(actor=actor, claim=row, reason=reason),
    done="Withdrawn:",
    offered=lambda user, row: row.status == ClaimStatus.PUBLISHED and user.has_perm("claims.withdraw_claim"),
    form=text_form("reason", "Reason", "Why it is withdrawn; the reason is kept with it."),
    icon="undo",
    variant=ActionVariant.DANGER,
    context=_facts,
)
