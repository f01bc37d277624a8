"""For whom a claim is said and denied, in what works, and whether anybody was named: one rule, held a second way."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from claims.admin.claim_panel import claim_panel
from claims.logic.verbs import remarked
from claims.models import Claim
from claims.reports.load.dossier import load_claim, load_dispute
from claims.reports.outline.blocks import Table, plain
from claims.reports.outline.report import outline_of
from factcheck.audit.context import acting
from sources.models import Source
from tests import factories as f

ACTS = tuple(product((None, "The Ministry", "The Army"), (False, True), (False, True)))
"""For which body, in a retracted work or not, and whether nobody was named."""


def told(acts: Any) -> str:
    """Who said so, as the page of definitions has it."""
    bodies = {body for body, _retracted, _unnamed in acts}
    who = f"Ada for {bodies.pop()}" if len(bodies) == 1 and None not in bodies else "Ada"
    gone, unnamed = (all(act[place] for act in acts) for place in (1, 2))
    known = ["in a retracted work"] if gone else []
    known += ["speaker not named"] if unnamed else []
    return f"{who} ({', '.join(known)})" if known else who


@pytest.fixture
def sources() -> dict[str | None, Source | None]:
    bodies = {name: f.make_source(name, kind="state_body") for name in ("The Ministry", "The Army")}
    return {None: None, "Ada": f.make_source("Ada", kind="person"), **bodies}


def say(claim: Claim, stance: str, acts: Any, sources: Any) -> None:
    for nth, (body, retracted, unnamed) in enumerate(acts, start=1):
        f.make_attribution(
            claim,
            source=sources["Ada"],
            on_behalf_of=sources[body],
            stance=stance,
            said_on=f"2024-03-0{nth}",
            anonymous=unnamed,
            anonymous_reason="None is given." if unnamed else "",
            document=f.make_document(f"Work {nth}", retracted_on="2024-04-01" if retracted else ""),
        )


@pytest.mark.django_db
def test_who_says_a_claim_and_who_contradicts_it_are_told_by_one_rule(register: None, sources: Any) -> None:
    chance = random.Random(7)
    for acts in [*([act] for act in ACTS), *([chance.choice(ACTS) for _ in range(2)] for _ in range(20))]:
        claim = f.make_claim(published=True)
        rival = f.make_claim("The rival.", dispute=claim.dispute, published=True)
        f.make_relation(claim, other=rival, kind="contradicts")
        say(claim, "asserts", acts, sources)
        say(rival, "denies", acts, sources)
        moment = timezone.now()
        known = told(acts)
        bodies = {body for body, _retracted, _unnamed in acts}
        who = f"Ada for {acts[0][0]}" if len(bodies) == 1 and None not in bodies else "Ada"
        for at in (None, moment):
            one = load_claim(claim, AnonymousUser(), at).claim
            other = load_claim(rival, AnonymousUser(), at).claim
            assert one.said_by == (known,), acts
            by_denial, by_rival = sorted(other.contradicted_by, key=lambda row: row.claim is not None)
            assert by_denial.words == f"{who} denied it{known.removeprefix(who)}", acts
            assert by_rival.words == f"{who} asserted{known.removeprefix(who)}: “{claim.text}”", acts
        # The API, now and of then, and the panel of the desk say the same.
        words = [by_denial.words, by_rival.words]
        for asked in ("", f"?as_of={moment:%Y-%m-%dT%H:%M:%S.%fZ}"):
            rows = Client().get(f"/api/v1/claims/{rival.pk}/{asked}").json()["contradicted_by"]
            assert [row["words"] for row in rows] == words
            for row, entry in zip(rows, (by_denial, by_rival), strict=True):
                assert (row["body"] or {"label": ""})["label"] == entry.body
                assert (row["remarks"], row["said_on"]) == ([*entry.remarks], entry.said_on.text)
                assert row["attribution"] == entry.attribution
        assert claim_panel(rival, AnonymousUser())["contradicted"] == "; ".join(words)


@pytest.mark.django_db
def test_of_whom_nobody_may_know_and_of_witnesses_it_is_not_said(register: None) -> None:
    claim = f.make_claim(published=True)
    f.make_attribution(
        claim, source=f.make_source("A neighbour", kind="witness"), anonymous=True, anonymous_reason="None is given."
    )
    hidden = f.make_source("Ada", kind="state_body")
    f.make_attribution(claim, source=hidden, anonymous=True, anonymous_reason="None is given.")
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("A neighbour", "Ada (speaker not named)")
    with acting(reason="Asked for it."):
        Source.objects.filter(pk=hidden.pk).update(withheld=True, withheld_reason="A threat.")
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("A neighbour", "Source withheld")


@pytest.mark.django_db
def test_the_lines_of_a_dispute_say_it_on_both_sides(register: None, sources: Any) -> None:
    with time_machine.travel("2025-07-01T12:00Z"):
        claim = f.make_claim(published=True, dispute=f.make_dispute("The bridge"))
        say(claim, "asserts", [("The Ministry", True, False)], sources)
        f.make_attribution(
            claim,
            source=f.make_source("Russia", kind="state_body"),
            stance="denies",
            anonymous=True,
            anonymous_reason="None is given.",
        )
        outline = outline_of(load_dispute(claim.dispute, AnonymousUser()))
    (line,) = next(block.rows for block in outline.blocks if isinstance(block, Table) and block.role == "claims")
    assert [plain(cell) for cell in line[2:]] == [
        "Ada for The Ministry (in a retracted work)",
        "Russia (denied it, speaker not named)",
    ]


@pytest.mark.parametrize(
    ("words", "remarks", "told"),
    [
        ("denied it", (), "denied it"),
        ("denied it", ("in a retracted work",), "denied it (in a retracted work)"),
        ("denied it (said of an earlier wording)", ("x", "y"), "denied it (said of an earlier wording, x, y)"),
    ],
)
def test_remarks_stand_in_one_pair_of_brackets(words: str, remarks: Any, told: str) -> None:
    assert remarked(words, remarks) == told
