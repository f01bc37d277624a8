"""Dates, languages and addresses as people type them."""

from __future__ import annotations

import pytest

from factcheck.base.typed import Unclear, read_address, read_date, read_language

DATES = {
    "17 July 2014": "2014-07-17",
    "17th of July, 2014": "2014-07-17",
    "July 17, 2014": "2014-07-17",
    "17 jul. 2014": "2014-07-17",
    "28.9.2016": "2016-09-28",
    "03.04.2016": "2016-04-03",
    "28/9/2016": "2016-09-28",
    "9/28/2016": "2016-09-28",
    "4/4/2016": "2016-04-04",
    "2016/9/28": "2016-09-28",
    "July 2014": "2014-07",
    "7/2014": "2014-07",
    "2014": "2014",
    "2014-07-17T14:05Z": "2014-07-17T14:05Z",
}
UNCLEAR = {
    "03/04/2016": "3 April 2016 or 4 March 2016",
    "03-04-2016": "or 2016-04-03",
    "31.2.2016": "There is no day",
    "1.1.16": "17 July 2014",
    "17 Brumaire 1799": "17 July 2014",
    "soon": "as exact as it is known",
}


@pytest.mark.parametrize(("typed", "read"), DATES.items())
def test_dates_are_read(typed: str, read: str) -> None:
    assert read_date(f" {typed} ") == read


@pytest.mark.parametrize(("typed", "said"), UNCLEAR.items())
def test_what_cannot_be_read_or_in_two_ways_is_refused_with_a_remedy(typed: str, said: str) -> None:
    with pytest.raises(Unclear, match=said):
        read_date(typed)


def test_languages_are_read_by_name_and_tag() -> None:
    typed = ("Russian", "AZERBAIJANI", "Greek", "Serbian (Latin)", "en", "pt-br", "sr_latn", "Farsi")
    assert [read_language(text) for text in typed] == ["ru", "az", "el", "sr-Latn", "en", "pt-BR", "sr-Latn", "fa"]
    for text in ("Klingonish", "Russian (Elvish)", "12"):
        with pytest.raises(Unclear, match="English name"):
            read_language(text)


def test_addresses_are_completed_where_only_the_scheme_is_missing() -> None:
    completed = ("www.example.org/x", "example.org", "example.org:8080/a", "пример.рф/a")
    assert [read_address(text) for text in completed] == [f"https://{text}" for text in completed]
    others = (
        "https://example.org",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "a@example.org",
        "a b.org",
        "x",
        "1.2",
    )
    assert [read_address(text) for text in others] == [*others]
