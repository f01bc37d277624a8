"""What is probably one thing under two names, sentences or addresses."""

from __future__ import annotations

import pytest

from factcheck.base.likeness import NEAR, likeness, same_page


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Bellingcat", "bellingcat", True),
        ("Bellingcat", "Belingcat", True),
        ("Joint Investigation Team (MH17)", "Joint Investigation Team", True),
        ("Joe Bloggs", "Bloggs, Joe", True),
        ("Министерство обороны", "Министерство  Обороны", True),
        ("Café de Paris", "cafe de paris", True),
        ("The aircraft was shot down by a Buk missile.", "The aircraft was shot down with a Buk missile", True),
        ("The aircraft was shot down by a Buk missile.", "The aircraft was shot down by a fighter jet.", False),
        ("Ministry of Defence", "Ministry of Health", False),
        ("Azerbaijan", "Government of Azerbaijan", False),
        ("", "anything", False),
    ],
)
def test_near_names_and_sentences(one: str, other: str, near: bool) -> None:
    assert (likeness(one, other) >= NEAR) == near
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/a/?utm_source=x&fbclid=1", "http://example.org/a", True),
        ("example.org/a?b=1&a=2#top", "https://example.org/a?a=2&b=1", True),
        ("https://example.org/a?page=1", "https://example.org/a?page=2", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/", "https://example.com/", False),
    ],
)
def test_addresses_of_one_page(one: str, other: str, same: bool) -> None:
    assert (same_page(one) == same_page(other)) == same


def test_what_is_no_address_leads_to_no_page() -> None:
    assert [same_page(text) for text in ("", "no address", "http://[", "https:///a")] == [""] * 4
