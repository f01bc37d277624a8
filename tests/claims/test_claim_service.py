"""The life of a claim: draft, in review, published, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims.models import Claim
from claims.services import publish_claim, return_claim, submit_claim, withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, Frozen, RuleViolation
from tests.factories import make_attribution, make_claim, someone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
STEPS: dict[str, Callable[[Claim], Claim]] = {
    "submit": lambda claim: submit_claim(actor=someone("Researcher"), claim=claim),
    "return": lambda claim: return_claim(actor=someone("Reviewer"), claim=claim, note="Say which year."),
    "publish": lambda claim: publish_claim(actor=someone("Reviewer"), claim=claim),
    "withdraw": lambda claim: withdraw_claim(actor=someone("Reviewer"), claim=claim, reason="Wrongly worded."),
}
PATHS = {"draft": (), "in_review": ("submit",), "published": ("publish",), "withdrawn": ("publish", "withdraw")}
LEADS_TO = {
    "draft": {"submit": "in_review", "publish": "published"},
    "in_review": {"return": "draft", "publish": "published"},
    "published": {"withdraw": "withdrawn"},
    "withdrawn": {"publish": "published"},
}


def claim_that_is(status: str) -> Claim:
    claim = make_claim()
    for step in PATHS[status]:
        claim = STEPS[step](claim)
    assert claim.status == status
    return claim


@pytest.mark.parametrize("status", PATHS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_from_each_status(step: str, status: str) -> None:
    claim = claim_that_is(status)
    expected = LEADS_TO[status].get(step)
    if expected is None:
        with pytest.raises(Conflict) as caught:
            STEPS[step](claim)
        assert (caught.value.code, caught.value.field) == ("wrong_status", "status")
        assert caught.value.message.startswith("The claim is ")
    else:
        STEPS[step](claim)
    claim.refresh_from_db()
    assert claim.status == expected or status


def test_steps_are_named_in_the_trail() -> None:
    claim = make_claim()
    for step in ("submit", "return", "publish", "withdraw"):
        claim = STEPS[step](claim) if step != "publish" else STEPS[step](STEPS["submit"](claim))
    entries = AuditEntry.objects.of(claim).order_by("id")
    assert list(entries.values_list("action", "reason")) == [
        ("claim.created", ""),
        ("claim.submitted", ""),
        ("claim.returned", "Say which year."),
        ("claim.submitted", ""),
        ("claim.published", ""),
        ("claim.withdrawn", "Wrongly worded."),
    ]


def test_first_publication_is_remembered() -> None:
    claim = claim_that_is("withdrawn")
    first = claim.first_published_at
    assert (claim.withdrawn_reason, bool(first)) == ("Wrongly worded.", True)
    again = STEPS["publish"](claim)
    assert (again.first_published_at, again.withdrawn_reason) == (first, "")


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_return_and_withdrawal_need_words(text: str) -> None:
    with pytest.raises(RuleViolation, match="Say what has to be done"):
        return_claim(actor=someone("Reviewer"), claim=claim_that_is("in_review"), note=text)
    with pytest.raises(RuleViolation, match="Say why the claim is withdrawn"):
        withdraw_claim(actor=someone("Reviewer"), claim=claim_that_is("published"), reason=text)


PERMITTED = {
    "reader": set(),
    "ann": {"submit"},
    "reviewer": set(STEPS),
    "editor": set(STEPS),
    "administrator": set(STEPS),
}


@pytest.mark.parametrize("who", PERMITTED)
def test_who_may_take_which_step(who: str, request: Any) -> None:
    actor = request.getfixturevalue(who)
    acts: dict[str, Callable[[], Any]] = {
        "submit": lambda: submit_claim(actor=actor, claim=claim_that_is("draft")),
        "return": lambda: return_claim(actor=actor, claim=claim_that_is("in_review"), note="x"),
        "publish": lambda: publish_claim(actor=actor, claim=claim_that_is("in_review")),
        "withdraw": lambda: withdraw_claim(actor=actor, claim=claim_that_is("published"), reason="x"),
    }
    permitted = set()
    for step, act in acts.items():
        try:
            act()
            permitted.add(step)
        except Forbidden:
            pass
    assert permitted == PERMITTED[who]


def test_unsaved_words_do_not_slip_through_a_step() -> None:
    claim = make_claim("As stored.")
    claim.text = "Never saved."
    assert STEPS["publish"](claim).text == "As stored."
    claim.refresh_from_db()
    assert claim.text == "As stored."


def test_step_on_an_older_object_sees_what_was_stored_since() -> None:
    claim = make_claim()
    old = Claim.objects.get(pk=claim.pk)
    STEPS["publish"](claim)
    with pytest.raises(Conflict):
        STEPS["publish"](old)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "published", "first_published_at": "2025-07-03T12:00:00Z"},
        {"status": "in_review"},
        {"withdrawn_reason": "x"},
    ],
    ids=lambda values: next(iter(values)) + values.get("status", ""),
)
def test_step_cannot_be_set_by_a_plain_change(values: dict[str, str]) -> None:
    claim = make_claim()
    for name, value in values.items():
        setattr(claim, name, value)
    for change in (
        claim.save,
        lambda: Claim.objects.filter(pk=claim.pk).update(**values),
        lambda: Claim._base_manager.update(**values),
        lambda: Claim.objects.bulk_update([claim], list(values)),
        lambda: Claim.objects.create(text="A", **values),
        lambda: Claim.objects.bulk_create([Claim(text="A", **values)]),
        lambda: Claim.objects.update_or_create(pk=claim.pk, defaults=values),
    ):
        with acting(reason="A test."), pytest.raises(Frozen, match="A plain change cannot set"):
            change()
    assert Claim.objects.get().status == "draft"


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_claim_that_was_ever_published_is_never_deleted(status: str, editor: Any) -> None:
    claim = claim_that_is(status)
    for delete in (
        claim.delete,
        Claim.objects.filter(pk=claim.pk).delete,
        Claim._base_manager.all().delete,
        Claim.objects.all().delete,
    ):
        with acting(actor=editor, reason="A test."), pytest.raises(Frozen, match="Withdraw it with a reason"):
            delete()
    assert Claim.objects.get() == claim


def test_draft_goes_with_what_hangs_on_it(ann: Any) -> None:
    attribution = make_attribution()
    with acting(actor=ann):
        attribution.claim.delete()
    assert set(AuditEntry.objects.filter(actor=ann).values_list("action", flat=True)) == {
        "attribution.deleted",
        "claim.deleted",
    }
