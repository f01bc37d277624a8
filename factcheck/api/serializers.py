"""The serializer under every noun: it refuses what it does not know and asks the model's own rules."""

from __future__ import annotations

import copy
from collections.abc import Collection
from functools import cached_property
from typing import Any, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from factcheck.api.choices import NamedChoiceField
from factcheck.api.preference import told_briefly, wants_little
from factcheck.api.reference import ENTERED, Reference
from factcheck.api.replacing import fill_left_out
from factcheck.api.rowlist import RecordedListSerializer
from factcheck.api.taken import Taken
from factcheck.audit.history import BOOKKEEPING
from factcheck.audit.trust import is_trusting

MAX_BULK = 500
REASON_FIELD = "change_reason"
NOT_BY_HAND = "This is not set by hand: it follows from what is done. Leave it out, or send it as it was read."

_BUILT: dict[tuple[type, str], tuple[type[serializers.Field], dict[str, Any]]] = {}
"""The class and the arguments of each field that a serializer makes of one of its model."""

Row = TypeVar("Row", bound=models.Model)


class RecordedSerializer(serializers.ModelSerializer[Row]):
    """Base of the nouns' serializers.

    Unknown fields are refused by name. Read-only fields are let pass as they were read, so that a row can be sent
    back; a column of the row that is not set by hand is refused when it would change, in the words of
    `Meta.use_instead` (`{"status": "Call publish or withdraw instead."}`) where it has some. What counts changes
    (version, moments), and what is derived, may have changed since it was read, and is ignored. `change_reason` is read
    by the view.
    """

    serializer_related_field = Reference
    serializer_choice_field = NamedChoiceField
    beside: Collection[str] = ()
    """What else a request may give with a new row, read by the view."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta = getattr(cls, "Meta", None)
        if meta is not None and not hasattr(meta, "list_serializer_class"):
            meta.list_serializer_class = RecordedListSerializer

    @property
    def data(self) -> Any:
        if self.instance is not None and wants_little(self.context.get("request")):
            return told_briefly(self.instance)
        return super().data

    @property
    def enters_together(self) -> bool:
        """Whether many rows can be stored at once, as `create_rows` does."""
        return type(self).create is RecordedSerializer.create and not cast(Any, self).Meta.model.created_alone

    @property
    def changes_together(self) -> bool:
        """Whether many rows can be changed at once, as `change_rows` of their query set does."""
        own = type(self).update is serializers.ModelSerializer.update
        return own and not cast(Any, self).Meta.model.changed_alone

    def create(self, validated_data: dict[str, Any]) -> Row:
        if cast(Any, self).Meta.model.created_alone:
            return super().create(validated_data)
        return self.create_rows([validated_data])[0]

    def create_rows(self, validated_data: list[dict[str, Any]]) -> list[Row]:
        """Enter rows of which each is valid, in one go; what they refer to was read in this transaction."""
        model: Any = self.Meta.model
        numbered = self.context.get(ENTERED, {})
        rows = [numbered.get((model, attributes.get("pk"))) or model(**attributes) for attributes in validated_data]
        return model.objects.bulk_create(rows, joined=True)

    def build_field(self, field_name: str, *given: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
        # Each request makes its own fields; what of them follows from the model is worked out once.
        key = type(self), field_name
        if key not in _BUILT:
            field_class, kwargs = super().build_field(field_name, *given)
            if validators := kwargs.get("validators"):
                kwargs["validators"] = [Taken.instead_of(one) for one in validators]
            _BUILT[key] = field_class, kwargs
        field_class, kwargs = _BUILT[key]
        return field_class, dict(kwargs)

    def give_number(self, validated_data: dict[str, Any], number: int) -> None:
        """Let rows that come after it refer to this valid one, which is not stored yet, by the number that it gets."""
        model: Any = self.Meta.model
        validated_data["pk"] = number
        row = model(**{name: value for name, value in validated_data.items() if name in {"pk", *self.columns}})
        row._numbered = True
        self.context[ENTERED][model, number] = row

    def to_internal_value(self, data: object) -> Any:
        if isinstance(data, dict):
            self.refuse_unknown(data)
        return super().to_internal_value(data)

    def refuse_unknown(self, data: dict[str, Any]) -> None:
        """Raise for names that this noun does not have, and for values that only an action may change."""
        errors: dict[str, Any] = {}
        for name in data.keys() - self.known_names:
            known = {n for n, field in self.fields.items() if not field.read_only}
            known |= {*self.beside} if self.instance is None else set()
            message = f"Unknown field. Known here: {', '.join(sorted(known))}."
            errors[str(name)[:100]] = [ErrorDetail(message, "unknown_field")]
        for name, advice in (getattr(self.Meta, "use_instead", None) or {}).items():
            if name in data and data[name] != self.present(name):
                errors[name] = [ErrorDetail(advice, "read_only")]
        for name in self.not_by_hand & data.keys() - errors.keys():
            if not _is_same(data[name], self.as_read(name)):
                errors[name] = [ErrorDetail(NOT_BY_HAND, "read_only")]
        for name in self.entered_elsewhere & data.keys() - errors.keys():
            # Those that were read with a row are sent back with it.
            if data[name] if self.instance is None else _brings_new(self.field_of(name), data[name]):
                message = "Create these at their own address: here they would be lost."
                errors[name] = [ErrorDetail(message, "read_only")]
        if errors:
            raise ValidationError(errors)

    # What follows from the fields alone is found once for all rows of a request.

    @cached_property
    def known_names(self) -> set[str]:
        """The names that a request may give."""
        return {*self.fields, *self.parts_not_shown, REASON_FIELD}

    @cached_property
    def parts_not_shown(self) -> dict[str, Any]:
        """The parts of a row that this request does not show, as they are declared: a list may have, which is sent
        back."""
        declared = type(self)._declared_fields
        return {name: declared[name] for name in getattr(self.Meta, "parts", ()) if name not in self.fields}

    @cached_property
    def entered_elsewhere(self) -> set[str]:
        """The fields that show rows which have an address of their own."""
        fields = {**self.fields, **self.parts_not_shown}
        return {n for n, field in fields.items() if field.read_only and isinstance(field, serializers.BaseSerializer)}

    def field_of(self, name: str) -> Any:
        """A field, whether this request shows it or not."""
        return self.fields[name] if name in self.fields else copy.deepcopy(self.parts_not_shown[name])

    @cached_property
    def not_by_hand(self) -> set[str]:
        """The fields that show a column of the row and are never written here."""
        columns = {field.name for field in cast(Any, self).Meta.model._meta.concrete_fields} - BOOKKEEPING
        said = set(getattr(self.Meta, "use_instead", None) or {})
        return {name for name, field in self.fields.items() if field.read_only and field.source in columns} - said

    def as_read(self, name: str) -> Any:
        """The value that a client reads in a field now; of a new row the one that it begins with."""
        row: Any = self.instance if isinstance(self.instance, models.Model) else cast(Any, self).Meta.model()
        field = self.fields[name]
        value = getattr(row, field.source or name, None)
        return None if value is None else field.to_representation(value)

    def present(self, name: str) -> Any:
        """The value that a field has now, or begins with."""
        row = self.instance if isinstance(self.instance, models.Model) else cast(Any, self).Meta.model()
        return getattr(row, name, None)

    def get_validators(self) -> list[Any]:
        # The model's constraints are asked in `validate`, in their own words.
        return list(getattr(self.Meta, "validators", None) or [])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = fill_left_out(self, super().validate(attrs))
        if is_trusting():
            # The row is cleaned when it is stored, and the database keeps the constraints.
            return attrs
        row = self.candidate(attrs)
        errors: dict[str, Any] = {}
        # What a later step fills in is not judged here; save() judges the whole.
        unset = {name for name, column in self.references.items() if getattr(row, column) is None}
        unset |= {f.name for f in row._meta.concrete_fields if isinstance(f, models.FileField)}
        for check in (
            lambda: row.clean_fields(exclude=self.unwritten | self.references.keys() | unset),
            row.clean,
            lambda: row.validate_constraints(exclude=unset | set(errors)),
        ):
            try:
                check()
            except DjangoValidationError as error:
                collect(errors, error)
            except ObjectDoesNotExist:
                continue
        if errors:
            raise ValidationError(self.renamed(errors))
        return attrs

    def candidate(self, attrs: dict[str, Any]) -> Row:
        """The row as it would become; the stored one is left alone. Nouns that fill in more override it."""
        model: Any = self.Meta.model
        row: Any = copy.copy(self.instance) if isinstance(self.instance, models.Model) else model()
        row._state = copy.copy(row._state)
        row._state.fields_cache = dict(row._state.fields_cache)
        row._before = self.instance if isinstance(self.instance, models.Model) else None
        for name, value in attrs.items():
            if name in self.columns:
                setattr(row, name, value)
        return row

    @cached_property
    def columns(self) -> set[str]:
        """The fields of the model that a row has a column for."""
        return {field.name for field in cast(Any, self).Meta.model._meta.concrete_fields}

    @cached_property
    def references(self) -> dict[str, str]:
        """The fields of the model that refer to another row, with their columns."""
        fields = cast(Any, self).Meta.model._meta.concrete_fields
        return {field.name: field.attname for field in fields if field.is_relation}

    @cached_property
    def unwritten(self) -> set[str]:
        """The fields that this serializer does not write, and so cannot be blamed for."""
        return self.columns - {field.source for field in self.fields.values() if not field.read_only}

    def renamed(self, errors: dict[str, Any]) -> dict[str, Any]:
        """Model field names turned into the names that the client knows."""
        names = {field.source: name for name, field in self.fields.items()}
        result: dict[str, Any] = {}
        for key, details in errors.items():
            result.setdefault("non_field_errors" if key == NON_FIELD_ERRORS else names.get(key, key), []).extend(
                details
            )
        return result


def _brings_new(field: Any, value: object) -> bool:
    """Whether the value of a field that shows rows has one which no row has sent."""
    shown = getattr(field, "child", field)
    if value is None or "id" not in shown.fields:
        return False
    rows = value if isinstance(value, list) else [value]
    return not all(isinstance(row, dict) and isinstance(row.get("id"), int) for row in rows)


def _is_same(sent: object, read: object) -> bool:
    """Whether a value is what was read, also where a row is sent as its id alone, and nothing in whatever form."""
    if isinstance(read, dict) and "id" in read:
        return (sent.get("id") if isinstance(sent, dict) else sent) == read["id"]
    return sent == read or (sent in (None, "") and read in (None, ""))


def collect(errors: dict[str, Any], error: DjangoValidationError) -> None:
    """Add the messages of a Django ValidationError, with their codes, to `errors`."""
    given = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, entries in given.items():
        for entry in entries:
            details = [ErrorDetail(message, entry.code or "invalid") for message in entry.messages]
            if details and details[0] not in errors.setdefault(name, []):
                errors[name] += details
