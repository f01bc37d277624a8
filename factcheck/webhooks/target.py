"""Where messages may be sent."""

from __future__ import annotations

from django.conf import settings

LOOK_UP = 2.0
"""Seconds for looking up the name of a new receiver: others wait for their turn to write meanwhile."""
REMEDY = (
    "Give an address that the whole internet can reach, on port 80 or 443; for development on one machine set "
    "FACTCHECK_WEBHOOK_PRIVATE_TARGETS."
)


def refused_target(url: str, *, known: bool) -> str:
    """Why nothing may be sent to `url`, and what to do, or "".

    A name is looked up where it is new; one that is `known` is looked up when something is sent.
    """
    # Only now: a model is imported by every command, and few of them ever send anything.
    from factcheck.base.fetch import TargetRefused, check_host, check_target  # noqa: PLC0415

    private = settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS
    try:
        check_target(url, private=private)
        if not (private or known):
            check_host(url, deadline=LOOK_UP)
    except TargetRefused as refusal:
        return f"{refusal} {REMEDY}"
    return ""
