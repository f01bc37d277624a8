"""What was published stays as it was: by the API, the model, the queryset, by cascade, and in the database itself."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from claims.models import Claim, Verdict
from claims.services import withdraw_claim
from factcheck.audit.context import acting
from factcheck.base.errors import DomainError, Frozen
from tests import factories as f
from tests.api.nouns import NOUNS, address

pytestmark = pytest.mark.django_db

CHANGES = {
    "rating": lambda: f.rating("unproven"),
    "summary": lambda: "Other.",
    "rationale": lambda: "Other.",
    "likelihood": lambda: "likely",
    "confidence": lambda: "low",
    "status": lambda: "draft",
    "author": lambda: f.someone("Editor"),
    "reviewer": lambda: f.someone("Editor"),
    "review_note": lambda: "Other.",
    "published_at": timezone.now,
    "submitted_at": timezone.now,
    "claim": f.make_claim,
    "claim_text": lambda: "Other.",
    "review_by": lambda: date(2099, 1, 1),
    "correction_reason": lambda: "Other.",
    "correction_severity": lambda: "update",
    "supersedes": f.make_published,
}
READABLE = {noun: kind for noun, kind in NOUNS.items() if kind.published}


@pytest.fixture(scope="module")
def published(desk: Any) -> Verdict:
    return f.make_published()


@pytest.fixture
def verdict(published: Verdict) -> Verdict:
    return deepcopy(published)


def stored(row: Any) -> dict[str, Any]:
    """All columns of the row as the database has them, or what says that it is gone."""
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def save(row: Any, name: str, value: Any) -> Any:
    setattr(row, name, value)
    return row.save()


ACTS: dict[str, Callable[[Any, str, Any], Any]] = {
    "save": save,
    "save some fields": lambda row, name, value: (setattr(row, name, value), row.save(update_fields=[name])),
    "update": lambda row, name, value: type(row).objects.filter(pk=row.pk).update(**{name: value}),
    "bulk_update": lambda row, name, value: (setattr(row, name, value), type(row).objects.bulk_update([row], [name])),
    "update_or_create": lambda row, name, value: type(row).objects.update_or_create(pk=row.pk, defaults={name: value}),
    "base manager": lambda row, name, value: type(row)._base_manager.filter(pk=row.pk).update(**{name: value}),
    "related manager": lambda row, name, value: row.claim.verdicts.update(**{name: value}),
}


def test_every_field_of_a_verdict_is_tried():
    kept_by_itself = {"id", "version", "created_at", "updated_at"}
    assert set(CHANGES) == {field.name for field in Verdict._meta.concrete_fields} - kept_by_itself


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", CHANGES)
def test_no_field_of_a_published_verdict_changes(verdict, name, act):
    before, value = stored(verdict), CHANGES[name]()
    with acting(reason="Even with a reason."), pytest.raises((Frozen, ValidationError)), transaction.atomic():
        ACTS[act](verdict, name, value)
    assert stored(verdict) == before


DELETIONS: dict[str, Callable[[Any], Any]] = {
    "instance": lambda row: row.delete(),
    "queryset": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "base manager": lambda row: type(row)._base_manager.filter(pk=row.pk).delete(),
    "all": lambda row: type(row).objects.all().delete(),
}


@pytest.mark.parametrize("noun", READABLE)
def test_nothing_published_is_deleted(desk, noun):
    row = READABLE[noun].published(desk.researcher)
    before = stored(row)
    for act, delete in DELETIONS.items():
        with acting(reason="Even with a reason."), pytest.raises((DomainError, ProtectedError)), transaction.atomic():
            delete(deepcopy(row))
        assert stored(row) == before, act


@pytest.mark.parametrize("noun", ["attribution", "evidence-link", "premise", "relation", "review", "inquiry"])
def test_a_published_row_does_not_move_to_a_draft_and_go_with_it(desk, client_of, noun):
    row = READABLE[noun].published(desk.researcher)
    client = client_of(desk.editor)
    body = {"claim": f.make_claim().pk, "change_reason": "It belongs there."}
    moved = client.patch(f"{address(noun)}{row.pk}/", body, HTTP_IF_MATCH=f'"{row.version}"')
    assert (moved.status_code, moved.json()["code"]) == (409, "frozen")


@pytest.mark.parametrize(
    "noun", ["attribution", "evidence-link", "premise", "relation", "review", "inquiry", "assessment"]
)
def test_a_draft_does_not_become_public_by_moving_under_a_published_claim(desk, client_of, noun):
    row = NOUNS[noun].draft(desk.researcher)
    if noun == "relation":  # public only when both of its claims are
        row = f.make_relation(f.make_claim(), f.make_claim(published=True))
    if noun == "premise":  # likewise
        row = f.make_premise(f.make_link(f.make_claim(published=True)), f.make_claim())
    client = client_of(desk.researcher)
    moved = client.patch(f"{address(noun)}{row.pk}/", {"claim": f.make_claim(published=True).pk})
    assert moved.status_code == (200 if noun == "assessment" else 403), moved.json()


def test_a_researcher_does_not_open_a_restricted_dispute_to_the_public(desk, client_of):
    dispute = f.make_dispute(members=[desk.researcher], visibility="restricted")
    f.make_claim(dispute=dispute, published=True)
    client = client_of(desk.researcher)
    opened = client.patch(f"{address('dispute')}{dispute.pk}/", {"visibility": "public"}, HTTP_X_CHANGE_REASON="x")
    assert opened.status_code == 403


@pytest.mark.parametrize("owner", ["claim", "dispute", "author", "reviewer", "rating"])
def test_a_published_verdict_does_not_go_with_what_it_hangs_on(desk, owner):
    verdict = f.make_published(f.make_claim(dispute=f.make_dispute()))
    row = verdict.claim.dispute if owner == "dispute" else getattr(verdict, owner)
    before = stored(verdict)
    with acting(reason="Even with a reason."), pytest.raises((Frozen, ProtectedError)), transaction.atomic():
        row.delete()
    assert stored(verdict) == before


@pytest.mark.parametrize("noun", ["claim", "dispute"])
def test_what_was_published_and_withdrawn_stays_too(desk, noun):
    claim = f.make_claim(dispute=f.make_dispute(), published=True)
    withdraw_claim(actor=desk.reviewer, claim=claim, reason="Wrong.")
    row = claim if noun == "claim" else claim.dispute
    with pytest.raises((Frozen, ProtectedError)), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_the_api_changes_and_deletes_no_published_verdict(desk, client_of, verdict, method):
    before = stored(verdict)
    how = {"HTTP_IF_MATCH": f'"{verdict.version}"', "HTTP_X_CHANGE_REASON": "Even with a reason."}
    for actor in (desk.editor, desk.administrator, verdict.author, verdict.reviewer):
        body = {
            "claim": verdict.claim_id,
            "rating": f.rating("unproven").pk,
            "summary": "Other.",
            "rationale": "Other.",
        }
        response = getattr(client_of(actor), method)(f"{address('verdict')}{verdict.pk}/", body, **how)
        assert response.status_code in {403, 409}, response.json()
    assert stored(verdict) == before


@pytest.mark.parametrize("method", ["put", "delete"])
@pytest.mark.parametrize("noun", [noun for noun, kind in NOUNS.items() if kind.body])
def test_the_api_replaces_and_deletes_no_list_at_once(desk, client_of, noun, method):
    rows = (NOUNS[noun].published or NOUNS[noun].draft)(desk.researcher)
    response = getattr(client_of(desk.administrator), method)(
        address(noun), [{"id": rows.pk}], HTTP_X_CHANGE_REASON="x"
    )
    assert response.status_code == 405


@pytest.mark.parametrize("name", ["status", "author", "reviewer", "published_at", "supersedes"])
def test_the_api_takes_no_step_by_a_field(desk, client_of, name):
    given = {
        "status": "published",
        "author": desk.editor.pk,
        "reviewer": desk.editor.pk,
        "published_at": "2025-07-01T00:00:00Z",
        "supersedes": f.make_published().pk,
    }
    claim = f.make_claim()
    body = {"claim": claim.pk, "rating": f.rating().pk, "rationale": "Because.", name: given[name]}
    client_of(desk.researcher).post(address("verdict"), body)
    for verdict in claim.verdicts.all():
        assert (verdict.status, verdict.author, verdict.reviewer) == ("draft", desk.researcher, None)
        assert (verdict.published_at, verdict.supersedes) == (None, None)


def raw(verdict: Verdict, **changes: Any) -> None:
    """Insert a copy of the verdict with these columns changed, past every guard of ours."""
    row = {**Verdict._base_manager.filter(pk=verdict.pk).values().get(), **changes}
    del row["id"]
    names = ", ".join(connection.ops.quote_name(Verdict._meta.get_field(name).column) for name in row)
    marks = ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {Verdict._meta.db_table} ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (lambda verdict: {"reviewer_id": verdict.author_id, "claim_id": f.make_claim().pk}, "takes_two_people"),
        (lambda _verdict: {"reviewer_id": None, "claim_id": f.make_claim().pk}, "published_is_complete"),
        (lambda _verdict: {"published_at": None, "claim_id": f.make_claim().pk}, "published_is_complete"),
        (lambda _verdict: {"rationale": "", "claim_id": f.make_claim().pk}, "published_is_complete"),
        (lambda _verdict: {}, "one_first"),
        (lambda verdict: {"supersedes_id": verdict.pk}, "correction_has_reason"),
    ],
    ids=["same person", "no reviewer", "no date", "no rationale", "a second verdict", "a correction without reason"],
)
def test_the_database_refuses_what_no_service_would_write(verdict, wrong, constraint):
    changes = wrong(verdict)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        raw(verdict, **changes)
    assert f"verdict_{constraint}" in str(refusal.value) or "claims_verdict.claim_id" in str(refusal.value)


def test_the_database_refuses_a_second_correction_of_the_same_verdict(verdict):
    correction = {"supersedes_id": verdict.pk, "correction_reason": "Wrong.", "correction_severity": "correction"}
    raw(verdict, **correction)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(verdict, **correction)


def test_a_claim_is_not_published_by_a_plain_change(desk):
    for act in (
        lambda: save(f.make_claim(), "status", "published"),
        lambda: Claim.objects.filter(pk=f.make_claim().pk).update(
            status="published", first_published_at=timezone.now()
        ),
        lambda: Claim.objects.bulk_create([Claim(text="x", status="published", first_published_at=timezone.now())]),
    ):
        with pytest.raises(Frozen), transaction.atomic():
            act()
