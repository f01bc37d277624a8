"""The steps of a verdict as buttons on its page: submit, publish, return, correct, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from unfold.enums import ActionVariant

from claims.choices import RuleLevel, Severity, VerdictStatus
from claims.models import Verdict
from claims.reports.load.staleness import load_stale
from claims.rules.publication import tell_lapses, tell_obstacles
from claims.services import (
    confirm_verdict,
    correct_verdict,
    publish_verdict,
    return_verdict,
    submit_verdict,
)
from claims.services.verdict import tell_conflicts
from factcheck.admin import Step, text_form
from factcheck.audit.context import current
from factcheck.base.people import Reader

TWO_PEOPLE = "A verdict takes two people: you drafted it, so somebody else has to review and publish it."


def violations_of(user: Reader, verdict: Verdict, told: dict[RuleLevel, list[str]]) -> list[str]:
    """Why `user` cannot publish the verdict as it stands, in words; `told` are the rules that it breaks."""
    found = [TWO_PEOPLE] if verdict.author_id == user.pk else []
    if not user.has_perm("claims.publish_verdict"):
        found.append("Your role does not allow you to publish verdicts.")
    return [*found, *tell_conflicts(verdict), *told[RuleLevel.REFUSE]]


def _facts(verdict: Verdict) -> list[tuple[str, Any]]:
    return [
        ("Claim", verdict.claim.text),
        ("Rating", verdict.rating.label),
        ("Summary", verdict.summary),
        ("Rationale", verdict.rationale),
        ("Likelihood", verdict.get_likelihood_display()),
        ("Confidence", verdict.get_confidence_display()),
        ("Author", verdict.author.get_full_name() or verdict.author.get_username()),
        ("Correction", verdict.correction_reason),
    ]


def _facts_before_review(verdict: Verdict) -> list[tuple[str, Any]]:
    told = tell_obstacles(verdict)
    needed = ("Needed before it can be published", "\n".join(told[RuleLevel.REFUSE]))
    return [*_facts(verdict), needed, _to_look_at(told)]


def _to_look_at(told: dict[RuleLevel, list[str]]) -> tuple[str, str]:
    """The rules that are broken and do not stand in the way."""
    return "To look at", "\n".join([*told[RuleLevel.WARN], *told[RuleLevel.HINT]])


SUBMIT = Step(
    name="submit",
    label="Submit for review",
    says="The verdict goes to a second person, who publishes or returns it. Until then it cannot be changed.",
    run=lambda *, actor, row: submit_verdict(actor=actor, verdict=row),
    done="Submitted for review:",
    offered=lambda user, row: row.status == VerdictStatus.DRAFT and row.author_id == user.pk,
    icon="send",
    variant=ActionVariant.PRIMARY,
    in_lists=True,
    context=_facts_before_review,
)
PUBLISH = Step(
    name="publish",
    label="Publish",
    says="The verdict becomes public under your name as reviewer, with its claim if that is not public yet. "
    "It can never be changed again, only corrected by a new verdict.",
    run=lambda *, actor, row: publish_verdict(actor=actor, verdict=row),
    done="Published:",
    offered=lambda user, row: (
        row.status == VerdictStatus.IN_REVIEW and (row.author_id == user.pk or user.has_perm("claims.publish_verdict"))
    ),
    icon="publish",
    variant=ActionVariant.PRIMARY,
    page="review",
)
RETURN = Step(
    name="return",
    label="Return",
    says="The verdict is its author's draft again, with your note.",
    run=lambda *, actor, row, note: return_verdict(actor=actor, verdict=row, note=note),
    done="Returned:",
    offered=lambda user, row: row.status == VerdictStatus.IN_REVIEW and user.has_perm("claims.publish_verdict"),
    form=text_form("note", "Note", "What the author has to do before it can be published."),
    icon="reply",
    page="review",
)
CORRECT = Step(
    name="correct",
    label="Correct",
    says="A new draft of yours begins with this text. Once a second person publishes it, it supersedes this verdict.",
    run=lambda *, actor, row, reason, severity: correct_verdict(
        actor=actor, verdict=row, reason=reason, severity=severity
    ),
    done="This draft will correct the published verdict:",
    offered=lambda user, row: (
        row.status == VerdictStatus.PUBLISHED
        and user.has_perm("claims.add_verdict")
        and Verdict.objects.current().filter(pk=row.pk).exists()
    ),
    form=text_form(
        "reason",
        "Reason",
        "Why the verdict is corrected; the public reads it beside the new one.",
        severity=("Severity", Severity.choices, "How grave the correction is."),
    ),
    icon="edit_note",
    context=_facts,
)


def _facts_to_confirm(verdict: Verdict) -> list[tuple[str, Any]]:
    # A form is shown to somebody who is signed in.
    user = current().user() or AnonymousUser()
    found = load_stale([verdict], user).get(verdict.claim_id, ())
    changed = ("What has changed", "\n".join(map(str, found)))
    return [changed, *_facts(verdict), _to_look_at(tell_lapses(verdict))]


def is_current(verdict: Verdict) -> bool:
    """Whether it is the verdict in force on its claim."""
    return Verdict.objects.current().filter(pk=verdict.pk).exists()


def _is_stale(user: Reader, row: Verdict) -> bool:
    published = row.status == VerdictStatus.PUBLISHED and user.has_perm("claims.publish_verdict")
    return published and Verdict.objects.stale(user).filter(pk=row.pk).exists()


def _may_not_confirm(user: Reader, verdict: Verdict) -> list[str]:
    mine = "A verdict takes two people: you drafted it, so somebody else has to confirm it."
    return [*([mine] if verdict.author_id == user.pk else []), *tell_lapses(verdict)[RuleLevel.REFUSE]]


CONFIRM = Step(
    name="confirm",
    label="Confirm",
    says="You have looked at what has changed, and the verdict holds in spite of it. "
    "Your name and the reason are public.",
    run=lambda *, actor, row, reason: confirm_verdict(actor=actor, verdict=row, reason=reason).verdict,
    done="Confirmed:",
    offered=_is_stale,
    violations=_may_not_confirm,
    form=text_form("reason", "Reason", "Why the verdict holds in spite of what has changed."),
    icon="verified",
    variant=ActionVariant.PRIMARY,
    context=_facts_to_confirm,
)
