"""Taking back an attribution, evidence link, premise, relation, review or inquiry from its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.enums import ActionVariant

from claims.models import Claim
from claims.models.claim import Withdrawable
from claims.services import withdraw
from factcheck.admin import RecordedModelAdmin, Step, text_form
from factcheck.admin.links import add_url, admin_url
from factcheck.base.people import Reader


def _beside(claim: Claim) -> dict[str, int]:
    found = {"dispute": claim.dispute_id, "question": claim.question_id}
    return {name: pk for name, pk in found.items() if pk is not None}


def _offered(user: Reader, row: Withdrawable) -> bool:
    return row.withdrawn_at is None and row.was_published() and user.has_perm("claims.withdraw_claim")


def _withdraw(*, actor: Reader, row: Withdrawable, reason: str) -> Withdrawable:
    return withdraw(actor=actor, row=row, reason=reason)


WITHDRAW = Step(
    name="withdraw",
    label="Withdraw",
    says="It no longer stands and the public no longer reads it. It stays in the register with your reason.",
    run=_withdraw,
    done="Withdrawn:",
    offered=_offered,
    form=text_form("reason", "Reason", "Why it is withdrawn; the reason is kept with it."),
    icon="undo",
    variant=ActionVariant.DANGER,
)


class WithdrawableAdmin(RecordedModelAdmin):
    """For rows that, once published, are withdrawn instead of deleted."""

    steps: tuple[Step, ...] = (WITHDRAW,)

    def ways_beside(self, request: HttpRequest, given: dict[str, Any]) -> list[tuple[str, str]]:
        claim = Claim.objects.visible_to(request.user).filter(pk=given.get("claim")).first()
        if claim is None:
            return []
        ways = [("Read the claim", admin_url(claim))]
        if request.user.has_perm("claims.add_claim"):
            ways.append(("Add another claim, as a draft, beside it", add_url(Claim, **_beside(claim))))
        return ways

    def closed(self, user: Reader, obj: Withdrawable) -> str:
        if obj.withdrawn_at is not None:
            return f"Withdrawn on {obj.withdrawn_at:%d %B %Y}: {obj.withdrawn_reason}"
        return super().closed(user, obj)
