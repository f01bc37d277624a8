"""Quotes are found in a text whatever typesetting made of them, and at the place where they stand."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.quotes import CONTEXT, Looked, check, find_quote

TEXT = "The spokesman said: “It was an accident,” and left.\nNobody asked why."

SAME = [
    ("it was an accident", "It was an accident"),
    ("IT  WAS\nAN\u00a0ACCIDENT", "It was an accident"),
    ('"It was an accident,"', "It was an accident,"),
    ("«It was an accident,» and left", "It was an accident,” and left"),
    ("It was an acci\u00addent", "It was an accident"),
    ("left. \u200bNobody", "left.\nNobody"),
    ("spokesman said … Nobody asked", "spokesman said: “It was an accident,” and left.\nNobody asked"),
    ("It was [...] left. [ … ] why", "It was an accident,” and left.\nNobody asked why"),
]


@pytest.mark.parametrize(("quote", "exact"), SAME)
def test_a_quote_is_found_as_it_stands_in_the_text(quote: str, exact: str) -> None:
    found = find_quote(quote, TEXT)
    assert found is not None
    assert found.exact == exact == TEXT[found.start : found.end]
    assert found.prefix == TEXT[max(0, found.start - CONTEXT) : found.start]
    assert found.suffix == TEXT[found.end : found.end + CONTEXT]


OTHER = [
    "It was no accident",
    "Nobody asked … It was an accident",  # the order is part of what was said
    "body asked",
    "an acc",
    "It was ... accident ... accident",
    "",
    "…",
    "“”",
]


@pytest.mark.parametrize("quote", OTHER)
def test_other_words_are_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None


FORMS = [
    ("na\u0308chste Straße", "NÄCHSTE STRASSE"),
    ("ﬁnal oﬃce", "final office"),
    ("café", "cafe\u0301"),
    ("a\u0323\u0307b", "a\u0307\u0323b"),  # the same accents in another order
    ("5–7 dead", "5-7 dead"),
    ("dead — all", "dead—all"),
    ("« Oui »", '"Oui"'),
    ("İstanbul", "i̇stanbul"),
    ("ΟΔΟΣ", "οδος"),
]


@pytest.mark.parametrize(("text", "quote"), FORMS)
def test_forms_of_the_same_letters_are_the_same(text: str, quote: str) -> None:
    assert find_quote(quote, text) is not None
    assert find_quote(text, quote) is not None


def test_a_letter_without_its_accent_is_another_letter() -> None:
    assert find_quote("cafe", "the café") is None
    assert find_quote("cafe", "the cafe\u0301s") is None


CUT = [
    ("471 people", "1,471 people"),
    ("471 people", "1.471 people"),
    ("471 people", "1 471 people"),
    ("471 people", "1\u2009471 people"),
    ("471 people", "1’471 people"),
    ("471 people", "1,\u2060471 people"),
    ("a toll of 1", "a toll of 1 471"),
    ("a toll of 1", "a toll of 1.5 million"),
    ("5 percent", "−5 percent"),
    ("5 percent", "by -5 percent"),
    ("the change was … 5 percent", "the change was −5 percent"),
    ("5 percent", ".5 percent"),
    ("5 percent", "≥ 5 percent"),
    ("rose by 5", "rose by 5 %"),
    ("7 dead", "5–7 dead"),
    ("2 of us", "1/2 of us"),
    ("2 of us", "½ of us"),
    ("五人", "十五人"),
    ("死亡5", "死亡5万"),
    ("가", "각"),
    ("ვინ", "არავინ"),
]


@pytest.mark.parametrize(("quote", "text"), CUT)
def test_no_number_and_no_word_is_cut(quote: str, text: str) -> None:
    assert find_quote(quote, f"It was {text}") is None
    assert find_quote(text, f"It was {text}") is not None


@pytest.mark.parametrize(
    "text",
    [
        "In 2023, 471 people",
        "In 2023 471 people",
        "On day 1: “471 people”",
        "In 2023 – 471 people",
        "MH17 471 people",
        "(471 people)",
        "It was so.471 people",
        "12\t471 people",
    ],
)
def test_a_number_beside_another_is_whole(text: str) -> None:
    assert find_quote("471 people", text) is not None


@given(
    st.lists(st.integers(100, 999), min_size=1, max_size=3),
    st.integers(1, 999),
    st.sampled_from([",", ".", " ", "\u00a0", "\u2009", "\u202f", "’", "'", "٬"]),
    st.sampled_from(["", "-", "−", "±"]),
)
@settings(max_examples=100, deadline=None)
def test_of_a_number_nothing_less_than_all_of_it_is_found(
    groups: list[int], first: int, separator: str, sign: str
) -> None:
    number = sign + separator.join(map(str, [first, *groups]))
    text = f"The count is {number} of them"
    assert find_quote(f"is {number} of", text) is not None
    for cut in range(1, len(number)):
        if number[cut:].strip(f"{separator}’'"):
            assert find_quote(f"{number[cut:]} of them", text) is None
        if number[:cut].strip(sign or separator):
            assert find_quote(f"The count is {number[:cut]}", text) is None


def test_words_are_found_in_scripts_without_spaces() -> None:
    found = find_quote("是意外", "他说这是意外，不是谋杀。")
    assert found is not None
    assert found.start == 3


def test_check_says_verified_not_found_or_unverifiable() -> None:
    assert check("it was so", ["", "Then it was so."]) == Looked(
        "verified", {"type": "TextQuoteSelector", "exact": "it was so", "prefix": "Then ", "suffix": "."}
    )
    assert check("it was so", ["It was not."]) == Looked("not_found")
    assert check("it was so", [""]) == Looked("unverifiable")
    assert check("…", ["It was not."]) == Looked("unverifiable")


def test_the_place_of_a_quote_that_leaves_out_pages_is_its_first_part() -> None:
    found = find_quote("It began … it ended", "It began " + "word " * 5_000 + "it ended")
    assert found is not None
    assert found.exact == "It began"


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a" * 5_000 + "b", "a" * 500_000),
        ("no", "nothing " * 60_000),
        ("a" * 1_000, "a" * 499_999 + "\u0301"),
        (" … ".join(["word"] * 2_000) + " … end", "word " * 100_000),
    ],
)
def test_the_longest_text_is_searched_in_linear_time(quote: str, text: str) -> None:
    begun = time.process_time()
    assert find_quote(quote, text) is None
    # A search that tries every place anew takes minutes; the limit is far above what a slow machine needs.
    assert time.process_time() - begun < 20


SPACES = st.sampled_from([" ", "\n", "\u00a0", "  ", "\t ", "\u2009", " \u200b"])
MARKS = st.sampled_from(list("\"'“”„«»‹›‘’"))
DASHES = st.sampled_from(["-", "–", "—", " – ", "\u2011", "−", "--"])
# No digit at an end: with what stands beside it, it may be part of a longer number.
WORDS = st.from_regex(
    r"[^\W\d_²³¹¼½¾](?:[^\W_]{0,6}[^\W\d_²³¹¼½¾])?", fullmatch=True, alphabet=st.characters(max_codepoint=0x24F)
)


@st.composite
def quoted(draw: st.DrawFn) -> tuple[str, int, int, str]:
    """A text, the span of a quote in it, and that quote as another typesetter would set it."""
    words = draw(st.lists(WORDS, min_size=3, max_size=12, unique_by=lambda word: unicodedata.normalize("NFKD", word)))
    gaps = [draw(st.sampled_from([" ", " “", "” ", "-", " – ", "\n", "’"])) for _ in words[1:]]
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    text, quote, start, end = "", "", 0, 0
    for number, word in enumerate(words):
        if number:
            text += gaps[number - 1]
            if first < number <= last:
                quote += draw(refitted(gaps[number - 1]))
        if number == first:
            start = len(text)
        text += word
        if first <= number <= last:
            quote += draw(varied(word))
        if number == last:
            end = len(text)
    return (
        text,
        start,
        end,
        draw(st.sampled_from(["", '"', "„", "« "])) + quote + draw(st.sampled_from(["", '"', " »"])),
    )


@st.composite
def refitted(draw: st.DrawFn, gap: str) -> str:
    out = ""
    for character in gap:
        kind = SPACES if character in " \n" else DASHES if character in "-–" else MARKS
        out += draw(kind)
    return out


@st.composite
def varied(draw: st.DrawFn, word: str) -> str:
    # Not upper(): it makes other letters of some, which folding does not take back (ŉ, ı).
    form = draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    word = unicodedata.normalize(form, word)
    if draw(st.booleans()):
        word = word.casefold()
    cut = draw(st.integers(0, len(word)))
    return word[:cut] + draw(st.sampled_from(["", "\u00ad", "\u200b", "\u2060"])) + word[cut:]


@given(quoted())
@settings(max_examples=100, deadline=None)
def test_a_quote_cut_from_a_text_is_found_however_it_is_set(case: tuple[str, int, int, str]) -> None:
    text, start, end, quote = case
    found = find_quote(quote, text)
    assert found is not None
    assert found.exact == text[found.start : found.end]
    # The words may stand there twice; then the first place is as good.
    assert found.start <= start
    assert found.end - found.start == end - start or found.start < start


@given(st.text(max_size=60), st.text(max_size=200))
@settings(deadline=None)
def test_any_text_can_be_searched_for_anything(quote: str, text: str) -> None:
    found = find_quote(quote, text)
    assert found is None or found.exact == text[found.start : found.end] != ""
