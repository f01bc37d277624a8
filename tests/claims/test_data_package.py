"""The data package of a report: every table as its description says, joined by its keys, and no more than is public."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests import factories as make
from tests.claims.report_case import make_rivals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

READ: dict[str, Any] = {
    "integer": int,
    "number": Decimal,
    "string": str,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def says_no_more(name: str, description: str) -> bool:
    """Whether a description is hardly more than the name of its column."""
    words = re.findall(r"\w+", description.lower())
    return len({*words} - {*name.split("_"), "the", "of", "its", "a"}) < 2


def read(content: bytes) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The description and the rows of each table, every value read as the description says."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = json.loads(archive.read("datapackage.json"))
        tables = {}
        for resource in package["resources"]:
            fields = {field["name"]: field for field in resource["schema"]["fields"]}
            bare = [name for name, field in fields.items() if says_no_more(name, field["description"])]
            assert not bare, (resource["name"], bare)
            text = archive.read(resource["path"]).decode(resource["encoding"])
            head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            assert head == list(fields)
            tables[resource["name"]] = [
                {name: READ[fields[name]["type"]](cell) if cell else None for name, cell in zip(head, row, strict=True)}
                for row in rows
            ]
        assert set(archive.namelist()) == {"datapackage.json", *(entry["path"] for entry in package["resources"])}
    return package, tables


def test_tables_are_as_described_and_joined(api: Any, ann: Any, reviewer: Any) -> None:
    dispute = make_rivals(ann, reviewer)
    claim = dispute.claims.filter(status="published").order_by("pk")[0]
    make.make_attribution(claim, said_on="2024-02", quote="=1+1 was said")
    for address in (f"disputes/{dispute.slug}", f"claims/{claim.pk}"):
        for user in (None, reviewer):
            answer = api(user).get(f"/api/v1/{address}/report/package/")
            assert answer["Content-Type"] == "application/zip"
            package, tables = read(answer.content)
            assert package["profile"] == "tabular-data-package"
            for resource in package["resources"]:
                rows, schema = tables[resource["name"]], resource["schema"]
                if key := schema.get("primaryKey"):
                    assert len({tuple(row[name] for name in key) for row in rows}) == len(rows), resource["name"]
                for foreign in schema.get("foreignKeys", []):
                    there = {row["id"] for row in tables[foreign["reference"]["resource"]]} | {None}
                    assert {row[foreign["fields"]] for row in rows} <= there, (resource["name"], foreign)
    said = next(row for row in tables["attributions"] if row["said_on"] == "2024-02")
    assert (said["said_on_earliest"], said["said_on_latest"]) == (date(2024, 2, 1), date(2024, 2, 29))
    assert said["said_on_precision"] == "month"
    assert said["quote"] == "'=1+1 was said"


def test_a_dispute_is_asked_from_its_tables_alone(api: Any, ann: Any, reviewer: Any) -> None:
    """What an analyst asks, reckoned from the tables and from the API."""
    dispute = make_rivals(ann, reviewer)
    _package, tables = read(api().get(f"/api/v1/disputes/{dispute.slug}/report/package/").content)
    whole = api().get(f"/api/v1/disputes/{dispute.slug}/").json()
    assert [row["id"] for row in tables["claims"]] == [claim["id"] for claim in whole["claims"]]
    for row, claim in zip(tables["claims"], whole["claims"], strict=True):
        verdict = claim["verdict"]
        assert row["rating_code"] == (verdict["rating"]["code"] if verdict else None)
        voices = claim["origins"]["voices"]
        assert row["voices_for_origins"] == voices["for"]["origins"]
        against = [entry for entry in tables.get("contradictions", []) if entry["claim_id"] == row["id"]]
        for one, other in zip(against, claim["contradicted_by"], strict=True):
            assert (one["attribution_id"], one["said_on"] or "") == (other["attribution"], other["said_on"])
            assert (one["body"] or "", one["remarks"] or "") == (
                (other["body"] or {"label": ""})["label"],
                "; ".join(other["remarks"]),
            )
            (said,) = (row for row in tables["attributions"] if row["id"] == other["attribution"])
            assert (said["source_id"], said["stance"]) == (one["source_id"], one["stance"])
        said = {row["source_id"] for row in tables["said-by"] if row["claim_id"] == claim["id"]}
        assert said == {row["source"]["id"] for row in claim["attributions"] if row["stance"] == "asserts"}
    current = [row for row in tables["verdicts"] if row["is_current"]]
    assert {row["claim_id"] for row in current} == {row["id"] for row in tables["claims"] if row["verdict_id"]}


def test_who_says_a_claim_is_a_row_each_as_the_register_reckons_it(api: Any) -> None:
    claim = make.make_claim(published=True)
    twins = [make.make_attribution(claim, source=make.make_source("The Mayor")) for _one in range(2)]
    alleged = make.make_attribution(claim, stance="alleges", source=make.make_source("The Clerk; the Cook"))
    relay = make.make_attribution(claim, stance="relays", relayed_from=alleged)
    denied = make.make_attribution(claim, stance="denies")
    gone = make.make_attribution(claim, said_on="2024-01-01")
    lost = make.make_attribution(claim, stance="relays", relayed_from=gone)
    back = make.make_attribution(claim, stance="retracts", source=gone.source, said_on="2024-02-01")
    content = api().get(f"/api/v1/claims/{claim.pk}/report/package/").content
    package, tables = read(content)
    (described,) = (row["schema"] for row in package["resources"] if row["name"] == "said-by")
    assert {row["fields"] for row in described["foreignKeys"]} == {"claim_id", "attribution_id", "source_id"}
    assert [(row["claim_id"], row["attribution_id"], row["source_id"]) for row in tables["said-by"]] == [
        (claim.pk, row.pk, row.source_id) for row in (*twins, alleged)
    ]
    assert [(row["source"], row["how"]) for row in tables["said-by"]] == [
        ("The Mayor", None),
        ("The Mayor", None),
        ("The Clerk; the Cook", "alleged it"),
    ]
    sides = {row["id"]: row["side"] for row in tables["attributions"]}
    assert sides == {
        **dict.fromkeys((*(row.pk for row in twins), alleged.pk, relay.pk), "for"),
        denied.pk: "against",
        **dict.fromkeys((gone.pk, back.pk), "back"),
        lost.pk: "fallen",
    }
    assert {row["id"]: row["passes_on"] for row in tables["attributions"]}[relay.pk] == "alleges"
    told = api().get(f"/api/v1/claims/{claim.pk}/report/json/").json()["claims"][0]
    assert told["said_by"] == ["The Mayor", "The Clerk; the Cook (alleged it)"]


def test_a_package_tells_no_more_than_the_page(api: Any, ann: Any, reviewer: Any) -> None:
    dispute = make_rivals(ann, reviewer)
    withheld = make.make_source("A name that is withheld", withheld=True, withheld_reason="In danger")
    make.make_attribution(dispute.claims.filter(status="published").order_by("pk")[0], source=withheld)
    address = f"/api/v1/disputes/{dispute.slug}/report/package/"
    public, desk = (json.dumps(read(api(user).get(address).content), default=str) for user in (None, reviewer))
    for secret in ("A name that is withheld", "nobody has published"):
        assert secret not in public
        assert secret in desk
    # It has its number, as in the API, and nothing else that is its own.
    (row,) = [row for row in read(api().get(address).content)[1]["sources"] if int(row["id"]) == withheld.pk]
    assert (row["name"], row["slug"], row["description"], row["country"]) == ("Source withheld", None, None, None)
    assert "Not for publication" in desk


def test_who_reads_the_data_alone_knows_the_caveats(api: Any) -> None:
    paper = make.make_document("The Paper", publisher=make.make_source("The Paper's house", kind="news_outlet"))
    claim = make.make_attribution(make.make_claim(published=True), document=paper).claim
    address = f"/api/v1/claims/{claim.pk}/report"
    told = [
        ("one_document", "All of it rests on one document, by The Paper's house: “The Paper”."),
        ("no_original", "No statement cites its original, only what others report of it."),
        ("nobody_asked", "The desk asked nobody about this claim."),
    ]
    as_json = api().get(f"{address}/json/").json()["caveats"]
    assert [(row["code"], row["words"]) for row in as_json] == told
    assert [row["document"] and row["document"]["id"] for row in as_json] == [paper.pk, None, None]
    package, _tables = read(api().get(f"{address}/package/").content)
    assert [(row["code"], row["words"]) for row in package["caveats"]] == told
    assert package["caveats"][0]["document_id"] == paper.pk
    assert all(words in package["description"] for _code, words in told)
    table = csv.DictReader(io.StringIO(api().get(f"{address}/csv/").content.decode("utf-8-sig"), newline=""))
    assert [(row["kind"], row["text"]) for row in table if row["row_type"] == "caveat"] == told
    make.make_inquiry(claim)
    assert [row["code"] for row in api().get(f"{address}/json/").json()["caveats"]] == ["one_document", "no_original"]


def test_what_is_dated_since_is_a_table_of_its_own(api: Any) -> None:
    claim = make.make_claim(published=True)
    said = make.make_attribution(claim, said_on="2024-02")
    _package, tables = read(api().get(f"/api/v1/claims/{claim.pk}/report/package/?since=2024-01-01").content)
    (row,) = tables["dated-since"]
    assert (row["id"], row["claim_id"], row["act"], row["date"]) == (said.pk, claim.pk, "said", "2024-02")
    assert row["date_latest"] == date(2024, 2, 29)
    assert row["sentence"].startswith(f"February 2024, claim {claim.pk}: ")
