"""The menu of report formats on a page."""

from __future__ import annotations

from typing import Any

from claims.exports.catalogue import FORMATS
from factcheck.audit.admin.steps import button


def export_menu(noun: str, key: int | str) -> dict[str, Any]:
    """A menu that leads to the reports of one dispute or claim."""
    items = [
        button(
            entry.label,
            f"/api/v1/{noun}/{key}/report/{entry.name}/",
            icon="open_in_new" if entry.inline else "download",
        )
        for entry in FORMATS.values()
    ]
    return button("Export", icon="ios_share", items=items)
