"""The first line of a register file: its version, and the columns of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.register import upgrades
from claims.register.problem import Wrong

HEADER = "register"
USE_NEWER = "Import it with the release that wrote it, or a newer one."


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says of the others; `columns` is None where the version does not list them yet."""

    version: int
    columns: dict[str, list[str]] | None


def read_header(noun: object, values: Mapping[str, object]) -> Header:
    """The header in the first line, whose type is `noun`. Raises Wrong for what is no register, or none for us."""
    if noun != HEADER:
        raise Wrong(("type", f'This is no register: its first line has the type "{HEADER}".'))
    version = _version(values)
    return Header(version, _columns(values) if version >= upgrades.COLUMNS_LISTED else None)


def _version(values: Mapping[str, object]) -> int:
    read = f"This release reads the versions {upgrades.OLDEST} to {upgrades.SCHEMA_VERSION}"
    version = values.get("schema_version")
    if version is None:
        raise Wrong(("schema_version", f"The first line does not say which version the file has. {read}."))
    # True is an int to Python, and no number.
    if isinstance(version, bool) or not isinstance(version, int) or version < upgrades.OLDEST:
        raise Wrong(("schema_version", f"Give the version of the file as a whole number. {read}."))
    if version > upgrades.SCHEMA_VERSION:
        raise Wrong(("schema_version", f"The file has the version {version}. {read} of register files. {USE_NEWER}"))
    return version


def _columns(values: Mapping[str, object]) -> dict[str, list[str]]:
    listed = values.get("columns")
    if not isinstance(listed, dict) or not all(_is_list_of_names(names) for names in listed.values()):
        raise Wrong(("columns", 'List the columns of each type, such as {"rating": ["id", "version"]}, each once.'))
    return listed


def _is_list_of_names(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
