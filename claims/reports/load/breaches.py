"""The rules that claims break as they stand, in words for the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from claims.models import Attribution, Claim
from claims.reports.content.concerns import Concern
from claims.rules.judgement import Judge, name_rows, tell
from claims.rules.registry import Finding, Row
from claims.rules.survey import find_about
from factcheck.base.people import Reader


def load_breaches(
    claims: Collection[int], user: Reader, numbers: Mapping[int, int] | None = None
) -> tuple[Concern, ...]:
    """What breaks a rule on these claims now, the gravest first; what is excepted is told as that.

    `numbers` are those by which a report calls the claims. For the desk: what `user` may not read is not named.
    """
    return tuple(concern for _finding, concern in _load(claims, user, numbers or {}))


def load_breaches_of_each(claims: Collection[int], user: Reader) -> dict[int, list[Concern]]:
    """The same under each of these claims that it is about, or about a statement on it."""
    found = _load(claims, user, {})
    said = {row.id for finding, _concern in found for row in finding.broken.rows if row.noun == "attribution"}
    claim_of = dict(Attribution.objects.filter(pk__in=said, claim__in=claims).values_list("pk", "claim"))
    each: dict[int, list[Concern]] = {pk: [] for pk in claims}
    for finding, concern in found:
        about = {claim_of.get(row.id) for row in finding.broken.rows if row.noun == "attribution"}
        for pk in each.keys() & {*finding.claims(), *about}:
            each[pk].append(concern)
    return each


def _load(claims: Collection[int], user: Reader, numbers: Mapping[int, int]) -> list[tuple[Finding, Concern]]:
    findings = find_about(claims)
    if not findings:
        return []
    called = {Row("claim", pk): f"claim {number}" for pk, number in numbers.items()}
    names = name_rows(findings, user) | called
    about = {pk for finding in findings for pk in finding.claims()}
    readable = set(Claim.objects.visible_to(user).filter(pk__in=about).values_list("pk", flat=True))
    return [
        (
            judged.finding,
            Concern(
                code=judged.finding.rule.code,
                words=tell(judged.finding, names),
                remedy=f"Excepted: {judged.excepted}" if judged.excepted else judged.finding.rule.remedy,
                claims=tuple(pk for pk in judged.finding.claims() if pk in readable),
                level=str(judged.level),
                excepted=bool(judged.excepted),
            ),
        )
        for judged in Judge.now().of(findings)
    ]
