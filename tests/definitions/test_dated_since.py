"""What is dated since a moment before there was anything to read, held against docs/definitions.md a second way."""

from __future__ import annotations

import csv as stdlib_csv
import io
from dataclasses import replace
from typing import Any

import orjson
import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.reports.content.dated import dated_since
from claims.reports.content.rows import NEVER, InquiryContent, ReviewContent, Term, When
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_dispute
from claims.reports.outline.blocks import Facts, Heading, Paragraph, plain
from claims.reports.outline.numbers import Numbers
from claims.reports.outline.weighing import changes_section
from tests import factories as f
from tests.claims import content_case as case

DATES = st.sampled_from(
    [
        "",
        "2024",
        "2025",
        "2026",
        "2025-04",
        "2025-05",
        "2025-06",
        "2025-04-30",
        "2025-05-01",
        "2025-05-02",
        "2025-07-03",
    ]
)
MOMENTS = st.sampled_from(
    ["2024-12-31T23:59:59+00:00", "2025-05-01T00:00:00+00:00", "2025-05-01T12:00:00+00:00", "2025-05-01T23:59:59+00:00"]
)
DAYS = st.sampled_from(["", "2025-04-30", "2025-05-01", "2025-05-02", "2025-07-03"])
LONG_BEFORE = When("2000-01-01T00:00:00+00:00", "1 January 2000")


def date(text: str) -> When:
    return When(text, text)


def inquiry(asked: str, answered: str) -> InquiryContent:
    silence = Term("declined", "declined to answer")
    return InquiryContent(
        3, case.source("The Ministry"), date(asked), NEVER, "", "Is it so?", silence, "", date(answered)
    )


def review(on: str) -> ReviewContent:
    others, none = case.source("Others"), Term("", "")
    return ReviewContent(4, others, "", "", "False", None, None, None, "", reviewed_on=date(on), language=none)


def report(said: Any = (), works: Any = (), pieces: Any = (), verdicts: Any = (), **more: Any) -> Any:
    groups = tuple(case.group("for", case.statement(on=on)) for on in said)
    published = [case.verdict(on=on) for on in verdicts]
    claim = case.claim(
        1,
        origins=groups,
        evidence=tuple(case.evidence(observed_on=date(on)) for on in pieces),
        verdict=published[-1] if published else None,
        earlier=tuple(published[:-1]),
        **more,
    )
    return case.report(claim, documents=tuple(case.document(on=on) for on in works))


def since(dossier: Any, moment: str) -> Any:
    return replace(dossier, since=When(moment, moment), nothing_before=True)


def first_moment(text: str) -> str:
    """The first moment that a date can mean, as the text that orders moments."""
    return f"{text}{'-01-01'[len(text) - 4 :]}T00:00:00+00:00" if text else ""


LISTS = st.lists(DATES, max_size=3)


@settings(max_examples=300, deadline=None)
@given(LISTS, LISTS, LISTS, st.lists(DAYS, max_size=2), DATES, DATES, DATES, MOMENTS)
def test_what_is_dated_since_is_what_can_only_lie_after(
    said: Any, works: Any, pieces: Any, verdicts: Any, asked: str, answered: str, reviewed: str, moment: str
) -> None:
    found = report(said, works, pieces, verdicts, inquiries=(inquiry(asked, answered),), reviews=(review(reviewed),))
    listed = dated_since(since(found, moment))
    dated = {"said": said, "works": works, "observed": pieces, "reviewed": [reviewed]}
    dated |= {"asked": [asked], "replied": [answered]}
    wanted = [(act, on) for act, dates in dated.items() for on in dates if on and first_moment(on) >= moment]
    noons = [f"{on}T12:00:00+00:00" for on in verdicts if on]
    wanted += [("decided", noon) for noon in noons if noon > moment]
    acts = {("document", "published"): "works", ("verdict", "published"): "decided"}
    assert sorted((acts.get((row.noun.code, row.act.code), row.act.code), row.date.text) for row in listed) == sorted(
        wanted
    )
    begun = [first_moment(row.day) for row in listed]
    assert begun == sorted(begun)
    # A month stands before its days.
    assert [row.day for row in listed] == sorted(
        (row.day for row in listed), key=lambda day: (first_moment(day), len(day))
    )


