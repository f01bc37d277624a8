"""Two people change one row at the desk: what either changed is kept, what both changed is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from factcheck.audit.context import acting
from factcheck.audit.erasure import erase_history
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of
from tests.claims.test_prepared import other_value
from tests.database import ONE_ENGINE

TYPED = "What I typed."


def changed_by(actor: Any, row: Any, **values: Any) -> None:
    row.refresh_from_db()
    with acting(actor=actor, reason="A test"):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def test_what_only_they_changed_is_taken_over_and_what_both_changed_is_chosen(ann: Any, rob: Any) -> None:
    claim, client = make.make_claim("It is so.", context="Before.", language="en"), client_of(ann)
    page = get(client, at(claim))
    changed_by(rob, claim, text="It may be so.", context="Theirs.")
    answer = send(client, at(claim), {"text": TYPED, "tags": "air"}, page)
    assert "was changed by Rob Reed" in answer.text
    assert "What only they changed is taken over: Context." in answer.text
    assert "Of what differs from yours you choose: Text." in answer.text
    assert "It is now “It may be so.”; yours stands in the field." in answer.text
    assert (answer.fields["text"], answer.fields["context"], answer.fields["tags"]) == (TYPED, "Theirs.", "air")
    claim.refresh_from_db()
    assert (claim.text, claim.tags) == ("It may be so.", []), "nothing is saved yet"
    again = send(client, at(claim), {}, answer)
    assert "was changed successfully" in again.text
    claim.refresh_from_db()
    assert (claim.text, claim.context, claim.tags) == (TYPED, "Theirs.", ["air"])


def test_a_third_change_is_told_again(ann: Any, rob: Any) -> None:
    claim, client = make.make_claim("It is so."), client_of(ann)
    page = get(client, at(claim))
    changed_by(rob, claim, context="First.")
    answer = send(client, at(claim), {"text": TYPED}, page)
    changed_by(rob, claim, context="Second.")
    answer = send(client, at(claim), {}, answer)
    assert "What only they changed is taken over: Context." in answer.text
    assert answer.fields["context"] == "Second."


def test_the_same_change_by_both_is_no_matter_to_choose(ann: Any, rob: Any) -> None:
    claim, client = make.make_claim("It is so."), client_of(ann)
    page = get(client, at(claim))
    changed_by(rob, claim, text=TYPED)
    answer = send(client, at(claim), {"text": TYPED, "tags": "air"}, page)
    assert "was changed by Rob Reed" in answer.text
    assert "you choose" not in answer.text
    assert "taken over" not in answer.text
    assert "was changed successfully" in send(client, at(claim), {}, answer).text


def test_rows_below_a_page_are_laid_upon_theirs_too(ann: Any, rob: Any) -> None:
    claim, client = make.make_claim("It is so."), client_of(ann)
    link = make.make_link(claim, note="Before.", strength="weak")
    page = get(client, at(claim))
    changed_by(rob, link, note="Theirs.", strength="strong")
    answer = send(client, at(claim), {"evidence_links-0-note": TYPED}, page)
    assert "What only they changed is taken over: Strength." in answer.text
    assert answer.fields["evidence_links-0-strength"] == "strong"
    assert "It is now “Theirs.”" in answer.text
    send(client, at(claim), {}, answer)
    link.refresh_from_db()
    assert (link.note, link.strength) == (TYPED, "strong")


def test_where_the_history_was_erased_all_that_differs_is_chosen(ann: Any, rob: Any) -> None:
    claim, client = make.make_claim("It is so.", context="Before."), client_of(ann)
    page = get(client, at(claim))
    changed_by(rob, claim, context="Theirs.")
    erase_history(actor=make.make_user("root", is_superuser=True), rows=[("claim", claim.pk)], reason="By order.")
    answer = send(client, at(claim), {"text": TYPED}, page)
    assert "taken over" not in answer.text
    assert "It is now “Theirs.”" in answer.text
    assert (answer.fields["context"], answer.fields["text"]) == ("Before.", TYPED)


@ONE_ENGINE
@pytest.mark.parametrize(
    "kind", ["claim", "source", "document", "evidence", "attribution", "evidencelink", "question", "inquiry"]
)
def test_no_field_that_only_they_changed_is_lost(rows: dict[str, Any], editor: Any, rob: Any, kind: str) -> None:
    """Each field of a form in turn: theirs is in the form after a save that touched another field, or it is told."""
    row, client = rows[kind], client_of(editor)
    page, tried = get(client, at(row)), 0
    for name in sorted(page.named & {field.name for field in row._meta.concrete_fields}):
        column = row._meta.get_field(name)
        typed = touched(page, name)
        for value in other_value(row, column) if typed else ():
            before = getattr(row, column.attname)
            try:
                changed_by(rob, row, **{column.attname: value})
            except Exception:  # noqa: BLE001 - the rules take no such value here
                setattr(row, column.attname, before)
                continue
            row.refresh_from_db()
            stored = getattr(row, column.attname)
            if stored == before:
                page = get(client, at(row))
                continue
            answer = send(client, at(row), {"change_reason": "Mine."} | typed, page)
            assert f"This {row._meta.verbose_name} was changed by" in answer.text, name
            # What is there now is what the next change begins with.
            page = get(client, at(row))
            assert answer.fields.get(name) == page.fields.get(name), (name, value)
            tried += 1
            break
    assert tried >= 3


TEXTS = ("text", "description", "note", "context", "quote", "title", "name", "summary", "question")


def touched(page: Any, but: str) -> dict[str, str]:
    """A change of some text in the form, which makes it one that is to be saved."""
    name = next((each for each in TEXTS if each in page.named and each != but), "")
    return {name: f"{page.fields.get(name, '')} more"} if name else {}
