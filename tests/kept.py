"""Where a run of the tests leaves a migrated database for the next one with the same migrations.

To migrate takes longer than most of what is asked of `make test ARGS=...`. CI begins from nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKES_THE_DATABASE = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/apps.py",
    "*/*/apps.py",
    "factcheck/base/**/*.py",
    "factcheck/audit/*.py",
    "factcheck/search/**/*.py",
    "factcheck/settings.py",
    "claims/services/*.py",
    "fixtures/*.json",
    "requirements-dev.lock",
)
"""What the rows and tables of an empty register come from."""
TEMPLATE = "kept_for_tests"
"""The database on a kept server that is copied."""


def kept(engine: str) -> Path | None:
    """The file of SQLite, or the folder of PostgreSQL, whether it is there or not; None in CI."""
    if os.environ.get("CI"):
        return None
    told = hashlib.sha256(version("Django").encode())
    for path in sorted(path for pattern in MAKES_THE_DATABASE for path in ROOT.glob(pattern)):
        told.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"factcheck-tests-{os.getuid()}" / f"{engine}-{told.hexdigest()[:20]}"


def keep(made: Path, place: Path) -> None:
    """Copy a file or folder, under its name only when it is whole: several runs may begin at once."""
    place.parent.mkdir(mode=0o755, exist_ok=True)
    half = place.with_suffix(f".{os.getpid()}")
    copy(made, half)
    if place.exists():
        shutil.rmtree(half) if half.is_dir() else half.unlink()
    else:
        half.rename(place)


def copy(made: Path, place: Path) -> None:
    """With its owner, who runs the server."""
    subprocess.run(["cp", "-a", str(made), str(place)], check=True)
