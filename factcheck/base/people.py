"""Who reads and who writes, as types."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Reader: TypeAlias = "User | AnonymousUser | None"
"""Whoever reads: somebody who is signed in, the public, or nobody in particular, who is shown what the public is."""
