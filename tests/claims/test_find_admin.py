"""The desk's search over everything."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from factcheck.admin.links import admin_url
from tests import factories as make
from tests.claims.test_dispute_admin import client_of


def test_everything_is_found_in_one_place_by_who_may_see_it(ann: Any, rob: Any, reader: Any) -> None:
    dispute = make.make_dispute("The bridge of Aldbury", visibility="restricted", members=[rob])
    claim = make.make_claim("A lorry brought the Aldbury bridge down.", dispute=dispute)
    source = make.make_source("Aldbury Council", kind="state_body")

    def found(user: Any, words: str) -> set[str]:
        return {row["url"] for row in client_of(user).get(reverse("find"), {"q": words}).json()["rows"]}

    assert found(rob, "aldbury") == {admin_url(row) for row in (dispute, claim, source)}
    assert found(ann, "aldbury") == {admin_url(source)}
    (row,) = client_of(ann).get(reverse("find"), {"q": "council"}).json()["rows"]
    assert (row["noun"], row["text"], row["details"]) == ("Source", "Aldbury Council", "State body · no statements")
    assert client_of(reader).get(reverse("find"), {"q": "x"}).status_code in {302, 403}


@pytest.mark.parametrize("words", ["", " ", "-", '"', "\x00", "a " * 300, "%", "´"])
def test_whatever_is_typed_is_answered(ann: Any, words: str) -> None:
    assert client_of(ann).get(reverse("find"), {"q": words}).status_code in {200, 400}


def test_what_is_called_just_so_comes_first(ann: Any) -> None:
    for text in ("It was closed in time.", "It was not closed in time.", "Is it so that it was closed in time.?"):
        make.make_claim(text)
    rows = client_of(ann).get(reverse("find"), {"q": "it was closed in time."}).json()["rows"]
    assert rows[0]["text"] == "It was closed in time."
    assert len(rows) > 1
