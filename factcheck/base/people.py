"""Whoever reads or writes."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

Reader = User | AnonymousUser
"""Whoever asks for something; AnonymousUser is the public."""
