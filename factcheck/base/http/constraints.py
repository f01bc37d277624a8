"""Finds which rule of which model a database refused, so that the answer can say it in our words, never in
SQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models

if TYPE_CHECKING:  # SQLite needs no driver of PostgreSQL
    from psycopg.errors import Diagnostic

_SQLITE_COLUMNS = re.compile(r"(UNIQUE|NOT NULL) constraint failed: (?P<columns>\w+\.\w+(?:, \w+\.\w+)*)")
_SQLITE_NAME = re.compile(r"(?:CHECK constraint failed|UNIQUE constraint failed: index)[: ]+'?(?P<name>\w+)'?")


@dataclass(frozen=True, slots=True)
class Violation:
    """What was refused: `kind` is unique, check, reference or required; `fields` are model field names."""

    kind: str
    message: str
    fields: tuple[str, ...] = ()
    name: str = ""
    code: str = ""
    """That of the rule which the constraint holds, if it holds one."""


@dataclass(frozen=True, slots=True)
class HeldRule:
    """A rule of the register that a constraint holds: its code, the field that it is about, and what to do."""

    constraint: str
    code: str
    field: str
    remedy: str

    def told(self, message: str) -> str:
        """The words of the constraint with the remedy, where they do not say it already."""
        return message if self.remedy.rstrip(".").casefold() in message.casefold() else f"{message} {self.remedy}"


_HELD: dict[str, HeldRule] = {}


def hold_rules(rules: Iterable[HeldRule]) -> None:
    """Have the constraints answer with the code, the field and the remedy of these rules from now on."""
    _HELD.update({rule.constraint: rule for rule in rules})


def told_by_rules(
    model: type[models.Model], error: ValidationError, exclude: Collection[str] = ()
) -> dict[str, list[ValidationError]]:
    """What constraints of the model refused, by field, with the words of the rules that they hold; what is about a
    field in `exclude` stays about the whole."""
    rules = {
        str(constraint.get_violation_error_message()): _HELD[constraint.name]
        for constraint in model._meta.constraints
        if constraint.name in _HELD
    }
    told: dict[str, list[ValidationError]] = {}
    for name, entries in error.error_dict.items():
        for entry in entries:
            # Django tells what was refused, not by which constraint.
            rule = rules.get(str(entry.message)) if name == NON_FIELD_ERRORS else None
            if rule is None:
                told.setdefault(name, []).append(entry)
            else:
                field = NON_FIELD_ERRORS if rule.field in exclude else rule.field
                told.setdefault(field, []).append(ValidationError(rule.told(str(entry.message)), code=rule.code))
    return told


def violation_of(exc: IntegrityError) -> Violation:
    """The violated rule behind an IntegrityError of either engine; a general sentence when it is not
    known."""
    diagnosis = getattr(exc.__cause__, "diag", None)
    if diagnosis is not None:
        return _from_postgresql(diagnosis)
    return _from_sqlite(str(exc))


def _from_postgresql(diagnosis: Diagnostic) -> Violation:
    name, table = diagnosis.constraint_name or "", diagnosis.table_name or ""
    if diagnosis.sqlstate == "23502":
        return _required(_field_names(table, [diagnosis.column_name or ""]))
    if diagnosis.sqlstate == "23503":
        return _REFERENCE
    if constraint := _constraint_named(name):
        return _declared(*constraint)
    if diagnosis.sqlstate == "23505":
        # A column that is unique by itself has a constraint name made by Django; the message names the
        # columns.
        columns = re.search(r"\(([\w, \"]+)\)=", diagnosis.message_detail or "")
        return _duplicate(_field_names(table, re.findall(r"\w+", columns[1]) if columns else []))
    return Violation("check", "The change breaks a rule of the register.", name=name)


def _from_sqlite(text: str) -> Violation:
    if found := _SQLITE_COLUMNS.search(text):
        pairs = [pair.split(".") for pair in found["columns"].split(", ")]
        table, columns = pairs[0][0], [column for _table, column in pairs]
        if found[1] == "NOT NULL":
            return _required(_field_names(table, columns))
        if constraint := _constraint_over(table, columns):
            return _declared(*constraint)
        return _duplicate(_field_names(table, columns))
    if (found := _SQLITE_NAME.search(text)) and (constraint := _constraint_named(found["name"])):
        return _declared(*constraint)
    if "FOREIGN KEY" in text:
        return _REFERENCE
    return Violation("check", "The change breaks a rule of the register.")


_REFERENCE = Violation("reference", "Something that this refers to does not exist, or is still referred to.")


def _required(fields: tuple[str, ...]) -> Violation:
    return Violation("required", "This field may not be null.", fields)


def _duplicate(fields: tuple[str, ...]) -> Violation:
    names = ", ".join(fields)
    return Violation("unique", f"Another row has the same {names}." if names else "Another row is the same.", fields)


def _declared(model: type[models.Model], constraint: models.BaseConstraint) -> Violation:
    kind = "check" if isinstance(constraint, models.CheckConstraint) else "unique"
    fields = tuple(getattr(constraint, "fields", ()) or ())
    message = str(constraint.get_violation_error_message())
    if kind == "unique" and constraint.violation_error_message == constraint.default_violation_error_message and fields:
        message = _duplicate(fields).message
    if rule := _HELD.get(constraint.name):
        return Violation(kind, rule.told(message), (rule.field,), constraint.name, rule.code)
    return Violation(kind, message, fields, constraint.name)


def _constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def _constraint_named(name: str) -> tuple[type[models.Model], models.BaseConstraint] | None:
    return next(((m, c) for m, c in _constraints() if c.name == name), None)


def _constraint_over(table: str, columns: list[str]) -> tuple[type[models.Model], models.BaseConstraint] | None:
    # SQLite names the columns of a unique index but not the index; of two with the same columns the first is
    # taken.
    for model, constraint in _constraints():
        if model._meta.db_table != table or not isinstance(constraint, models.UniqueConstraint):
            continue
        column_of = {field.name: field.column for field in model._meta.concrete_fields}
        if [column_of.get(name) for name in constraint.fields] == columns:
            return model, constraint
    return None


def _field_names(table: str, columns: list[str]) -> tuple[str, ...]:
    for model in apps.get_models():
        if model._meta.db_table == table:
            names = {field.column: field.name for field in model._meta.concrete_fields}
            return tuple(names[column] for column in columns if column in names)
    return ()
