"""Search fields of the desk: what they offer, what they create, and what they say is there already."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

AUTOCOMPLETE = reverse("admin:autocomplete")


def offered(user: Any, field: str, term: str = "") -> dict[str, Any]:
    app, model, name = field.split(".")
    asked = {"app_label": app, "model_name": model, "field_name": name, "term": term}
    return client_of(user).get(AUTOCOMPLETE, asked).json()


def near(user: Any, field: str, text: str, **more: str) -> list[str]:
    return [
        row["text"]
        for row in client_of(user).get(reverse("near"), {"field": field, "text": text, **more}).json()["near"]
    ]


def test_each_entry_says_what_tells_it_apart(ann: Any) -> None:
    body = make.make_source("Ministry", kind="state_body", country="RU")
    source = make.make_source("Ivan Ivanov", kind="person", country="RU", part_of=body)
    outlet = make.make_source("The Daily Paper", kind="news_outlet")
    document = make.make_document("Who did it", publisher=outlet, published_on="2014-07-17")
    claim = make.make_claim("It is so.", dispute=make.make_dispute("The bridge"))
    make.make_attribution(claim, source=source, document=document)
    shown = {
        field: offered(ann, f"claims.attribution.{field}", term)
        for field, term in (("source", "Ivanov"), ("document", "Who did"), ("claim", "It is"))
    }
    assert [answer["results"][0]["details"] for answer in shown.values()] == [
        "Person · Russian Federation · Ministry · 1 statement",
        "The Daily Paper · 17 July 2014 · Article · 1 statement",
        f"no. {claim.pk} · Draft · The bridge · 1 statement",
    ]
    create = shown["source"]["create"]
    assert create["text"] == "Create source “Ivanov”"
    page = get(client_of(ann), create["url"])
    assert page.fields["name"] == "Ivanov"
    # An address is one.
    pasted = offered(ann, "claims.attribution.document", "https://example.org/a")["create"]
    assert get(client_of(ann), pasted["url"]).fields["url"] == "https://example.org/a"


def test_what_is_called_just_so_comes_first(ann: Any) -> None:
    for text in ("It was closed in time.", "It was not closed in time.", "It was closed in time, it was."):
        make.make_claim(text)
    found = offered(ann, "claims.attribution.claim", "it was closed in time. ")["results"]
    assert found[0]["text"] == "It was closed in time."
    assert len(found) > 1


def test_what_may_not_be_added_to_is_said_in_the_list(ann: Any, reviewer: Any) -> None:
    claim = make.make_published().claim
    for user, closed in ((ann, True), (reviewer, False)):
        (entry,) = offered(user, "claims.attribution.claim", str(claim.text)[:20])["results"]
        assert entry["disabled"] == closed
        assert ("your role adds to drafts" in entry["details"]) == closed


def test_a_form_in_a_panel_may_stand_beside_the_page_and_nowhere_else(ann: Any) -> None:
    url = reverse("admin:sources_source_add")
    client = client_of(ann)
    assert client.get(f"{url}?_popup=1")["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(url)["X-Frame-Options"] == "DENY"
    saved = client.post(url, {**get(client, f"{url}?_popup=1").fields, "name": "Nina", "kind": "person", "_popup": "1"})
    assert b"factcheck/popup.js" in saved.content
    assert b"&quot;obj&quot;: &quot;Nina&quot;" in saved.content


def test_what_is_near_is_shown_to_who_may_see_it(ann: Any, rob: Any, reader: Any) -> None:
    source = make.make_source("Bellingcat", aliases=["Беллингкэт"])
    make.make_document("MH17: the open source evidence", url="https://www.example.org/mh17/?utm_source=mail")
    secret = make.make_claim(
        "A tank stood in the field at noon.", dispute=make.make_dispute(visibility="restricted", members=[rob])
    )
    assert near(ann, "sources.source.name", "belingcat") == ["Bellingcat"]
    assert near(ann, "sources.source.name", "БЕЛЛИНГКЭТ") == ["Bellingcat"]
    assert near(ann, "sources.source.name", "bellingcat", but=str(source.pk)) == []
    assert near(ann, "sources.source.name", "Somebody else") == []
    assert len(near(ann, "sources.document.url", "example.org/mh17")) == 1
    assert near(ann, "sources.document.url", "https://example.org/mh18") == []
    assert near(rob, "claims.claim.text", "A tank stood in a field at noon") == [str(secret)]
    assert near(ann, "claims.claim.text", "A tank stood in a field at noon") == []


@pytest.mark.parametrize("field", ["", "sources.source", "sources.source.slug", "auth.user.username", "x.y.z", "\x00"])
def test_only_what_is_offered_is_looked_for(ann: Any, reader: Any, field: str) -> None:
    assert client_of(ann).get(reverse("near"), {"field": field, "text": "some text"}).status_code in {400, 403}
    assert client_of(reader).get(reverse("near"), {"field": "sources.source.name", "text": "x"}).status_code in {
        302,
        403,
    }
