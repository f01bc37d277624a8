"""Answers joined from what is kept ready; a row that nobody read since it changed is built, and kept for the next."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from claims.choices import Audience
from claims.services.prepared import LIGHT, PARTS, PIECES, Form, Kept, audience_of, find, generation, keep, tag_pieces
from factcheck.api.conditional import TOLD_TO, etag_of, not_modified, tag_of
from factcheck.api.pagination import ordering_columns
from factcheck.api.renderers import to_json
from factcheck.api.sparse import only
from factcheck.api.viewset import RecordedViewSet
from factcheck.base.people import Reader

OF_ROWS = frozenset({"fields", "include"})
"""The parameters of a single row that choose among what is kept of it."""


def forms_of(
    data: Mapping[str, Any], parts: Collection[str], number: int, version: int, until: date | None = None
) -> list[Form]:
    """The forms of a represented row: what comes before its parts and after them, and these. `until` is a day on which
    it begins to say something else, if that is still to come."""
    until = until if until is not None and until > timezone.localdate() else None
    names = list(data)
    first = next(place for place, name in enumerate(names) if name in parts)
    head = to_json({name: data[name] for name in names[:first]})[:-1]
    tail = to_json({name: data[name] for name in names[first:] if name not in parts})[1:]
    pieces = [b"," + to_json({name: data[name]})[1:-1] for name in names[first:] if name in parts]
    cuts: list[int] = []
    body = b"".join(pieces)
    for piece in pieces:
        cuts.append((cuts[-1] if cuts else 0) + len(piece))
    light = head + b"," + tail
    etag = etag_of(head + body + b"," + tail, version)
    return [Form(number, LIGHT, light, etag, (len(head),), until), Form(number, PARTS, body, etag, tuple(cuts), until)]


def joined(light: Kept, parts: Kept | None, wanted: Iterable[int]) -> bytes:
    """The JSON of a row with the parts that stand at these places among all of them."""
    body = bytes(light.body)
    if parts is None:
        return body
    held = bytes(parts.body)
    pieces = [held[parts.cuts[place - 1] if place else 0 : parts.cuts[place]] for place in wanted]
    cut = light.cuts[0]
    return b"".join((body[:cut], *pieces, body[cut:]))


class PreparedViewSet(RecordedViewSet):
    """A noun whose rows are answered from what is kept ready, to whom they read the same as to others."""

    queryset: QuerySet[Any]
    ordering_fields: Sequence[str]
    prepared_noun: str
    prepared_parts: tuple[str, ...]
    """What can be left out of a row, in the order in which it stands there."""

    def build_forms(self, ids: Collection[int], reader: Reader) -> list[Form]:
        """All forms of those of these rows that `reader` may read."""
        raise NotImplementedError

    @property
    def parts_of_row(self) -> tuple[str, ...]:
        return self.prepared_parts

    @property
    def included_parts(self) -> frozenset[str]:
        if self.include_fields != self.prepared_parts:
            return frozenset(self.prepared_parts if self.included else ())
        return self.included

    def places_of(self, names: Collection[str]) -> list[int]:
        """Where these parts stand among all of them."""
        return [place for place, name in enumerate(self.prepared_parts) if name in names]

    def only_wanted(self, body: bytes) -> bytes:
        """The JSON of a row with the fields that the caller wants."""
        return body if self.shown_names is None else to_json(only(json.loads(body), self.shown_names))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        audience, number = audience_of(request.user), self.row_number()
        if audience is None or request.query_params.keys() - OF_ROWS or number is None:
            return super().retrieve(request, *args, **kwargs)
        tag_pieces(request, self.prepared_noun, number)
        if (
            self.known_tags
            and self.shown_names is None
            and (found := self.find_rows([number], audience, PIECES, bare=True))
        ):
            etag = found[number, LIGHT].etag
            if self.is_known(etag):
                return not_modified(self.answer_bytes(b"", etag))
        found = self.find_rows([number], audience, PIECES)
        if (number, LIGHT) not in found:
            raise NotFound
        light, etag = found[number, LIGHT], found[number, LIGHT].etag
        names = self.prepared_parts if self.shown_names is None else self.shown_names
        body = self.only_wanted(joined(light, found[number, PARTS], self.places_of(names)))
        if self.shown_names is not None:
            etag = etag_of(body, int(tag_of(etag).split("-")[0]))
        response = self.answer_bytes(body, etag)
        setattr(response, TOLD_TO, audience.value)
        return not_modified(response) if self.is_known(etag) else response

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        audience = audience_of(request.user)
        if audience is None:
            return super().list(request, *args, **kwargs)
        columns = {*ordering_columns(self).values()}
        page = self.paginate_queryset(self.select_rows().values(*columns))
        assert page is not None, "every list has pages"
        ids = [row["id"] for row in page]
        forms = PIECES if self.included else (LIGHT,)
        if self.known_tags:
            response = self.answer_page([], self.list_tag(self.find_rows(ids, audience, (LIGHT,), bare=True), ids))
            if self.is_known(response["ETag"]):
                return not_modified(response)
        found = self.find_rows(ids, audience, forms)
        places = self.places_of(self.included_parts)
        # Who may no longer read a row since the page was chosen finds it gone.
        rows = [
            self.only_wanted(joined(found[pk, LIGHT], found.get((pk, PARTS)), places))
            for pk in ids
            if (pk, LIGHT) in found
        ]
        response = self.answer_page(rows, self.list_tag(found, ids))
        setattr(response, TOLD_TO, audience.value)
        return not_modified(response) if self.is_known(response["ETag"]) else response

    def row_number(self) -> int | None:
        """The number in the path, if it is one that a row can have."""
        key = str(self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None

    def find_rows(
        self, ids: Collection[int], audience: Audience, forms: Collection[str], *, bare: bool = False
    ) -> dict[tuple[int, str], Kept]:
        """These forms of the rows; what is not kept is built, and kept for the next reader."""
        kept = find(self.prepared_noun, ids, audience, forms, bare=bare)
        if missing := [pk for pk in ids if any((pk, form) not in kept for form in forms)]:
            since = generation()
            built = self.build_forms(missing, self.request.user)
            keep(self.prepared_noun, audience, built, since)
            kept |= {(form.row, form.form): Kept(form.etag, form.cuts, form.until, form.body) for form in built}
        return kept

    def list_tag(self, found: Mapping[tuple[int, str], Kept], ids: Iterable[int]) -> str:
        """The ETag of a page: of which rows it consists, as what, and where it leads."""
        told = [found[pk, LIGHT].etag for pk in ids if (pk, LIGHT) in found]
        shown = None if self.shown_names is None else sorted(self.shown_names)
        return etag_of(to_json([told, sorted(self.included), shown, *self.page_facts().values()]))

    def page_facts(self) -> dict[str, Any]:
        """What an answer says of its page: the addresses of those beside it, and how many rows there are if asked."""
        paginator: Any = self.paginator
        return dict(paginator.page_facts())

    def answer_page(self, rows: Iterable[bytes], etag: str) -> HttpResponse:
        """The answer of a list with these rows."""
        links = self.page_facts()
        response = self.answer_bytes(to_json(links)[:-1] + b',"results":[' + b",".join(rows) + b"]}", etag)
        named = {"next": links["next"], "prev": links["previous"]}
        if header := ", ".join(f'<{url}>; rel="{name}"' for name, url in named.items() if url):
            response["Link"] = header
        return response

    def answer_bytes(self, body: bytes, etag: str) -> HttpResponse:
        """An answer that needs no serializer and no renderer."""
        return HttpResponse(body, content_type="application/json", headers={"ETag": etag})
