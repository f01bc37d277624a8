"""What the desk has decided of a finding: how grave it is, whether it is excepted, and how it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.choices import RuleLevel
from claims.models import Attribution, Claim, Question, RuleException, RuleSetting
from claims.rules.catalogue import RULES
from claims.rules.registry import GRAVITY, Finding, Row, Rule
from factcheck.audit.context import current
from factcheck.base.errors import RuleViolation
from factcheck.base.people import Reader
from factcheck.models.versions import Versions
from sources.models import Document, Source

UNSEEN = "a claim of a dispute that you may not see"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the level that it has here, and the reason for which it is excepted, if it is."""

    finding: Finding
    level: RuleLevel
    excepted: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """The levels and the exceptions as they are stored."""

    levels: Mapping[str, RuleLevel]
    exceptions: Mapping[str, Collection[tuple[frozenset[Row], str]]]

    @classmethod
    def now(cls) -> Judge:
        """As they stand; two queries."""
        exceptions: dict[str, list[tuple[frozenset[Row], str]]] = defaultdict(list)
        for row in RuleException.objects.order_by("pk"):
            exceptions[row.code].append((frozenset(Row(*named) for named in row.as_rows()), row.reason))
        return cls(load_levels(), exceptions)

    def of(self, findings: Iterable[Finding]) -> list[Judged]:
        """Each finding judged, the gravest first, and what is excepted last."""
        judged = [Judged(one, self.levels[one.rule.code], self._exception(one)) for one in findings]
        return sorted(judged, key=lambda one: (bool(one.excepted), GRAVITY.index(one.level)))

    def _exception(self, finding: Finding) -> str:
        rows = set(finding.broken.rows)
        return next((reason for named, reason in self.exceptions.get(finding.rule.code, ()) if named <= rows), "")


def load_levels(moment: datetime | None = None) -> dict[str, RuleLevel]:
    """The level of each rule, now or at `moment`: the one it comes with, or the one that the desk has given it."""
    if moment is None:
        stored = dict(RuleSetting.objects.values_list("code", "level"))
    else:
        stored = {row.code: row.level for row in Versions(moment).where(RuleSetting, "code", RULES.keys()).values()}
    return {code: level_of(rule, stored.get(code)) for code, rule in RULES.items()}


def level_of(rule: Rule, stored: str | None) -> RuleLevel:
    """The stored level where the rule allows it: an older release may have allowed more."""
    return RuleLevel(stored) if stored is not None and rule.allows(stored) else rule.level


def refuse(findings: Iterable[Finding], *, here: Collection[Row] = (), field: str = "", otherwise: str = "") -> None:
    """Raise RuleViolation for the first finding that is refused; `here` are the rows in hand, `field` is the input that
    it is about where the door has no other, `otherwise` what else to do where the remedy of the rule does not help."""
    findings = list(findings)
    if not findings:
        return
    for judged in Judge.now().of(findings):
        if judged.level == RuleLevel.REFUSE and not judged.excepted:
            finding = judged.finding
            message = tell(finding, name_rows([finding], current().user(), here=here))
            remedy = f"{finding.rule.remedy} {otherwise}".rstrip()
            raise RuleViolation(f"{message} {remedy}", code=finding.rule.code, field=field or finding.field or None)


def tell(finding: Finding, names: Mapping[Row, str]) -> str:
    """The finding as a sentence, with its rows as they are named."""
    said = "".join(part if isinstance(part, str) else names[part] for part in finding.broken.words)
    return said[:1].upper() + said[1:]


def name_rows(findings: Iterable[Finding], reader: Reader | None, *, here: Collection[Row] = ()) -> dict[Row, str]:
    """The rows of these findings in words, as far as the reader may know of them; None is the system itself.

    Those that are `here` are in the reader's hand: "this claim".
    """
    wanted = {row for one in findings for row in (*one.broken.rows, *one.broken.words) if isinstance(row, Row)}
    by_noun: dict[str, set[int]] = defaultdict(set)
    for row in wanted:
        by_noun[row.noun].add(row.id)
    names = {row: f"{row.noun} {row.id}" for row in wanted}
    for noun, read in _READ.items():
        if pks := by_noun.get(noun):
            names |= {Row(noun, pk): name for pk, name in read(pks, reader).items()}
    return names | {row: f"this {row.noun}" for row in here}


def _claims(pks: Collection[int], reader: Reader | None) -> dict[int, str]:
    rows: Any = Claim._base_manager.filter(pk__in=pks) if reader is None else Claim.objects.visible_to(reader)
    return dict.fromkeys(pks, UNSEEN) | {row.pk: f"claim {row.pk} (“{row}”)" for row in rows.filter(pk__in=pks)}


def _attributions(pks: Collection[int], reader: Reader | None) -> dict[int, str]:
    rows: Any = Attribution._base_manager if reader is None else Attribution.objects.visible_to(reader)
    found = rows.filter(pk__in=pks).select_related("source")
    hidden = dict.fromkeys(pks, "a statement on a claim that you may not see")
    return hidden | {row.pk: f"the statement of {row.source} (attribution {row.pk})" for row in found}


def _sources(pks: Collection[int], reader: Reader | None) -> dict[int, str]:
    return {row.pk: f"source {row.pk} ({row.name})" for row in Source._base_manager.filter(pk__in=pks)}


def _documents(pks: Collection[int], reader: Reader | None) -> dict[int, str]:
    return {row.pk: f"document {row.pk} (“{row.title[:160]}”)" for row in Document._base_manager.filter(pk__in=pks)}


def _questions(pks: Collection[int], reader: Reader | None) -> dict[int, str]:
    rows: Any = Question._base_manager if reader is None else Question.objects.visible_to(reader)
    found = rows.filter(pk__in=pks)
    return dict.fromkeys(pks, "a question that you may not see") | {
        row.pk: f"question {row.pk} (“{row.text[:160]}”)" for row in found
    }


_READ = {
    "question": _questions,
    "claim": _claims,
    "attribution": _attributions,
    "source": _sources,
    "document": _documents,
}
