"""Who was handed the kept file of a copy: an entry of the trail for each, as for a piece of evidence in a store."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import recording
from factcheck.base.people import Reader
from sources.models import Snapshot

READ = "snapshot.read"


def record_reading(*, actor: Reader | None, snapshots: Sequence[Snapshot], reason: str = "") -> None:
    """The trail says that `actor` was handed the kept files of these copies, which come with their documents.

    Nothing is written of who is not signed in: what the public reads is not tracked. Today it is handed no kept file.
    """
    if not snapshots or actor is None or not actor.is_authenticated:
        return
    with recording(actor=actor, reason=reason):
        write_entries([Act(READ, "snapshot", str(row.pk), row.audit_label()) for row in snapshots])
