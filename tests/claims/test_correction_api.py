"""The list of corrections: both decisions, the reason and how grave it is, for whoever may read the claim."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import correct_verdict, submit_verdict, withdraw_claim
from tests.factories import make_claim, make_corrected, make_dispute, make_published, someone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
LIST = "/api/v1/corrections/"


@pytest.fixture(scope="module")
def once_corrected(module_rows: None) -> Any:
    claim = make_claim("He died of heart failure.", dispute=make_dispute("Death of Z", slug="z"), published=True)
    return make_corrected(
        claim,
        "contested",
        "refuted",
        reason="A second autopsy.",
        severity="correction",
        summary="It was no heart failure.",
    )


@pytest.fixture
def corrected(once_corrected: Any) -> Any:
    return deepcopy(once_corrected)


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


def test_a_correction_tells_what_it_replaced_and_why(corrected, api):
    listed = api().get(LIST).json()["results"]
    assert listed == [api().get(f"{LIST}{corrected.pk}/").json()]
    row = listed[0]
    assert row["claim"] == {"id": corrected.claim_id, "text": "He died of heart failure.", "language": "en"}
    assert row["dispute"]["slug"] == "z"
    assert (row["severity"], row["reason"]) == ("correction", "A second autopsy.")
    assert (row["old"]["rating"]["code"], row["new"]["rating"]["code"]) == ("contested", "refuted")
    assert (row["old"]["id"], row["new"]["id"]) == (corrected.supersedes_id, corrected.pk)
    assert (row["old"]["summary"], row["new"]["summary"]) == ("In short.", "It was no heart failure.")
    assert row["new"]["rationale"] == row["old"]["rationale"] != ""
    assert row["published_at"] == row["new"]["published_at"] > row["old"]["published_at"]
    assert set(row["old"]) == set(row["new"]) >= {"likelihood", "confidence"}
    assert row["old"]["author"] == row["new"]["reviewer"] == {"id": None, "label": "Desk"}


def test_first_verdicts_and_drafts_of_corrections_are_none(corrected, api, ann):
    published = make_published()
    draft = correct_verdict(actor=ann, verdict=published, reason="Wrong.", severity="correction")
    submit_verdict(actor=ann, verdict=draft)
    for client in (api(), api(ann)):
        assert ids(client.get(LIST)) == [corrected.pk]
        assert client.get(f"{LIST}{published.pk}/").status_code == 404
        assert client.get(f"{LIST}{draft.pk}/").status_code == 404


def test_the_newest_comes_first_and_a_correction_can_be_corrected(corrected, api):
    other = make_corrected()
    again = make_corrected(corrected.claim, verdict=corrected, severity="retraction")
    assert ids(api().get(LIST)) == [again.pk, other.pk, corrected.pk]
    assert ids(api().get(f"{LIST}?ordering=published_at")) == [corrected.pk, other.pk, again.pk]
    first = api().get(f"{LIST}?page_size=2").json()
    assert ids(api().get(first["next"])) == [corrected.pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dispute=z", True),
        ("dispute=other", False),
        ("claim={claim}", True),
        ("severity=correction,update", True),
        ("severity=retraction", False),
        ("old_rating=contested", True),
        ("old_rating=refuted", False),
        ("new_rating=refuted", True),
        ("new_rating=contested", False),
        ("published_after=2020-01-01T00:00:00Z", True),
        ("published_after=2999-01-01T00:00:00Z", False),
        ("published_before=2020-01-01T00:00:00Z", False),
    ],
)
def test_filters(corrected, api, query, found):
    make_published(make_claim(dispute=make_dispute(slug="other"), published=True))
    assert ids(api().get(f"{LIST}?{query.format(claim=corrected.claim_id)}")) == [corrected.pk] * found


@pytest.mark.parametrize(
    "query", ["zq=1", "severity=grave", "old_rating=zq", "new_rating=zq", "claim=987654", "dispute=zq"]
)
def test_what_a_filter_does_not_take_is_refused_by_name(corrected, api, query):
    answer = api().get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, query.partition("=")[0])


def test_what_cannot_be_read_is_not_listed(corrected, api, ann, reader):
    member = someone("Reviewer")
    restricted = make_corrected(
        make_claim(dispute=make_dispute(visibility="restricted", members=[member, someone("Researcher")]))
    )
    internal = make_corrected(make_claim(dispute=make_dispute(visibility="internal"), published=True))
    withdraw_claim(actor=someone("Editor"), claim=corrected.claim, reason="Not checkable.")
    assert ids(api().get(LIST)) == []
    assert ids(api(reader).get(LIST)) == [internal.pk]
    assert ids(api(ann).get(LIST)) == [internal.pk, corrected.pk]
    assert ids(api(member).get(LIST)) == [internal.pk, restricted.pk, corrected.pk]
    assert api(ann).get(f"{LIST}{restricted.pk}/").status_code == 404


def test_whoever_has_it_already_is_told_so(corrected, api):
    for address in (LIST, f"{LIST}{corrected.pk}/"):
        tag = api().get(address)["ETag"]
        assert api().get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304
    tag = api().get(LIST)["ETag"]
    make_corrected()
    assert api().get(LIST, HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(corrected, api, administrator, method):
    assert getattr(api(administrator), method)(LIST).status_code == 405
    assert getattr(api(), method)(f"{LIST}{corrected.pk}/").status_code in {401, 405}


def test_a_detail_takes_the_same_queries_whatever_hangs_on_its_claim(corrected, api):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api().get(f"{LIST}{corrected.pk}/").status_code == 200
        return len(seen)

    before = queries()
    make_corrected(corrected.claim, verdict=corrected)
    assert queries() == before
