"""Verified means the words: what a quote leaves out is shown, and named where it turns the sense."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.omissions import LONG
from claims.logic.quotes import check
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from tests import factories as make

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
NAMES = [f"{first}{second}" for first in "bdfgklmprstvz" for second in ("ako", "elu", "imi", "oran", "ust", "yde")]
ELLIPSES = ["…", "...", "[...]", "[…]", ". . .", "(…)", "<...>", "⋯", "[ … ]"]


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A text of different words, a quote of it in which some are cut out, and what is cut out."""
    words = draw(st.lists(st.sampled_from(NAMES), min_size=3, max_size=30, unique=True))
    kept = [True, *draw(st.lists(st.booleans(), min_size=len(words) - 2, max_size=len(words) - 2)), True]
    quote, cut, gap = [words[0]], [], []
    for word, keeps in zip(words[1:], kept[1:], strict=True):
        if keeps:
            if gap:
                quote.append(draw(st.sampled_from(ELLIPSES)))
                cut.append(" ".join(gap))
                gap = []
            quote.append(word)
        else:
            gap.append(word)
    space = st.sampled_from([" ", "\n", "  ", "\u00a0"])
    text = "".join(f"{word}{draw(space)}" for word in words).strip()
    return text, " ".join(quote), cut


@given(cut_texts())
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_was_cut_out_is_what_is_told(case: tuple[str, str, list[str]]) -> None:
    text, quote, cut = case
    looked = check(quote, [f"Before. {text} After."])
    assert looked.state == ("elided" if cut else "verified")
    assert [" ".join(gap.split()) for gap in looked.omitted] == cut
    assert looked.warnings == []


NOT = "inte ikke δεν nu नहीं tidak không ei nije nem არ 不 않 ない ไม่ ¬ ❌"
NOT_GUILTY = [
    "not “guilty”",
    "not-guilty",
    "not – guilty",
    "not (guilty)",
    "*not* guilty",
    "_not_ guilty",
    "not … guilty",
]
SENSE = [
    ("The mayor did … order it", "The mayor did not order it.", "negation", "not"),
    ("She … knew of it", "She NEVER knew of it.", "negation", "never"),
    ("He ... do it", "He didn’t do it", "negation", "n’t"),
    ("Мэр … приказал", "Мэр не приказал.", "negation", "не"),
    ("Мер … наказав", "Мер ніколи наказав", "negation", "ніколи"),
    ("Die Stadt … bestätigt", "Die Stadt hat das nicht bestätigt", "negation", "nicht"),
    ("La mairie … confirmé", "La mairie n’a jamais confirmé", "negation", "n’, jamais"),
    ("El alcalde … ordenó", "El alcalde jamás ordenó", "negation", "jamás"),
    ("Bələdiyyə … təsdiq", "Bələdiyyə heç təsdiq", "negation", "heç"),
    ("Belediye … doğru", "Belediye bunun DEĞİL doğru", "negation", "değil"),
    ("市长 … 下令", "市长没有下令", "negation", "没"),
    ("العمدة … يأمر", "العمدة لم يأمر", "negation", "لم"),
    *[("Alpha … omega", f"Alpha {word} omega", "negation", word) for word in NOT.split()],
    ("Confession … guilt", "Confession ≠ guilt", "negation", "≠"),
    ("It cost … 5", "It cost €5", "symbol", "€"),
    ("Alpha … omega", "Alpha + omega", "symbol", "+"),
    ("We did it … to win", "“We did it.” Then the guard said: “to win”", "speaker", "”, :, said"),
    ("We went … all of us", "We went, Lea asked, all of us", "speaker", "asked"),
    ("We went … all of us", "We went. Guard: halt. And all of us", "speaker", ":"),
    ("order it", "The mayor did not order it.", "negation_beside", "not"),
    ("order it", "The mayor didn't order it.", "negation_beside", "n’t"),
    ("The mayor would", "The mayor would not.", "negation_beside", "not"),
    ("下令", "市长没有下令", "negation_beside", "没"),
    *[("guilty", f"He is {beside}", "negation_beside", "not") for beside in NOT_GUILTY],
    ("guilty", "“Guilty” – not.", "negation_beside", "not"),
    ("… approved", "❌ approved", "negation", "❌"),
    ("the bridge was safe ...", "He said: the bridge was safe but not for lorries. It fell.", "negation", "not"),
    ("... the dam was mined", "A dam. It is not true that the dam was mined.", "negation", "not"),
    ("guilt", "Confession ≠ “guilt”", "negation_beside", "≠"),
    ("ሰላም", "ሰላም ነው", "negation_unknown", "Ethiopic"),
    ("The mayor did [not] order it", "The mayor did order it.", "insertion", "[not]"),
]


@pytest.mark.parametrize(("quote", "text", "code", "found"), SENSE)
def test_what_turns_the_sense_is_named(quote: str, text: str, code: str, found: str) -> None:
    looked = check(quote, [text])
    assert {row["code"]: row["found"] for row in looked.warnings}[code] == found
    assert looked.state == {
        "negation_beside": "verified",
        "negation_unknown": "verified",
        "insertion": "not_found",
    }.get(code, "elided")


