"""Taking back an attribution, evidence link, premise, relation, review or inquiry from its page."""

from __future__ import annotations

from unfold.enums import ActionVariant

from claims.models.claim import Withdrawable
from claims.services import withdraw
from factcheck.admin import RecordedModelAdmin, Step, text_form
from factcheck.base.people import Reader


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

    def closed(self, user: Reader, obj: Withdrawable) -> str:
        if obj.withdrawn_at is not None:
            return f"Withdrawn on {obj.withdrawn_at:%d %B %Y}: {obj.withdrawn_reason}"
        return super().closed(user, obj)
