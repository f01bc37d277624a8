"""What is wrong with a register file, in words: by its line and the field of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line, and with which field of it, if with one."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}{f', {self.field}' if self.field else ''}: {self.message}"


class Wrong(Exception):
    """A line that is refused: for each fault its field, or nothing, and what is wrong."""

    def __init__(self, *found: tuple[str, str]) -> None:
        super().__init__(*found)
        self.found = sorted(found)


def visible(name: str) -> str:
    """A name from a file as it can be shown: short, and without characters that turn or hide what stands beside it."""
    return name[:100] if name.isprintable() else name[:100].encode("ascii", "backslashreplace").decode()
