"""What a change needs once the public can read the row: the right, a reason and the version it is based on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from factcheck.audit.context import current
from factcheck.base.errors import Forbidden, RuleViolation
from factcheck.base.rest.conditional import require_if_match
from factcheck.base.rest.serializers import REASON_FIELD

CORRECT_PUBLISHED = "sources.correct_published"


def is_public(row: Any) -> bool:
    """Whether anybody may read this row."""
    rows = type(row).objects.all()
    if row.pk is None or not hasattr(rows, "visible_to"):
        return False
    return bool(rows.visible_to(AnonymousUser()).filter(pk=row.pk).exists())


def guard_published(request: Any, row: Any, *, permission: str | None = CORRECT_PUBLISHED, version: bool = True) -> None:
    """Raise unless the request may change this public row: Forbidden (403) without `permission`, RuleViolation
    (400, reason_required) without a reason, PreconditionRequired (428) or StaleVersion (412) without the version."""
    if permission and not request.user.has_perm(permission):
        raise Forbidden(
            f"This {row._meta.verbose_name} is published, or would be at once. Your role may not change what the public reads.",
            code="published",
        )
    if not current().reason:
        raise RuleViolation(
            "Say why: what the public can read changes only with a reason. "
            f"Send it in the body as {REASON_FIELD} or in the header X-Change-Reason.",
            code="reason_required",
            field=REASON_FIELD,
        )
    if version:
        require_if_match(request, row)
