"""What changed in a verdict, and in what hangs on its claim, since it was submitted the last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from claims.choices import VerdictStatus
from claims.models import Verdict
from claims.reports.content.changes import ChangeContent
from claims.reports.load.dossier import load_claim
from factcheck.admin.trail import Difference, shown_differences, trail_for
from factcheck.audit.differences import differences_between
from factcheck.audit.models import AuditEntry
from factcheck.base.people import Reader

CONTENT = ("rating", "summary", "rationale", "likelihood", "confidence", "review_by")
"""What the author of a verdict says."""
DECIDED = {*CONTENT, "claim_text", "correction_reason", "correction_severity"}
"""What a reviewer decides on."""
COURSE = {"verdict.submitted", "verdict.returned"}


@dataclass(frozen=True)
class Since:
    """What changed since an earlier submission. `erased` says that what the verdict said then is not, or not wholly,
    on record any more; `note` is what its reviewer asked for on returning it, `returned_by` who that was."""

    at: datetime
    note: str = ""
    returned_by: str = ""
    erased: bool = False
    fields: Sequence[Difference] = ()
    around: Sequence[ChangeContent] = ()
    """What changed in the claim and what hangs on it."""

    @cached_property
    def became(self) -> Mapping[tuple[str, int], str]:
        """`new` or `changed` for each row around it that is not as it was, by its noun and number."""
        return {(one.noun.code, one.id): one.change.words for one in self.around}


def since_submitted(verdict: Verdict, user: Reader) -> Since | None:
    """The differences between the verdict as it was submitted the time before, and as it is; for a draft that was
    returned, since its submission. None where it was never submitted before."""
    course = trail_for(user).of(verdict).filter(action__in=COURSE)
    entries = list(course.only("id", "at", "action", "actor_name", "history_id", "salt")[:10])
    submitted = [entry for entry in entries if entry.action == "verdict.submitted"]
    if verdict.status == VerdictStatus.IN_REVIEW:
        submitted = submitted[1:]
    if not submitted:
        return None
    before = submitted[0]
    returned = next((entry for entry in entries if entry.action == "verdict.returned" and entry.pk > before.pk), None)
    fields = _fields(verdict, before, user)
    return Since(
        at=before.at,
        note=verdict.review_note if returned is not None else "",
        returned_by=returned.actor_name if returned is not None else "",
        erased=fields is None,
        fields=fields or (),
        around=_around(verdict, before.at, user),
    )


def _fields(verdict: Verdict, before: AuditEntry, user: Reader) -> list[Difference] | None:
    """None where the earlier version is not on record, or was erased in part, which leaves its entry without salt."""
    versions = Verdict.history.filter(id=verdict.pk).order_by("-history_id")
    then, now = versions.filter(pk=before.history_id).first(), versions.first()
    if then is None or now is None or not before.salt:
        return None
    found = [one for one in differences_between(then, now) if one["field"] in DECIDED]
    # A first verdict that is a draft again judges what its claim says; its own column is empty until it is submitted.
    found = [one for one in found if one["field"] != "claim_text" or one["after"]]
    return shown_differences(Verdict, found, user)


def _around(verdict: Verdict, since: datetime, user: Reader) -> tuple[ChangeContent, ...]:
    changes = load_claim(verdict.claim, user, since=since).changes
    return tuple(one for one in changes if (one.noun.code, one.id) != ("verdict", verdict.pk))
