"""What was said of an earlier wording is told as that: held against docs/definitions.md, reckoned a second way."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Attribution, Claim
from claims.reports.load.balance import load_balance
from claims.reports.load.dossier import load_claim
from claims.reports.load.speakers import load_said
from claims.rules.survey import survey
from claims.services import publish_claim
from factcheck.audit.context import acting
from tests.factories import (
    make_attribution,
    make_claim,
    make_corrected,
    make_dispute,
    make_published,
    make_source,
    someone,
)

pytestmark = pytest.mark.django_db
ACTS = ("reword", "reword in bulk", "reword one field", "same words", "other field", "look again", "say", "look again")


def test_what_is_older_than_the_wording_follows_the_definition(register: None, anonymous: Any) -> None:
    """The second way counts acts instead of comparing moments."""
    chosen, claim = random.Random(9), make_claim("Wording 0.")
    said: dict[int, int] = {}
    said_by: dict[int, int] = {}
    reviewer = someone("Reviewer")
    reworded, public, told = 0, False, []
    for number in range(1, 40):
        act = chosen.choice(ACTS)
        claim.refresh_from_db()
        words = f"Wording {number}."
        with acting(reason="A test."):
            if number == 8:
                publish_claim(actor=someone("Reviewer"), claim=claim)
                public = True
            elif act == "reword in bulk":
                Claim.objects.filter(pk=claim.pk).update(text=words)
            elif act == "same words":
                Claim.objects.filter(pk=claim.pk).update(text=claim.text)
                claim.refresh_from_db()
                claim.save()
            elif act == "other field":
                claim.context = words
                claim.save()
            elif act.startswith("reword"):
                claim.text = words
                claim.save(**({"update_fields": ["text"]} if act == "reword one field" else {}))
            elif act == "look again" and said:
                Attribution.objects.get(pk=chosen.choice(sorted(said))).save()
            else:
                act = "say"
                row = make_attribution(claim, source=make_source(f"Source {number}"))
                said[row.pk] = said_by[row.pk] = number
        if act == "look again":
            said |= {row.pk: number for row in Attribution.objects.order_by("-updated_at")[:1]}
        if act.startswith("reword") and public and number != 8:
            reworded = number
        older = {pk for pk, at in said.items() if at < reworded}
        told.append((timezone.now(), older if public else None))
        assert {row.pk for row in Attribution.objects.all() if row.earlier_wording} == older, act
        assert {*Attribution.objects.of_earlier_wording().values_list("pk", flat=True)} == older
        assert {pk for pk, row in load_said([claim.pk]).voices.rows.items() if row.earlier_wording} == older
        # Each source asserts it once, or does so of an earlier wording, which is held against no verdict.
        balance = {row.party.label: row.asserted.claims for row in load_balance(reviewer, "source").rows}
        assert balance == {f"Source {said_by[pk]}": int(pk not in older) for pk in said}
    assert {len(older) for _moment, older in told if older is not None} > {0, 1}, "a test that tries nothing"
    listed = [one.broken.rows[0] for one in survey() if one.rule.code == "older_than_wording"]
    assert {(row.noun, row.id) for row in listed} == {("attribution", pk) for pk in older}
    for moment, older in told[::6]:
        if older is not None:
            shown = load_claim(claim, anonymous, moment).claim.attributions
            assert {row.id for row in shown if row.earlier_wording} == older


def test_readers_are_told_who_spoke_of_an_earlier_wording_until_somebody_looks_again(
    api: Any, client: Any, editor: Any, reader: Any, register: None
) -> None:
    claim = make_claim("A leaking tank caused the blast.", dispute=make_dispute("The blast"), published=True)
    speaker, denier = make_source("Ivo Kell", kind="person"), make_source("The Works")
    row = make_attribution(claim, source=speaker, quote="It was the tank.")
    make_attribution(claim, source=denier, stance="denies")
    make_attribution(claim, source=make_source("The Mail"), stance="relays", relayed_from=row)
    first = make_published(claim)
    before = timezone.now()
    make_corrected(verdict=first, claim_text="A leaking tank most likely caused the blast.")
    claim.refresh_from_db()
    mark = "sserted it (said of an earlier wording)"

    def doors() -> list[str]:
        report = api().get(f"/api/v1/claims/{claim.pk}/report/markdown/").getvalue().decode()
        pages = [client.get(address).content.decode() for address in (f"/claims/{claim.pk}/", "/sources/ivo-kell/")]
        return [report, *pages]

    def positions() -> list[tuple[bool, list[bool]]]:
        rows = api().get(f"/api/v1/disputes/{claim.dispute.slug}/timeline/").json()["positions"]
        return [(row["earlier_wording"], [one["earlier_wording"] for one in row["relayed_by"]]) for row in rows]

    assert all(mark in told for told in doors())
    assert positions() == [(True, [True]), (True, [])]
    told = api().get(f"/api/v1/claims/{claim.pk}/").json()
    assert [one["earlier_wording"] for one in told["attributions"]] == [True, True, True]
    assert told["reworded_at"] > before.isoformat()
    assert [(one["earlier_wording"], one["words"]) for one in told["contradicted_by"]] == [
        (True, "The Works denied it (said of an earlier wording)")
    ]
    assert load_claim(claim, reader).claim.said_by == ("Ivo Kell (of an earlier wording)",)
    then = load_claim(claim, reader, before).claim
    assert (then.text, then.said_by) == ("A leaking tank caused the blast.", ("Ivo Kell",))
    answer = api(editor).patch(
        f"/api/v1/attributions/{row.pk}/", {}, HTTP_X_CHANGE_REASON="Read again.", HTTP_IF_MATCH=f'"{row.version}"'
    )
    assert (answer.status_code, answer.json()["earlier_wording"]) == (200, False)
    assert not any(mark in told for told in doors())
    assert positions() == [(False, [True]), (True, [])]
    page = client.get(f"/disputes/{claim.dispute.slug}/").content.decode()
    told = " ".join(re.sub("<[^>]+>", "", page).split())
    assert re.search(r"The Mail S\d+ passed it on \(said of an earlier wording\)", told)
    assert load_claim(claim, reader).claim.said_by == ("Ivo Kell",)


def test_a_denial_of_an_earlier_wording_is_held_against_no_verdict(api: Any, client: Any, register: None) -> None:
    claim, works = make_claim("The gate was left open.", published=True), make_source("The Works")
    rows = [make_attribution(claim, source=works, stance=stance) for stance in ("denies", "questions")]
    make_corrected(verdict=make_published(claim), claim_text="The gate was left half open.", after="supported")

    def told() -> tuple[int, int, int, bool]:
        (row,) = api().get("/api/v1/balance/?by=source").json()["rows"]
        page = client.get("/sources/the-works/").content.decode()
        return row["denied"]["claims"], row["statements"]["denies"], row["claims"], "It denied 1 claim" in page

    assert told() == (0, 1, 1, False)
    with acting(reason="Read again."):
        rows[0].refresh_from_db()
        rows[0].save()
    assert told() == (1, 1, 1, True)
