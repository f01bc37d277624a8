"""The dossier: what is counted, what each reader may know, and how many queries that takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.logic import wording
from claims.logic.origins import Tally, lineage
from claims.models import Claim, Dispute, Evidence
from claims.reports.load.dossier import addressed, load_claim, load_dispute
from claims.services import correct_verdict, publish_verdict, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from tests.claims.report_case import make_full_claim
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_inquiry,
    make_link,
    make_published,
    make_relation,
    make_review,
    make_snapshot,
    make_source,
    make_verdict,
)

pytestmark = pytest.mark.usefixtures("register")


# --- counting ---


def test_a_circle_of_relays_ends() -> None:
    assert lineage(1, {1: 2, 2: 1}) == (1, 2)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        ("5", "7", "5 to 7 deaths"),
        ("12.0000", "12", "12 deaths"),
        (None, "7", "at most 7 deaths"),
        ("0.5", None, "at least 0.5 deaths"),
        (None, None, ""),
    ],
)
def test_a_quantity_is_told_in_words(least: str | None, most: str | None, words: str) -> None:
    low, high = (Decimal(value) if value else None for value in (least, most))
    assert wording.quantity(low, high, "deaths") == words


def test_no_sentence_holds_both_likelihood_and_confidence() -> None:
    for code in ("almost_no_chance", "unlikely", "roughly_even", "almost_certain"):
        assert "onfidence" not in wording.likelihood_sentence(code)
    assert wording.confidence_sentence("low") == "Confidence in this judgement is low."


# --- the tree ---


def test_the_chain_leads_from_the_outlet_back_to_the_origin(anonymous: Any) -> None:
    claim = make_claim(published=True)
    autopsy = make_attribution(claim, source=make_source("Examiners"))
    officials = make_attribution(claim, source=make_source("Officials"), stance="relays", relayed_from=autopsy)
    make_attribution(claim, source=make_source("The Paper"), stance="relays", relayed_from=officials)
    make_attribution(claim, source=make_source("The Other Side"), stance="denies")
    view = load_claim(claim, anonymous).claim
    chains = [[link.source.name for link in row.chain if link.source] for row in view.attributions]
    assert chains == [
        ["Examiners"],
        ["Officials", "Examiners"],
        ["The Paper", "Officials", "Examiners"],
        ["The Other Side"],
    ]
    assert view.voices_for == Tally(total=3, sources=3, origins=1, relaying=2)
    assert view.voices_against == Tally(total=1, sources=1, origins=1)
    assert view.said_by == ("Examiners",)


def test_a_relayed_denial_counts_against_the_claim(anonymous: Any) -> None:
    claim = make_claim(published=True)
    denial = make_attribution(claim, stance="denies")
    make_attribution(claim, stance="relays", relayed_from=denial)
    view = load_claim(claim, anonymous).claim
    assert view.voices_against == Tally(total=2, sources=2, origins=1, relaying=1)
    assert view.voices_for == Tally()


def test_evidence_is_counted_by_its_furthest_origin(anonymous: Any) -> None:
    claim = make_claim(published=True)
    origin = make_evidence("Autopsy")
    summary = make_evidence("Summary", derived_from=origin)
    for evidence in (summary, make_evidence("Press release", derived_from=summary)):
        make_link(claim, evidence=evidence)
    view = load_claim(claim, anonymous).claim
    assert view.evidence_for == Tally(total=2, origins=1)
    # Nothing public bears on the autopsy itself, so that the public does not read its title.
    assert [step.title for step in view.evidence[1].lineage] == ["Press release", "Summary", ""]


def test_a_withdrawn_origin_is_not_told_but_still_counts_once(anonymous: Any, reviewer: Any) -> None:
    claim = make_claim(published=True)
    said = make_attribution(claim, source=make_source("Mistaken Witness"))
    for _ in range(2):
        make_attribution(claim, stance="relays", relayed_from=said)
    withdraw(actor=reviewer, row=said, reason="Wrong person.")
    dossier = load_claim(claim, anonymous)
    assert dossier.claim.voices_for == Tally(total=2, sources=2, origins=1)
    assert "Mistaken Witness" not in repr(dossier)


def test_the_state_is_derived_from_what_is_published(anonymous: Any) -> None:
    dispute = make_dispute()
    one, two = make_claim(dispute=dispute), make_claim(dispute=dispute)
    make_published(one, code="supported", confidence="high")
    make_published(two, code="refuted", confidence="moderate")
    assert load_dispute(dispute, anonymous).dispute.state.code == "settled"


def test_a_corrected_verdict_stands_among_the_earlier_ones(anonymous: Any, ann: Any, reviewer: Any) -> None:
    first = make_published(code="contested", author=ann, reviewer=reviewer)
    second = correct_verdict(actor=ann, verdict=first, reason="New autopsy.", severity="update", summary="Now settled.")
    submit_verdict(actor=ann, verdict=second)
    publish_verdict(actor=reviewer, verdict=second)
    view = load_claim(first.claim, anonymous).claim
    assert view.verdict is not None
    assert (view.verdict.id, [row.id for row in view.earlier]) == (second.pk, [first.pk])
    assert [row.new.correction_reason for row in view.corrections] == ["New autopsy."]


def test_the_version_names_the_content_and_not_the_moment(anonymous: Any) -> None:
    claim = make_claim(published=True)
    before = load_claim(claim, anonymous)
    again = load_claim(claim, anonymous)
    assert before.imprint.moment != again.imprint.moment
    assert before.version == again.version
    make_attribution(claim)
    assert load_claim(claim, anonymous).version != before.version


# --- who may know what ---


def test_the_public_reads_no_draft_and_no_name_of_the_desk(anonymous: Any, ann: Any) -> None:
    dispute = make_dispute()
    published = make_published(make_claim("Open to all.", dispute=dispute), author=ann)
    make_claim("Still a draft.", dispute=dispute)
    make_verdict(published.claim, author=ann, summary="Not yet decided.")
    told = repr(load_dispute(dispute, anonymous))
    assert "Open to all." in told
    for secret in ("Still a draft.", "Not yet decided.", "Ann Archer"):
        assert secret not in told


def test_the_desk_reads_drafts_withdrawn_claims_and_names(reviewer: Any, ann: Any) -> None:
    dispute = make_dispute()
    published = make_published(make_claim("Open to all.", dispute=dispute), author=ann)
    make_claim("Still a draft.", dispute=dispute)
    taken_back = make_claim("Taken back.", dispute=dispute, published=True)
    withdraw_claim(actor=reviewer, claim=taken_back, reason="A mix-up.")
    make_verdict(published.claim, author=ann, summary="Not yet decided.")
    dossier = load_dispute(dispute, reviewer)
    assert [claim.status.code for claim in dossier.claims] == ["published", "draft", "withdrawn"]
    assert dossier.claims[0].drafts[0].author == "Ann Archer"
    assert "Desk copy" in dossier.confidential


def test_nothing_that_names_a_withheld_source_is_in_the_dossier(anonymous: Any, reviewer: Any) -> None:
    secret = {
        "name": "Nadia Secret",
        "description": "Sister of Secret.",
        "website": "https://secret.example.org/",
        "wikidata_id": "Q4242",
        "aliases": ["Secret N."],
        "interests": "Secret interest.",
        "reliability_note": "Secret note.",
        "country": "AZ",
        "part_of": make_source("Secret Employer"),
    }
    source = make_source(**secret, withheld=True, withheld_reason="Her safety, says Secret.")
    work = make_document("Secret title", publisher=source, authors="N. Secret", url="https://secret.example.org/a")
    make_snapshot(work, archive_url="https://archive.example.org/secret.example.org/a")
    claim = make_claim(published=True)
    make_attribution(claim, source=source, document=work, capacity="Secretary to Secret")
    make_attribution(claim, source=make_source("Her Lawyer"), on_behalf_of=source, capacity="Lawyer of N. Secret")
    make_link(claim, evidence=make_evidence("A letter", documents=[work]))
    make_review(claim, publisher=source, url="https://secret.example.org/review", title="Secret review")
    make_inquiry(claim, source=source, channel="By mail to Secret")
    told = repr(load_claim(claim, anonymous))
    assert "Source withheld" in told
    assert "ecret" not in told.replace("Secretary", "")
    assert "Secretary" not in told
    assert "Nadia Secret" in repr(load_claim(claim, reviewer))


def test_claims_of_disputes_that_the_reader_may_not_see_are_left_out(anonymous: Any, reviewer: Any, ann: Any) -> None:
    claim = make_claim("Open to all.", published=True)
    hidden = make_dispute("Hidden matter", visibility="restricted", members=[ann])
    make_relation(claim, make_claim("Hidden statement.", dispute=hidden, published=True))
    make_link(claim, evidence=make_evidence("Hidden finding", dispute=hidden))
    for user in (anonymous, reviewer):
        told = repr(load_claim(claim, user))
        assert "Hidden statement." not in told
        assert "Hidden finding" not in told
    assert "Hidden statement." in repr(load_claim(claim, ann))


def test_a_restricted_dispute_is_not_loaded_for_others(reviewer: Any, anonymous: Any, ann: Any) -> None:
    dispute = make_dispute(visibility="restricted", members=[ann])
    claim = make_claim(dispute=dispute, published=True)
    for user in (reviewer, anonymous):
        with pytest.raises(Dispute.DoesNotExist):
            load_dispute(dispute, user)
        with pytest.raises(Claim.DoesNotExist):
            load_claim(claim, user)
    assert load_dispute(dispute, ann).confidential


def test_an_address_of_another_scheme_never_becomes_a_link(anonymous: Any) -> None:
    claim = make_claim(published=True)
    work = make_document("A work")
    make_attribution(claim, document=work)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sources_document SET url = %s WHERE id = %s", ["javascript:alert(1)", work.pk])
    assert load_claim(claim, anonymous).documents[0].url == ""


# --- addresses and queries ---


def test_a_dispute_is_addressed_by_id_and_by_slug() -> None:
    dispute = make_dispute("Deaths in custody")
    rows = Dispute.objects.all()
    assert addressed(rows, str(dispute.pk)).get() == addressed(rows, "deaths-in-custody").get() == dispute
    for odd in ("9" * 30, "no-such", "-1", "٣"):
        assert not addressed(rows, odd).exists()
    assert not addressed(Claim.objects.all(), "deaths-in-custody").exists()


@pytest.mark.parametrize("role", ["anonymous", "reviewer"])
def test_four_claims_take_as_many_queries_as_one(role: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    assert user.has_perm("sources.desk") is (role == "reviewer")
    counts = []
    for number in (1, 4):
        dispute = make_dispute()
        claims = [make_full_claim(dispute, n) for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            load_dispute(dispute, user)
        with CaptureQueriesContext(connection) as of_claim:
            load_claim(claims[0], user)
        counts.append((len(queries), len(of_claim)))
    assert counts[0] == counts[1]
    # For the desk more: what has changed since the verdicts, and who is whose rival.
    assert counts[0][0] <= (39 if role == "reviewer" else 34)


def test_a_long_line_of_evidence_takes_no_further_queries(anonymous: Any) -> None:
    counts = []
    for depth in (1, 12):
        claim = make_claim(published=True)
        evidence: Evidence | None = None
        for _ in range(depth):
            evidence = make_evidence(derived_from=evidence)
        make_link(claim, evidence=evidence)
        with CaptureQueriesContext(connection) as queries:
            view = load_claim(claim, anonymous).claim
        assert len(view.evidence[0].lineage) == depth
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_circles_that_only_raw_sql_can_make_do_not_hang(anonymous: Any) -> None:
    claim = make_claim(published=True)
    one = make_evidence()
    two = make_evidence(derived_from=one)
    make_link(claim, evidence=two)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_evidence SET derived_from_id = %s WHERE id = %s", [two.pk, one.pk])
    with acting(reason="A test."):
        assert len(load_claim(claim, anonymous).claim.evidence[0].lineage) == 2
