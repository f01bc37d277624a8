"""The page of a claim: what it shows, saves and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.kept import KeptForPeople
from claims.models import Attribution, Claim, EvidenceLink, Verdict
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.admin_page import Page, get, new_row, send


def at(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.fixture
def as_ann(ann: Any) -> Client:
    client = Client()
    client.force_login(ann)
    return client


@pytest.fixture
def as_reviewer(reviewer: Any) -> Client:
    client = Client()
    client.force_login(reviewer)
    return client


def test_saving_an_untouched_page_changes_nothing(as_ann: Client) -> None:
    claim = make.make_claim("It is so.", context="One line.\nAnother line.", tags=["a", "b"], quantity_min=5)
    make.make_attribution(
        claim,
        quote="First.\nSecond.",
        document=make.make_document(),
        selector={"type": "TextQuoteSelector", "exact": "First.", "prefix": "Before"},
    )
    make.make_link(claim)
    before = AuditEntry.objects.count()
    page = send(as_ann, at(claim))
    assert (page.status, page.errors) == (200, [])
    assert "was changed successfully" in page.text
    assert AuditEntry.objects.count() == before


def test_a_change_is_recorded_with_its_actor(as_ann: Client, ann: Any) -> None:
    claim = make.make_claim("It is so.")
    send(as_ann, at(claim), {"text": "It is not so."})
    claim.refresh_from_db()
    assert claim.text == "It is not so."
    entry = AuditEntry.objects.of(claim).first()
    assert (entry.action, entry.actor_id, entry.changes) == ("claim.changed", ann.pk, ["text"])


def test_an_outdated_form_is_refused_and_keeps_what_was_typed(as_ann: Client, rob: Any) -> None:
    claim = make.make_claim("It is so.")
    page = get(as_ann, at(claim))
    with acting(actor=rob):
        claim.text = "It may be so."
        claim.save()
    answer = send(as_ann, at(claim), {"text": "My own long text."}, page)
    assert "was changed by Rob Reed" in answer.text
    assert answer.fields["text"] == "My own long text."
    claim.refresh_from_db()
    assert claim.text == "It may be so."


def test_an_outdated_row_is_refused_in_its_row(as_ann: Client) -> None:
    claim = make.make_claim()
    link = make.make_link(claim, note="Old.")
    page = get(as_ann, at(claim))
    link.note = "Changed elsewhere."
    link.save()
    answer = send(as_ann, at(claim), {"evidence_links-0-note": "Mine.", "text": "New text."}, page)
    assert "This evidence link was changed by" in answer.text
    assert answer.fields["evidence_links-0-note"] == "Mine."
    claim.refresh_from_db()
    assert claim.text != "New text."


def test_a_published_claim_is_changed_only_with_a_reason(as_reviewer: Client) -> None:
    claim = make.make_claim("It is so.", published=True)
    answer = send(as_reviewer, at(claim), {"text": "It is not so."})
    assert "Say why you change this published claim" in answer.text
    assert answer.fields["text"] == "It is not so."
    answer = send(as_reviewer, at(claim), {"change_reason": "The word “not” was missing."}, answer)
    assert "was changed successfully" in answer.text
    assert AuditEntry.objects.of(claim).first().reason == "The word “not” was missing."


def test_a_reason_missing_for_a_row_is_asked_for_on_the_page(as_reviewer: Client) -> None:
    claim = make.make_claim(published=True)
    link = make.make_link(claim, note="Old.")
    answer = send(as_reviewer, at(claim), {"evidence_links-0-note": "New."})
    assert "Say why you change this published evidence link" in answer.text
    assert answer.fields["evidence_links-0-note"] == "New."
    send(as_reviewer, at(claim), {"change_reason": "Clearer."}, answer)
    link.refresh_from_db()
    assert link.note == "New."
    assert AuditEntry.objects.of(link).first().reason == "Clearer."


def test_a_researcher_reads_a_published_claim_and_cannot_change_it(as_ann: Client) -> None:
    claim = make.make_claim("It is so.", published=True)
    page = get(as_ann, at(claim))
    assert page.status == 200
    assert "Ask a reviewer or an editor" in page.text
    assert "text" not in page.fields
    assert as_ann.post(at(claim), {"text": "Other.", "seen_version": claim.version}).status_code == 403
    assert reverse("admin:claims_verdict_add") + f"?claim={claim.pk}" in page.links


def test_rows_are_added_with_the_claim(as_ann: Client) -> None:
    claim = make.make_claim()
    source, evidence = make.make_source("Ministry"), make.make_evidence("Report")
    page = get(as_ann, at(claim))
    changes = new_row(page, "attributions", source=source.pk, stance="asserts", said_on="2025-07")
    changes |= new_row(page, "evidence_links", evidence=evidence.pk, bearing="refutes", strength="strong")
    changes |= {"_continue": "1"}
    answer = send(as_ann, at(claim), changes, page)
    assert "was changed successfully" in answer.text
    said = Attribution.objects.get(claim=claim)
    assert (said.source, said.said_on) == (source, "2025-07")
    assert EvidenceLink.objects.get(claim=claim).bearing == "refutes"
    relay = new_row(answer, "attributions", source=make.make_source().pk, stance="relays", relayed_from=said.pk)
    send(as_ann, at(claim), relay, answer)
    assert Attribution.objects.get(stance="relays").relayed_from == said


def test_a_relay_of_another_claim_is_not_offered_and_refused(as_ann: Client) -> None:
    claim, foreign = make.make_claim(), make.make_attribution()
    page = get(as_ann, at(claim))
    row = new_row(page, "attributions", source=make.make_source().pk, stance="relays", relayed_from=foreign.pk)
    answer = send(as_ann, at(claim), row, page)
    assert "not one of the available choices" in answer.text
    assert not Attribution.objects.filter(claim=claim).exists()


def test_a_rule_of_the_model_is_said_next_to_its_field(as_ann: Client) -> None:
    claim = make.make_claim()
    page = get(as_ann, at(claim))
    row = new_row(page, "attributions", source=make.make_source().pk, stance="asserts", anonymous="on")
    answer = send(as_ann, at(claim), row, page)
    assert "Say why the source is anonymous." in answer.text
    answer = send(as_ann, at(claim), {"quantity_min": "9", "quantity_max": "3"})
    assert "The least number is above the greatest. Swap the two numbers." in answer.text


def test_a_clash_that_only_the_database_sees_is_said_in_the_form(as_ann: Client) -> None:
    claim, evidence = make.make_claim(), make.make_evidence()
    page = get(as_ann, at(claim))
    changes = new_row(page, "evidence_links", evidence=evidence.pk, bearing="supports", strength="weak")
    second = {k.replace("-0-", "-1-"): v for k, v in changes.items()} | {"evidence_links-TOTAL_FORMS": "2"}
    answer = send(as_ann, at(claim), changes | second, page)
    assert "already linked" in answer.text or "duplicate" in answer.text
    assert not EvidenceLink.objects.filter(claim=claim).exists()


def test_a_draft_is_entered_on_the_claim_in_the_name_of_its_author(as_ann: Client, ann: Any, rob: Any) -> None:
    claim = make.make_claim()
    theirs = make.make_verdict(claim, author=rob)
    page = get(as_ann, at(claim))
    row = new_row(page, "verdicts", rating=make.rating("contested").pk, summary="Open.", rationale="Two sides.")
    send(as_ann, at(claim), row, page)
    mine = Verdict.objects.exclude(pk=theirs.pk).get()
    assert (mine.author, mine.status) == (ann, "draft")
    assert AuditEntry.objects.of(mine).first().action == "verdict.drafted"


def test_a_forged_row_of_somebody_elses_draft_changes_nothing(as_ann: Client, rob: Any) -> None:
    claim = make.make_claim()
    theirs = make.make_verdict(claim, author=rob, summary="Theirs.")
    page = get(as_ann, at(claim))
    forged = {
        "verdicts-TOTAL_FORMS": "1",
        "verdicts-INITIAL_FORMS": "1",
        "verdicts-0-id": theirs.pk,
        "verdicts-0-claim": claim.pk,
        "verdicts-0-seen_version": theirs.version,
        "verdicts-0-rating": theirs.rating_id,
        "verdicts-0-summary": "Mine now.",
        "verdicts-0-rationale": "x",
    }
    answer = send(as_ann, at(claim), forged, page)
    assert "no longer there" in answer.text
    theirs.refresh_from_db()
    assert theirs.summary == "Theirs."


def test_history_shows_what_was_replaced_by_whom_and_why(as_reviewer: Client, reviewer: Any) -> None:
    claim = make.make_claim("The number was five.", published=True)
    with acting(actor=reviewer, reason="The record says six."):
        claim.text = "The number was six."
        claim.save()
    response = as_reviewer.get(at(claim, "history"))
    page = Page(response)
    assert "The record says six." in page.text
    assert "by Vera Voss" in page.text
    assert b"<del>five.</del>" in response.content
    assert b"<ins>six.</ins>" in response.content


def test_filters_and_search_find_what_the_desk_asks_for(as_ann: Client) -> None:
    bare = make.make_claim("Bare claim.", tags=["air"])
    rich = make.make_claim("Rich claim.", language="az")
    make.make_published(rich)
    url = reverse("admin:claims_claim_changelist")

    def found(query: str) -> set[str]:
        text = get(as_ann, f"{url}?{query}").text
        return {name for name in ("Bare claim.", "Rich claim.") if name in text}

    assert found("evidence=no") == {"Bare claim."}
    assert found("verdict=yes") == {"Rich claim."}
    assert found("status=published") == {"Rich claim."}
    assert found("tag=air") == {"Bare claim."}
    assert found("language=az") == {"Rich claim."}
    assert found(f"rating={make.rating('contested').pk}") == {"Rich claim."}
    assert found("q=rich") == {"Rich claim."}
    assert bare.pk


def test_the_page_and_the_list_take_as_many_queries_for_many_rows_as_for_one(
    as_ann: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptForPeople, "answer", lambda _kept, _user, made, _about=0: made())
    dispute = make.make_dispute()
    claim = make.make_claim(dispute=dispute)
    grow(claim)
    pages = (at(claim), at(dispute), at(claim, "history"), *lists())
    for url in pages:
        get(as_ann, url)  # what a process asks once
    counted = {url: count(as_ann, url) for url in pages}
    for _ in range(3):
        grow(claim)
        grow(make.make_claim(dispute=dispute))
    for url, before in counted.items():
        assert count(as_ann, url) == before, url


def grow(claim: Claim) -> None:
    first = make.make_attribution(claim, document=make.make_document(publisher=make.make_source()))
    make.make_attribution(claim, relayed_from=first, on_behalf_of=make.make_source(), stance="relays")
    make.make_assessment(make.make_link(claim, evidence=make.make_evidence(dispute=claim.dispute)))
    make.make_relation(claim, make.make_claim(dispute=claim.dispute))
    make.make_relation(make.make_claim(dispute=claim.dispute), claim)
    make.make_review(claim, rating=make.rating())
    make.make_inquiry(claim)
    make.make_verdict(claim)


def lists() -> list[str]:
    nouns = "claim dispute attribution evidence evidencelink claimrelation review inquiry verdict assessment"
    return [reverse(f"admin:claims_{noun}_changelist") for noun in nouns.split()] + [reverse("admin:index")]


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_form_without_its_rows_is_refused_and_loses_none(as_ann: Client) -> None:
    claim = make.make_claim("It is so.")
    make.make_attribution(claim, quote="As it was said.")
    make.make_link(claim)
    page = get(as_ann, at(claim))
    without = {
        name: value
        for name, value in page.fields.items()
        if not name.startswith(("attributions-0", "evidence_links-0"))
    }
    answer = Page(as_ann.post(at(claim), {**without, "text": "It is otherwise."}))
    assert answer.errors != []
    claim.refresh_from_db()
    assert (claim.text, claim.attributions.get().quote) == ("It is so.", "As it was said.")
    assert claim.evidence_links.count() == 1


def test_rows_are_sent_as_values_and_drawn_where_something_is_wrong(as_ann: Client) -> None:
    claim = make.make_claim("It is so.")
    for number in range(4):
        make.make_attribution(claim, quote=f"Saying number {number}. </script><!--")
    sent = as_ann.get(at(claim)).content.decode()
    assert sent.count("</script><!--") == 0
    assert sent.count('name="attributions-1-quote"') == 0
    page = get(as_ann, at(claim))
    assert page.fields["attributions-1-quote"] == "Saying number 1. </script><!--"
    wrong = as_ann.post(at(claim), {**page.fields, "attributions-1-said_on": "no day at all"}).content.decode()
    assert wrong.count('name="attributions-1-quote"') == 1
    assert 'data-rows="attributions"' not in wrong


def test_a_row_is_called_by_what_the_page_does_not_say_already(as_ann: Client) -> None:
    claim, ministry = make.make_claim("It is so."), make.make_source("The Ministry")
    make.make_attribution(claim, source=ministry, stance="denies", said_on="2025-07-03")
    sent = as_ann.get(at(claim)).content.decode()
    assert '"title":"The Ministry denies, 3 July 2025"' in sent
    page = get(as_ann, at(claim))
    drawn = as_ann.post(at(claim), {**page.fields, "attributions-0-said_on": "no day at all"}).content.decode()
    assert "The Ministry denies, 3 July 2025</strong>" in drawn


def test_statements_offered_twice_are_asked_for_once(as_ann: Client) -> None:
    claim = make.make_claim("It is so.")
    make.make_attribution(claim, source=make.make_source("The Ministry"), said_on="2025-07-03")
    get(as_ann, at(claim))  # what a process asks once
    with CaptureQueriesContext(connection) as asked:
        sent = as_ann.get(at(claim)).content.decode()
    assert sent.count("The Ministry asserts, 3 July 2025</option>") == 2
    shown = [query["sql"] for query in asked if query["sql"].startswith('SELECT "claims_attribution"."id"')]
    assert len(shown) == 2, shown  # the rows, and what both fields offer


def test_what_mends_many_places_is_said_once(as_ann: Client) -> None:
    claim = make.make_claim(dispute=make.make_dispute(occurred_on="2025-07-01"))
    for day in ("2025-06-01", "2025-06-02", "2025-06-03"):
        make.make_attribution(claim, said_on=day)
    text = get(as_ann, at(claim)).text
    assert text.count("before the event of 1 July 2025") == 3
    assert text.count("Correct one of the two dates, or choose the verb of a forecast.") == 1
