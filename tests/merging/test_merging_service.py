"""Merging twins: all that refers to one refers to the one that stays, and nothing that was decided changes by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from claims.models import Attribution, Claim, EvidenceDocument
from claims.services import publish_claim
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, DomainError, Forbidden, Frozen, RuleViolation
from factcheck.models.merged import references_to
from factcheck.teamwork.models import Comment, Follow
from factcheck.teamwork.work import assign, assignments_of, follow
from sources.models import Document, Snapshot, Source
from sources.services import merge, plan_merge
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
SAME_ID = "same_wikidata_id"
WHY = "The same body, entered twice."


def merged(actor: Any, twin: Any, into: Any) -> Any:
    return merge(actor=actor, twin=twin, into=into, reason=WHY)


def refused(actor: Any, twin: Any, into: Any) -> str:
    """What is said, and that nothing was done."""
    entries = AuditEntry.objects.count()
    with pytest.raises(DomainError) as told:
        merged(actor, twin, into)
    assert (AuditEntry.objects.count(), type(twin).objects.get(pk=twin.pk).merged_into_id) == (entries, None)
    return told.value.message


def test_all_that_refers_to_a_source_refers_to_the_one_that_stays(editor: Any) -> None:
    into = make.make_source("The Ministry", aliases=["MoD"])
    twin = make.make_source("Ministry of Defence", aliases=["MoD", "Defence"], country="AZ", wikidata_id="Q5")
    claim, third, fourth = make.make_claim(), make.make_source(), make.make_source()
    with acting(reason="As found."):
        rows = [
            (make.make_attribution(claim, source=twin), "source"),
            (make.make_attribution(claim, on_behalf_of=twin), "on_behalf_of"),
            (make.make_document(publisher=twin), "publisher"),
            (make.make_source(part_of=twin), "part_of"),
            (make.make_affiliation(twin), "source"),
            (make.make_affiliation(part_of=twin), "part_of"),
            (make.make_review(claim, publisher=twin), "publisher"),
            (make.make_inquiry(claim, source=twin), "source"),
            (make.make_ruleexception(SAME_ID, source=twin, other_source=third), "source"),
            (make.make_ruleexception(SAME_ID, source=fourth, other_source=twin), "other_source"),
        ]
    assert {(type(row), name) for row, name in rows} == {*references_to(Source)}, (
        "every noun that refers to a source is tried here"
    )
    merged(editor, twin, into)
    for row, name in rows:
        row.refresh_from_db()
        assert getattr(row, f"{name}_id") == into.pk, (row, name)
        entry = AuditEntry.objects.of(row).first()
        assert (entry.reason, entry.actor) == (f"Source {twin.pk} merged into {into.pk}: {WHY}", editor)
    into.refresh_from_db()
    assert into.aliases == ["MoD", "Ministry of Defence", "Defence"]
    assert (into.country, into.wikidata_id) == ("AZ", "Q5")
    twin = Source.objects.get(pk=twin.pk)
    assert (twin.merged_into, twin.wikidata_id, twin.country) == (into, "", "AZ")
    assert AuditEntry.objects.of(twin).first().action == "source.merged"
    # The part of the twin has not changed sides: it is the same body.
    assert rows[3][0].affiliations.count() == 0
    call_command("verify_audit", verbosity=0)


def test_a_twin_takes_nothing_new_and_stays_on_record(editor: Any) -> None:
    twin, into, third = make.make_source("One"), make.make_source("Two"), make.make_source("Three")
    merged(editor, twin, into)
    twin = Source.objects.get(pk=twin.pk)
    with pytest.raises(Conflict, match=f"Source {twin.pk} was merged into {into.pk}: choose that one.") as told:
        make.make_attribution(source=twin)
    assert (told.value.code, told.value.field) == ("merged", "source")
    twin.name = "Another"
    with pytest.raises(Frozen, match=f"merged into source {into.pk}: use that one"):
        twin.save()
    with pytest.raises(Frozen, match="stays on record"):
        Source.objects.get(pk=twin.pk).delete()
    assert "use that one" in refused_again(editor, twin, third)
    merged(editor, into, third)
    twin.refresh_from_db()
    assert twin.merged_into == third, "one step leads to the one that stays"


def refused_again(actor: Any, twin: Any, into: Any) -> str:
    with pytest.raises(Conflict) as told:
        merged(actor, twin, into)
    return told.value.message


def test_a_merge_needs_the_right_and_a_reason(ann: Any, reader: Any, editor: Any) -> None:
    twin, into = make.make_source(), make.make_source()
    with pytest.raises(Forbidden, match="Your role does not allow you to merge sources"):
        merged(reader, twin, into)
    with pytest.raises(RuleViolation, match="Say why this source is the same"):
        merge(actor=editor, twin=twin, into=into, reason=" ")
    # A researcher merges what only the desk reads ...
    merged(ann, make.make_source(), into)
    # ... and not what the public reads: it would be told another name.
    make.make_attribution(make.make_claim(published=True), source=twin)
    assert "Ask an editor" in refused(ann, twin, into)
    merged(editor, twin, into)
    public = Source.objects.visible_to(AnonymousUser())
    assert (public.filter(pk=twin.pk).exists(), public.filter(pk=into.pk).exists()) == (False, True)


def test_two_that_refer_to_each_other_are_no_twins(editor: Any) -> None:
    into = make.make_source()
    assert "part of the other" in refused(editor, make.make_source(part_of=into), into)
    twin = make.make_source()
    said = make.make_attribution(source=twin, on_behalf_of=into)
    assert f"Attribution {said.pk} refers to both" in refused(editor, twin, into)
    hidden = make.make_source()
    dispute = make.make_dispute(visibility="restricted", members=[make.someone("Editor")])
    told = make.make_attribution(make.make_claim(dispute=dispute), source=hidden, on_behalf_of=into)
    words = refused(editor, hidden, into)
    assert "Something that you may not read refers to both" in words
    assert str(told.pk) not in words
    assert "withheld" in refused(editor, make.make_source(withheld=True, withheld_reason="Danger."), into)
    assert "into itself" in refused(editor, into, Source.objects.get(pk=into.pk))


def test_copies_and_carriers_of_a_document_move_and_doubles_go(editor: Any) -> None:
    claim = make.make_claim(published=True)
    twin, into = make.make_document(url="https://a.example.org/x", text="It was so."), make.make_document()
    both = make.make_evidence(documents=[twin, into])
    alone = make.make_evidence(documents=[twin])
    with acting(reason="As found."):
        make.make_link(claim, evidence=both)
        make.make_link(claim, evidence=alone)
        copy = make.make_snapshot(twin)
        said = make.make_attribution(claim, document=twin)
    assert {(Snapshot, "document"), (EvidenceDocument, "document"), (Attribution, "document")} <= {
        *references_to(Document)
    }
    plan = plan_merge(actor=editor, twin=twin, into=into)
    counted = {(part.words, part.moving.count(), part.doubles.count()) for part in plan.parts}
    assert {("documents of the evidence", 1, 1), ("snapshots", 1, 0), ("attributions", 1, 0)} <= counted
    merged(editor, twin, into)
    for row in (copy, said):
        row.refresh_from_db()
        assert row.document == into
    assert [*both.carriers.values_list("document", flat=True)] == [into.pk]
    assert [*alone.carriers.values_list("document", flat=True)] == [into.pk]
    into.refresh_from_db()
    assert (into.url, into.text) == ("https://a.example.org/x", "It was so.")
    assert Document.objects.get(pk=twin.pk).url == ""
    copy.document = make.make_document()
    with pytest.raises(Frozen, match="A snapshot never changes"):
        copy.save()
    call_command("verify_audit", verbosity=0)


def test_a_retracted_document_is_no_twin_of_one_that_stands(editor: Any) -> None:
    assert "retracted" in refused(editor, make.make_document(retracted_on="2025"), make.make_document())


def test_what_hangs_on_a_draft_claim_moves_to_the_one_that_stays(editor: Any, ann: Any) -> None:
    dispute = make.make_dispute()
    into, twin = make.make_claim(published=True, dispute=dispute), make.make_claim(dispute=dispute)
    shared = make.make_evidence()
    with acting(reason="As found."):
        make.make_link(into, evidence=shared)
        double, link = make.make_link(twin, evidence=shared), make.make_link(twin)
        first = make.make_attribution(twin)
        relay = make.make_attribution(twin, stance="relays", relayed_from=first)
        tie = make.make_relation(twin, into, kind="repeats")
    rating = make.make_assessment(link, analyst=ann)
    plan = plan_merge(actor=editor, twin=twin, into=into)
    assert {part.words: (part.moving.count(), part.doubles.count()) for part in plan.parts if part.doubles} == {
        "evidence links": (1, 1),
        "assessments": (0, 1),
        "relations": (0, 1),
    }
    merged(editor, twin, into)
    for row, claim in ((first, into), (relay, into), (link, into), (double, twin), (tie, twin), (rating, twin)):
        row.refresh_from_db()
        assert row.claim == claim, row
    twin = Claim.objects.get(pk=twin.pk)
    assert (twin.status, twin.withdrawn_reason) == ("withdrawn", f"Claim {twin.pk} merged into {into.pk}: {WHY}")
    with pytest.raises(Frozen, match="use that one"):
        publish_claim(actor=editor, claim=twin)
    call_command("verify_audit", verbosity=0)


def test_what_was_published_or_decided_is_not_merged_away(editor: Any) -> None:
    dispute = make.make_dispute()
    into = make.make_claim(dispute=dispute)
    assert "“repeats”" in refused(editor, make.make_claim(dispute=dispute, published=True), into)
    judged = make.make_claim(dispute=dispute)
    verdict = make.make_verdict(judged)
    assert f"Verdict {verdict.pk} was written on this claim" in refused(editor, judged, into)
    assert "different disputes" in refused(editor, make.make_claim(), into)
    rival = make.make_claim(dispute=dispute)
    make.make_relation(rival, into, kind="contradicts")
    assert "they contradict" in refused(editor, rival, into)


def test_a_draft_adds_nothing_to_a_published_claim_by_a_researcher(ann: Any, editor: Any) -> None:
    dispute = make.make_dispute()
    into, twin = make.make_claim(published=True, dispute=dispute), make.make_claim(dispute=dispute)
    make.make_attribution(twin)
    assert "Ask an editor" in refused(ann, twin, into)
    merged(editor, twin, into)


def test_a_statement_of_an_earlier_wording_is_looked_at_first(editor: Any) -> None:
    verdict = make.make_published()
    with acting(reason="As found."):
        said = make.make_attribution(verdict.claim)
    make.make_corrected(verdict=verdict, claim_text="Another wording.")
    assert Attribution.objects.of_earlier_wording().filter(pk=said.pk).exists()
    assert f"Attribution {said.pk} was entered before" in refused(editor, said.source, make.make_source())


def test_talk_and_tasks_go_along(ann: Any, rob: Any, editor: Any) -> None:
    twin, into = make.make_source(), make.make_source()
    for row in (twin, into):
        assign(actor=editor, row=row, assignee=ann)
    assign(actor=editor, row=twin, assignee=rob)
    follow(user=editor, row=twin)
    merged(editor, twin, into)
    assert {one.assignee for one in assignments_of(into)} == {ann, rob}
    assert not assignments_of(twin)
    assert set(Follow.objects.values_list("object_id", flat=True)) == {into.pk}
    assert not Comment.objects.filter(object_id=twin.pk).exists()
