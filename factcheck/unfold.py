"""Settings of the admin's theme."""

from typing import Any

UNFOLD: dict[str, Any] = {"SITE_TITLE": "Register of competing claims"}
