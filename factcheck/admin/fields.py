"""Form fields of the desk: choices limited to what the user may see, plain text, and lists of short texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property

KEPT = "kept"
NOT_VISIBLE = "(not visible to you)"


class KnownAutocomplete(AutocompleteSelect):
    """An autocomplete that has been told which rows it shows, so that many on one page need no query each."""

    known: Mapping[str, str] = {}

    @property
    def media(self) -> forms.Media:
        """With a script of ours in the place of the admin's own, which only lists names."""
        theirs: Any = super().media
        scripts = ["factcheck/picker.js" if name == "admin/js/autocomplete.js" else name for name in theirs._js]
        return forms.Media(js=scripts, css=theirs._css)

    def optgroups(self, name: str, value: Iterable[Any], attr: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(entry) for entry in value]
        labels = {entry: self.known[entry] for entry in chosen if entry in self.known}
        # Whatever else was posted: a text that is no number would make the query fail.
        sought = [e for e in chosen if e not in labels and e.isascii() and e.isdecimal() and len(e) <= 18]
        if sought:
            field = self.choices.field
            labels |= {str(row.pk): field.label_from_instance(row) for row in field.queryset.filter(pk__in=sought)}
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [
            self.create_option(name, key, label, True, place) for place, (key, label) in enumerate(labels.items(), 1)
        ]
        return [(None, options, 0)]


class OfferedRows:
    """The rows among which a field and its copies choose, asked for when the first of them shows them.

    Django asks for each field of each form anew, and before that how many there are.
    """

    def __init__(self, queryset: Any) -> None:
        self.queryset = queryset

    @cached_property
    def rows(self) -> list[models.Model]:
        return list(self.queryset.all())


class OfferedChoices(ModelChoiceIterator):
    """The choices of a field, made of the rows that it offers."""

    field: VisibleChoiceField

    def __init__(self, field: VisibleChoiceField) -> None:
        # Without the queryset, which Django would have put together for each field of each form.
        self.field = field

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from map(self.choice, self.field.offered.rows)

    def __len__(self) -> int:
        return len(self.field.offered.rows) + (self.field.empty_label is not None)

    def __bool__(self) -> bool:
        return self.field.empty_label is not None or bool(self.field.offered.rows)


class VisibleChoiceField(forms.ModelChoiceField):
    """A choice among the rows the user may see; a row chosen earlier that they may not see is kept, unnamed.

    The rows may be given as a lazy object: of most fields of a page nobody asks which they offer.
    """

    iterator = OfferedChoices
    offered: OfferedRows
    known: models.Model | None = None
    kept: models.Model | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        copied = forms.Field.__deepcopy__(self, memo)
        copied.widget.choices = copied.choices
        return copied

    def offer(self, offered: OfferedRows) -> None:
        """Offer these rows, perhaps beside other fields."""
        self.offered = offered
        self.widget.choices = self.choices

    def _queryset_offered(self) -> Any:
        return self.offered.queryset

    def _offer_queryset(self, queryset: Any) -> None:
        self.offer(OfferedRows(queryset))

    queryset = property(_queryset_offered, _offer_queryset)

    def meet(self, row: models.Model) -> None:
        """Tell the field which visible row it holds."""
        self.known = row
        if isinstance(widget := inner_widget(self.widget), KnownAutocomplete):
            widget.known = {str(row.pk): self.label_from_instance(row)}

    def keep(self, row: models.Model) -> None:
        """Tell the field that it holds a row which must neither be named nor lost."""
        self.kept = row
        widget = inner_widget(self.widget)
        if isinstance(widget, KnownAutocomplete):
            widget.known = {KEPT: NOT_VISIBLE}
        else:
            self.widget.choices = [(KEPT, NOT_VISIBLE), *self.widget.choices]

    def prepare_value(self, value: object) -> Any:
        if self.kept is not None and value == self.kept.pk:
            return KEPT
        return super().prepare_value(value)

    def to_python(self, value: object) -> Any:
        if self.kept is not None and value == KEPT:
            return self.kept
        if self.known is not None and str(value) == str(self.known.pk):
            return self.known
        if isinstance(value, str) and len(value) > 18:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class ProseField(forms.CharField):
    """Text of several lines. Browsers send line ends as CR LF: what nobody touched must not count as changed."""

    def to_python(self, value: object) -> Any:
        return one_line_end(super().to_python(value))

    def has_changed(self, initial: object, data: object) -> bool:
        return one_line_end(initial or "").strip() != one_line_end(data or "").strip()


class LinesField(forms.CharField):
    """A list of short texts, one on each line; with `commas`, commas part them too."""

    commas = False

    def __init__(
        self,
        *args: Any,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: object) -> Any:
        return (", " if self.commas else "\n").join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: object) -> Any:
        if isinstance(value, list):
            return value
        parts = re.split(r"[,\r\n]+" if self.commas else r"[\r\n]+", str(value or ""))
        return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or []) != self.to_python(data)


class TagsField(LinesField):
    commas = True


def one_line_end(text: object) -> Any:
    """The text with LF as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def inner_widget(widget: forms.Widget) -> forms.Widget:
    """The widget itself, without the buttons that the admin puts around it."""
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def introduce(given: Iterable[forms.BaseModelForm]) -> None:
    """Tell the choice fields of `given` which rows they hold: one query for each field, however many forms."""
    given = list(given)
    if not given:
        return
    for name, sample in given[0].fields.items():
        if not isinstance(sample, VisibleChoiceField) or not hasattr(given[0].instance, f"{name}_id"):
            continue
        if not isinstance(inner_widget(sample.widget), KnownAutocomplete):
            choices = list(sample.widget.choices)
            for form in given:
                form.fields[name].widget.choices = choices
        held = {form: getattr(form.instance, f"{name}_id") for form in given if name in form.fields}
        wanted = {pk for pk in held.values() if pk is not None}
        queryset: Any = sample.queryset
        rows = {row.pk: row for row in queryset.filter(pk__in=wanted)} if wanted else {}
        for form, pk in held.items():
            field = form.fields[name]
            assert isinstance(field, VisibleChoiceField)
            if pk in rows:
                field.meet(rows[pk])
            elif pk is not None:
                field.keep(getattr(form.instance, name))
