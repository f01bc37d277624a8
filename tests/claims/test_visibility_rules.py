"""Who reads what: one table for claims and what hangs on them, and what is withheld."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from claims.models import (
    Assessment,
    Attribution,
    Claim,
    ClaimRelation,
    Dispute,
    DisputeMember,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    ImportBatch,
    Inquiry,
    Rating,
    RatingScale,
    Review,
    Verdict,
)
from claims.services import publish_claim, publish_verdict, submit_claim, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from sources.models import Document, Snapshot, Source
from tests.factories import (
    make_assessment,
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_import,
    make_inquiry,
    make_link,
    make_published,
    make_relation,
    make_review,
    make_snapshot,
    make_source,
    make_user,
    make_verdict,
    rating,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

ALL = "anonymous reader guest researcher member superuser"
LOGGED_IN = "reader guest researcher member superuser"
DESK = "researcher member superuser"
# `guest` is a reader and `member` a researcher who are members of the dispute; nobody else is.
WHO_READS_THE_CLAIM = {
    (None, "draft"): DESK,
    (None, "in_review"): DESK,
    (None, "published"): ALL,
    (None, "withdrawn"): DESK,
    ("public", "draft"): DESK,
    ("public", "in_review"): DESK,
    ("public", "published"): ALL,
    ("public", "withdrawn"): DESK,
    ("internal", "draft"): DESK,
    ("internal", "in_review"): DESK,
    ("internal", "published"): LOGGED_IN,
    ("internal", "withdrawn"): DESK,
    ("restricted", "draft"): "member",
    ("restricted", "in_review"): "member",
    ("restricted", "published"): "guest member",
    ("restricted", "withdrawn"): "member",
}
WHO_KNOWS_THE_DISPUTE = {"public": DESK, "internal": DESK, "restricted": "member"}
"""On the desk; outside, whoever reads one of its claims."""


@pytest.fixture
def people() -> dict[str, Any]:
    return {
        "anonymous": AnonymousUser(),
        "reader": make_user("reader", "Reader"),
        "guest": make_user("guest", "Reader"),
        "researcher": make_user("researcher", "Researcher"),
        "member": make_user("member", "Researcher"),
        "superuser": make_user("superuser", is_superuser=True),
    }


def make_world(visibility: str | None, status: str, people: dict[str, Any]) -> SimpleNamespace:
    """A claim of that status in a dispute of that visibility, with one row of each noun."""
    members = [people["guest"], people["member"]]
    dispute = make_dispute(visibility=visibility, members=members) if visibility else None
    claim, other = make_claim(dispute=dispute), make_claim(dispute=dispute)
    parent = make_source()
    document = make_document(publisher=make_source(part_of=parent))
    evidence = make_evidence(dispute=dispute, documents=[document])
    link = make_link(claim, evidence=evidence)
    attribution = make_attribution(claim, document=document, on_behalf_of=make_source())
    world = SimpleNamespace(
        dispute=dispute,
        claim=claim,
        evidence=evidence,
        carrier=evidence.carriers.get(),
        document=document,
        snapshot=make_snapshot(document),
        link=link,
        attribution=attribution,
        sources=[parent, document.publisher, attribution.source, attribution.on_behalf_of],
        relation=make_relation(claim, other),
        review=make_review(claim),
        inquiry=make_inquiry(claim),
        assessment=make_assessment(link),
        verdict=make_verdict(claim),
        members=list(dispute.members.all()) if dispute else [],
    )
    if status in {"published", "withdrawn"}:
        publish_claim(actor=someone("Editor"), claim=other)
        submit_verdict(actor=world.verdict.author, verdict=world.verdict)
        world.verdict = publish_verdict(actor=someone("Reviewer"), verdict=world.verdict)
        claim.refresh_from_db()
    if status == "in_review":
        submit_claim(actor=someone("Researcher"), claim=claim)
    if status == "withdrawn":
        for each in (claim, other):
            withdraw_claim(actor=someone("Editor"), claim=each, reason="Out of scope.")
    assert claim.status == status
    return world


@pytest.mark.parametrize(("visibility", "status"), WHO_READS_THE_CLAIM)
def test_who_reads_a_claim_and_what_hangs_on_it(visibility: str | None, status: str, people: dict[str, Any]) -> None:
    world = make_world(visibility, status, people)
    of_the_claim = set(WHO_READS_THE_CLAIM[visibility, status].split())
    of_the_desk = of_the_claim & set(DESK.split())
    everybody_on_the_desk = set(DESK.split())
    expected = [
        (world.claim, of_the_claim),
        (world.attribution, of_the_claim),
        (world.link, of_the_claim),
        (world.relation, of_the_claim),
        (world.review, of_the_claim),
        (world.inquiry, of_the_claim),
        (world.verdict, of_the_claim),
        (world.evidence, of_the_claim),
        (world.carrier, of_the_claim),
        (world.assessment, of_the_desk),
        (world.document, of_the_claim | everybody_on_the_desk),
        (world.snapshot, of_the_claim | everybody_on_the_desk),
        *((source, of_the_claim | everybody_on_the_desk) for source in world.sources),
    ]
    if visibility:
        known = set(WHO_KNOWS_THE_DISPUTE[visibility].split())
        expected += [(world.dispute, of_the_claim | known), *((member, known) for member in world.members)]
    wrong = []
    for row, readers in expected:
        assert row.is_public() == ("anonymous" in readers)
        found = {name for name, user in people.items() if type(row).objects.visible_to(user).filter(pk=row.pk).exists()}
        if found != readers:
            wrong.append(f"{row._meta.verbose_name}: {sorted(found)}, not {sorted(readers)}")
    assert wrong == []


def test_every_noun_says_who_reads_it(people: dict[str, Any]) -> None:
    """None is left with the refusal of the base; what depends on no claim is either the desk's or everybody's."""
    nouns = [
        Assessment,
        Attribution,
        Claim,
        ClaimRelation,
        Dispute,
        DisputeMember,
        Document,
        Evidence,
        EvidenceDocument,
    ]
    nouns += [EvidenceLink, ImportBatch, Inquiry, Rating, RatingScale, Review, Snapshot, Source, Verdict]
    for noun in nouns:
        assert noun.objects.visible_to(people["anonymous"]).count() == noun.objects.public().count()
        assert noun.objects.visible_to(None).count() == noun.objects.public().count()


def test_vocabulary_is_everybodys_and_imports_are_the_desks(people: dict[str, Any]) -> None:
    row = make_import()
    readers = {name for name, user in people.items() if ImportBatch.objects.visible_to(user).filter(pk=row.pk).exists()}
    assert readers == set(DESK.split())
    assert Rating.objects.public().count() == Rating.objects.count() > 0
    assert RatingScale.objects.public().exists()


def test_account_that_was_closed_reads_as_the_public(people: dict[str, Any]) -> None:
    world = make_world("restricted", "published", people)
    internal = make_world("internal", "published", people)
    people["member"].is_active = False
    for claim in (world.claim, internal.claim):
        assert not Claim.objects.visible_to(people["member"]).filter(pk=claim.pk).exists()


def test_withdrawn_child_is_read_by_the_desk_alone(people: dict[str, Any]) -> None:
    world = make_world("public", "published", people)
    for row in (world.attribution, world.link, world.relation, world.review, world.inquiry):
        withdraw(actor=someone("Editor"), row=row, reason="It was wrong.")
        assert not row.is_public()
        assert not type(row).objects.visible_to(people["reader"]).filter(pk=row.pk).exists()
        assert type(row).objects.visible_to(people["researcher"]).filter(pk=row.pk).exists()
    for row in (world.evidence, world.carrier, *world.sources, world.document, world.snapshot):
        assert not row.is_public()


def test_draft_verdict_on_a_published_claim_is_the_desks(people: dict[str, Any]) -> None:
    claim = make_claim(published=True)
    verdict = make_verdict(claim)
    assert not Verdict.objects.visible_to(people["reader"]).filter(pk=verdict.pk).exists()
    assert Verdict.objects.visible_to(people["researcher"]).filter(pk=verdict.pk).exists()


def test_relation_is_read_by_whoever_may_read_both_claims(people: dict[str, Any]) -> None:
    hidden = make_claim(dispute=make_dispute(visibility="restricted", members=[people["member"]]), published=True)
    shown = make_claim(published=True)
    for relation in (make_relation(shown, hidden), make_relation(hidden, shown, kind="excludes")):
        found = {
            name
            for name, user in people.items()
            if ClaimRelation.objects.visible_to(user).filter(pk=relation.pk).exists()
        }
        assert found == {"member"}


def test_evidence_of_a_restricted_dispute_stays_there_although_it_bears_on_a_public_claim(
    people: dict[str, Any],
) -> None:
    dispute = make_dispute(visibility="restricted", members=[people["member"]])
    document = make_document()
    evidence = make_evidence(dispute=dispute, documents=[document])
    link = make_link(make_claim(published=True), evidence=evidence)
    rows = (evidence, link, evidence.carriers.get(), make_assessment(link))
    for name in ("anonymous", "reader", "researcher", "superuser"):
        for row in rows:
            assert not type(row).objects.visible_to(people[name]).filter(pk=row.pk).exists(), (name, row)
    assert all(type(row).objects.visible_to(people["member"]).filter(pk=row.pk).exists() for row in rows)
    assert not document.is_public()


def test_origin_of_evidence_is_masked_where_it_is_hidden(people: dict[str, Any]) -> None:
    origin = make_evidence(dispute=make_dispute(visibility="restricted", members=[people["member"]]))
    evidence = make_evidence(derived_from=origin)
    make_link(make_claim(published=True), evidence=evidence)
    for name, user in people.items():
        for row in (Evidence.objects.get(pk=evidence.pk), Evidence.objects.with_origin_for(user).get(pk=evidence.pk)):
            assert (row.shown_to(user).derived_from is not None) == (name == "member")


def withheld(**fields: Any) -> Source:
    return make_source(
        "Named Person",
        kind="person",
        withheld=True,
        withheld_reason="In danger.",
        description="A tall man.",
        country="AZ",
        website="https://named.example.org/",
        wikidata_id="Q42",
        aliases=["N. P."],
        interests="A house.",
        reliability="B",
        reliability_note="Known since the flood.",
        part_of=make_source("Named Body"),
        **fields,
    )


def text_of(row: Any) -> str:
    return repr([str(getattr(row, f.attname)) for f in row._meta.concrete_fields]) + str(row)


@pytest.mark.parametrize("who", ALL.split())
def test_withheld_source_is_masked_outside_the_desk(who: str, people: dict[str, Any]) -> None:
    source = withheld()
    shown = source.shown_to(people[who])
    if who in DESK.split():
        assert shown is source
        return
    assert (shown.name, shown.pk, shown.kind, shown.withheld) == ("Source withheld", source.pk, "person", True)
    for secret in ("Named", "named", "tall", "AZ", "Q42", "N. P.", "house", "flood", "danger"):
        assert secret not in text_of(shown)
    assert shown.part_of is None
    assert source.as_reference(people[who]) == {"id": source.pk, "label": "Source withheld", "slug": ""}
    assert source.name == "Named Person", "the row itself stays whole"
    assert not Source.objects.named_to(people[who]).filter(pk=source.pk).exists()
    assert Source.objects.with_shown_name(people[who]).get(pk=source.pk).shown_name == "Source withheld"


@pytest.mark.parametrize("who", ["anonymous", "guest", "researcher"])
def test_what_names_a_withheld_source_is_masked_with_it(who: str, people: dict[str, Any]) -> None:
    source, user, desk = withheld(), people[who], who == "researcher"
    document = make_document(
        "By the Named Person", publisher=source, url="https://named.example.org/a", authors="N. P.", text="I, Named."
    )
    snapshot = make_snapshot(
        document, final_url="https://named.example.org/a", archive_url="https://archive.example/named"
    )
    attribution = make_attribution(
        source=source,
        capacity="mayor of Named",
        document=document,
        selector={"type": "TextQuoteSelector", "exact": "I, Named"},
        anonymous=True,
        anonymous_reason="A named mayor.",
        quote="Yes.",
        translation="Ja.",
        translator="N. P.",
    )
    spoken_for = make_attribution(on_behalf_of=source, capacity="Named's lawyer")
    shown = [row.shown_to(user) for row in (document, snapshot, attribution, spoken_for)]
    if desk:
        assert shown == [document, snapshot, attribution, spoken_for]
        assert shown[0].text
        return
    for row in shown:
        assert not {word for word in ("Named", "named", "N. P.", "mayor", "lawyer") if word in text_of_own(row)}
    assert document.as_reference(user) == {"id": document.pk, "label": "Work of a withheld source", "url": ""}
    assert attribution.as_reference(user)["label"] == "Source withheld asserts"
    document.refresh_from_db()
    assert document.title == "By the Named Person"


def text_of_own(row: Any) -> str:
    return repr([str(getattr(row, f.attname)) for f in row._meta.concrete_fields])


def test_text_of_a_document_is_the_desks(people: dict[str, Any]) -> None:
    document = make_document(text="All of it.", authors="An Author")
    assert document.shown_to(people["reader"]).text == ""
    assert document.shown_to(people["reader"]).authors == "An Author"
    assert document.shown_to(people["researcher"]).text == "All of it."


def test_relay_of_a_withdrawn_attribution_is_shown_without_it(people: dict[str, Any]) -> None:
    claim = make_claim(published=True)
    origin = make_attribution(claim)
    relay = make_attribution(claim, relayed_from=origin, stance="relays")
    withdraw(actor=someone("Editor"), row=origin, reason="It was wrong.")
    relay = Attribution.objects.get(pk=relay.pk)
    assert relay.shown_to(people["reader"]).relayed_from is None
    assert relay.shown_to(people["researcher"]).relayed_from == origin


def test_claim_of_a_dispute_that_is_restricted_is_gone_for_the_rest(people: dict[str, Any]) -> None:
    verdict = make_published(make_claim(dispute=make_dispute(members=[people["member"]])), code="contested")
    claim = Claim.objects.get(pk=verdict.claim_id)
    assert claim.is_public()
    assert verdict.is_public()
    with acting(reason="An investigation goes on."):
        assert claim.dispute is not None
        claim.dispute.visibility = "restricted"
        claim.dispute.save()
    assert not claim.is_public()
    assert not verdict.is_public()
    assert rating("contested").is_public()
