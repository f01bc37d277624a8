"""The one place of the benchmarks that reads the environment of the process, as `factcheck.env` is that of the
register."""

from __future__ import annotations

import os
import shutil

import django


def set_up() -> None:
    """Set Django up with the settings of the register."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()


def database_url() -> str:
    """The address of the database that is asked."""
    return os.environ["DATABASE_URL"]


def with_values(values: dict[str, str]) -> dict[str, str]:
    """The environment of a process that is started, with these values."""
    return {**os.environ, **values}


def find_program(name: str) -> str | None:
    """The path of a program, also of one that is for administrators; None where it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
