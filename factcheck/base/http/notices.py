"""Where messages for the next page wait."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookies(CookieStorage):
    """In a cookie with the prefix that the others have."""

    cookie_name = f"{settings.FACTCHECK_COOKIE_PREFIX}messages"


class Notices(FallbackStorage):
    """In a cookie, and what is too long for it in the session."""

    storage_classes = (Cookies, SessionStorage)
