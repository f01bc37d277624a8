"""The desk reads where a quote stands; outsiders read whether it does, and nothing about what is withheld."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

WORDS = "He said: it was so. Then he left."


def said(**fields: Any) -> Any:
    fields.setdefault("document", f.make_document(text=WORDS))
    return f.make_attribution(f.make_claim(published=True), **{"quote": "It was so.", **fields})


def shown(client: Any, row: Any) -> Any:
    alone = client.get(f"/api/v1/attributions/{row.pk}/").json()["quote_check"]
    nested = client.get(f"/api/v1/claims/{row.claim_id}/").json()["attributions"][0]["quote_check"]
    assert alone == nested
    return alone


def test_the_desk_reads_the_place_and_others_the_state(api, ann):
    row = said()
    assert shown(api(ann), row)["place"]["exact"] == "it was so."
    assert shown(api(), row) == {"state": "verified", "place": None, "omitted": [], "warnings": []}
    assert shown(api(), said(quote="")) is None


@pytest.mark.parametrize("withheld", ["source", "on_behalf_of", "publisher"])
def test_nothing_is_said_of_quotes_of_withheld_sources(api, ann, withheld):
    hidden = f.make_source(withheld=True, withheld_reason="Safety.")
    row = (
        said(document=f.make_document(text=WORDS, publisher=hidden))
        if withheld == "publisher"
        else said(**{withheld: hidden})
    )
    assert shown(api(ann), row)["state"] == "verified"
    assert shown(api(), row) is None
    for query in ("quote_state=verified", "quote_warned=false", "quote_warned=true"):
        assert api().get(f"/api/v1/attributions/?{query}").json()["results"] == []
    assert load_claim(row.claim, None).claims[0].attributions[0].quote_state.code == ""


def test_attributions_are_filtered_by_the_state_of_their_quote(api, ann):
    rows = [said(), said(quote="It was not so."), said(document=None), said(quote="")]

    def found(states: str) -> set[int]:
        answer = api(ann).get(f"/api/v1/attributions/?quote_state={states}").json()
        return {row["id"] for row in answer["results"]}

    assert found("verified") == {rows[0].pk}
    assert found("not_found,unverifiable") == {rows[1].pk, rows[2].pk}
    assert api(ann).get("/api/v1/attributions/?quote_state=lost").status_code == 400


def test_attributions_are_filtered_by_what_a_reader_has_to_know_of_their_quote(api, ann):
    work = f.make_document(
        text="It was raining, and not only here, said the Mayor, so we left. We did not return home."
    )
    quotes = (
        "It was raining … so we left.",
        "return home",
        "We did not return",
        "It was raining [heavily]",
        "It was dry",
    )
    negated, beside, plain, inserted, missing = (said(quote=quote, document=work).pk for quote in quotes)

    def found(query: str, user: Any = ann) -> set[int]:
        return {row["id"] for row in api(user).get(f"/api/v1/attributions/?{query}").json()["results"]}

    assert found("quote_warned=true") == {negated, beside, inserted}
    assert found("quote_warned=true", None) == {negated, beside, inserted}
    assert found("quote_warned=false") == {plain, missing}
    # A quote with two warnings is found by either.
    assert found("quote_warning=negation") == found("quote_warning=speaker") == {negated}
    assert found("quote_warning=negation_beside,insertion") == {beside, inserted}
    assert found("quote_warning=long") == set()
    assert found("quote_warning=negation&quote_state=not_found") == set()
    assert api(ann).get("/api/v1/attributions/?quote_warning=lost").status_code == 400


def test_the_answer_to_a_change_says_what_holds_now(api, ann):
    row = f.make_attribution(quote="It was so.", document=f.make_document(text=WORDS))
    address = f"/api/v1/attributions/{row.pk}/"
    answer = api(ann).patch(address, {"quote": "It was not so."})
    assert answer.json()["quote_check"] == {"state": "not_found", "place": None, "omitted": [], "warnings": []}
    made = api(ann).post(
        "/api/v1/attributions/",
        {"claim": row.claim_id, "source": row.source_id, "stance": "asserts", "quote": "no"},
    )
    assert made.json()["quote_check"] == {"state": "unverifiable", "place": None, "omitted": [], "warnings": []}


def test_the_state_is_read_only(api, ann):
    row = f.make_attribution(quote="It was so.")
    api(ann).patch(f"/api/v1/attributions/{row.pk}/", {"quote_check": {"state": "verified"}})
    row.refresh_from_db()
    assert row.quote_check.state == "unverifiable"


def report(name: str, row: Any) -> str:
    """A report as text; that of a DOCX is its main part."""
    written = FORMATS[name].write(load_claim(row.claim, None))
    written = written if isinstance(written, bytes) else b"".join(written)
    if name == "docx":
        return zipfile.ZipFile(io.BytesIO(written)).read("word/document.xml").decode()
    return written.decode()


FOUND = {"It was so.": "quote verified", "No.": "Quote not found in the cited document."}


@pytest.mark.parametrize("name", ["html", "markdown", "docx"])
@pytest.mark.parametrize("quote", FOUND)
def test_reports_say_what_was_found(name: str, quote: str) -> None:
    row = said(quote=quote)
    told = report(name, row)
    assert [told.count(words) for words in FOUND.values()] == [int(words == FOUND[quote]) for words in FOUND.values()]
    # Who passes on the same words with no more to tell has a place in a line, and the state of the quote with it.
    document = f.make_document(text=WORDS)
    f.make_attribution(row.claim, quote=quote, stance="relays", relayed_from=row, document=document)
    assert report(name, row).count(FOUND[quote]) == 2
