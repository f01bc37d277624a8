"""The reports as PDF, DOCX, XLSX and JSON, each opened as its own program would open it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import docx
import openpyxl
import pytest
from django.db import connection
from docx.oxml.ns import qn
from pypdf import PdfReader

from claims.logic.wording import number
from claims.reports.content.dossier import ClaimDossier, DisputeDossier
from claims.reports.content.rows import Term
from claims.reports.formats.catalogue import FORMATS
from claims.reports.formats.csv import cell
from claims.reports.formats.tidy import tables
from claims.reports.formats.workbook import summary
from claims.reports.load.dossier import load_dispute
from claims.services import draft_answer, publish_answer
from tests import factories as make
from tests.claims import content_case as case
from tests.claims import report_readers as readers
from tests.claims.report_case import ARABIC, ARMENIAN, AZERBAIJANI, GEORGIAN, HOSTILE, MARKUP, RUSSIAN

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="writers ask no database"),
]


def test_the_pdf_is_tagged_numbered_and_says_everything(public: DisputeDossier) -> None:
    body = FORMATS["pdf"].write(public)
    reader = PdfReader(io.BytesIO(body))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1<" in body
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Deaths in custody", public.imprint.newsroom)
    assert reader.metadata.creation_date == public.imprint.moment.replace(microsecond=0)
    pages = [page.extract_text() for page in reader.pages]
    for place, page in enumerate(pages, start=1):
        assert f"{place} / {len(pages)}" in page
        assert public.version[:8] in page
        assert public.query in page
    text = readers.squeezed("".join(pages))
    for part in (RUSSIAN, AZERBAIJANI, GEORGIAN, ARMENIAN, HOSTILE, MARKUP):
        assert readers.squeezed(part) in text
    used = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert any("NotoNaskhArabic" in name for name in used)


def _fonts(page: Any) -> Iterator[Any]:
    yield from (font.get_object() for font in page["/Resources"].get("/Font", {}).values())


def test_a_letter_without_a_font_does_not_stop_the_pdf(desk: ClaimDossier) -> None:
    odd = replace(desk, claims=(replace(desk.claim, context="\U000107a0 \ue000 \x01"),))
    assert FORMATS["pdf"].write(odd).startswith(b"%PDF")


def test_the_docx_has_headings_languages_and_directions(public: DisputeDossier, desk: ClaimDossier) -> None:
    body = FORMATS["docx"].write(public)
    document = docx.Document(io.BytesIO(body))
    levels = [int(row.style.name[-1]) for row in document.paragraphs if row.style and "Heading" in row.style.name]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is left out"
    tongues = {lang.get(qn("w:bidi")) or lang.get(qn("w:val")) for lang in document.element.iter(qn("w:lang"))}
    assert tongues >= {"ru", "az", "ar", "he", "ka", "hy"}
    (arabic,) = (row for row in document.paragraphs if row.text == ARABIC)
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert arabic.runs[0].font.rtl
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    for row in document.paragraphs:
        if row.style and row.style.name.startswith("Heading"):
            assert row.style.paragraph_format.keep_with_next, "no heading stands alone at the foot of a page"
    pictures = list(document.element.iter(qn("wp:docPr")))
    assert pictures, "a position changed: the timeline is drawn"
    assert all(len(picture.get("descr")) > 20 for picture in pictures)
    about = document.core_properties
    assert (about.title, about.language, about.version) == (public.title, "en", public.version)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        left_over = re.compile("thumbnail|customXml|stylesWithEffects")
        assert not [name for name in archive.namelist() if left_over.search(name)]
        assert b"Microsoft" not in archive.read("docProps/app.xml")
        options = archive.read("word/settings.xml").decode()
        assert not re.search("docId|rsid|ja-JP|en-US|shapeDefaults", options), "nothing of the template’s own making"
        assert 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in options
        used = set(
            re.findall(r'w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', archive.read("word/document.xml").decode())
        )
        made = set(re.findall(r'w:styleId="([^"]+)"', archive.read("word/styles.xml").decode()))
        assert used <= made
        assert len(made) < 40
        foot = archive.read("word/footer1.xml").decode()
        links = re.findall(
            r'Target="([^"]*)" TargetMode="External"', archive.read("word/_rels/document.xml.rels").decode()
        )
    assert " PAGE " in foot
    assert " NUMPAGES " in foot
    assert links
    assert all(link.startswith(("http://", "https://")) for link in links)
    copy = docx.Document(io.BytesIO(FORMATS["docx"].write(desk)))
    assert "Not for publication" in copy.sections[0].header.paragraphs[1].text


def leaves(value: Any) -> Iterator[str]:
    """Every text and number in a dossier."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from leaves(entry)
    elif isinstance(value, Decimal):
        yield number(value)
    elif isinstance(value, str | int | float) and value not in ("", 0):
        yield str(value)


def test_the_json_loses_nothing(public: DisputeDossier, desk: ClaimDossier) -> None:
    for dossier in (public, desk):
        body = FORMATS["json"].write(dossier)
        content = json.loads(body)

        def told(value: Any) -> Iterator[str]:
            if isinstance(value, dict | list):
                for entry in value.values() if isinstance(value, dict) else value:
                    yield from told(entry)
            else:
                yield str(value)

        assert set(leaves(dossier)) - set(told(content)) == set()
        assert content["schema_version"] == 2
        assert content["query"] == dossier.query
        assert datetime.fromisoformat(content["made_at"]) == dossier.imprint.moment
        first = content["claims"][0]
        assert first["address"].endswith(f"/api/v1/claims/{first['id']}/")
        assert first["verdict"]["likelihood"] == {"code": "likely", "words": "likely (55–80\u00a0%)"}
        assert first["quantity_min"] == "1"
        statement = first["origins"][0]["attributions"][0]
        assert set(statement["source"]) == {"id", "label", "address"}
        assert statement["source"]["id"] in {row["id"] for row in content["sources"]}


