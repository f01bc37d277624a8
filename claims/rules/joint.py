"""What is asked of joint statements that are entered together, once all of them are stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Q

from claims.models import Attribution
from claims.models.joint import refuse_joint
from factcheck.base.ancestry import furthest


def check_joint_statements(rows: Sequence[Attribution]) -> None:
    """Raise ValidationError where one of these new statements is one act with another of its source, or of the other
    side. One that is entered alone asks this itself."""
    new = [row for row in rows if row._before is None and row.joint_with_id is not None and row.withdrawn_at is None]
    if len(rows) < 2 or not new:
        return
    joint = Q(joint_with__isnull=False) | Q(joint__isnull=False)
    found = Attribution._base_manager.filter(joint, claim__in={row.claim_id for row in new}).distinct()
    told = found.values_list("pk", "joint_with", "source", "stance", "withdrawn_at")
    first = {pk: joint_with for pk, joint_with, *_said in told}
    acts: dict[int, tuple[Counter[int], set[str]]] = defaultdict(lambda: (Counter(), set()))
    for pk, _joint_with, source, stance, withdrawn_at in told:
        if withdrawn_at is None:
            sources, stances = acts[furthest(pk, first)]
            sources[source] += 1
            stances.add(stance)
    for row in new:
        sources, stances = acts[furthest(row.pk, first)]
        refuse_joint(row.stance, sorted(stances), sources[row.source_id] > 1)
