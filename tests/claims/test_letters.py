"""Letters of many scripts in the PDF: drawn by the register's own fonts, or told by their number."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from claims.reports.formats import letters, pdf
from claims.reports.load.dossier import load_claim
from tests.factories import make_claim

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


@pytest.mark.django_db
def test_letters_without_a_font_are_told(monkeypatch: pytest.MonkeyPatch, anonymous: Any) -> None:
    """Runes of Anglo-Saxons: no font has them here, and those of the machine are left out."""
    of_all = letters.fonts
    monkeypatch.setattr(pdf, "fonts", lambda **_: of_all())
    text = f"He said {SCRIPTS['Devanagari']}, ᚠᚢ and nothing else."
    claim = make_claim(text, published=True)
    written = pdf.write(load_claim(claim, anonymous))
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(written)).pages)
    assert "He said" in read
    assert "[U+16A0][U+16A2]" in read.replace("\n", "")
    assert "No font has these letters here: U+16A0, U+16A2." in " ".join(read.split())
    assert b"pdfuaid" in written  # still for screen readers


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
