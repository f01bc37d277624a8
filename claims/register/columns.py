"""How rows of one noun become rows of today: each column of the file by its name and kind, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from claims.register.header import USE_NEWER
from claims.register.nouns import LINES, fields_of
from claims.register.problem import Wrong, visible
from claims.register.upgrades import upgrade_noun
from claims.register.values import InvalidValue, Reader, default_of, readers

NEWER = f"This release has no such field: a newer release wrote the file, or it is damaged. {USE_NEWER}"
NO_DEFAULT = (
    "The file does not have this field, for which there is no default: it is older than the field, or damaged. "
    "Import it with the release that wrote it, upgrade that register, and export it again."
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one noun in one file.

    `noun` is its name today. `readers` has for each column of the file the attribute of the model and what reads its
    value, or None where nothing holds it any more. `absent` makes the values of attributes that the file never had.
    `filled` and `left_out` name both, for who imports the file.
    """

    noun: str
    readers: dict[str, tuple[str, Reader] | None]
    absent: dict[str, Callable[[], object]]
    filled: list[str]
    left_out: list[str]

    def read(self, values: Mapping[str, object], resolve: Reader) -> dict[str, object]:
        """A row by the attributes of its model; `resolve` makes a key of each reference, or raises InvalidValue.

        Every row has exactly the columns that the file lists: one that lacks a column is damaged, not old.
        """
        unknown = f"This is not among the columns of the type {self.noun} in this file."
        wrong = [(visible(name), unknown) for name in values.keys() - self.readers.keys()]
        found = {attribute: make() for attribute, make in self.absent.items()}
        for name, reader in self.readers.items():
            if name not in values:
                wrong.append((visible(name), "The field is missing."))
            elif reader is not None:
                attribute, read = reader
                try:
                    found[attribute] = resolve(read(values[name]))
                except InvalidValue as error:
                    wrong.append((visible(name), str(error)))
        if wrong:
            raise Wrong(*wrong)
        return found


def columns_of(version: int, noun: str, names: Collection[str]) -> Columns | None:
    """How to read rows that have these columns in a file of `version`; None where their noun was removed since.

    Raises Wrong, by column, for what this release does not know, and for what it needs and the file does not have.
    """
    upgraded = upgrade_noun(version, noun, names)
    if upgraded is None:
        return None
    if upgraded.noun not in LINES:
        raise Wrong(("type", f"Choose one of: {', '.join(LINES)}."))
    today = readers(upgraded.noun)
    held = [name for name in upgraded.columns.values() if name is not None]
    wrong = [(visible(old), NEWER) for old, name in upgraded.columns.items() if name not in {None, *today}]
    wrong += [(visible(name), "Two columns of the file are this field.") for name in {*held} if held.count(name) > 1]
    absent: dict[str, Callable[[], object]] = {}
    for field in fields_of(upgraded.noun):
        attribute, read = today[field.name]
        if field.name in held:
            continue
        if field.name in upgraded.values:
            absent[attribute] = partial(read, upgraded.values[field.name])
        elif make := default_of(field):
            absent[attribute] = make
        else:
            wrong.append((field.name, NO_DEFAULT))
    if wrong:
        raise Wrong(*wrong)
    return Columns(
        noun=upgraded.noun,
        readers={old: None if name is None else today[name] for old, name in upgraded.columns.items()},
        absent=absent,
        filled=[name for name in today if name not in held],
        left_out=[visible(old) for old, name in upgraded.columns.items() if name is None],
    )
