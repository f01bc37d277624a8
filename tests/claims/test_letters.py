"""Letters of many scripts in the PDF: drawn by the register's own fonts, or told by their number."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from claims.models import Export
from claims.reports.formats import letters
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim, load_dispute
from tests.factories import make_assessment, make_claim, make_dispute, make_evidence, make_link

SCRIPTS = {
    "Devanagari": "यह सच नहीं है",
    "Bengali": "এটা সত্য নয়",
    "Tamil": "இது உண்மை இல்லை",
    "Thai": "นี่ไม่เป็นความจริง",
    "Ethiopic": "ይህ እውነት አይደለም",
    "Arabic": "هذا ليس صحيحا",
    "Hebrew": "זה לא נכון",
    "Georgian": "ეს ასე არ არის",
    "Armenian": "Դա այդպես չէ",
    "Cyrillic": "Это не так, ђ, ґ",
    "Azerbaijani": "Bu belə deyil, ğ, ı, ş",
    "emoji": "🚀 ✈️ 👩‍👧 🇦🇿",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_the_register_has_the_letters(text: str) -> None:
    assert letters.lacking(text) == []


@pytest.mark.usefixtures("register")
def test_letters_without_a_font_are_told(monkeypatch: pytest.MonkeyPatch, api: Any, ann: Any) -> None:
    """Runes: no font of ours has them, and those of the machine are left out. Report, answer and record say so."""
    of_all = letters.fonts
    monkeypatch.setattr(letters, "fonts", lambda **_: of_all())
    monkeypatch.setattr(letters, "_known", {})
    claim = make_claim(f"He said {SCRIPTS['Devanagari']}, ᚠᚢ and nothing else.", published=True)
    sentence = "No font has these letters here: U+16A0, U+16A2."
    for user in (None, None, ann):  # made, kept, and on record
        answer = api(user).get(f"/api/v1/claims/{claim.pk}/report/pdf/")
        assert answer["X-Report-Lacks"].startswith(sentence)
        read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert "He said" in read
        assert "[U+16A0][U+16A2]" in read.replace("\n", "")
        assert sentence in " ".join(read.split())
        assert b"pdfuaid" in answer.content  # still for screen readers
    assert Export.objects.get().lacks.startswith(sentence)
    assert api(ann).get("/api/v1/exports/").json()["results"][0]["lacks"].startswith(sentence)
    plain = make_claim("He said nothing.", published=True)
    assert "X-Report-Lacks" not in api().get(f"/api/v1/claims/{plain.pk}/report/pdf/")
    assert "X-Report-Lacks" not in api().get(f"/api/v1/claims/{claim.pk}/report/html/")


@pytest.mark.usefixtures("register")
def test_the_docx_tells_which_letters_its_pictures_lack(monkeypatch: pytest.MonkeyPatch, api: Any) -> None:
    of_all = letters.fonts
    monkeypatch.setattr(letters, "fonts", lambda **_: of_all())
    monkeypatch.setattr(letters, "_known", {})
    dispute = make_dispute("Runes")
    claim = make_claim("It was said.", dispute=dispute, published=True)
    make_assessment(make_link(claim, evidence=make_evidence("A stone with ᚠ")))
    sentence = "No font has these letters here: U+16A0. Each is written as its number in the pictures of this file"
    answer = api().get(f"/api/v1/disputes/{dispute.slug}/report/docx/")
    assert answer["X-Report-Lacks"].startswith(sentence)
    text = "\n".join(row.text for row in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert sentence in text
    assert "X-Report-Lacks" not in api().get(f"/api/v1/claims/{claim.pk}/report/docx/")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("tongue", "told"), [("zh-Hant", b"(zh-TW)"), ("zh-Hans", b"(zh)"), ("zh-Hant-HK", b"(zh-HK)")]
)
def test_a_pdf_tells_chinese_in_traditional_letters_by_its_region(anonymous: Any, tongue: str, told: bytes) -> None:
    claim = make_claim("It was said.", language=tongue, published=True)
    assert told in FORMATS["pdf"].write(load_claim(claim, anonymous))


def test_many_letters_are_counted() -> None:
    missing = [chr(0x4E00 + place) for place in range(25)]
    assert "U+4E00, U+4E01" in letters.remark(missing)
    assert "and 5 others" in letters.remark(missing)
    assert letters.remark([]) == ""


def test_the_extra_has_the_letters_of_east_asia() -> None:
    if letters.find_spec(letters.CJK) is None:
        assert letters.lacking("不") == ["不"]
    else:
        assert letters.lacking("不是真的、本当ではない、사실이 아니다") == []


@pytest.mark.usefixtures("register")
def test_no_letter_keeps_a_picture_and_its_report_from_being_written(anonymous: Any) -> None:
    """What joins letters cannot be read out of every drawing; the report is for screen readers all the same."""
    question = make_dispute("A blast", question="What blew up?").questions.get()
    for text in ("A 👍🏽 was given to the 👩‍👩‍👧.", "தமிழ் বাংলা 🏳️‍🌈 and rule 1️⃣ hold."):
        claim = make_claim(text, dispute=question.dispute, question=question, published=True)
        make_assessment(make_link(claim, "supports"), rating="C")
    dossier = load_dispute(question.dispute, anonymous)
    written = FORMATS["pdf"].write(dossier)
    assert b"pdfuaid" in written
    assert "rule 1" in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(written)).pages)
    assert FORMATS["docx"].write(dossier)
