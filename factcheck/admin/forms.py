"""The forms of recorded rows: they carry the version they are based on, and say what a rule refused."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.widgets import UnfoldAdminTextInputWidget

from factcheck.admin.conflict import beside_field, lay_upon_stored, what_to_choose
from factcheck.admin.fields import introduce
from factcheck.admin.problems import FORM_PROBLEMS, FormProblem
from factcheck.base.errors import DomainError
from factcheck.base.text import check_text

BESIDE = frozenset({"seen_version", "change_reason"})
"""Fields of the form that are none of the row: alone they change nothing."""

_NAMED_FIELD = re.compile(r"\s*\((\w+)\)")


class RecordedRowForm(forms.ModelForm):
    """A row in a list of rows; the page has one reason for all of them."""

    request: ClassVar[HttpRequest | None] = None
    nested_formsets: ClassVar[tuple[()]] = ()
    """No rows within rows, for which the theme asks each."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_version = self.instance.version
        if self.instance._state.adding:
            chosen = kwargs.get("initial") or {}
            self.initial.update(dict.fromkeys(self.instance.chosen_at_desk - chosen.keys(), ""))
        else:
            self.initial["seen_version"] = self.stored_version

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in BESIDE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance._state.adding and self.has_changed():
            version = self.cleaned_data.get("seen_version")
            if version != self.stored_version:
                self._take_up(version)
            self.instance.version = version or self.stored_version
        problem = FORM_PROBLEMS.get(self.request) if self.request is not None else None
        if problem is not None:
            self._say(problem)
        return cleaned if cleaned is not None else self.cleaned_data

    def _take_up(self, seen: int | None) -> None:
        conflict = lay_upon_stored(self, seen)
        self.add_error(None, what_to_choose(self.instance, conflict))
        for name in conflict.both:
            self.add_error(name, beside_field(self, name))

    def _post_clean(self) -> None:
        # A model's own clean() may speak in errors of the domain.
        try:
            cast(Any, super())._post_clean()
        except DomainError as problem:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)

    def _say(self, problem: FormProblem) -> None:
        for field, texts in problem.messages.items():
            if field == "change_reason":
                if field in self.fields:
                    self.add_error(field, texts)
            elif (problem.prefix or None) == (self.prefix or None):
                self.add_error(field if field in self.fields else None, texts)

    def add_error(self, field: str | None, error: Any) -> None:
        """Move a message that names a field in brackets next to that field."""
        if not isinstance(error, ValidationError):
            error = ValidationError(error)
        found = error.error_dict if hasattr(error, "error_dict") else {field or NON_FIELD_ERRORS: error.error_list}
        placed: dict[str, list[ValidationError]] = {}
        for name, errors in found.items():
            for one in errors:
                target, said, text = name, one, " ".join(one.messages)
                named = [n for n in _NAMED_FIELD.findall(text) if n in self.fields and n not in BESIDE]
                if name == NON_FIELD_ERRORS or name not in self.fields:
                    target = named[0] if named else NON_FIELD_ERRORS
                if target in named:
                    for field_name in named:
                        text = text.replace(f" ({field_name})", "")
                    said = ValidationError(text, code=one.code)
                placed.setdefault(target, []).append(said)
        super().add_error(None, ValidationError(placed))


class RecordedForm(RecordedRowForm):
    """The row of the page itself, with the reason for changing what the public can read."""

    change_reason = forms.CharField(
        label="Reason for the change",
        required=False,
        max_length=2_000,
        validators=[check_text],
        widget=UnfoldAdminTextInputWidget(attrs={"class": "max-w-4xl!"}),
        help_text="The public can read this: say why you change it. The reason stays in the history.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        introduce([self])

    @property
    def reason(self) -> str:
        """The reason given, or nothing."""
        return self.cleaned_data.get("change_reason", "") if hasattr(self, "cleaned_data") else ""
