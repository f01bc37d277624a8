"""What a report says first, and of what it shows a part only, held against docs/definitions.md a second way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.matrix_plain import plain_sentence
from claims.logic.origins import Tally
from claims.logic.question_sentence import quoted_in_state
from claims.reports.content.caveats import caveats_of, not_asked
from claims.reports.content.claim import Said
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.rows import NEVER, InquiryContent, Term
from claims.reports.content.telling import LONG, MOST, is_long, most_telling, shown_evidence
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from claims.reports.outline.blocks import Card, Contents, Heading, Paragraph, Picture, Table, plain
from claims.reports.outline.bottom_line import where
from claims.reports.outline.report import outline_of
from claims.services.withdrawal import withdraw
from factcheck.audit.context import acting
from sources.models import Source
from tests import factories as f
from tests.claims import content_case as case

KINDS = {"Body": "state_body", "Paper": "news_outlet", "Person": "person", "Someone": "witness"}
SOURCES = {name: case.source(name, kind) for name, kind in KINDS.items()}
WORKS = {name: case.document(f"Work of {name}", publisher=source) for name, source in SOURCES.items()}
WORKS["Nobody"] = case.document("A work of which nobody knows the publisher")
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(SOURCES)),
        st.sampled_from(["", *sorted(WORKS)]),
        st.sampled_from(["asserts", "denies", "relays"]),
    ),
    max_size=4,
)
PIECES = st.lists(st.lists(st.sampled_from(sorted(WORKS)), max_size=2, unique=True), max_size=3)


SAID = Term("asserts", "asserted it")


def inquiry(name: str) -> InquiryContent:
    return InquiryContent(1, SOURCES[name], NEVER, NEVER, "", "Is it so?", Term("awaiting", "awaiting"), "", NEVER)


def report(said: Any, pieces: Any, asked: Any = ()) -> Any:
    groups = tuple(
        case.group(
            "against" if stance == "denies" else "for",
            case.statement(stance, who=SOURCES[who], document=WORKS[work] if work else None),
        )
        for who, work, stance in said
    )
    evidence = tuple(case.evidence(documents=tuple(WORKS[work] for work in works)) for works in pieces)
    claim = case.claim(1, origins=groups, evidence=evidence, inquiries=tuple(map(inquiry, asked)))
    return case.report(claim, documents=tuple(WORKS.values()), sources=tuple(SOURCES.values()))


@settings(max_examples=150, deadline=None)
@given(STATEMENTS, PIECES, st.lists(st.sampled_from(sorted(SOURCES)), unique=True, max_size=2))
def test_the_caveats_of_a_report_follow_from_what_it_shows(said: Any, pieces: Any, asked: Any) -> None:
    found = caveats_of(report(said, pieces, asked))
    cited = [{work} - {""} for _who, work, _stance in said] + [set(works) for works in pieces]
    shared = {work for work in WORKS if cited and all(work in works for works in cited)}
    assert (found.work is not None) == bool(shared)
    assert found.work is None or found.work.title.removeprefix("Work of ") in shared | {WORKS["Nobody"].title}
    own = [(who, work) for who, work, stance in said if stance != "relays"]
    own = [(who, work) for who, work in own if not (KINDS[who] == "news_outlet" and who == work)]
    second_hand = [work not in {"", "Nobody", who} for who, work in own]
    assert found.no_original == (bool(own) and all(second_hand))
    assert found.nobody_asked == ("" if asked else "The desk asked nobody about these claims.")


@settings(max_examples=100, deadline=None)
@given(STATEMENTS, st.lists(st.sampled_from(sorted(SOURCES)), unique=True, max_size=2))
def test_who_was_not_asked_is_who_speaks_and_could_have_been(said: Any, asked: Any) -> None:
    found = {source.name for source in not_asked(report(said, [], asked))}
    speaking = {who for who, _work, stance in said if stance != "relays"}
    assert found == {who for who in speaking if KINDS[who] in {"state_body", "person"}} - set(asked)


def test_whoever_is_withheld_or_was_asked_through_another_is_not_listed() -> None:
    body, hidden = SOURCES["Body"], replace(SOURCES["Person"], withheld=True)
    spoken = case.statement(who=SOURCES["Person"], on_behalf_of=body)
    for row, told in ((spoken, set()), (case.statement(who=hidden), set()), (case.statement(who=body), set())):
        dossier = case.report(case.claim(1, origins=(case.group("for", row),), inquiries=(inquiry("Body"),)))
        assert {source.name for source in not_asked(dossier)} == told


def roles(dossier: Any) -> list[str]:
    kinds = (Heading, Paragraph, Table, Card)
    return [block.role for block in outline_of(dossier).blocks if isinstance(block, kinds)]


def test_the_state_stands_first_and_a_caveat_before_every_claim() -> None:
    row = report([("Body", "Paper", "asserts")], [["Paper"]])
    assert roles(row)[:5] == ["", "lead", "state", "caveat", "claims"]
    # Of several questions the state of all, before that of each.
    several = replace(row, questions=(*row.questions, case.question(id=4, order=2, text="Who was it?")))
    assert roles(several)[:6] == ["", "state", "caveat", "question", "state", "claims"]
    one = case.report_on(replace(row.claims[0], verdict=case.verdict("Unproven", "2025-07-03")))
    assert roles(one)[:3] == ["", "verdict", "caveat"]


def test_a_matrix_seen_first_leads_to_how_it_differs_from_the_tables_of_the_claims() -> None:
    """Where the picture is one, and so the section stands that explains it; under no other picture."""
    rated = case.report(case.claim(1), case.claim(2), matrix=case.matrix("VI C", "N -"))
    weighed = case.report(case.claim(1, evidence=(case.evidence(),), evidence_for=Tally(1, 1, 1)))
    notes = {}
    for name, dossier in (("rated", rated), ("weighed", weighed)):
        blocks = outline_of(dossier).blocks
        pictures = [block for block in blocks if isinstance(block, Picture)]
        places = {block.anchor for block in blocks if isinstance(block, Heading)}
        notes[name] = [block.note for block in pictures]
        assert all(
            {run.link for run in note.runs} - {""} <= {f"#{place}" for place in places} for note in notes[name] if note
        )
        page, text = (FORMATS[form].write(dossier).decode() for form in ("html", "markdown"))
        told = "This is how analysts rated the evidence, not what the desk says is for and against each claim"
        assert page.count(told) == text.count(told) == (name == "rated")
    first, *others = notes["rated"]
    assert plain(first.runs).endswith(": see “How the evidence fits the claims”.")
    assert not any(others)
    assert not any(notes["weighed"])


def test_no_caveat_is_no_paragraph() -> None:
    calm = report([("Body", "Body", "asserts")], [["Paper"]], ["Body"])
    assert not caveats_of(calm)
    assert "caveat" not in roles(calm)


def first_page(dossier: Any) -> list[Any]:
    """What stands before the first heading that links find, but for those of questions."""
    first, *rest = outline_of(dossier).blocks
    heads = (place for place, it in enumerate(rest) if isinstance(it, Contents) or getattr(it, "role", "-") == "")
    return [first, *rest[: next(heads)]]


@pytest.mark.parametrize("length", [10, 700])
@pytest.mark.parametrize("claims", [2, 3, 4])
@pytest.mark.parametrize("questions", [1, 2])
def test_who_is_named_by_number_first_has_a_line_or_is_told_in_words(length: int, claims: int, questions: int) -> None:
    """Short lines and crowded ones; the last claim is a circumstance."""
    texts = {pk: f"Matter {pk} is {'very ' * (length // 5)}grave." for pk in range(1, claims + 2)}
    rows = [
        case.claim(
            pk,
            text,
            question_id=3 if pk <= claims else None,
            said=(Said("Body"),),
            contradicted_by=tuple(
                Contradiction(case.source(f"Who says {other}"), SAID, other, other, texts[other], "en", "")
                for other in texts
                if other != pk
            ),
        )
        for pk, text in texts.items()
    ]
    sentence = f"Evidence speaks for and against {quoted_in_state(texts[1])}."
    asked = [case.question(sentence=sentence, state=Term("contested", "contested"))]
    asked += [case.question(id=4, order=2, text="Who was it?")] * (questions - 1)
    blocks = first_page(case.report(*rows, questions=tuple(asked)))
    told = " ".join(plain(cell) for block in blocks for cell in cells_of(block))
    assert ("the claim below" in told or "the other claims" in told) == (length > 100)
    for number in set(re.findall(r"laim (\d+)", told)):
        assert f"laim {number} {texts[int(number)]}" in told or f"laim {number} “{texts[int(number)][:-1]}”" in told
    # A text that is cut stands whole in the line of its claim.
    assert "…" not in told or all(text in told for pk, text in texts.items() if pk <= claims)


def cells_of(block: Any) -> Any:
    return [cell for row in block.rows for cell in row] if isinstance(block, Table) else [block.runs]


@pytest.mark.parametrize(
    ("lines", "others", "told"),
    [
        ([7, 8], {8}, "the claim below"),
        ([6, 7], {6}, "the claim above"),
        ([6, 7, 8], {6, 8}, "the other claims"),
        ([7, 8, 9], {9}, "claim 9"),
        ([7, 8, 9, 10], {8, 10}, "the claim below; claim 10"),
        ([7, 8], set(), ""),
    ],
)
def test_where_lines_are_crowded_a_rival_is_told_by_where_it_stands(lines: Any, others: Any, told: str) -> None:
    assert where(7, [pk for pk in lines if pk in others], lines) == told


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["supports", "refutes", "context"]),
        st.sampled_from(["strong", "moderate", "weak"]),
        st.sampled_from(["1", "3", "6"]),
        st.booleans(),
        st.sampled_from([0.0, 0.5, 2.0]),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_the_most_telling_pieces_take_turns_and_the_stronger_comes_first(entered: Any) -> None:
    evidence, apart = [], {}
    for bearing, strength, grade, fallen, telling in entered:
        row = case.evidence(bearing, strength, credibility=Term(grade, grade))
        if fallen:
            row = replace(row, discounted=Term("undercut", "undercut"))
        evidence.append(row)
        apart[row.id] = telling
    found = most_telling(case.claim(1, evidence=tuple(evidence)), apart)
    assert len(found) == min(MOST, len(evidence))
    assert [row.id for row in found] == sorted(row.id for row in found)
    shown = {row.id for row in found}

    def kind(row: Any) -> str:
        return "fallen" if row.discounted else row.bearing.code

    of = {name: [row for row in evidence if kind(row) == name] for name in ("supports", "refutes", "context", "fallen")}
    taken = {name: sum(row.id in shown for row in rows) for name, rows in of.items()}
    # Neither side has two more than the other unless that has no more.
    for one, other in (("supports", "refutes"), ("refutes", "supports")):
        assert taken[one] - taken[other] <= 1 or taken[other] == len(of[other])
    sides = len(of["supports"]) + len(of["refutes"])
    assert taken["context"] == min(max(MOST - sides, 0), len(of["context"]))
    assert taken["fallen"] == max(min(MOST - sides - len(of["context"]), len(of["fallen"])), 0)

    def weight(row: Any) -> tuple[int, float, int, int]:
        return (
            {"strong": 3, "moderate": 2, "weak": 1}[row.strength.code],
            apart[row.id],
            -int(row.credibility.code),
            -row.id,
        )

    for rows in of.values():
        inside = [weight(row) for row in rows if row.id in shown]
        outside = [weight(row) for row in rows if row.id not in shown]
        assert not inside or not outside or min(inside) > max(outside)


def test_only_a_report_on_a_dispute_with_much_evidence_is_long() -> None:
    def claim(pieces: int) -> Any:
        return case.claim(1, evidence=tuple(case.evidence(title=f"Piece {place}") for place in range(pieces)))

    for pieces, long in ((LONG, False), (LONG + 1, True)):
        row = claim(pieces)
        assert is_long(case.report(row)) == long
        assert not is_long(case.report_on(row))
        assert len(shown_evidence(row, case.report(row))) == (MOST if long else pieces)
        assert len(shown_evidence(row, case.report_on(row))) == pieces
        blocks = outline_of(case.report(row)).blocks
        cards = [block for block in blocks if isinstance(block, Card) and block.role == "evidence"]
        assert len(cards) == (MOST if long else pieces)
        lead = f"{pieces - MOST} further pieces, less telling, in the report on claim 1"
        told = {plain(block.runs): block.runs[-1].link for block in blocks if isinstance(block, Paragraph)}
        assert told.get(lead, "") == ("https://desk.example.org/claims/1/" if long else "")


CELLS = st.sampled_from(["VI", "I", "N", "C", "VC", "-", "C,VC", "VI,VC"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=3))
def test_what_a_matrix_comes_to_is_what_its_columns_say(cells: list[list[str]]) -> None:
    found = case.matrix(*(" ".join(row) for row in cells))
    told = plain_sentence(found)
    tested = [column for column in found.columns if column.rank]
    votes = [[cell.split(",") for cell in row if cell != "-"] for row in cells]
    differ = [f"E{place}" for place, row in enumerate(votes, start=1) if any({*cell} == {"VI", "VC"} for cell in row)]
    also = [f"E{place}" for place, row in enumerate(votes, start=1) if any({*cell} == {"C", "VC"} for cell in row)]
    several = any(len(cell) > 1 for row in votes for cell in row)
    ending = told.rpartition("; ")[2]
    named = [word.strip(",.") for word in ending.split() if word.startswith("E")]
    assert set(differ) <= set(named) <= set(differ) | set(also)
    assert ending[:1].lower() + ending[1:] == ending or len(tested) < 2
    assert ("analysts" in ending) == several
    if len(tested) < 2:
        assert "; " not in told
        return
    least = min(column.inconsistency for column in tested)
    most = max(column.inconsistency for column in tested)
    if least < most:
        assert told.startswith("Of what was rated, least speaks against claim")
        first, _and, last = told.partition(" and most against ")
        for score, part in ((least, first), (most, last.partition(";")[0])):
            expected = {str(column.number) for column in tested if column.inconsistency == score}
            assert {word.strip(",") for word in part.split() if word.strip(",").isdigit()} == expected
    elif len({column.rank for column in tested}) == 1:
        assert told.startswith("The evidence does not tell claims")
    else:
        assert " the evidence best; " in told


@pytest.mark.django_db
def test_a_report_on_one_claim_says_of_that_claim_alone_that_nobody_was_asked() -> None:
    dispute = f.make_dispute()
    claim, opposite = (f.make_claim(dispute=dispute, published=True) for _ in range(2))
    f.make_attribution(claim)
    f.make_inquiry(opposite)
    told = {pk: caveats_of(load_claim(pk, AnonymousUser())).nobody_asked for pk in (claim, opposite)}
    assert told == {claim: "The desk asked nobody about this claim.", opposite: ""}


@pytest.mark.django_db
def test_whoever_said_it_in_works_that_were_all_retracted_is_told_as_that() -> None:
    claim, paper = f.make_claim(published=True), f.make_source("Evening Sheet", kind="news_outlet")
    gone, stands = f.make_document(retracted_on="2024-03-29"), f.make_document()
    f.make_attribution(claim, source=paper, document=gone)
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Evening Sheet (in a retracted work)",)
    f.make_attribution(claim, source=paper, document=stands)
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Evening Sheet",)


@pytest.mark.django_db
def test_what_counts_no_more_says_nothing_of_the_work_in_which_it_was_said() -> None:
    claim, paper = f.make_claim(published=True), f.make_source("Evening Sheet", kind="news_outlet")
    gone, stands = f.make_document(retracted_on="2024-03-29"), f.make_document()
    f.make_attribution(claim, source=paper, document=gone, said_on="2024-03-02")
    other = f.make_attribution(claim, source=paper, document=stands, said_on="2024-03-01")
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Evening Sheet",)
    withdraw(actor=f.someone("Editor"), row=other, reason="It was entered twice.")
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Evening Sheet (in a retracted work)",)


@pytest.mark.django_db
def test_a_body_is_named_where_each_time_was_for_it() -> None:
    ministry, army = (f.make_source(name, kind="state_body") for name in ("The Ministry", "The Army"))
    for bodies, told in (
        ([ministry, ministry], "Ada for The Ministry"),
        ([ministry, None], "Ada"),
        ([None, army], "Ada"),
        ([army, ministry], "Ada"),
    ):
        claim, ada = f.make_claim(published=True), f.make_source("Ada")
        for nth, body in enumerate(bodies, start=1):
            f.make_attribution(claim, source=ada, on_behalf_of=body, said_on=f"2024-03-0{nth}")
        assert load_claim(claim, AnonymousUser()).claim.said_by == (told,)


@pytest.mark.django_db
def test_who_says_a_claim_is_told_with_the_body_for_which_they_spoke() -> None:
    body = f.make_source("The Ministry", kind="state_body")
    claim = f.make_attribution(f.make_claim(published=True), source=f.make_source("Ada"), on_behalf_of=body).claim
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Ada for The Ministry",)
    with acting(reason="It asked for it."):
        Source.objects.filter(pk=body.pk).update(withheld=True, withheld_reason="A threat.")
    assert load_claim(claim, AnonymousUser()).claim.said_by == ("Ada",)
