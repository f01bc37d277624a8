"""What rules are asked when rows are saved, whichever door they come by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from claims.models import Attribution, ClaimRelation, RuleException, RuleSetting
from claims.rules.cases import DATED, dates_of, load_identified, load_statements
from claims.rules.catalogue import HELD_ELSEWHERE, RULES
from claims.rules.decided import VERDICT_RULES
from claims.rules.identity import SOURCE_RULES
from claims.rules.judgement import refuse
from claims.rules.network_rows import load_network, without_changes
from claims.rules.registry import Row, apply
from claims.rules.relations import RELATION_RULES
from claims.rules.statement import DATE_RULES, DOCUMENT_RULES, STATEMENT_RULES, Dated
from factcheck.base.errors import RuleViolation
from factcheck.base.http.constraints import HeldRule, hold_rules
from factcheck.models.guards import guard
from factcheck.models.recorded import RecordedModel
from sources.models import Document, Source


def guard_register() -> None:
    """Have the rules asked of every row that is saved from now on."""
    guard(ClaimRelation, check_saved_relations)
    guard(Attribution, check_saved_statements)
    guard(Source, check_saved_sources)
    for model in DATED:
        guard(model, check_saved_dates)
    guard(RuleSetting, check_setting)
    guard(RuleException, check_exception)
    hold_rules(HeldRule(rule.held_by, rule.code, rule.field, rule.remedy) for rule in HELD_ELSEWHERE)


def check_saved_relations(rows: Sequence[ClaimRelation]) -> None:
    """Raise RuleViolation for what breaks a rule with these relations and did not without them."""
    rows = changed(rows, "claim_id", "other_id", "kind", "point", "withdrawn_at")
    if not rows:
        return
    rules = (*RELATION_RULES, *VERDICT_RULES)
    network = load_network({end for row in rows for end in (row.claim_id, row.other_id)})
    found = list(apply(rules, network))
    if found:
        before = {finding.key for finding in apply(rules, without_changes(network, rows))}
        refuse([finding for finding in found if finding.key not in before], field="kind")


def check_saved_statements(rows: Sequence[Attribution]) -> None:
    """Raise RuleViolation where these statements, or those that pass them on, cannot have been made when they say."""
    rows = changed(rows, "said_on", "stance", "claim_id", "source_id", "document_id", "relayed_from_id", "withdrawn_at")
    pks = [row.pk for row in rows if row.said_on]
    if not pks:
        return
    asked = Attribution.objects.standing().filter(Q(pk__in=pks) | Q(relayed_from__in=pks))
    cases = load_statements(asked.values_list("pk", flat=True))
    here = [Row("attribution", pk) for pk in pks] if len(pks) == 1 else []
    refuse([finding for case in cases for finding in apply(STATEMENT_RULES, case)], here=here)


def check_saved_sources(rows: Sequence[Source]) -> None:
    """Raise RuleViolation for an identifier that another source has."""
    rows = changed(rows, "wikidata_id")
    cases = load_identified({row.wikidata_id for row in rows if row.wikidata_id})
    here = [Row("source", row.pk) for row in rows]
    found = [finding for case in cases for finding in apply(SOURCE_RULES, case)]
    refuse([one for one in found if any(row in here for row in one.broken.rows)], here=here if len(here) == 1 else [])


def check_saved_dates(rows: Sequence[RecordedModel]) -> None:
    """Raise RuleViolation for days that have not come, or that are counted in another era."""
    if not rows:
        return
    model = type(rows[0])
    rows = changed(rows, *DATED[model])
    rules = DOCUMENT_RULES if model is Document else DATE_RULES
    now, noun = timezone.now(), str(model._meta.model_name)
    for row in rows:
        dates = dates_of(row)
        if any(dates.values()):
            case = Dated(Row(noun, row.pk), now, dates)
            refuse(list(apply(rules, case)), here=[case.row])


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


EXCEPTED = ("claim", "other", "attribution", "document", "source", "other_source")
"""The fields of an exception that name a row."""
AnyRow = TypeVar("AnyRow", bound=RecordedModel)


def changed(rows: Sequence[AnyRow], *names: str) -> list[AnyRow]:
    """Those of the rows that are new, or of which one of these values is."""
    return [row for row in rows if row._before is None or any(_differs(row, name) for name in names)]


def _differs(row: RecordedModel, name: str) -> bool:
    return bool(getattr(row._before, name) != getattr(row, name))
