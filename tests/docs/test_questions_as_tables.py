"""The questions of docs/filters.md that are answered as tables: each answers, with the columns that are used."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from claims.services.demo import create_people, load_disputes, load_vocabularies
from tests.database import ONE_ENGINE

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "filters.md").read_text()
TABLES = sorted(set(re.findall(r"/api/v1/[a-z-]+/export/csv/\?[^`\"'\s)]+", GUIDE)))


@ONE_ENGINE
@pytest.mark.django_db
def test_every_table_of_the_guide_comes_with_its_columns() -> None:
    load_vocabularies()
    create_people()
    load_disputes()
    client = Client()
    assert len(TABLES) >= 4
    found = {}
    for address in TABLES:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = b"".join(answer).decode("utf-8-sig")
        found[address] = list(csv.DictReader(io.StringIO(text)))
        assert found[address], address
    whole = found["/api/v1/claims/export/csv/?status=published"]
    counts = {"origins_voices_together_sources", "origins_evidence_together_total"}
    assert {"verdict_rating_code", *counts} <= set(whole[0])
    assert (
        "attributions" in found["/api/v1/claims/export/csv/?status=published&include=verdict,origins,attributions"][0]
    )
    said = found["/api/v1/attributions/export/csv/?source=washington-post&said_on=2025-07"]
    claims = found["/api/v1/claims/export/csv/?source=washington-post&said_on=2025-07"]
    assert {row["claim_id"] for row in said} == {row["id"] for row in claims}
