"""The page on which a verdict is reviewed: who sees it, what stands on it, and that it says no more than what is so."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.verdict_changes import since_submitted
from claims.admin.verdict_material import SHOWN, load_material
from claims.models import Claim, EvidenceLink, Verdict
from claims.reports.load import beside
from claims.reports.load.beside import load_beside
from claims.reports.load.dossier import load_dispute
from claims.rules.rivalry import rivals_of
from claims.services import correct_verdict, return_verdict, submit_verdict, withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.erasure import erase_history
from factcheck.teamwork import talk
from tests import factories as make
from tests.admin_page import Page, get
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of
from tests.database import ONE_ENGINE

pytestmark = ONE_ENGINE

NOTHING: frozenset[str] = frozenset()


def page_of(verdict: Verdict, user: Any, query: str = "") -> Page:
    return get(client_of(user), at(verdict, "review") + query)


def resubmitted(verdict: Verdict, author: Any, reviewer: Any, **changes: Any) -> Verdict:
    """Returned, changed by its author and submitted again."""
    return_verdict(actor=reviewer, verdict=verdict, note="Name the record.")
    verdict = Verdict.objects.get(pk=verdict.pk)
    with acting(actor=author):
        for name, value in changes.items():
            setattr(verdict, name, value)
        verdict.save()
    return submit_verdict(actor=author, verdict=verdict)


# --- who sees it ---


@pytest.mark.parametrize(
    ("who", "sees", "publishes", "returns"),
    [
        ("anonymous", False, False, False),
        ("reader", False, False, False),
        ("ann", True, False, False),  # its author
        ("rob", True, False, False),
        ("reviewer", True, True, True),
        ("editor", True, True, True),
        ("administrator", True, True, True),
    ],
)
def test_the_desk_sees_it_and_who_may_publish_decides(
    who: str, sees: bool, publishes: bool, returns: bool, ann: Any, request: pytest.FixtureRequest
) -> None:
    verdict = make.make_submitted(author=ann)
    client = Client() if who == "anonymous" else client_of(request.getfixturevalue(who))
    answer = client.get(at(verdict, "review"))
    if not sees:
        assert answer.status_code in {302, 403}
        assert "In short." not in answer.content.decode()
        assert client.post(at(verdict, "review"), {"act": "publish"}).status_code in {302, 403}
    else:
        page = Page(answer)
        assert ("publish" in page.buttons, "return" in page.buttons) == (publishes, returns)
        assert "In short." in page.text
        # Every address of it leads here while it is in review.
        for name in ("change", "publish", "return"):
            assert client.get(at(verdict, name), follow=True).redirect_chain[-1][0].endswith("/review/")
    verdict.refresh_from_db()
    assert verdict.status == "in_review"


@pytest.mark.parametrize("who", ["ann", "rob"])
def test_who_may_not_is_told_before_and_after(
    who: str, ann: Any, reviewer: Any, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    verdict = make.make_submitted(author=ann)
    page = page_of(verdict, user)
    assert "Your role does not allow you to publish verdicts." in page.text
    assert ("A verdict takes two people" in page.text) == (user == ann)
    assert "Who may decide on verdicts of others: Vera Voss" in page.text
    assert "wait for your review" not in page.text
    for act in ("publish", "return"):
        answer = client_of(user).post(at(verdict, "review"), {"act": act, "note": "Mine.", "seen_version": str(10**17)})
        assert answer.status_code == 400 or act == "publish"
        assert "Nothing was done." in Page(answer).text
    verdict.refresh_from_db()
    assert (verdict.status, verdict.review_note) == ("in_review", "")


def test_its_author_with_the_right_takes_it_back_but_does_not_publish(reviewer: Any, editor: Any) -> None:
    page = page_of(make.make_submitted(author=reviewer), reviewer)
    assert page.buttons == ["return"]
    assert "You cannot publish it now: A verdict takes two people: you drafted it" in page.text


def test_a_restricted_dispute_hides_it_and_makes_no_rival(ann: Any, reviewer: Any, editor: Any) -> None:
    dispute = make.make_dispute("Secret", visibility="restricted", members=[ann, editor], exclusive=True)
    secret = make.make_claim("The secret is out.", dispute=dispute)
    verdict = make.make_submitted(secret, author=ann)
    answer = client_of(reviewer).get(at(verdict, "review"), follow=True)
    assert "The secret is out." not in answer.content.decode()
    assert "The secret is out." in page_of(verdict, editor).text
    # As the rival of a claim that everybody reads.
    seen = make.make_submitted(make.make_claim("It is not out."), author=ann)
    make.make_relation(seen.claim, secret)
    assert "No rival of this claim is on record." in page_of(seen, reviewer).text
    assert "The secret is out." in page_of(seen, editor).text
    # Nor is it in the queue of who may not see it.
    assert {*Verdict.objects.awaiting(reviewer)} == {seen}
    assert {*Verdict.objects.awaiting(editor)} == {seen, verdict}


def test_a_withheld_name_is_marked_as_that(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    source = make.make_source("The Witness", withheld=True, withheld_reason="In danger.")
    make.make_attribution(verdict.claim, source=source)
    assert "The Witness asserted it name withheld from the public" in page_of(verdict, reviewer).text


# --- what stands on it is what the definitions say ---


def test_it_shows_what_is_on_record_by_a_second_reckoning(ann: Any, reviewer: Any) -> None:
    dispute = make.make_dispute("The bridge", exclusive=True)
    claim = make.make_claim("A lorry did it.", dispute=dispute)
    rust = make.make_claim("Rust did it.", dispute=dispute)
    wind = make.make_claim("Wind did it.", dispute=dispute)
    withdrawn = withdraw_claim(
        actor=make.someone("Editor"),
        claim=make.make_claim("Magic did it.", dispute=dispute, published=True),
        reason="Nobody says so.",
    )
    elsewhere = make.make_claim("It never fell.")
    make.make_relation(elsewhere, claim, kind="excludes")
    document = make.make_document("The letter", text="The lorry was heavy.")
    origin = make.make_attribution(claim, quote="The lorry was heavy.", document=document)
    make.make_attribution(claim, stance="relays", relayed_from=origin, quote="It was light.", document=document)
    make.make_attribution(claim, stance="denies", quote="Not so.")
    record = make.make_evidence("The record")
    make.make_link(claim, "supports", evidence=record, strength="strong")
    make.make_link(claim, "supports", evidence=make.make_evidence("A copy of it", derived_from=record))
    make.make_link(claim, "refutes", evidence=make.make_evidence("The video"))
    make.make_link(claim, "context", evidence=make.make_evidence("The map"))
    make.make_link(rust, "supports", evidence=record)
    gone = make.make_link(claim, "supports", evidence=make.make_evidence("A forgery"))
    with acting(reason="Forged."):
        EvidenceLink.objects.filter(pk=gone.pk).first().delete()
    make.make_assessment(claim.evidence_links.first(), rating="C")
    verdict = make.make_submitted(claim, author=ann)

    material = load_material(verdict, reviewer, None, whole=NOTHING)
    parts = {part.code: [line.row.title for line in part.lines] for part in material.evidence}
    standing = claim.evidence_links.filter(withdrawn_at=None)
    for bearing in ("supports", "refutes", "context"):
        assert parts[bearing] == [row.evidence.title for row in standing.filter(bearing=bearing).order_by("id")]
    said = {line.row.id for part in material.statements for line in part.lines}
    assert said == set(claim.attributions.filter(withdrawn_at=None).values_list("pk", flat=True))
    assert {line.row.id for line in material.rivals} == {*rivals_of(claim)} - {withdrawn.pk}
    assert {line.row.id for line in material.rivals} == {rust.pk, wind.pk, elsewhere.pk}
    # The matrix of its question is that of the page of its dispute.
    [question] = load_dispute(dispute, reviewer).questions
    shown = load_beside(claim, reviewer).question
    assert shown is not None
    assert (shown.sentence, shown.state, shown.holds) == (question.sentence, question.state, question.holds)
    cells = [
        {row.evidence: (row.title, {cell.claim: cell.consensus for cell in row.cells}) for row in found.matrix.rows}
        for found in (shown, question)
    ]
    assert cells[0] == cells[1]
    ranks = [{column.claim: (column.rank, column.scores) for column in one.matrix.columns} for one in (shown, question)]
    assert ranks[0] == ranks[1]

    page = page_of(verdict, reviewer)
    for words in (
        "2 pieces, 1 origin",
        "One origin with “A copy of it”",
        "Derived from The record",
        "Quote verified",
        "Quote not found",
        "Quote unverifiable",
        "2 sources (1 only at second hand), 1 origin",
    ):
        assert words in page.text, words
    assert "A forgery" not in page.text
    assert "Magic did it." not in [line.row.text for line in material.rivals]


def test_what_the_rules_say_is_on_it(ann: Any, reviewer: Any) -> None:
    claim = make.make_claim()
    make.make_link(claim, "refutes")
    verdict = make.make_submitted(claim, author=ann, code="supported")
    page = page_of(verdict, reviewer)
    assert page.buttons == ["return"]
    assert page.text.count("needs evidence that supports the claim") == 2
    assert "Refuses publication" in page.text
    assert "No rule warns of publishing it." in page_of(make.make_submitted(author=ann), reviewer).text


def test_what_stands_in_the_way_of_a_publication_is_said_before(ann: Any, reviewer: Any, editor: Any) -> None:
    verdict = make.make_submitted(make.make_claim(published=True), author=ann)
    withdraw_claim(actor=editor, claim=verdict.claim, reason="It was a joke.")
    page = page_of(verdict, reviewer)
    assert "The claim is withdrawn; publish it again before a verdict on it." in page.text
    assert page.buttons == ["return"]
    first = make.make_submitted(author=ann)
    make.make_published(first.claim)
    assert "The claim has a published verdict that this draft does not supersede." in page_of(first, reviewer).text


# --- what changed since the last submission ---


def test_a_first_submission_has_nothing_to_be_compared_with(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    assert since_submitted(verdict, reviewer) is None
    assert "What changed" not in page_of(verdict, reviewer).text


def test_what_changed_in_it_and_around_it_is_told(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann, summary="It was so.")
    kept = verdict.claim.evidence_links.first()
    verdict = resubmitted(verdict, ann, reviewer, summary="It was nearly so.", rating=make.rating("unproven"))
    late = make.make_attribution(verdict.claim, stance="denies")
    since = since_submitted(verdict, reviewer)
    assert since is not None
    assert {one.label: (one.before, one.after) for one in since.fields} == {
        "Rating": ("Contested", "Unproven"),
        "Summary": ("It was so.", "It was nearly so."),
    }
    assert (since.note, since.returned_by) == ("Name the record.", "Vera Voss")
    assert [one.id for one in since.around] == [late.pk]
    page = page_of(verdict, reviewer)
    assert "New since the last submission" in page.text
    lines = [line for part in load_material(verdict, reviewer, since, whole=NOTHING).evidence for line in part.lines]
    assert {line.became for line in lines if line.row.link_id == kept.pk} == {""}
    # Another round is compared with the round before it, not with the first.
    again = resubmitted(verdict, ann, reviewer, summary="It was hardly so.")
    found = since_submitted(again, reviewer)
    assert found is not None
    assert [(one.before, one.after) for one in found.fields] == [("It was nearly so.", "It was hardly so.")]
    assert [one.id for one in found.around] == [late.pk]


def test_a_returned_draft_is_compared_with_what_was_submitted(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    return_verdict(actor=reviewer, verdict=verdict, note="Shorter.")
    draft = Verdict.objects.get(pk=verdict.pk)
    with acting(actor=ann):
        draft.summary = "Short."
        draft.save()
    page = page_of(draft, ann)
    assert "In short. Short." in page.text
    assert "It is a draft of its author, so there is nothing to decide." in page.text
    assert page.buttons == []
    assert at(draft, "review") in get(client_of(ann), at(draft)).links


@pytest.mark.parametrize("fields", [(), ("summary",)])
def test_what_was_erased_is_not_compared(fields: tuple[str, ...], ann: Any, reviewer: Any, administrator: Any) -> None:
    verdict = resubmitted(make.make_submitted(author=ann, summary="A secret."), ann, reviewer, summary="Nothing.")
    erase_history(actor=administrator, rows=[("verdict", verdict.pk)], reason="By law.", fields=fields)
    page = page_of(verdict, reviewer)
    assert "not, or not wholly, on record any more, so it is not compared" in page.text
    assert "A secret." not in page.text


def test_a_correction_says_what_it_corrects(ann: Any, reviewer: Any) -> None:
    published = make.make_published(author=ann)
    draft = correct_verdict(
        actor=ann,
        verdict=published,
        reason="A date was wrong.",
        severity="correction",
        claim_text="It held until noon.",
    )
    page = page_of(submit_verdict(actor=ann, verdict=draft), reviewer)
    assert "Corrects “Contested” A date was wrong." in page.text
    assert "It held until noon. In review Drafted by Ann Archer" in page.text
    assert f"The claim says: “{published.claim.text}”" in page.text


# --- how much, how fast ---


def test_a_long_part_says_how_many_more_there_are_and_shows_them(ann: Any, reviewer: Any) -> None:
    claim = make.make_claim()
    links = [make.make_link(claim, "refutes") for _ in range(SHOWN + 3)]
    said = [make.make_attribution(claim) for _ in range(SHOWN + 1)]
    talk.say(actor=ann, row=links[-1], text="Look at this one.")
    verdict = make.make_submitted(claim, author=ann, code="refuted")
    page = page_of(verdict, reviewer)
    # One with a comment is never among those that are left out.
    assert links[-1].evidence.title in page.text
    assert "?all=refutes#part-refutes" in page.links
    assert " 2 more " in page.text
    assert " 1 more " in page.text
    whole = page_of(verdict, reviewer, "?all=refutes&all=for")
    assert all(link.evidence.title in whole.text for link in links)
    assert all(row.source.name in whole.text for row in said)
    assert not [link for link in whole.links if link.startswith("?all=")]


def test_the_more_telling_evidence_stands_first(ann: Any, reviewer: Any) -> None:
    claim = make.make_claim()
    graded = [("weak", "1"), ("strong", "4"), ("strong", "2"), ("moderate", "3")]
    for strength, grade in graded:
        evidence = make.make_evidence(f"{strength} {grade}", credibility=grade)
        make.make_link(claim, "refutes", strength=strength, evidence=evidence)
    verdict = make.make_submitted(claim, author=ann, code="refuted")
    [part] = load_material(verdict, reviewer, None, whole=NOTHING).evidence
    assert [line.row.title for line in part.lines] == ["strong 2", "strong 4", "moderate 3", "weak 1"]


def test_many_rivals_are_counted_and_their_matrix_is_left_to_the_dispute(
    ann: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST", 2)
    dispute = make.make_dispute(exclusive=True)
    first, *others = (make.make_claim(f"Number {number} did it.", dispute=dispute) for number in range(5))
    verdict = make.make_submitted(first, author=ann)
    page = page_of(verdict, reviewer)
    shown = load_beside(first, reviewer)
    assert ([row.id for row in shown.rivals], shown.more) == ([others[0].pk, others[1].pk], 2)
    assert "2 more" in page.text
    assert "Too many claims answer its question for this page" in page.text
    assert f"{at(dispute)}#matrix-{first.question_id}" in page.links


def test_queries_do_not_depend_on_what_hangs_on_it(ann: Any, reviewer: Any) -> None:
    def asked(number: int) -> int:
        dispute = make.make_dispute(exclusive=True)
        claim = make.make_claim(dispute=dispute)
        for _ in range(number):
            document = make.make_document(publisher=make.make_source(), text="So it was.")
            link = make.make_link(claim, "supports", evidence=make.make_evidence(documents=[document]))
            row = make.make_attribution(claim, document=document, quote="So it was.")
            make.make_attribution(make.make_claim(dispute=dispute))
            first, _told = talk.say(actor=ann, row=link, text="Is it?")
            talk.say(actor=reviewer, row=row, text="It is.")
            talk.say(actor=reviewer, row=link, text="It is.", parent=first)
        verdict = resubmitted(make.make_submitted(claim, author=ann), ann, reviewer, summary="Otherwise.")
        client = client_of(reviewer)
        client.get(at(verdict, "review"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(at(verdict, "review")).status_code == 200
        return len(seen)

    assert asked(9) <= asked(2)


# --- what was said stands at its line ---


def test_comments_stand_at_the_lines_they_are_about(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    link = verdict.claim.evidence_links.first()
    row = make.make_attribution(verdict.claim)
    talk.say(actor=reviewer, row=link, text="About the evidence.")
    talk.say(actor=reviewer, row=link.evidence, text="About the piece.")
    first, _told = talk.say(actor=reviewer, row=row, text="About the statement.")
    talk.say(actor=ann, row=row, text="An answer.", parent=first)
    talk.say(actor=reviewer, row=verdict, text="About the rationale.", about="rationale")
    talk.say(actor=reviewer, row=verdict, text="About the whole.")
    done, _told = talk.say(actor=reviewer, row=verdict.claim, text="About the claim.")
    talk.settle_thread(actor=ann, comment=done, resolved=True)
    page = page_of(verdict, reviewer)
    for text in ("About the evidence.", "About the statement.", "An answer.", "About the rationale."):
        assert page.text.count(text) == 1, text
    assert "About the whole." not in page.text  # in the section below, which is loaded
    assert "2 comments, answer" in page.text
    assert "1 comment on the evidence itself" in page.text
    assert "5 open comments here." in page.text
    # One form can be filled in: what is typed into it is not lost by sending another.
    assert [fields for method, fields in page.forms if method == "post" and fields] == [{"note"}]
    client = client_of(reviewer)
    script = {"headers": {"X-Desk-Script": "1"}}
    address = reverse("together", args=["verdict", verdict.pk])
    below = client.get(f"{address}?without=rationale", **script).content.decode()
    assert "About the whole." in below
    assert "About the rationale." not in below
    assert "What was said about one field stands at that field." in below
    assert "Nothing was said" not in below
    line = client.get(f"{address}?line=1&about=rationale", **script).content.decode()
    assert "About the rationale." in line
    assert "About the whole." not in line
    answer = client.post(
        f"{address}?line=1&about=rationale", {"act": "say", "text": "Again.", "about": "rationale"}, **script
    )
    assert (answer.status_code, answer.content.decode().count("Again.")) == (200, 2)
    refused = client.post(f"{address}?line=1&about=rationale", {"act": "say", "text": " "}, **script)
    assert (refused.status_code, "Write what you want to say." in refused.content.decode()) == (422, True)
    # Without scripts there is a page of its own, with all of it.
    alone = client.get(f"{address}?line=1&about=rationale").content.decode()
    assert "About the whole." in alone
    assert "About the rationale." in alone


def test_what_is_typed_on_it_is_shown_as_text(ann: Any, reviewer: Any) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    claim = make.make_claim(evil, context=evil)
    row = make.make_attribution(claim, quote=evil, source=make.make_source(evil), document=make.make_document(evil))
    link = make.make_link(claim, "supports", note=evil, evidence=make.make_evidence(evil, description=evil))
    make.make_link(claim, "refutes")
    for about in (row, link, claim):
        talk.say(actor=ann, row=about, text=evil)
    verdict = resubmitted(make.make_submitted(claim, author=ann, summary="x"), ann, reviewer, summary=evil)
    text = client_of(reviewer).get(at(verdict, "review")).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_other_verdicts_on_the_claim_are_named(ann: Any, rob: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    make.make_verdict(verdict.claim, author=rob, code="unproven")
    assert "Other verdicts that are not published Unproven draft, Rob Reed" in page_of(verdict, reviewer).text
    assert Claim.objects.get(pk=verdict.claim_id).status == "draft"
