"""The life of a verdict: drafted by one, published by another, then frozen; corrected by a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from claims.models import Claim, Verdict
from claims.services import (
    correct_verdict,
    draft_verdict,
    publish_claim,
    publish_verdict,
    return_verdict,
    submit_verdict,
    withdraw_claim,
)
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, Frozen, RuleViolation, StaleVersion
from tests.factories import make_claim, make_published, make_submitted, make_verdict, rating, someone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def last_action() -> str:
    return AuditEntry.objects.order_by("-id").values_list("action", flat=True)[0]


def test_verdict_goes_from_draft_to_published(ann: Any, reviewer: Any) -> None:
    claim = make_submitted(author=ann).claim
    claim.verdicts.all().delete()
    verdict = draft_verdict(actor=ann, claim=claim, rating=rating(), rationale="Because.")
    assert (verdict.status, verdict.author, last_action()) == ("draft", ann, "verdict.drafted")
    verdict = submit_verdict(actor=ann, verdict=verdict)
    assert (verdict.status, last_action()) == ("in_review", "verdict.submitted")
    assert verdict.submitted_at
    verdict = publish_verdict(actor=reviewer, verdict=verdict)
    assert (verdict.status, verdict.reviewer, last_action()) == ("published", reviewer, "verdict.published")
    claim.refresh_from_db()
    assert (claim.status, verdict.claim.first_published_at) == ("published", claim.first_published_at)
    entry = AuditEntry.objects.of(verdict).first()
    assert (entry.actor, entry.changes) == (reviewer, ["status", "reviewer", "published_at"])


def test_returned_verdict_is_its_authors_draft_again(ann: Any, reviewer: Any) -> None:
    verdict = return_verdict(actor=reviewer, verdict=make_submitted(author=ann), note="Name the autopsy.")
    assert (verdict.status, verdict.review_note) == ("draft", "Name the autopsy.")
    assert AuditEntry.objects.of(verdict).first().reason == "Name the autopsy."
    with acting(actor=ann):
        verdict.rationale = "As the autopsy says."
        verdict.save()
    publish_verdict(actor=reviewer, verdict=submit_verdict(actor=ann, verdict=verdict))


def test_return_needs_a_note(reviewer: Any) -> None:
    with pytest.raises(RuleViolation, match="Say what the author has to do") as caught:
        return_verdict(actor=reviewer, verdict=make_submitted(), note=" ")
    assert (caught.value.code, caught.value.field) == ("note_required", "note")


def correct(verdict: Verdict, **content: Any) -> Verdict:
    how = {"reason": "New evidence.", "severity": "correction"}
    return correct_verdict(actor=verdict.author, verdict=verdict, **{**how, **content})


WRONG_STEPS: dict[str, tuple[str, Callable[..., Any]]] = {
    "submit what is in review": ("in_review", lambda v: submit_verdict(actor=v.author, verdict=v)),
    "submit what is published": ("published", lambda v: submit_verdict(actor=v.author, verdict=v)),
    "publish a draft": ("draft", lambda v: publish_verdict(actor=someone("Reviewer"), verdict=v)),
    "publish what is published": ("published", lambda v: publish_verdict(actor=someone("Reviewer"), verdict=v)),
    "return a draft": ("draft", lambda v: return_verdict(actor=someone("Reviewer"), verdict=v, note="x")),
    "return what is published": ("published", lambda v: return_verdict(actor=someone("Reviewer"), verdict=v, note="x")),
    "correct a draft": ("draft", correct),
    "correct what is in review": ("in_review", correct),
}
MAKE = {"draft": make_verdict, "in_review": make_submitted, "published": make_published}


def publish(draft: Verdict) -> Verdict:
    return publish_verdict(actor=someone("Reviewer"), verdict=submit_verdict(actor=draft.author, verdict=draft))


@pytest.mark.parametrize("step", WRONG_STEPS)
def test_step_out_of_order_is_a_conflict(step: str) -> None:
    status, act = WRONG_STEPS[step]
    verdict = MAKE[status]()
    with pytest.raises(Conflict):
        act(verdict)
    verdict.refresh_from_db()
    assert verdict.status == status


PERMITTED = {
    # who: may draft, submit own, publish another's, return another's
    "reader": (False, False, False, False),
    "ann": (True, True, False, False),
    "reviewer": (True, True, True, True),
    "editor": (True, True, True, True),
    "administrator": (True, True, True, True),
}


@pytest.mark.parametrize("who", PERMITTED)
def test_who_may_take_which_step(who: str, request: Any) -> None:
    actor = request.getfixturevalue(who)
    may_draft, may_submit, may_publish, may_return = PERMITTED[who]
    submitted, other = make_submitted(), make_submitted()

    def tried(act: Callable[[], Any]) -> bool:
        try:
            act()
        except Forbidden:
            return False
        return True

    assert tried(lambda: draft_verdict(actor=actor, claim=submitted.claim, rating=rating())) == may_draft
    if may_draft:
        assert tried(lambda: make_submitted(submitted.claim, author=actor)) == may_submit
    assert tried(lambda: publish_verdict(actor=actor, verdict=submitted)) == may_publish
    assert tried(lambda: return_verdict(actor=actor, verdict=other, note="x")) == may_return


def test_nobody_and_a_closed_account_may_nothing(reviewer: Any) -> None:
    verdict = make_submitted()
    reviewer.is_active = False
    for actor in (None, reviewer):
        with pytest.raises(Forbidden):
            publish_verdict(actor=actor, verdict=verdict)


def test_draft_is_submitted_by_its_author_alone(ann: Any, rob: Any) -> None:
    with pytest.raises(Forbidden, match="Only its author submits"):
        submit_verdict(actor=rob, verdict=make_verdict(author=ann))


# Two people


def test_researcher_who_tries_to_publish_an_own_draft_is_told_the_rule(ann: Any, api: Any) -> None:
    verdict = make_submitted(author=ann)
    answer = api(ann).post(f"/api/v1/verdicts/{verdict.pk}/publish/")
    assert (answer.status_code, answer.json()["code"]) == (403, "two_people")
    assert "two people" in answer.json()["detail"]


def test_publish_verdict_refuses_its_author(reviewer: Any) -> None:
    verdict = make_submitted(author=reviewer)
    with pytest.raises(Forbidden, match="A verdict takes two people: you drafted it") as caught:
        publish_verdict(actor=reviewer, verdict=verdict)
    assert caught.value.code == "two_people"


def test_superuser_is_one_person_too(django_user_model: Any) -> None:
    root = django_user_model.objects.create(username="root", is_superuser=True)
    with pytest.raises(Forbidden, match="two people"):
        publish_verdict(actor=root, verdict=make_submitted(author=root))


def test_draft_in_the_name_of_another_is_refused(reviewer: Any, ann: Any) -> None:
    """Who wrote it could publish it."""
    claim = make_claim()
    for make in (
        lambda: Verdict(claim=claim, author=ann, rating=rating()).save(),
        lambda: Verdict.objects.create(claim=claim, author=ann, rating=rating()),
        lambda: claim.verdicts.create(author=ann, rating=rating()),
        lambda: Verdict.objects.bulk_create([Verdict(claim=claim, author=ann, rating=rating())]),
    ):
        with acting(actor=reviewer), pytest.raises(Forbidden, match="in your own name"):
            make()
    assert not Verdict.objects.exists()


def test_author_of_a_draft_never_changes(reviewer: Any, ann: Any) -> None:
    verdict = make_verdict(author=reviewer)
    verdict.author = ann
    for actor in (reviewer, ann, None):
        with acting(actor=actor):
            for change in (
                verdict.save,
                lambda: verdict.save(past_tense="changed"),
                lambda: Verdict.objects.filter(pk=verdict.pk).update(author=ann),
                lambda: Verdict.objects.filter(pk=verdict.pk).update(author_id=ann.pk),
                lambda: Verdict.objects.bulk_update([verdict], ["author"]),
            ):
                with pytest.raises(Frozen, match="author"):
                    change()
    assert Verdict.objects.get().author == reviewer


def test_draft_is_changed_by_its_author_alone(ann: Any, rob: Any, reviewer: Any, editor: Any) -> None:
    verdict = make_verdict(author=ann)
    for other in (rob, reviewer, editor):
        verdict.refresh_from_db()
        verdict.rationale = "My words."
        with acting(actor=other):
            with pytest.raises(Forbidden, match="Only its author changes a draft"):
                verdict.save()
            with pytest.raises(Forbidden, match="Only its author"):
                Verdict.objects.filter(pk=verdict.pk).update(rationale="My words.")
    with acting(actor=ann):
        verdict.save()


def test_verdict_in_review_is_frozen(ann: Any) -> None:
    verdict = make_submitted(author=ann)
    verdict.summary = "Other words."
    for actor in (ann, None):
        with acting(actor=actor, reason="A test."), pytest.raises(Frozen, match="in review"):
            verdict.save()
        with acting(actor=actor, reason="A test."), pytest.raises(Frozen, match="in review"):
            Verdict.objects.update(summary="Other words.")


# Steps only through services


@pytest.mark.parametrize(
    "values",
    [
        {"status": "in_review"},
        {"status": "published"},
        {"review_note": "Note"},
        {"submitted_at": "2025-07-03T12:00:00Z"},
        {"published_at": "2025-07-03T12:00:00Z"},
        {"reviewer": "reviewer"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_step_cannot_be_set_by_a_plain_change(values: dict[str, Any], reviewer: Any) -> None:
    values = {name: reviewer if value == "reviewer" else value for name, value in values.items()}
    verdict = make_verdict()
    fresh = {"claim": verdict.claim, "author": verdict.author, "rating": verdict.rating, **values}
    for name, value in values.items():
        setattr(verdict, name, value)
    for change in (
        verdict.save,
        lambda: verdict.save(update_fields=list(values)),
        lambda: Verdict.objects.filter(pk=verdict.pk).update(**values),
        lambda: Verdict.objects.bulk_update([verdict], list(values)),
        lambda: Verdict.objects.create(**fresh),
        lambda: Verdict(**fresh).save(),
        lambda: Verdict.objects.bulk_create([Verdict(**fresh)]),
        lambda: Verdict.objects.update_or_create(pk=verdict.pk, defaults=values),
    ):
        with acting(reason="A test."), pytest.raises(Frozen, match="A plain change cannot set"):
            change()
    assert Verdict.objects.get().status == "draft"


# Frozen once published


def related_add(verdict: Verdict) -> None:
    make_claim().verdicts.add(verdict)


FREEZERS: dict[str, Callable[[Verdict], Any]] = {
    "save": Verdict.save,
    "save as a step": lambda v: v.save(past_tense="changed"),
    "save a field": lambda v: v.save(update_fields=["summary"]),
    "save as new": lambda v: Verdict(**{f.attname: getattr(v, f.attname) for f in v._meta.concrete_fields}).save(
        past_tense="x"
    ),
    "update": lambda v: Verdict.objects.filter(pk=v.pk).update(summary="Other"),
    "update all": lambda _v: Verdict.objects.update(rating=rating("refuted")),
    "base manager": lambda v: Verdict._base_manager.filter(pk=v.pk).update(summary="Other"),
    "related manager": lambda v: v.claim.verdicts.update(summary="Other"),
    "related add": related_add,
    "bulk_update": lambda v: Verdict.objects.bulk_update([v], ["summary"]),
    "delete": Verdict.delete,
    "queryset delete": lambda v: Verdict.objects.filter(pk=v.pk).delete(),
    "base manager delete": lambda _v: Verdict._base_manager.all().delete(),
    "delete its claim": lambda v: v.claim.delete(),
    "delete claims": lambda v: Claim.objects.filter(pk=v.claim_id).delete(),
}


@pytest.mark.parametrize("how", FREEZERS)
@pytest.mark.parametrize("who", [None, "ann", "superuser"])
def test_published_verdict_is_frozen(how: str, who: str | None, ann: Any, django_user_model: Any) -> None:
    verdict = make_published(author=ann)
    actor = {"ann": ann, "superuser": None, None: None}[who]
    if who == "superuser":
        actor = django_user_model.objects.create(username="root", is_superuser=True)
    verdict.refresh_from_db()
    before = Verdict.objects.filter(pk=verdict.pk).values().get()
    verdict.summary = "Other"
    with acting(actor=actor, reason="A test."), pytest.raises((Frozen, Forbidden)), transaction.atomic():
        FREEZERS[how](verdict)
    assert Verdict.objects.filter(pk=verdict.pk).values().get() == before


def test_object_that_was_read_as_a_draft_cannot_delete_what_was_published_since(ann: Any) -> None:
    verdict = make_submitted(author=ann)
    old = Verdict.objects.get(pk=verdict.pk)
    publish_verdict(actor=someone("Reviewer"), verdict=verdict)
    with pytest.raises((Frozen, StaleVersion)):
        old.delete()
    old.version += 1
    with pytest.raises(Frozen):
        old.delete()
    assert Verdict.objects.get().status == "published"


def test_people_of_a_published_verdict_are_kept(ann: Any) -> None:
    verdict = make_published(author=ann)
    for user in (verdict.author, verdict.reviewer):
        with pytest.raises(models.ProtectedError):
            user.delete()
        with pytest.raises(models.ProtectedError):
            get_user_model().objects.filter(pk=user.pk).delete()


def test_rating_of_a_published_verdict_is_kept() -> None:
    verdict = make_published()
    with acting(reason="A test."), pytest.raises((Frozen, models.ProtectedError)):
        verdict.rating.delete()


def test_draft_may_be_deleted(ann: Any) -> None:
    verdict = make_verdict(author=ann)
    with acting(actor=ann):
        verdict.delete()
    assert last_action() == "verdict.deleted"


# Corrections


def test_correction_supersedes(ann: Any, reviewer: Any) -> None:
    first = make_published(author=ann, code="contested", summary="Old.", likelihood="unlikely", confidence="low")
    draft = correct_verdict(
        actor=ann, verdict=first, reason="New evidence.", severity="correction", rating=rating("refuted")
    )
    kept = ("summary", "rationale", "likelihood", "confidence")
    assert [getattr(draft, name) for name in kept] == [getattr(first, name) for name in kept]
    assert (draft.supersedes, draft.author, draft.status, draft.rating.code) == (first, ann, "draft", "refuted")
    assert Verdict.objects.current().get() == first
    second = publish(draft)
    assert Verdict.objects.current().get() == second
    entry = AuditEntry.objects.order_by("-id").first()
    assert (entry.action, entry.reason) == ("verdict.corrected", "New evidence.")
    first.refresh_from_db()
    assert (first.status, first.summary) == ("published", "Old.")


def test_corrected_twice_is_a_chain() -> None:
    first = make_published()
    second = publish(correct(first))
    third = publish(correct(second, severity="retraction"))
    assert Verdict.objects.current().get() == third
    assert list(Verdict.objects.published().order_by("id")) == [first, second, third]


def test_only_the_current_verdict_is_corrected() -> None:
    first = make_published()
    publish(correct(first))
    with pytest.raises(Conflict, match="Only the current published verdict") as caught:
        correct(first)
    assert caught.value.code == "not_current"


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": " "}, "reason"), ({"severity": ""}, "severity"), ({"reason": ""}, "reason")]
)
def test_correction_says_why_and_how_grave(given: dict[str, str], field: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        correct(make_published(), **given)
    assert (caught.value.code, caught.value.field) == (f"{field}_required", field)


def test_correction_of_unknown_severity_is_refused() -> None:
    with pytest.raises(ValidationError):
        correct(make_published(), severity="catastrophe")


def test_correction_takes_two_people_as_well(reviewer: Any) -> None:
    draft = correct_verdict(actor=reviewer, verdict=make_published(), reason="New.", severity="update")
    with pytest.raises(Forbidden, match="two people"):
        publish_verdict(actor=reviewer, verdict=submit_verdict(actor=reviewer, verdict=draft))


def test_of_two_corrections_the_second_is_a_conflict() -> None:
    published = make_published()
    one, two = correct(published), correct(published)
    publish(one)
    with pytest.raises(Conflict, match="does not supersede"):
        publish(two)


def test_second_first_verdict_is_a_conflict() -> None:
    published = make_published()
    with pytest.raises(Conflict, match="Correct that verdict instead") as caught:
        publish(make_verdict(published.claim))
    assert caught.value.code == "verdict_exists"


def test_correction_moved_to_another_claim_is_a_conflict(ann: Any) -> None:
    draft = correct(make_published(author=ann))
    draft.claim = make_claim()
    with acting(actor=ann):
        draft.save()
    with pytest.raises(Conflict):
        publish(draft)


def test_verdict_on_a_withdrawn_claim_is_a_conflict() -> None:
    verdict = make_submitted(make_claim(published=True))
    withdraw_claim(actor=someone("Editor"), claim=verdict.claim, reason="Out of scope.")
    with pytest.raises(Conflict, match="publish it again") as caught:
        publish_verdict(actor=someone("Reviewer"), verdict=verdict)
    assert caught.value.code == "claim_withdrawn"
    publish_claim(actor=someone("Editor"), claim=verdict.claim)
    publish_verdict(actor=someone("Reviewer"), verdict=verdict)


def test_verdict_refused_late_leaves_nothing_published(reviewer: Any, monkeypatch: Any) -> None:
    def refuse(*_args: Any) -> None:
        raise Frozen("no")

    verdict = make_submitted()
    monkeypatch.setattr(Verdict, "guard_change", refuse)
    with pytest.raises(Frozen, match="no"):
        publish_verdict(actor=reviewer, verdict=verdict)
    verdict.claim.refresh_from_db()
    assert verdict.claim.status == "draft"


def test_constraint_stands_behind_the_service() -> None:
    verdict = make_submitted()
    with pytest.raises(IntegrityError, match=r"(?i)check"), transaction.atomic():
        models.QuerySet(Verdict).filter(pk=verdict.pk).update(reviewer=verdict.author)
