"""The level of a rule, as the desk sets it."""

from __future__ import annotations

from claims.models import RuleSetting
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.people import Reader


def set_level(*, actor: Reader, code: str, level: str, reason: str) -> RuleSetting:
    """The rule has this level from now on, for this reason; who set it is in the trail.

    Raises Forbidden, and RuleViolation for a rule that is not known or never changes, for a level that it does not
    allow, and without a reason.
    """
    require(actor, "claims.change_rulesetting", "set the levels of rules")
    with recording(actor=actor, reason=reason):
        setting = RuleSetting.objects.filter(code=code).first() or RuleSetting(code=code)
        setting.level, setting.reason = level, reason
        setting.save()
        return setting
