"""Rows of an export from what is kept ready: the lines of a file are kept as well, so that the next one is streamed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import orjson

from claims.api.prepared import PreparedViewSet, forms_of, joined
from claims.choices import Audience
from claims.services.prepared import LIGHT, LINE, PARTS, PIECES, Form, Kept, find, generation, keep

Row = dict[str, Any]
Change = Callable[[Row], Row]


def read_kept_rows(view: PreparedViewSet, ids: Collection[int], audience: Audience) -> Iterator[Row]:
    """Those of these rows that the audience may read, with the parts that the view includes, in order of the ids."""
    found, places = view.find_rows(ids, audience, PIECES), view.places_of(view.included)
    for pk in ids:
        if (pk, LIGHT) in found:
            yield orjson.loads(joined(found[pk, LIGHT], found[pk, PARTS], places))


def read_kept_lines(
    view: PreparedViewSet, ids: Collection[int], audience: Audience, make_line: Change
) -> list[bytes | memoryview]:
    """The rows as lines of JSON without their ends. What is not kept is built, and kept for the next export.

    `make_line` makes of a row of the API what the line says of it.
    """
    noun = view.prepared_noun
    found = {pk: line for (pk, _form), line in find(noun, ids, audience, (LINE,)).items()}
    if missing := [pk for pk in ids if pk not in found]:
        since = generation()
        built = build_lines(view, missing, audience, make_line)
        keep(noun, audience, built, since)
        found |= {line.row: Kept(line.etag, line.cuts, line.until, line.body) for line in built}
    places = view.places_of(view.included)
    if len(places) == len(view.prepared_parts):
        return [found[pk].body for pk in ids if pk in found]
    return [_with_parts(found[pk], places) for pk in ids if pk in found]


def build_lines(view: PreparedViewSet, ids: Collection[int], audience: Audience, make_line: Change) -> list[Form]:
    """The lines of those of these rows that the audience may read, made of the answers of the API."""
    parts, pieces = view.prepared_parts, view.find_rows(ids, audience, PIECES)
    lines = []
    for pk in ids:
        if (pk, LIGHT) not in pieces:
            continue
        light = pieces[pk, LIGHT]
        row = make_line(orjson.loads(joined(light, pieces[pk, PARTS], range(len(parts)))))
        head, hanging = forms_of(row, parts, pk, 0)
        begin = head.cuts[0]
        body = b"".join((head.body[:begin], hanging.body, head.body[begin:]))
        cuts = (begin, *(begin + cut for cut in hanging.cuts))
        lines.append(Form(pk, LINE, body, light.etag, cuts, light.until))
    return lines


def _with_parts(line: Kept, places: Collection[int]) -> bytes:
    """The line with the parts that stand at these places among all of them."""
    body, cuts = bytes(line.body), line.cuts
    pieces = (body[cuts[place] : cuts[place + 1]] for place in places)
    return b"".join((body[: cuts[0]], *pieces, body[cuts[-1] :]))
