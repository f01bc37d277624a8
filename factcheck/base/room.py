"""How much room is left on the disk where the register keeps its data."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from django.conf import settings

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Space:
    """Bytes of a disk."""

    free: int
    total: int

    @property
    def megabytes(self) -> int:
        """What is free, in whole megabytes."""
        return self.free // MEGABYTE

    @property
    def percent(self) -> float:
        """The part of the disk that is free, in percent."""
        return 100 * self.free / self.total if self.total else 100.0


def free_space() -> Space:
    """The room in FACTCHECK_DATA_DIR. Raises OSError where it cannot be asked for."""
    usage = shutil.disk_usage(settings.FACTCHECK_DATA_DIR)
    return Space(usage.free, usage.total)


def is_nearly_full(space: Space) -> bool:
    """Whether so little is free that the register should not be relied on: less than FACTCHECK_DISK_LOW_PERCENT of the
    disk, and less than FACTCHECK_DISK_LOW_MB. A twentieth of a large disk is room enough, and so is any of a small one
    that holds little."""
    little = space.free < settings.FACTCHECK_DISK_LOW_MB * MEGABYTE
    return little and space.percent < settings.FACTCHECK_DISK_LOW_PERCENT