@given(DAYS.filter(bool), MOMENTS)
def test_nothing_is_listed_where_something_could_be_read_or_nobody_asked(on: str, moment: str) -> None:
    found = report([on], [on], [on], [on])
    assert dated_since(found) == ()
    assert dated_since(replace(found, since=When(moment, moment))) == ()
    assert len(dated_since(replace(since(found, moment), since=LONG_BEFORE))) == 4


def test_what_was_done_on_several_claims_on_one_day_is_told_once() -> None:
    who = case.source("The Ministry")
    claims = [
        case.claim(
            number,
            verdict=case.verdict("Contested", "2025-07-03"),
            origins=(case.group("for", case.statement(on="2025-07-03", who=who)),),
        )
        for number in (1, 2)
    ]
    work = case.document("The Paper", on="2025-06")
    dossier = since(case.report(*claims, documents=(work,)), "2025-05-01T23:59:59+00:00")
    blocks = list(changes_section(dossier, Numbers.of(dossier)))
    told = {
        plain((day,)): plain(what).split("\n")
        for block in blocks
        if isinstance(block, Facts)
        for day, what in block.pairs
    }
    assert told == {
        "June 2025": ["The Paper [1] was published"],
        "3 July 2025": ["Verdict “Contested”: claim 1, claim 2", "The Ministry asserts: claim 1, claim 2"],
    }
    heads = [(block.level, plain(block.runs)) for block in blocks if isinstance(block, Heading)]
    assert heads[1:] == [(3, "Dated since then")]


def test_that_nothing_is_dated_since_is_said() -> None:
    dossier = since(report(["2024"]), "2025-05-01T23:59:59+00:00")
    *_rest, last = changes_section(dossier, Numbers.of(dossier))
    assert isinstance(last, Paragraph)
    assert plain(last.runs) == "Nothing in it is dated after that moment by its own date either."


def test_a_correction_is_told_as_what_it_is() -> None:
    claim = case.corrected(1, "Contested", "Refuted", days=("2025-04-01", "2025-07-03"))
    (row,) = dated_since(since(case.report(claim), "2025-05-01T23:59:59+00:00"))
    assert row.sentence == "3 July 2025, claim 1: correction from “Contested” to “Refuted”"


@pytest.mark.django_db
def test_every_format_and_the_page_tell_what_is_dated_since(client: Any, anonymous: Any, register: None) -> None:
    with time_machine.travel("2025-08-01T12:00Z", tick=False):
        dispute = f.make_dispute("The bridge")
        claim = f.make_claim("It fell.", dispute=dispute, published=True)
        ministry, hidden = (
            f.make_source("The Ministry"),
            f.make_source("Ada", withheld=True, withheld_reason="A threat."),
        )
        f.make_attribution(claim, source=ministry, said_on="2025-05-02")
        f.make_attribution(claim, source=ministry, said_on="2025-05", stance="denies")
        f.make_attribution(claim, source=hidden, said_on="2025-06-02")
        dossier = load_dispute(dispute, anonymous, since=case.IMPRINT.moment.replace(month=5, day=1))
        written = {name: FORMATS[name].write(dossier) for name in ("html", "markdown", "csv", "json")}
        page = client.get(f"/disputes/{dispute.slug}/?since=2025-05-01").content.decode()
        missing = client.get(f"/disputes/{dispute.slug}/?as_of=2025-05-01")
    assert missing.status_code == 404
    assert f"/disputes/{dispute.slug}/?since=2025-05-01#changes" in missing.content.decode()
    for text in (page, written["html"].decode(), written["markdown"].decode()):
        assert "Dated since then" in text
        assert "Ada" not in text
    told = orjson.loads(written["json"])["dated_since"]
    assert [(row["noun"]["code"], row["date"]["text"], row["who"]) for row in told][:1] == [
        ("attribution", "2025-05-02", "The Ministry")
    ]
    assert told[0]["sentence"] == f"2 May 2025, claim {claim.pk}: The Ministry asserted it"
    assert "Ada" not in str(told)
    table = list(stdlib_csv.DictReader(io.StringIO(written["csv"].decode("utf-8-sig"), newline="")))
    assert [row["change"] for row in table if row["row_type"] == "dated_since"] == [row["sentence"] for row in told]