def test_the_workbook_has_a_sheet_for_each_kind_of_row(public: DisputeDossier) -> None:
    body = FORMATS["xlsx"].write(public)
    book = openpyxl.load_workbook(io.BytesIO(body))
    summary, *sheets, about = book.worksheets
    assert (summary.title, about.title) == ("Summary", "About")
    assert public.query in {row[2] for row in about.iter_rows(values_only=True)}
    found = {table.title: table for table in tables(public)}
    assert [sheet.title for sheet in sheets] == list(found)
    assert [sheet.max_row - 1 for sheet in sheets] == [len(table.rows) for table in found.values()]
    side_by_side = {row[0]: row[1:] for row in summary.iter_rows(values_only=True)}
    assert side_by_side[None] == tuple(f"Claim {claim.id}" for claim in public.claims)
    assert side_by_side["Claim"] == tuple(claim.text for claim in public.claims)
    for sheet, width in ((summary, 60), (about, 100)):
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            lines = max(len(str(value or "")) for value in row) / width
            assert line == 1 or (sheet.row_dimensions[line].height or 15) >= min(15 * lines, 409), (
                "no line over another"
            )
    head, *claims = book["Claims"].iter_rows(values_only=True)
    assert "=cmd|' /C calc'!A0" in str([row[head.index("tags")] for row in claims])
    page = book["Claims"].cell(2, head.index("page") + 1)
    assert page.hyperlink.target == page.value == f"{public.imprint.base_url}/claims/{public.claims[0].id}/"
    head, *said = book["Statements"].iter_rows(values_only=True)
    dated = [row for row in said if row[head.index("said_on")]]
    assert all(isinstance(row[head.index("said_on_earliest")], datetime) for row in dated)
    assert cell("=cmd|' /C calc'!A0").startswith("'=")


def test_the_workbook_tells_of_each_question_what_is_its_own(
    register: None, anonymous: Any, editor: Any, reviewer: Any
) -> None:
    cause = make.make_dispute("A blast", question="What blew up?", exclusive=True).questions.get()
    toll = make.make_question(cause.dispute, text="=How many died?", order=2)
    asked = {cause: ("Gas blew up.", "A shell did."), toll: ("Ten died.", "Hundreds did."), None: ("It was loud.",)}
    for question, texts in asked.items():
        for text in texts:
            claim = make.make_claim(text, dispute=cause.dispute, question=question, published=True)
            bearing = "supports" if question == cause else "context"
            make.make_assessment(make.make_link(claim, bearing), rating="C")
    publish_answer(actor=reviewer, question=draft_answer(actor=editor, question=cause, text="We do not know."))
    draft_answer(actor=editor, question=toll, text="Some died.")
    body = FORMATS["xlsx"].write(load_dispute(cause.dispute, anonymous))
    book = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(io.BytesIO(body))}

    def told(sheet: str, *names: str) -> list[tuple[object, ...]]:
        head, *found = book[sheet]
        return [tuple(row[head.index(name)] for name in names) for row in found]

    contested = (
        "Evidence supports claims that cannot all be true and that no verdict refutes: “Gas blew up” and “A shell did”."
    )
    none_yet = "No claim on it has a verdict."
    at_most = "In the reading of the desk at most one of the claims on it can hold."
    assert told("Questions", "id", "text", "state", "sentence", "answer", "holds") == [
        (cause.pk, "What blew up?", "contested", contested, "We do not know.", at_most),
        (toll.pk, "=How many died?", "open", none_yet, None, None),
    ]
    assert told("Dispute", "state", "state_sentence") == [
        ("contested", "0 of 2 questions settled, 1 contested, 1 open.")
    ]
    assert told("Claims", "question_id", "question", "text") == [
        (question.pk if question else None, question.text if question else None, text)
        for question, texts in asked.items()
        for text in texts
    ]
    of = {claim.pk: claim.question_id for claim in cause.dispute.claims.all()}
    assert {claim for (claim,) in told("Evidence", "claim_id")} == set(of)
    cells = set(told("Matrix, cells", "question_id", "claim_id"))
    assert cells == {(question, claim) for claim, question in of.items() if question}


@pytest.mark.parametrize("name", ["pdf", "docx", "xlsx", "json"])
def test_the_same_dossier_gives_the_same_bytes(desk: ClaimDossier, name: str) -> None:
    assert FORMATS[name].write(desk) == FORMATS[name].write(desk)


@pytest.mark.parametrize(
    ("state", "sentence", "told"),
    [
        ("contested", "Evidence speaks for both.", "Contested. Evidence speaks for both."),
        ("settled", "Settled on 9 April 2024.", "Settled on 9 April 2024."),
    ],
)
def test_the_summary_names_the_state_of_each_question_once(state: str, sentence: str, told: str) -> None:
    asked = case.question(state=Term(state, state), sentence=sentence)
    rows = summary(case.report(case.claim(1), questions=(asked,))).rows
    assert told in {value for row in rows for value in row.values()}
