"""What a list accepts from its address: bounded search, its own filters and nothing else, and no long counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from django.contrib import messages
from django.contrib.admin import ShowFacets, helpers
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Field, IntegerField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from factcheck.admin.filters import parameters_of
from factcheck.admin.onward import AFTER_VAR, key_of, position, rows_after
from factcheck.base.text import forbidden_character
from factcheck.models.choosing import first_keys, first_rows
from factcheck.search.find import search_rows
from factcheck.search.nouns import searched_noun
from factcheck.search.query import MAX_LENGTH, MAX_TERMS, read_query

_WARNED: WeakKeyDictionary[HttpRequest, str] = WeakKeyDictionary()
"""What the reader of a list was warned of already; it goes with the request."""
COUNTED = 1_000
"""Rows that a list counts; of more it says that there are more."""
MOST_AT_ONCE = 200
"""Rows that one action on a list changes: each is checked, written and entered into the trail by itself."""
TOO_MANY_SELECTED = (
    f"Nothing was done: at most {MOST_AT_ONCE} rows can be changed at a time. Narrow the list with its filters."
)


class CappedPaginator(Paginator):
    """Counts no further than a desk would ever leaf through: counting all of a large table takes seconds."""

    template_name = "admin/factcheck/pagination.html"

    @cached_property
    def found(self) -> int:
        """How many there are, or one more than are counted."""
        rows = self.object_list
        # By their keys alone: otherwise what a list says beside each row would be worked out for all of these.
        return rows.order_by().values("pk")[: COUNTED + 1].count() if isinstance(rows, QuerySet) else len(rows)

    @property
    def count(self) -> int:
        return min(self.found, COUNTED) if isinstance(self.object_list, QuerySet) else self.found

    def page(self, number: int | str) -> Page:
        """The rows of a page: chosen before anything is joined to them."""
        rows, valid = self.object_list, self.validate_number(number)
        if not isinstance(rows, QuerySet):
            return super().page(valid)
        return Page(first_rows(rows, self.per_page, (valid - 1) * self.per_page), valid, self)

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self.found > self.count


class BoundedChangeList(ChangeList):
    """A list in an order that it offers: whatever else is in the address would sort the whole register. Where it stops
    counting, it goes on after the last row that it counted."""

    begins_after: Model | None = None
    """The row after which this list begins, if not with the first."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(AFTER_VAR, None)
        return found

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        # Only another page is of the same rows.
        stays = new_params is not None and set(new_params) <= {PAGE_VAR, AFTER_VAR}
        return super().get_query_string(new_params, [*(remove or ()), *([] if stays else [AFTER_VAR])])

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet:
        rows = super().get_queryset(request, exclude_parameters)
        if (given := request.GET.get(AFTER_VAR)) is None:
            return rows
        key = key_of(given, self._asked())
        row = self.root_queryset.filter(pk=key).first() if key and is_key(self.opts.pk, key) else None
        if row is None:
            self.filter_params.pop(AFTER_VAR, None)
            if key:
                self.model_admin.warn_once(request, "The row after which this list was to go on is gone.")
            return rows
        self.begins_after = row
        return rows_after(rows, row)

    def _asked(self) -> dict[str, list[str]]:
        """The search, the filters and the order of the list."""
        return {name: values for name, values in self.filter_params.items() if name not in {PAGE_VAR, AFTER_VAR}}

    @property
    def onward(self) -> str:
        """The address of the rows after those that are counted; empty where all are."""
        paginator: Any = self.paginator
        if not paginator.more:
            return ""
        last = first_keys(self.queryset, 1, COUNTED - 1)
        return self.get_query_string({AFTER_VAR: position(last[0], self._asked())}) if last else ""

    @property
    def beginning(self) -> str:
        """The address of the list from its first row; empty where it begins there."""
        return self.get_query_string(remove=[AFTER_VAR]) if self.begins_after is not None else ""

    def get_ordering_field(self, field_name: Any) -> Any:
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)


