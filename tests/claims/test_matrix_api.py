"""The matrix of a dispute over REST and in reports: who reads what of it, and what it costs."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Assessment, Claim, Dispute, Evidence, EvidenceLink
from claims.services import withdraw
from factcheck.audit.context import acting
from tests.factories import (
    make_assessment,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_link,
    make_relation,
    make_source,
    make_user,
)


@pytest.fixture
def rivals(register: None) -> tuple[Claim, Claim]:
    """Two published claims that exclude each other, and one beside them."""
    dispute = make_dispute("Two causes")
    heart, beaten, beside = (
        make_claim(text, dispute=dispute, question=question, published=True)
        for text, question in (
            ("Heart.", dispute.questions.get()),
            ("Beaten.", dispute.questions.get()),
            ("He was 55.", None),
        )
    )
    make_relation(heart, beaten, kind="excludes")
    make_link(beside)
    return heart, beaten


@pytest.fixture
def weighed(rivals: tuple[Claim, Claim], ann: Any, rob: Any) -> Dispute:
    """Two pieces of evidence; Ann rated both, Rob one cell."""
    heart, beaten = rivals
    lab = make_document(publisher=make_source("Laboratory", reliability="B"))
    autopsy = make_evidence("Autopsy", documents=[lab], credibility=2)
    letter = make_evidence("Letter")
    refutes = make_link(heart, "refutes", evidence=autopsy)
    supports = make_link(beaten, "supports", evidence=autopsy)
    context = make_link(heart, "context", evidence=letter)
    make_assessment(refutes, analyst=ann, rating="VI", note="The ribs.")
    make_assessment(supports, analyst=ann, rating="VC")
    make_assessment(context, analyst=ann, rating="C")
    make_assessment(refutes, analyst=rob, rating="C")
    return heart.dispute


ADDRESS = "/api/v1/disputes/two-causes/matrix/"


def test_the_matrix_holds_rivals_and_their_evidence(weighed, rivals, editor, api):
    heart, beaten = rivals
    answer = api(editor).get(ADDRESS).json()
    assert [(claim["id"], claim["rank"], claim["rated"], claim["total"]) for claim in answer["claims"]] == [
        (beaten.pk, 1, 1, 2),
        (heart.pk, 2, 2, 2),
    ]
    autopsy = next(row for row in answer["evidence"] if row["title"] == "Autopsy")
    assert (autopsy["reliability"], autopsy["credibility"]) == ("B", 2)
    assert autopsy["weight"] == pytest.approx(0.64)
    cells = {cell["claim"]: cell for cell in autopsy["cells"]}
    assert (cells[heart.pk]["mean"], cells[heart.pk]["consensus"]) == (2.5, "N")
    assert cells[heart.pk]["disagreement"] == pytest.approx(2.1213203435596424)
    assert cells[heart.pk]["disagreement_words"] == "extreme dispute"
    assert cells[heart.pk]["ratings"] == [
        {"analyst": "Ann Archer", "rating": "VI", "note": "The ribs."},
        {"analyst": "Rob Reed", "rating": "C", "note": ""},
    ]


def test_a_second_analyst_changes_consensus_and_disagreement(weighed, rivals, api):
    make_assessment(rivals[1].evidence_links.get(), analyst=make_user("cleo", "Researcher"), rating="N")
    autopsy = next(row for row in api().get(ADDRESS).json()["evidence"] if row["title"] == "Autopsy")
    cell = next(cell for cell in autopsy["cells"] if cell["claim"] == rivals[1].pk)
    assert (cell["analysts"], cell["mean"], cell["consensus"]) == (2, 4, "C")
    assert cell["disagreement"] == pytest.approx(1.4142135623730951)


@pytest.mark.parametrize("who", [None, "reader"])
def test_outsiders_learn_what_the_ratings_come_to_and_not_who_rated(weighed, request, api, who):
    client = api(request.getfixturevalue(who) if who else None)
    for address in (ADDRESS, f"{ADDRESS}csv/", "/api/v1/disputes/two-causes/report/html/"):
        body = client.get(address).content.decode()
        assert "Archer" not in body
        assert "ribs" not in body
    assert client.get(ADDRESS).json()["analysts"] == 2
    assert all(cell["ratings"] == [] for row in client.get(ADDRESS).json()["evidence"] for cell in row["cells"])


def test_outsiders_see_no_draft_and_no_withdrawn_evidence_in_it(weighed, rivals, reviewer, api):
    draft = make_claim("A draft.", dispute=weighed)
    make_relation(rivals[0], draft, kind="excludes")
    make_link(draft, evidence=make_evidence("Secret evidence"))
    withdraw(actor=reviewer, row=rivals[0].evidence_links.get(evidence__title="Letter"), reason="Wrong.")
    public, desk = api().get(ADDRESS).json(), api(reviewer).get(ADDRESS).json()
    assert {row["title"] for row in public["evidence"]} == {"Autopsy"}
    assert draft.pk not in {claim["id"] for claim in public["claims"]}
    assert {row["title"] for row in desk["evidence"]} == {"Autopsy", "Secret evidence"}


def test_a_restricted_dispute_has_no_matrix_for_others(weighed, editor, reviewer, api):
    closed = make_dispute("Closed", visibility="restricted", members=[editor])
    for key in (closed.pk, closed.slug):
        for client in (api(), api(reviewer)):
            assert client.get(f"/api/v1/disputes/{key}/matrix/").status_code == 404
        assert api(editor).get(f"/api/v1/disputes/{key}/matrix/").status_code == 200


def test_the_table_has_a_row_for_each_cell(weighed, editor, api):
    answer = api(editor).get(f"{ADDRESS}csv/")
    assert answer["Content-Disposition"] == 'attachment; filename="two-causes-matrix.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert {row["ratings"] for row in rows} == {"Ann Archer: VI; Rob Reed: C", "Ann Archer: VC", "Ann Archer: C", ""}


def test_reports_tell_it(weighed, api):
    page = api().get("/api/v1/disputes/two-causes/report/html/").content.decode()
    text = api().get("/api/v1/disputes/two-causes/report/markdown/").content.decode()
    table = api().get("/api/v1/disputes/two-causes/report/csv/").content.decode()
    assert "How the evidence fits the claims" in page
    assert "rated 1 of 2" in page
    assert "| **E2** Autopsy **decisive** | N neutral, extreme dispute | VC very consistent | 1.25 |" in text
    assert '"matrix_cell"' in table
    assert '"matrix_claim"' in table


def test_a_dispute_without_ratings_has_an_untested_matrix(rivals, api):
    make_link(rivals[0])
    answer = api().get(ADDRESS).json()
    assert [claim["rank"] for claim in answer["claims"]] == [None, None]
    assert answer["sensitivity"] == ""


def test_if_none_match_and_unknown_parameters(weighed, api):
    first = api().get(ADDRESS)
    assert api().get(ADDRESS, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    refused = api().get(f"{ADDRESS}?sort=1")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "sort")


def test_a_thousand_pieces_take_as_many_queries_as_ten(rivals, ann, api):
    dispute, suffixes = rivals[0].dispute, ("", "matrix/", "matrix/?as_of={now}")
    counts: list[list[int]] = []
    for total in (10, 1_000):
        pieces = Evidence.objects.bulk_create(
            Evidence(kind="document", title=f"Piece {number}", dispute=dispute)
            for number in range(total - dispute.evidence.count())
        )
        with acting(reason="Added for a test."):
            EvidenceLink.objects.bulk_create(
                EvidenceLink(evidence=piece, claim=rivals[0], bearing="context") for piece in pieces
            )
        Assessment.objects.bulk_create(
            Assessment(evidence=piece, claim=claim, analyst=ann, rating="I")
            for piece in pieces[:50]
            for claim in rivals
        )
        counts.append([])
        for suffix in suffixes:
            now = quote(timezone.now().isoformat())
            with CaptureQueriesContext(connection) as queries:
                assert api().get(f"/api/v1/disputes/two-causes/{suffix.format(now=now)}").status_code == 200
            counts[-1].append(len(queries))
    assert len(api().get(ADDRESS).json()["evidence"]) == 1_000
    assert counts[0] == counts[1]


def test_each_analyst_rates_in_their_own_name_only(weighed, rivals, ann, rob, api):
    own = rivals[1].assessments.get(analyst=ann)
    assert api(rob).patch(f"/api/v1/assessments/{own.pk}/", {"rating": "N"}).status_code == 403
    assert api(rob).delete(f"/api/v1/assessments/{own.pk}/").status_code == 403
    assert api(ann).patch(f"/api/v1/assessments/{own.pk}/", {"rating": "N"}).status_code == 200


def test_ratings_are_found_by_dispute_and_analyst(weighed, ann, rob, api):
    def found(query: str) -> int:
        return len(api(rob).get(f"/api/v1/assessments/?{query}").json()["results"])

    make_assessment(make_link(), analyst=ann)
    assert (found("dispute=two-causes"), found(f"analyst={ann.username}"), found(f"analyst={ann.pk}")) == (4, 4, 4)
    assert found(f"dispute=two-causes&analyst={rob.pk}") == found("dispute=two-causes&mine=true") == 1
    refused = api(rob).get("/api/v1/assessments/?analyst=nobody")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "analyst")


def test_no_outsider_learns_from_the_filter_who_works_here(weighed, ann, reader, api):
    answers = [api(reader).get(f"/api/v1/assessments/?analyst={name}") for name in (ann.username, "nobody")]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].json()["code"] == answers[1].json()["code"]
