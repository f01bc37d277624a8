"""The table of verbs, against the one in docs/definitions.md, and the places that read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from claims.choices import Stance
from claims.logic.balance import STANCES
from claims.logic.verbs import MAKES, OLDER, REJECTS, VERBS, Verb, in_words, side_of
from claims.models import Attribution
from claims.reports.content.timeline import AGAINST, FOR, OPEN, TAKEN_BACK, TENTATIVE, _held
from claims.reports.pictures.timeline import LEGEND

DEFINED = re.compile(r"^\| (\w+) \| (.+?) \| (for|against|neither|that of its origin) \| ([\w ]+) \|$", re.MULTILINE)


def test_the_verbs_are_those_of_the_definitions() -> None:
    page = (Path(settings.BASE_DIR) / "docs/definitions.md").read_text(encoding="utf-8")
    defined = {code: (side, position) for code, _meaning, side, position in DEFINED.findall(page)}
    assert defined.pop("relays") == ("that of its origin", "none")
    assert defined == {code: (verb.side, verb.position) for code, verb in VERBS.items() if code != "relays"}


def test_each_verb_can_be_chosen_stored_counted_and_drawn() -> None:
    assert Stance.values == list(VERBS) == list(STANCES)
    assert dict(Stance.choices) == {code: verb.label for code, verb in VERBS.items()}
    room = Attribution._meta.get_field("stance").max_length
    assert all(len(code) <= (room or 0) for code in VERBS)
    drawn = get_template("claims/report/_timeline_picture.html").template.source  # type: ignore[attr-defined]
    shapes = re.findall(r'<g id="stance-(\w+)">(.*)</g>', drawn)
    assert {code for code, _drawing in shapes} == set(VERBS) == set(LEGEND)
    assert len({drawing for _code, drawing in shapes}) == len(VERBS), "two verbs look alike"
    assert max(map(len, LEGEND.values())) <= 37, "a legend stands in columns of 240 pixels"


def test_what_makes_a_claim_and_what_rejects_it() -> None:
    assert {"asserts", "alleges"} == MAKES
    assert {"denies", "disputes"} == REJECTS
    assert {"hedges"} == OLDER


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_every_verb_is_an_act_in_the_past(verb: Verb) -> None:
    first = verb.did.split()[0]
    assert in_words(verb.code) == verb.did
    assert first.endswith("ed") or first in {"did", "gave", "told", "took", "neither"}
    assert verb.did_so.split()[0] == first
    assert ":" not in verb.meaning, "a label is cut at its first colon"


@pytest.mark.parametrize(
    ("code", "held"),
    [("asserts", FOR), ("disputes", AGAINST), ("suggests", TENTATIVE), ("disclaims", OPEN), ("retracts", TAKEN_BACK),
     ("jokes", None), ("opines", None), ("relays", None)],
)  # fmt: skip
def test_what_a_verb_holds_in_a_timeline(code: str, held: int | None) -> None:
    assert _held(VERBS[code]) == held


@pytest.mark.parametrize("code", ["", "ASSERTS", "shouts"])
def test_what_is_no_verb_takes_no_side_and_reads_as_it_is(code: str) -> None:
    assert (side_of(code), in_words(code)) == ("neither", code)
