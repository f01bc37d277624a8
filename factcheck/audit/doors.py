"""What is entered of who came in by which door, and what was tried at it: read by administrators alone."""

from __future__ import annotations

from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import Actor, recording
from factcheck.audit.models.doors import DOORS

UNKNOWN = "a name that no account has"
"""What stands for a name that was typed and is none: people type their password there."""


def enter_door(action: str, *, actor: Actor, object_id: object = "", label: str = UNKNOWN, reason: str = "") -> None:
    """Enter what happened at a door; `action` is one of DOORS. No password, no token, no unknown name belongs in it."""
    if action not in DOORS:
        raise ValueError(action)
    with recording(actor=actor):
        write_entries([Act(action, action.partition(".")[0], str(object_id), label, reason=reason)])
