"""What rules on dates are asked when rows are saved: of the row itself, and of the statements that it bounds.

A row is asked whenever its own date is entered or changed. Of others, which its date bounds, refused is what breaks a
rule with the change and did not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from django.db.models import Q
from django.utils import timezone

from claims.choices import Stance
from claims.logic.chains import Spoken, can_mean
from claims.models import Attribution, Claim, Dispute
from claims.rules.cases import DATED, dates_of, load_statements
from claims.rules.judgement import refuse
from claims.rules.registry import Row, apply
from claims.rules.statement import DATE_RULES, DOCUMENT_RULES, STATEMENT_RULES, Dated, Statement
from factcheck.models.guards import changed, guard
from factcheck.models.recorded import RecordedModel
from sources.models import Document


def guard_dates() -> None:
    """Have the rules on dates asked of every row that is saved from now on."""
    guard(Attribution, check_saved_statements)
    guard(Dispute, check_saved_events)
    guard(Claim, check_moved_claims)
    guard(Document, check_saved_printings)
    for model in DATED:
        guard(model, check_saved_dates)


def check_saved_statements(rows: Sequence[Attribution]) -> None:
    """Raise RuleViolation where these statements, those that pass them on, or those that take them back cannot have
    been made when they say."""
    fields = ("said_on", "stance", "claim_id", "source_id", "on_behalf_of_id", "document_id", "relayed_from_id")
    rows = changed(rows, *fields, "withdrawn_at")
    pks = [row.pk for row in rows if row.said_on or row.stance == Stance.RETRACTS]
    if pks:
        asked = Attribution.objects.standing().filter(Q(pk__in=pks) | Q(relayed_from__in=pks))
        cases = load_statements(asked.values_list("pk", flat=True))
        here = [Row("attribution", pk) for pk in pks] if len(pks) == 1 else []
        refuse([finding for case in cases for finding in apply(STATEMENT_RULES, case)], here=here)
    _check_retractions(rows)


def _check_retractions(rows: Sequence[Attribution]) -> None:
    """What takes back statements on these claims must not be left before all of them, nor with none; a statement may be
    withdrawn whatever that leaves."""
    rows = [row for row in rows if row.withdrawn_at is None]
    claims = {version.claim_id for row in rows for version in (row, row._before) if version is not None}
    there = [row._before for row in rows if row._before is not None and row._before.withdrawn_at is None]
    said = [row for row in there if row.stance != Stance.RETRACTS]
    found = Attribution.objects.standing().filter(stance=Stance.RETRACTS, claim__in=claims)
    found = found.exclude(pk__in=[row.pk for row in rows]).select_related("source", "on_behalf_of")
    retractions = {row.pk: row for row in found}

    def before(case: Statement) -> Statement:
        back = _spoken(retractions[case.id])._replace(said_on="")
        claim = retractions[case.id].claim_id
        theirs = {row.pk: row.said_on for row in said if row.claim_id == claim and can_mean(back, _spoken(row))}
        own = {pk: said_on for pk, said_on in case.own if pk not in {row.pk for row in rows}}
        return replace(case, own=tuple({**own, **theirs}.items()))

    _refuse_new(sorted(retractions), before, field="said_on")


def _spoken(row: Attribution) -> Spoken:
    return Spoken(row.pk, row.source_id, row.stance, row.said_on, on_behalf_of=row.told_body)


def check_saved_events(rows: Sequence[Dispute]) -> None:
    """Raise RuleViolation where statements on the claims of these disputes are now certainly earlier than the event."""
    then = {row.pk: row._before.occurred_on for row in changed(rows, "occurred_on") if row._before is not None}
    for dispute, occurred_on in then.items():
        said = _dated(Q(claim__dispute=dispute))
        _refuse_new(said, partial(replace, occurred_on=occurred_on), field="occurred_on")


def check_moved_claims(rows: Sequence[Claim]) -> None:
    """Raise RuleViolation where statements on these claims are certainly earlier than the event of the dispute into
    which they were moved."""
    for row in changed(rows, "dispute_id"):
        if row._before is not None and row.dispute_id is not None:
            event = row._before.dispute.occurred_on if row._before.dispute is not None else ""
            _refuse_new(_dated(Q(claim=row)), partial(replace, occurred_on=event), field="dispute")


def check_saved_printings(rows: Sequence[Document]) -> None:
    """Raise RuleViolation where statements that these works print are now certainly later than the works."""
    then = {row.pk: row._before.published_on for row in changed(rows, "published_on") if row._before is not None}
    for document, published_on in then.items():
        said = _dated(Q(document=document))
        _refuse_new(said, partial(replace, published_on=published_on), field="published_on")


def _dated(condition: Q) -> Iterable[int]:
    """The standing statements with a date of which this holds."""
    rows = Attribution.objects.standing().filter(condition).exclude(said_on="")
    return rows.order_by("pk").values_list("pk", flat=True)


def _refuse_new(statements: Iterable[int], before: Callable[[Statement], Statement], *, field: str) -> None:
    """Refuse what these statements break and did not as they were `before`."""
    new = []
    for case in load_statements(statements):
        if found := list(apply(STATEMENT_RULES, case)):
            there = {finding.key for finding in apply(STATEMENT_RULES, before(case))}
            new += [finding for finding in found if finding.key not in there]
    refuse(new, field=field)


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
