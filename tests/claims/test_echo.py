"""One witness in five papers against three tests: every door says which order hangs on what."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from claims.models import Claim, Dispute
from claims.reports.content.concerns import Entered, concerns
from claims.reports.load.dossier import load_dispute
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
ECHO = "Echo: E1, E2, E3, E4 and E5: 5 pieces, 1 origin."


def order(well: Dispute) -> str:
    """Which claim comes first, by their numbers."""
    stranger, pipe = well.claims.order_by("pk").values_list("pk", flat=True)
    return (
        f"Counted by piece, claim {stranger} comes first; counted by origin, claim {pipe} comes first. The order hangs "
        "on how often one origin is counted: E1, E2, E3, E4 and E5: 5 pieces, 1 origin. Counted by "
        "origin, the first place does not hang on any single origin."
    )


def rated(claims: list[Claim], ratings: list[str], bearing: str, **fields: Any) -> Any:
    """A piece of evidence that bears on the first claim, rated against all."""
    link = make.make_link(claims[0], bearing, evidence=make.make_evidence(**fields))
    for claim, rating in zip(claims, ratings, strict=True):
        make.make_assessment(link, claim=claim, rating=rating)
    return link.evidence


@pytest.fixture
def well() -> Dispute:
    """A witness saw a stranger at the well, four papers print it again; three laboratories find metal of the pipe."""
    dispute = make.make_dispute("The well of Olm", question="Why did the water make people ill?")
    claims = [
        make.make_claim(text, dispute=dispute, published=True)
        for text in ("A stranger poisoned the well.", "The old pipe poisoned the well.")
    ]
    make.make_relation(*claims)
    witness = rated(claims, ["VC", "VI"], "supports", title="A neighbour saw a stranger", kind="testimony")
    for paper in ("Herald", "Courier", "Post", "Echo"):
        rated(claims, ["VC", "VI"], "supports", title=f"The {paper} on the stranger", derived_from=witness)
    for laboratory in ("North", "South", "West"):
        rated(claims, ["VI", "VC"], "refutes", title=f"Laboratory {laboratory}", kind="forensic")
    return dispute


def test_the_matrix_tells_both_orders_and_what_they_hang_on(well: Dispute, api: Any) -> None:
    found = api().get(f"/api/v1/disputes/{well.slug}/matrix/").json()
    stranger, pipe = well.claims.order_by("pk").values_list("pk", flat=True)
    ranks = {row["number"]: (row["rank"], row["origin_rank"]) for row in found["claims"]}
    assert ranks == {stranger: (1, 2), pipe: (2, 1)}
    assert (found["order"], found["echo"].startswith(ECHO)) == (order(well), True)
    assert [(row["code"], row["pieces"]) for row in found["origins"]] == [("O1", 5), ("O2", 1), ("O3", 1), ("O4", 1)]
    assert {row["origin_share"] for row in found["evidence"] if row["origin"] == "O1"} == {0.2}
    body = api().get(f"/api/v1/disputes/{well.slug}/matrix/csv/").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {(row["claim_number"], row["claim_rank"], row["claim_origin_rank"]) for row in rows} == {
        (str(stranger), "1", "2"),
        (str(pipe), "2", "1"),
    }


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_report_says_it_in_words(well: Dispute, api: Any, form: str) -> None:
    report = api().get(f"/api/v1/disputes/{well.slug}/report/{form}/").content.decode()
    assert order(well) in report
    assert "E1, E2, E3, E4 and E5: 5 pieces, 1 origin" in report
    assert "Rank by grades; by origin; by both" in report


def test_the_workbook_tells_the_rank_by_origin(well: Dispute, api: Any) -> None:
    content = api().get(f"/api/v1/disputes/{well.slug}/report/xlsx/").content
    head, *rows = load_workbook(io.BytesIO(content), read_only=True)["Matrix, claims"].iter_rows(values_only=True)
    assert [row[head.index("claim_origin_rank")] for row in rows].count(1) == 1


def test_the_desk_reads_it_beside_the_matrix_and_on_the_sheet(well: Dispute, admin_client: Any) -> None:
    panel = admin_client.get(f"/admin/claims/dispute/{well.pk}/change/").content.decode()
    assert order(well) in panel
    assert "Rank by origin" in panel
    assert ECHO in admin_client.get(f"/admin/claims/dispute/{well.pk}/weigh/").content.decode()


def test_what_does_not_count_is_told_apart_everywhere(well: Dispute, api: Any, editor: Any) -> None:
    claim = well.claims.order_by("pk")[0]
    # A reprint, from which nothing else derives.
    link = claim.evidence_links.filter(bearing="supports").last()
    link.own_assertion = True
    make.added(link)
    found = api().get(f"/api/v1/disputes/{well.slug}/matrix/").json()
    (own,) = [row for row in found["evidence"] if row["id"] == link.evidence_id]
    assert (own["discounted"], own["origin"], own["origin_share"]) == ("the claim’s own assertion", "", 0.0)
    assert {row["total"] for row in found["claims"]} == {7}
    report = api().get(f"/api/v1/disputes/{well.slug}/report/markdown/").content.decode()
    assert "| **Not counted**, " in report
    assert "1 own assertion not counted" in report
    body = api().get(f"/api/v1/disputes/{well.slug}/report/csv/").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(body)) if row["does_not_count"]]
    assert {row["row_type"] for row in rows} == {"evidence", "matrix_cell"}
    assert {row["does_not_count"] for row in rows} == {"the claim’s own assertion"}
    claim_view = load_dispute(well, editor).claims[0]
    assert (claim_view.evidence_for.total, claim_view.evidence_for.origins) == (4, 1)


def test_a_cell_whose_link_does_not_count_is_shown_and_weighs_nothing(api: Any, admin_client: Any) -> None:
    """A communiqué is the own assertion of the second claim and evidence against the first."""
    dispute = make.make_dispute("Shell", question="Who fired the shell?")
    army, rebels = (
        make.make_claim(text, dispute=dispute, published=True) for text in ("The army fired.", "The rebels fired.")
    )
    make.make_relation(army, rebels)
    rated([army, rebels], ["I", "I"], "context", title="Film")
    said = rated([army, rebels], ["I", "VC"], "refutes", title="Communiqué")
    make.make_link(rebels, "supports", evidence=said, own_assertion=True)
    found = api().get(f"/api/v1/disputes/{dispute.slug}/matrix/").json()
    columns = {row["number"]: row for row in found["claims"]}
    assert [(columns[n]["inconsistency"], columns[n]["consistency"]) for n in (army.pk, rebels.pk)] == [(2, 0), (1, 0)]
    assert [(columns[n]["rated"], columns[n]["total"]) for n in (army.pk, rebels.pk)] == [(2, 2), (1, 1)]
    (piece,) = [row for row in found["evidence"] if row["id"] == said.pk]
    assert (piece["discounted"], piece["diagnosticity"]) == ("", 0)
    assert {(cell["claim"], cell["consensus"], cell["discounted"]) for cell in piece["cells"]} == {
        (army.pk, "I", ""),
        (rebels.pk, "VC", "the claim’s own assertion"),
    }
    # Without the film nothing tests the second claim.
    assert found["decisive"] == ["E1", "E2"]
    for address in ("matrix/csv/", "report/csv/"):
        body = api().get(f"/api/v1/disputes/{dispute.slug}/{address}").content.decode("utf-8-sig")
        rows = [row for row in csv.DictReader(io.StringIO(body)) if row["does_not_count"]]
        assert {row["claim_id"] for row in rows} == {str(rebels.pk)}
    report = api().get(f"/api/v1/disputes/{dispute.slug}/report/markdown/").content.decode()
    assert "× does not count on this claim" in api().get(f"/disputes/{dispute.slug}/").content.decode()
    assert "; one analyst rated." in report
    assert "VC very consistent **does not count: the claim’s own assertion**" in report
    panel = admin_client.get(f"/admin/claims/dispute/{dispute.pk}/change/").content.decode()
    sheet = admin_client.get(f"/admin/claims/dispute/{dispute.pk}/weigh/").content.decode()
    assert [page.count("Does not count: the claim’s own assertion") for page in (panel, sheet)] == [1, 1]


@pytest.mark.parametrize(
    ("reason", "between", "counts"),
    [("", "", False), ("Its reporter asked both.", "", True), ("", "The agency filmed it.", True)],
)
def test_a_reprint_of_its_own_assertion_weighs_nothing_on_a_claim_to_which_nobody_linked_it(
    api: Any, editor: Any, reason: str, between: str, counts: bool
) -> None:
    dispute = make.make_dispute("Shell", question="Who fired the shell?")
    army, rebels = (make.make_claim(text, dispute=dispute, published=True) for text in ("The army.", "The rebels."))
    said = rated([army, rebels], ["I", "VC"], "refutes", title="Communiqué")
    make.make_link(rebels, "supports", evidence=said, own_assertion=True)
    agency = make.make_evidence("Agency", derived_from=said, independent_because=between)
    rated([army, rebels], ["I", "VC"], "refutes", title="Paper", derived_from=agency, independent_because=reason)
    for suffix in ("", f"?as_of={quote(timezone.now().isoformat())}"):
        found = api(editor).get(f"/api/v1/disputes/{dispute.slug}/matrix/{suffix}").json()
        told = {(row["title"], cell["claim"]): cell["discounted"] for row in found["evidence"] for cell in row["cells"]}
        assert told["Paper", rebels.pk] == ("" if counts else "derived from the claim’s own assertion"), suffix
        assert told["Paper", army.pk] == ""
        fits = {row["number"]: row["consistency"] for row in found["claims"]}
        assert fits == {army.pk: 0, rebels.pk: 4 if counts else 0}, suffix


def test_a_claim_that_rests_on_its_own_assertion_is_a_concern() -> None:
    told = [Entered(1, 1, linked=frozenset({7}), discounted=frozenset({7})), Entered(2, 2, linked=frozenset({8}))]
    told = [replace(claim, question=1) for claim in told]
    found = {concern.code: concern for concern in concerns(told, {7: "A speech", 8: "A record"})}
    assert found["no_evidence_counts"].claims == (1,)
    # What does not count needs no rating against the other claim.
    assert [concern.evidence for concern in concerns(told, {}) if concern.code == "evidence_not_weighed"] == [(8,)]
