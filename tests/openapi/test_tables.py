"""The programs of docs/filters.md that read answers as tables, each run to the letter against the demo register."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.services.demo import create_people, load_disputes
from tests.database import ONE_ENGINE
from tests.openapi.conftest import TOOLS
from tests.openapi.test_clients import PROGRAMS, needs

pytestmark = [pytest.mark.django_db(transaction=True), ONE_ENGINE]

GUIDE = Path(settings.BASE_DIR, "docs", "filters.md").read_text(encoding="utf-8").partition("## Questions as tables")[2]
NAMES = ("claims", "said", "changed")
DUCK = """import duckdb, pathlib
for statement in pathlib.Path("guide.sql").read_text().split(";")[:-1]:
    print(*duckdb.sql(statement).fetchall()[0])
"""
"""What DuckDB's own shell does with a file, and no package brings."""
NODE = """const d3 = {...await import("d3-fetch"), ...await import("d3-dsv")};
let claims, said, changed;
%s
console.log(claims.length, said.length, changed.length);
"""
"""What Observable does with cells: each waits for what it names."""


ASKED = 5
"""So many questions docs/reports.md puts to a data package."""
COUNTED = """import duckdb, pathlib
for statement in pathlib.Path("asked.sql").read_text().split(";")[:-1]:
    print(len(duckdb.sql(statement).fetchall()))
"""
TITLES = {"attributions": '"Statements"', "said_by": '"Said by"', "contradictions": '"Contradicted by"'}
"""The sheets of the workbook that are not called as their tables."""
ANSWERED = """import duckdb, json, pathlib, sys
%s
for statement in pathlib.Path(sys.argv[1]).read_text().split(";")[:-1]:
    rows = duckdb.sql(statement).fetchall()
    print(json.dumps(sorted([[one if one == one else None for one in row] for row in rows], key=str), default=float))
"""
"""What a table without a value in a column has there is no number, which equals nothing."""


def blocks(language: str, guide: str = GUIDE) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL)
    assert found, language
    return found


@pytest.fixture
def tables(work: Callable[..., str], client: Any) -> str:
    """How many rows each table of the guide has, as its programs print it."""
    create_people()
    load_disputes()
    addresses = re.findall(r"\$\{register\}(.+?)`", GUIDE)
    assert len(addresses) == len(NAMES)
    texts = [b"".join(client.get(address)).decode("utf-8-sig") for address in addresses]
    counts = [len(list(csv.reader(io.StringIO(text)))) - 1 for text in texts]
    assert all(counts)
    return " ".join(map(str, counts))


def test_each_program_of_the_guide_finds_the_same_tables(
    work: Callable[..., str], tables: str, tmp_path: Path, client: Any
) -> None:
    python = PROGRAMS / "python"
    needs(python, "node", "curl", "jq")
    (tmp_path / "guide.py").write_text(blocks("python")[0] + "print(sources.map(len).sum())\n")
    told = work(python, "guide.py").splitlines()
    assert told[0] == tables
    assert int(told[-1]) > 0

    (tmp_path / "guide.sql").write_text(blocks("sql")[0])
    (tmp_path / "duck.py").write_text(DUCK)
    assert work("sh", "-ec", f"{blocks('sh')[0]}\n{python} duck.py").splitlines()[0] == tables

    package = client.get("/api/v1/disputes/crash-of-flight-8243/report/package/").content
    zipfile.ZipFile(io.BytesIO(package)).extractall(tmp_path / "package")
    reports = Path(settings.BASE_DIR, "docs", "reports.md").read_text(encoding="utf-8")
    (tmp_path / "package" / "asked.sql").write_text(blocks("sql", reports)[0])
    (tmp_path / "package" / "asked.py").write_text(COUNTED)
    found = work("sh", "-ec", f"cd package; {python} asked.py").split()
    assert len(found) == ASKED
    assert "0" not in found

    lines = work("sh", "-ec", blocks("jq")[0])
    assert len(list(csv.reader(io.StringIO(lines)))) == int(tables.split(maxsplit=1)[0])

    if not (TOOLS.parent / "d3-fetch").exists():
        pytest.skip("d3-fetch is missing: make node installs it")
    (tmp_path / "node_modules").symlink_to(TOOLS.parent)
    cells = [re.sub(r"^(\w+) = (d3.*)", r"\1 = await \2;", cell.strip()) for cell in blocks("js")]
    cells[0] = "const register = process.env.REGISTER;"
    (tmp_path / "guide.mjs").write_text(NODE % "\n".join(cells))
    assert work("node", "guide.mjs").strip() == tables


def test_the_workbook_alone_answers_what_the_package_answers(
    work: Callable[..., str], tmp_path: Path, client: Any
) -> None:
    python = PROGRAMS / "python"
    needs(python)
    create_people()
    load_disputes()
    reports = Path(settings.BASE_DIR, "docs", "reports.md").read_text(encoding="utf-8")
    asked, register = blocks("sql", reports)[0], blocks("python", reports)[0]
    disputes = [row["slug"] for row in client.get("/api/v1/disputes/?page_size=50").json()["results"]]
    assert len(disputes) > 5
    answers, ways = set[str](), set[str]()
    for slug in disputes:
        folder = tmp_path / slug
        folder.mkdir()
        package = client.get(f"/api/v1/disputes/{slug}/report/package/").content
        zipfile.ZipFile(io.BytesIO(package)).extractall(folder)
        (folder / "report.xlsx").write_bytes(client.get(f"/api/v1/disputes/{slug}/report/xlsx/").content)
        (folder / "files.sql").write_text(asked)
        (folder / "sheets.sql").write_text(re.sub(r"'(\w+)\.csv'", lambda one: TITLES.get(one[1], one[1]), asked))
        (folder / "files.py").write_text(ANSWERED % "")
        (folder / "sheets.py").write_text(ANSWERED % register)
        of_files, of_sheets = (
            work("sh", "-ec", f"cd {slug}; {python} {kind}.py {kind}.sql").splitlines() for kind in ("files", "sheets")
        )
        assert len(of_files) == ASKED
        for ours, theirs in zip(of_files, of_sheets, strict=True):
            assert json.loads(ours) == json.loads(theirs), slug
        # Days from a statement to the verdict: what is known to the year alone makes none of them negative.
        assert all(0 <= least <= most for _claim, least, most in json.loads(of_files[-1]) if most is not None), slug
        # Who is counted is who stands as “said by” in the report, whatever they did to say so.
        claims = client.get(f"/api/v1/disputes/{slug}/report/json/").json()["claims"]
        says = {(row["source_id"], row["name"]): set[int]() for claim in claims for row in claim["said"]}
        for claim in claims:
            for row in claim["said"]:
                says[row["source_id"], row["name"]] |= {claim["id"]} if claim["contradicted_by"] else set()
                ways.add(row["how"])
        counted = {(pk, name): count for pk, name, count in json.loads(of_files[0])}
        assert counted == {who: len(found) for who, found in says.items()}, slug
        answers.update(of_files)
    assert len(answers) > 3 * ASKED
    assert {"", "alleged it", "suggested it"} <= ways


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: its lines of the guide are not run")
def test_r_finds_the_same_tables(work: Callable[..., str], tables: str, tmp_path: Path) -> None:
    (tmp_path / "guide.R").write_text(blocks("r")[0])
    assert work("Rscript", "guide.R").splitlines()[0].strip() == tables
