"""The message about an entry of the audit trail: its action and numbers, where the public may be told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from factcheck.audit.models import AuditEntry
from factcheck.base.http.address import public_url


class Announced(NamedTuple):
    """Where what an entry tells of is read, and whether the public lost it by that."""

    path: str
    gone: bool = False


Address = Callable[[AuditEntry], Announced | None]

# What the public may be told hangs on who may read a claim and its dispute, which this app, below theirs, cannot ask.
# A hook on each noun would not do: one entry is judged by rows of several nouns, as they stood then and stand now. So
# the app that knows them all says it once, when it is loaded, as it does to `sources.visibility` and `audit.followers`.
# Without it nothing leaves.
_addresses: list[Address] = []


def announce(address: Address) -> None:
    """Announce each entry for which `address` says where its object is in the API; None keeps an entry inside."""
    _addresses.append(address)


def announcement(entry: AuditEntry) -> dict[str, object] | None:
    """The message about an entry, or None when it is not for the public.

    It quotes nothing: whoever receives it reads the object from the API, where every rule of access holds.
    """
    told = next((told for address in _addresses if (told := address(entry)) is not None), None)
    if told is None:
        return None
    return {
        "type": entry.action,
        "timestamp": entry.at.isoformat(),
        "data": {
            "entry": entry.id,
            "object_type": entry.object_type,
            "object_id": int(entry.object_id),
            "claim_id": entry.claim_id,
            "dispute_id": entry.dispute_id,
            "url": public_url(told.path),
        }
        | ({"gone": True} if told.gone else {}),
    }
