"""The lists of the API whose rows may be taken out, as the addresses of the service name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.viewsets import GenericViewSet

NOT_TAKEN_OUT = frozenset({"audit", "exports", "imports", "webhooks"})
"""What tells of the register instead of standing in it."""
PAGES = {"claims": "id", "disputes": "slug"}
"""The nouns that have a page for people, and by which field its address is made."""


@dataclass(frozen=True, slots=True)
class Noun:
    """One list of the API."""

    prefix: str
    """Its place in addresses, such as `evidence-links`."""
    name: str
    """One of its rows in a word, such as `evidence-link`."""
    view: type[GenericViewSet]

    @property
    def model(self) -> Any:
        assert self.view.queryset is not None
        return self.view.queryset.model

    @property
    def type(self) -> str:
        """What its rows are called in files."""
        return self.name.replace("-", "_")


@cache
def nouns() -> Mapping[str, Noun]:
    """Every noun that may be taken out, by its place in addresses.

    Read from the addresses of the service, since what makes lists is below the doors that show them.
    """
    found = {}
    for pattern in _lists(get_resolver()):
        prefix = reverse(str(pattern.name)).rstrip("/").rpartition("/")[2]
        if prefix not in NOT_TAKEN_OUT:
            found[prefix] = Noun(prefix, str(pattern.name).removesuffix("-list"), cast(Any, pattern.callback).cls)
    return found


@cache
def noun_of(model: Any) -> Noun | None:
    """The noun whose rows are of this model; of two the first: a correction is a verdict."""
    return next((noun for noun in nouns().values() if noun.model is model), None)


def noun_shown_by(view: Any) -> Noun | None:
    """The noun whose list this view of the API shows."""
    return next((noun for noun in nouns().values() if noun.view is getattr(view, "cls", None)), None)


def _lists(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _lists(entry)
        elif (getattr(entry.callback, "actions", None) or {}).get("get") == "list":
            yield entry
