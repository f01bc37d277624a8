"""What one process leaves for the others to see: when something was last done, in small files in the data folder.

Not in the database: a backup changes nothing in it, and what is known of a worker should not hold up who writes.
"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

BACKUP, WORKER = "backup", "worker"
"""That a backup was written, and that a worker lives."""


def leave_mark(name: str, **told: Any) -> None:
    """Note that this was done now, with what is told of it. Raises OSError where the data folder cannot be written."""
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{name}-", delete=False) as file:
        try:
            json.dump({"at": timezone.now().isoformat(), **told}, file)
            file.flush()
            # Whoever reads it finds the old one or the new one, whole.
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def read_mark(name: str) -> tuple[datetime, dict[str, Any]] | None:
    """When this was last done, and what was told of it; None where that is not known."""
    try:
        told = json.loads(_path(name).read_text("utf-8"))
        return datetime.fromisoformat(told.pop("at")), told
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _path(name: str) -> Path:
    return Path(settings.FACTCHECK_DATA_DIR) / "state" / f"{name}.json"
