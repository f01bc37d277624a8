"""What rules are asked when rows are saved, whichever door they come by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from claims.choices import ClaimStatus
from claims.models import Attribution, Claim, ClaimRelation, Question, RuleException, RuleSetting
from claims.rules.cases import load_identified
from claims.rules.catalogue import HELD_ELSEWHERE, RULES
from claims.rules.date_guards import guard_dates
from claims.rules.decided import find_in_network
from claims.rules.identity import SOURCE_RULES
from claims.rules.joint import check_joint_statements
from claims.rules.judgement import refuse
from claims.rules.network import Network
from claims.rules.network_rows import (
    BOUNDED,
    before_numbers,
    before_publication,
    before_questions,
    load_network,
    without_changes,
)
from claims.rules.registry import Finding, Row, apply
from claims.rules.rivalry import ties_on
from factcheck.base.errors import RuleViolation
from factcheck.base.http.constraints import HeldRule, hold_rules
from factcheck.models.guards import changed, guard
from sources.models import Source

BOUNDS = ("exclusive", "exhaustive")
EXCEPTED = ("claim", "other", "attribution", "document", "source", "other_source")
"""The fields of an exception that name a row."""
NUMBERS = ("quantity_min", "quantity_max", "quantity_unit")


def guard_register() -> None:
    """Have the rules asked of every row that is saved from now on."""
    guard(ClaimRelation, check_saved_relations)
    guard(Claim, check_saved_claims)
    guard(Question, check_saved_questions)
    guard(Source, check_saved_sources)
    guard(Attribution, check_joint_statements)
    guard_dates()
    # After the others: who may not move the claim at all is told that.
    guard(Claim, check_questions)
    guard(RuleSetting, check_setting)
    guard(RuleException, check_exception)
    hold_rules(HeldRule(rule.held_by, rule.code, rule.field, rule.remedy) for rule in HELD_ELSEWHERE)


def check_saved_relations(rows: Sequence[ClaimRelation]) -> None:
    """Raise RuleViolation for what breaks a rule with these relations and did not without them."""
    rows = changed(rows, "claim_id", "other_id", "kind", "point", "withdrawn_at")
    if not rows:
        return
    network = load_network({end for row in rows for end in (row.claim_id, row.other_id)})
    found = list(find_in_network(network))
    if found:
        _refuse_new(found, without_changes(network, rows), field="kind")


def check_saved_claims(rows: Sequence[Claim]) -> None:
    """Raise RuleViolation for what breaks a rule with the question that these claims now answer, with the numbers that
    they now state, or now that they are published, and did not before."""
    rows = [row for row in rows if row._before is not None]
    _check_published([row.pk for row in changed(rows, "status") if row.status == ClaimStatus.PUBLISHED])
    moved, counted = changed(rows, "question_id"), changed(rows, *NUMBERS)
    versions = [version for row in moved for version in (row, row._before) if version is not None]
    questions = {version.question_id for version in versions if version.question_id is not None}
    asked = {*_bounded_by(questions), *(row.pk for row in counted)}
    if not asked:
        return
    network = load_network(asked)
    found = list(find_in_network(network))
    if found:
        before = before_numbers(before_questions(network, [], moved), counted)
        field = "question" if moved else next(name for name in NUMBERS if changed(counted, name))
        _refuse_new(found, before, field=field)


def check_questions(rows: Sequence[Claim]) -> None:
    """Raise ValidationError for a claim that answers a question of another dispute than its own."""
    rows = changed(rows, "question_id", "dispute_id")
    prefetch_related_objects(rows, "question")
    for row in rows:
        if row.question is not None and row.question.dispute_id != row.dispute_id:
            message = "This is a question of another dispute: choose one of the dispute of the claim, or none."
            raise ValidationError({"question": ValidationError(message, code="other_dispute")})


def _check_published(claims: Collection[int]) -> None:
    """Relations of a draft bind no verdict; those of a published claim do."""
    tied = {end for tie in ties_on(claims) for end in (tie.claim, tie.other)}.intersection(claims)
    if not tied:
        return
    network = load_network(tied)
    found = list(find_in_network(network))
    if found:
        _refuse_new(found, before_publication(network, claims), field="status")


def _bounded_by(questions: Collection[int]) -> Collection[int]:
    """The claims of those of these questions that have a bound."""
    if not questions:
        return ()
    return Claim._base_manager.filter(BOUNDED, question__in=questions).values_list("pk", flat=True)


def check_saved_questions(rows: Sequence[Question]) -> None:
    """Raise RuleViolation for what breaks a rule with the bounds of these questions and did not without them."""
    rows = [row for row in changed(rows, *BOUNDS) if row._before is not None]
    asked = _bounded_by([row.pk for row in rows])
    if not asked:
        return
    network = load_network(asked)
    found = list(find_in_network(network))
    if found:
        given = [name for name in BOUNDS for row in rows if getattr(row, name) and not getattr(row._before, name)]
        _refuse_new(found, before_questions(network, rows, []), field=given[0] if given else "")


def _refuse_new(found: Iterable[Finding], before: Network, *, field: str) -> None:
    """Refuse what was not there in the network before the change."""
    there = {finding.key for finding in find_in_network(before)}
    refuse([finding for finding in found if finding.key not in there], field=field)


def check_saved_sources(rows: Sequence[Source]) -> None:
    """Raise RuleViolation for an identifier that another source has."""
    rows = changed(rows, "wikidata_id")
    cases = load_identified({row.wikidata_id for row in rows if row.wikidata_id})
    here = [Row("source", row.pk) for row in rows]
    found = [finding for case in cases for finding in apply(SOURCE_RULES, case)]
    refuse([one for one in found if any(row in here for row in one.broken.rows)], here=here if len(here) == 1 else [])


def check_setting(rows: Sequence[RuleSetting]) -> None:
    """Raise RuleViolation for a rule that is not known, and for a level that it does not allow."""
    for row in rows:
        rule = RULES.get(row.code)
        if rule is None:
            raise RuleViolation("There is no such rule.", code="unknown_rule", field="code")
        if rule.fixed:
            raise RuleViolation(
                "The level of this rule never changes: the database, or the rule of two people, holds it.",
                code="fixed_rule",
                field="level",
            )
        if not rule.allows(row.level):
            raise RuleViolation(
                "What this rule is about comes about by itself and cannot be refused: choose warn or hint.",
                code="level_not_allowed",
                field="level",
            )


def check_exception(rows: Sequence[RuleException]) -> None:
    """Raise RuleViolation unless the exception names a rule that has exceptions, and all rows that it is about."""
    for row in changed(rows, "code", *(f"{name}_id" for name in EXCEPTED)):
        rule = RULES.get(row.code)
        if rule is None:
            raise RuleViolation("There is no such rule.", code="unknown_rule", field="code")
        if rule.fixed or not rule.about:
            raise RuleViolation("This rule has no exceptions.", code="no_exceptions", field="code")
        if tuple(sorted(noun for noun, _pk in row.as_rows())) != tuple(sorted(rule.about)):
            needed: dict[tuple[str, ...], str] = {
                ("claim", "claim"): "claim and other",
                ("source", "source"): "source and other_source",
            }
            what = needed.get(rule.about, " and ".join(rule.about))
            raise RuleViolation(
                f"An exception from this rule names {what}, and nothing else.",
                code="exception_rows",
                field=rule.about[0],
            )
        named = set(row.as_rows())
        for other in RuleException._base_manager.filter(code=row.code).exclude(pk=row.pk).order_by("pk"):
            if set(other.as_rows()) == named:
                raise RuleViolation(
                    f"This is excepted from the rule already (exception {other.pk}). Change the reason there, or name "
                    "something else.",
                    code="excepted_already",
                    field=rule.about[0],
                )