def paths_of(search_fields: Iterable[str]) -> list[str]:
    """The relations over which an admin page searches: of rows that it refers to, all by which they are found."""
    return list(dict.fromkeys(name.rpartition("__")[0] for name in search_fields))


def columns_shown(model: type[Model], related: Iterable[str], named: Iterable[str]) -> list[str]:
    """The columns of a list: its own and those of `related` rows, of which those of `named` give their name alone."""
    columns = [field.name for field in model._meta.concrete_fields]
    for path in related:
        remote: Any = model
        way = ""
        for name in path.split("__"):
            remote, way = remote._meta.get_field(name).related_model, f"{way}{name}__"
            known = {remote.named_by} if path in named else {field.name for field in remote._meta.concrete_fields}
            columns += [way.removesuffix("__"), *(f"{way}{column}" for column in known)]
    return list(dict.fromkeys(columns))


class ListExtension:
    """What a floor above adds to the list of every noun; by itself nothing."""

    def buttons(self, model_admin: ModelAdmin, request: HttpRequest) -> list[dict[str, Any]]:
        """The buttons above the list."""
        return []

    def actions(self, model_admin: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
        """The actions on selected rows, as `get_actions` has them."""
        return {}


class BoundedListMixin(ModelAdmin):
    """For a ModelAdmin: whatever is in the address, the list answers, and quickly."""

    paginator = CappedPaginator
    sortable_by: Sequence[str] | None = None
    """Of a noun with many rows, the columns with an index."""
    brief: ClassVar[Sequence[str]] = ()
    """The columns that a narrow page shows behind the name of a row, in place of a card with all of them."""
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Django lets anybody filter by any own field and lookup, regular expressions included; here only by the
        filters that the list shows."""
        return request is not None and lookup in parameters_of(self.get_list_filter(request))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        bounded = " ".join(search_term[:MAX_LENGTH].split()[:MAX_TERMS])
        if bounded != " ".join(search_term.split()):
            self.warn_once(request, f"The search used the first {MAX_TERMS} words and {MAX_LENGTH} characters.")
        if searched_noun(self.model) is None:
            # Bookkeeping that is short, or only ever grows.
            return super().get_search_results(request, queryset, bounded)
        return search_rows(queryset, read_query(bounded), paths_of(self.get_search_fields(request))), False

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        most = self.list_max_show_all
        limits = {"max_num": most, "absolute_max": most, "validate_max": True}
        return super().get_changelist_formset(request, **{**limits, **kwargs})

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        selected = set(request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))
        if refused := self._refused(selected, queryset):
            messages.error(request, f"Nothing was done: {refused}. Load the list again and repeat your choice.")
            return None
        return super().response_action(request, queryset)

    def _refused(self, selected: set[str], queryset: QuerySet) -> str:
        """Why no action can be done on the selected keys; empty where it can."""
        if odd := [key for key in selected if not is_key(self.opts.pk, key)]:
            return f"“{odd[0][:20]}” is no row of this list"
        there = {str(key) for key in queryset.filter(pk__in=selected).values_list("pk", flat=True)}
        missing = len(selected - there)
        return f"{missing} of the selected rows are not in this list any more" if missing else ""

    @staticmethod
    def warn_once(request: HttpRequest, text: str) -> None:
        """A list is searched twice for one page."""
        if _WARNED.get(request) != text and hasattr(request, "_messages"):
            _WARNED[request] = text
            messages.warning(request, text)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Only references are taken from the address, and only ones the user may see."""
        given: dict[str, Any] = {}
        for name in self.prefilled:
            value = request.GET.get(name, "")
            if value.isascii() and value.isdecimal() and len(value) <= 18:
                given[name] = int(value)
            elif value and name in self.prefilled_words:
                given[name] = value[:40]
        return given


def is_key(pk: Field, text: str) -> bool:
    """Whether a row could have this key: any other text would make the query fail."""
    if isinstance(pk, IntegerField):
        return text.isascii() and text.isdecimal() and len(text) <= 18
    try:
        pk.to_python(text)
    except ValidationError:
        return False
    return not forbidden_character(text)
