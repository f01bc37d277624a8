"""The version of register files, and what became of nouns and columns since older versions (decision 0014).

A file lists its columns in its header. A field that is added with a default, or that may be null or blank, is therefore
no matter of the version: a file that does not list it is read, and its rows get the default. Everything else is: who
renames or removes a field or a noun, or adds a field without default, raises SCHEMA_VERSION by one and says in
UPGRADES, under the version before, what becomes of older files. tests/claims/test_register_versions.py tells who
forgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SCHEMA_VERSION = 2
"""The version of the register files that are written here; reports and lists have another one of their own."""
OLDEST = 1
"""The oldest version that is read."""
COLUMNS_LISTED = 2
"""The first version whose header lists the columns."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What one release changed when it raised the version.

    `nouns` leads from old names to new ones, `columns` from those of each noun to new ones; None where rows or values
    are left out since nothing holds them any more. `values` are what older rows get, as JSON, in new columns: where the
    model has no default for them, or another than they should get. Columns and values stand under the new name of
    their noun.
    """

    nouns: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


UPGRADES: dict[int, Upgrade] = {
    # From version 1 to 2 only the header changed: it lists the columns. The next entry might read
    # 2: Upgrade(columns={"evidence": {"method": "obtained_by"}}, values={"claim": {"script": "Latn"}}),
}
"""For a version the way to the next one; a version without an entry takes no more than what its header says."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What one noun of a file is today: its name, the name of each of its columns or None, and values it never had."""

    noun: str
    columns: dict[str, str | None]
    values: dict[str, object]


def upgrade_noun(version: int, noun: str, columns: Iterable[str]) -> Upgraded | None:
    """The noun and these columns of a file of `version`, taken through all upgrades since; None if it was removed."""
    names: dict[str, str | None] = {column: column for column in columns}
    values: dict[str, object] = {}
    for number in range(version, SCHEMA_VERSION):
        upgrade = UPGRADES.get(number, Upgrade())
        renamed = upgrade.nouns.get(noun, noun)
        if renamed is None:
            return None
        noun = renamed
        changed = upgrade.columns.get(noun, {})
        names = {column: name and changed.get(name, name) for column, name in names.items()}
        # What an earlier upgrade gave may itself have been renamed or removed since.
        kept = {changed.get(name, name): value for name, value in values.items()}
        values = {name: value for name, value in kept.items() if name is not None} | dict(upgrade.values.get(noun, {}))
    return Upgraded(noun, names, values)