QUIET = [
    ("We went … all of us", "We went, on that day, all of us", ["on that day"]),
    ("The north … is theirs", "The north of it is theirs", ["of it"]),  # "no" is not said in "north"
    ("order it", "Not now. Order it.", []),
    *[("order it", f"It is not{mark} order it", []) for mark in (".", ",", ":", ";", "?", "!", ".”", "。")],
    ("order it", "Knot order it", []),
    ("… it was safe …", "He did not go. “It was safe.” Nobody asked.", []),
    ("It was safe …", "It was safe for carts. Not for lorries.", ["for carts"]),
    ("माता … है", "माता ने है", ["ने"]),  # "न" is not said in "ने"
]


@pytest.mark.parametrize(("quote", "text", "omitted"), QUIET)
def test_what_turns_nothing_is_not_named(quote: str, text: str, omitted: list[str]) -> None:
    looked = check(quote, [text])
    assert [gap.strip(" ,") for gap in looked.omitted] == omitted
    assert looked.warnings == []


@pytest.mark.parametrize(
    ("language", "named"),
    [("", []), ("en-GB", []), ("und", []), ("SR-Latn", []), ("sw", ["sw"]), ("tlh-Latn", ["tlh-Latn"])],
)
def test_it_is_told_where_negations_were_not_looked_for(language: str, named: list[str]) -> None:
    looked = check("order it", ["To order it now"], language)
    assert [row["found"] for row in looked.warnings if row["code"] == "negation_unknown"] == named


def test_an_ellipsis_of_the_text_itself_leaves_nothing_out() -> None:
    assert check("I saw … nothing at all", ["“I saw … nothing at all.”"]).state == "verified"
    assert check("I saw ... a light", ["I saw - a light"]).state == "verified"
    assert check("I saw … nothing", ["I saw, in truth … nothing"]).omitted == [", in truth …"]


def test_as_little_as_can_be_is_left_out() -> None:
    """The words stand nearer to each other than where the first of them stands first."""
    assert check("He … went home", ["He did not sleep. He soon went home."]).omitted == ["soon"]
    assert check("He … went", ["He did not sleep. He went."]).state == "verified"


def test_a_text_that_has_the_words_whole_counts_for_more() -> None:
    texts = ["He did not go.", "He did go."]
    assert check("He did … go", texts[:1]).state == "elided"
    assert check("He did … go", texts).state == "verified"


@pytest.mark.parametrize(("length", "named"), [(LONG, []), (LONG + 1, ["long"])])
def test_much_is_named_and_cut(length: int, named: list[str]) -> None:
    looked = check("It began … it ended", ["It began " + "x" * length + " it ended"])
    assert [row["code"] for row in looked.warnings] == named
    assert len(looked.omitted[0]) < 520


# --- what readers are told ---


@pytest.fixture
def said(register: None) -> Any:
    document = make.make_document("Minutes", text="The mayor did not order the raid. " + "He slept. " * 40 + "He woke.")
    return make.make_attribution(
        make.make_claim(published=True), quote="The mayor did … order the raid. … He woke.", document=document
    )


@pytest.mark.django_db
def test_every_door_tells_what_is_left_out(said: Any, api: Any, ann: Any) -> None:
    check_of = api(ann).get(f"/api/v1/attributions/{said.pk}/").json()["quote_check"]
    assert check_of["state"] == "elided"
    assert check_of["omitted"][0] == "not"
    assert len(check_of["omitted"][1]) > 300
    assert check_of["warnings"] == [{"code": "negation", "found": "not"}]
    outside = api().get(f"/api/v1/attributions/{said.pk}/").json()["quote_check"]
    assert outside["place"] is None
    assert outside["omitted"][0] == "not"
    assert len(outside["omitted"][1]) < 120  # the work itself is not the public's to read
    told = load_claim(said.claim, None)
    for name in ("html", "markdown"):
        written = FORMATS[name].write(told).decode()
        assert "around what it leaves out; but what it leaves out holds a negation (“not”)" in written
        assert "Left out: “not”" in written
    for name in ("csv", "json"):
        written = FORMATS[name].write(told).decode()
        assert "elided" in written
        assert "holds a negation" in written
    listed = api().get("/api/v1/attributions/?quote_state=elided").json()["results"]
    assert [row["id"] for row in listed] == [said.pk]
    assert api().get("/api/v1/attributions/?quote_state=verified").json()["results"] == []


@pytest.mark.django_db
def test_a_verified_quote_beside_a_negation_is_not_plainly_verified(register: None) -> None:
    document = make.make_document(text="The mayor did not order the raid.")
    row = make.make_attribution(make.make_claim(published=True), quote="order the raid", document=document)
    told = load_claim(row.claim, None).claim.attributions[0]
    assert (
        told.quote_state.words
        == "Quote verified against the cited document; but a negation (“not”) stands right beside it"
    )


@pytest.mark.django_db
def test_the_language_of_the_work_says_whether_negations_can_be_known(register: None) -> None:
    document = make.make_document(text="To order it now.", language="sw")
    row = make.make_attribution(make.make_claim(), quote="order it", document=document)
    assert row.quote_check.warnings == [{"code": "negation_unknown", "found": "sw"}]
    document.language = "en"
    document.save()
    row.quote_check.refresh_from_db()
    assert row.quote_check.warnings == []
    row.quote_language = "sw"
    row.save()
    assert row.quote_check.warnings == [{"code": "negation_unknown", "found": "sw"}]
