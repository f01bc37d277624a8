"""The rows under a page: how many, and what a rule refuses to one of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from unfold.forms import PaginationInlineFormSet

from factcheck.admin.conflict import stale_message
from factcheck.admin.fields import introduce
from factcheck.admin.forms import RecordedRowForm
from factcheck.admin.problems import FORM_PROBLEMS, naming_form
from factcheck.admin.returning import NEW_VAR

ROWS_ON_A_PAGE = 25
"""More take seconds to draw, and in the end more fields than a form may send; the others are on further pages."""
NEW_ROWS = 20
NO_NEW_ROWS = (
    "No row can be added to this list any more: the page was changed after you opened it. What you entered is still in "
    "the form; copy what you need."
)
TOO_MANY = f"At most {NEW_ROWS} new rows can be added at a time. Remove some, save, and add them afterwards."


class RecordedFormSet(PaginationInlineFormSet):
    """Rows under a page, as many as can be read and sent at a time; what a rule refuses to one is said in that row."""

    default_error_messages: ClassVar[dict[str, str]] = {"too_many_forms": TOO_MANY}
    max_num: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takes_new = self.max_num > 0
        there = len(self.get_queryset())
        # The page offers no more than this; where others took rows away meanwhile, what was typed is still shown again.
        self.max_num = there + min(self.max_num, NEW_ROWS)
        self.absolute_max = there + 2 * NEW_ROWS

    def get_queryset(self) -> Any:
        if not hasattr(self, "_queryset"):
            start = (self.page - 1) * ROWS_ON_A_PAGE
            found = list(super().get_queryset()[start : start + ROWS_ON_A_PAGE + 1])
            self.more = len(found) > ROWS_ON_A_PAGE
            self._queryset = found[:ROWS_ON_A_PAGE]
        return self._queryset

    @cached_property
    def page(self) -> int:
        """The number of the page of rows, from 1."""
        asked = self.form.request.GET.get(f"{self.prefix}-page", "")
        if asked.isascii() and asked.isdecimal() and len(asked) <= 4:
            return int(asked) or 1
        return self._page_of_marked()

    def _page_of_marked(self) -> int:
        """The page on which the row stands that the address marks; 1 where it marks none of these."""
        noun, _dot, key = self.form.request.GET.get(NEW_VAR, "").partition(".")
        if noun != self.model._meta.model_name or not (key.isascii() and key.isdecimal() and len(key) <= 18):
            return 1
        keys = list(super().get_queryset().values_list("pk", flat=True))
        return keys.index(int(key)) // ROWS_ON_A_PAGE + 1 if int(key) in keys else 1

    @property
    def earlier(self) -> str:
        """The address of the page of rows before this one, if there is one."""
        return self._address(self.page - 1) if self.page > 1 else ""

    @property
    def later(self) -> str:
        """The address of the page of rows after this one, if there is one."""
        return self._address(self.page + 1) if self.more else ""

    @property
    def told(self) -> str:
        """How many rows there are, as far as this page of them tells: `3`, `more than 60`."""
        queryset = self.get_queryset()
        before = (self.page - 1) * ROWS_ON_A_PAGE
        return f"more than {before + ROWS_ON_A_PAGE}" if self.more else str(before + len(queryset))

    def _address(self, page: int) -> str:
        query = self.form.request.GET.copy()
        query[f"{self.prefix}-page"] = str(page)
        return f"?{query.urlencode()}#{self.prefix}"

    @cached_property
    def forms(self) -> list[Any]:
        forms = super().forms
        introduce(forms)
        return forms

    @cached_property
    def empty_form(self) -> Any:
        """The form of a new row, made once: the theme asks for it a dozen times a page."""
        return super().empty_form

    def clean(self) -> None:
        super().clean()
        if len(self.extra_forms) > NEW_ROWS:
            raise ValidationError(TOO_MANY, code="too_many_forms")
        if any(form.instance._state.adding for form in self.initial_forms):
            raise ValidationError("A row of this list is no longer there. Reload the page and repeat your change.")
        # Django passes over rows that may not be added: that would drop what was typed, with a message of success.
        if not self.takes_new and any(form.changed_data for form in self.extra_forms):
            raise ValidationError(NO_NEW_ROWS)
        self._say_of_rows_to_delete()

    def _say_of_rows_to_delete(self) -> None:
        """Say here what was refused to a row that is to be deleted: its own form is not asked whether it is valid."""
        problem = FORM_PROBLEMS.get(self.form.request)
        if problem is None or problem.prefix not in {f.prefix for f in self.forms if self._should_delete_form(f)}:
            return
        # The reason is asked for in the form of the page.
        said = [text for field, texts in problem.messages.items() if field != "change_reason" for text in texts]
        if said:
            raise ValidationError(said)

    def save_new(self, form: RecordedRowForm, commit: bool = True) -> models.Model:
        with naming_form(form.prefix):
            return super().save_new(form, commit)

    def save_existing(self, form: RecordedRowForm, obj: models.Model, commit: bool = True) -> models.Model:
        with naming_form(form.prefix):
            return super().save_existing(form, obj, commit)

    def delete_existing(self, obj: models.Model, commit: bool = True) -> None:
        form = next(form for form in self.deleted_forms if form.instance is obj)
        with naming_form(form.prefix):
            if form["seen_version"].data != str(form.stored_version):
                raise ValidationError(f"{stale_message(obj)}; reload the page and repeat your change.")
            super().delete_existing(obj, commit)
