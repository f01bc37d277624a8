"""PUT replaces a row, PATCH changes what it names: for every noun and every field."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve

from tests import factories as make
from tests.api.nouns import NOUNS, address

NAMES = [name for name, noun in NOUNS.items() if noun.draft and noun.change and name != "snapshot"]
NOT_PUBLIC_BY_OMISSION = {
    "dispute": {"slug", "visibility"},
    "source": {"slug", "withheld"},
    "claim": {"dispute", "question"},
    "evidence": {"dispute"},
    "attribution": {"anonymous"},
}


def row_of(noun: str, desk: Any, client_of: Any) -> tuple[Any, str, dict[str, Any], Any]:
    """A client, the address of a row, the row as it is read, and its serializer."""
    who = desk.administrator if noun == "webhook" else desk.researcher
    who = desk.editor if noun in {"rating", "rating-scale", "rule-exception"} else who
    row, client = NOUNS[noun].draft(who), client_of(who)
    one = f"{address(noun)}{row.pk}/"
    return client, one, client.get(one).json(), resolve(one).func.cls.serializer_class()


def sent(read: dict[str, Any], serializer: Any) -> dict[str, Any]:
    """What a PUT has to hold to change nothing."""
    return {name: read[name] for name, field in serializer.fields.items() if not field.read_only and name in read}


@pytest.mark.parametrize("noun", NAMES)
def test_a_whole_row_is_replaced_by_itself(noun: str, desk: Any, client_of: Any) -> None:
    client, one, read, serializer = row_of(noun, desk, client_of)
    told = client.put(one, sent(read, serializer))
    assert told.status_code == 200, told.json()
    assert sent(told.json(), serializer) == sent(read, serializer)


@pytest.mark.parametrize("noun", NAMES)
def test_what_is_left_out_is_required_or_begins_anew(noun: str, desk: Any, client_of: Any) -> None:
    client, one, read, serializer = row_of(noun, desk, client_of)
    whole, columns = sent(read, serializer), serializer.Meta.model._meta
    concrete = {field.name for field in columns.concrete_fields}
    for name in whole:
        told = client.put(one, {key: value for key, value in whole.items() if key != name})
        field = serializer.fields[name]
        column = columns.get_field(field.source) if field.source in concrete else None
        needs = field.required or name in NOT_PUBLIC_BY_OMISSION.get(noun, ()) or column is None
        if needs or not (column.has_default() or column.null or column.empty_strings_allowed):
            assert told.status_code == 400, (name, told.json())
            assert {error["field"] for error in told.json()["errors"]} == {name}
        elif told.status_code == 200:
            assert str(told.json()[name] or "") == str(column.get_default() or ""), name
            assert client.put(one, whole).status_code == 200
        else:
            # A rule needs it beside the others: it is refused, not kept in silence.
            assert told.status_code in {400, 409}, (name, told.json())
    assert sent(client.get(one).json(), serializer) == whole


@pytest.mark.parametrize("noun", NAMES)
def test_a_patch_changes_what_it_names_alone(noun: str, desk: Any, client_of: Any) -> None:
    client, one, read, serializer = row_of(noun, desk, client_of)
    change = NOUNS[noun].change
    told = client.patch(one, change)
    assert told.status_code == 200, told.json()
    rest = sent(read, serializer).keys() - change.keys()
    assert {name: told.json()[name] for name in rest} == {name: read[name] for name in rest}
    assert client.patch(one, {}).status_code == 200


def test_what_was_filled_is_emptied(desk: Any, client_of: Any) -> None:
    claim = make.make_claim("It is so.", context="Then.", tags=["one"], language="de")
    client, one = client_of(desk.researcher), f"{address('claim')}{claim.pk}/"
    told = client.put(one, {"text": "It is so.", "dispute": None, "question": None})
    assert told.status_code == 200, told.json()
    assert [told.json()[name] for name in ("context", "tags", "language")] == ["", [], "en"]


def test_a_restricted_dispute_and_a_withheld_source_are_not_opened_by_omission(desk: Any, client_of: Any) -> None:
    dispute = make.make_dispute(visibility="restricted", members=[desk.researcher])
    source = make.make_source("Mole", withheld=True, withheld_reason="Safety.")
    client = client_of(desk.researcher)
    for noun, row, body in (
        ("dispute", dispute, {"title": "Open", "question": "Is it?"}),
        ("source", source, {"kind": "person", "name": "Mole"}),
    ):
        assert client.put(f"{address(noun)}{row.pk}/", body).status_code == 400
        row.refresh_from_db()
    assert (dispute.visibility, source.withheld) == ("restricted", True)
