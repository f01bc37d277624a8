"""The guard rails: what must hold of a verdict, and of the claims that relations tie to its claim, to publish it."""

from __future__ import annotations

from dataclasses import replace

from claims.choices import RuleLevel
from claims.models import Verdict
from claims.rules.cases import decision_of
from claims.rules.decided import find_clashes
from claims.rules.decision import PUBLICATION_RULES
from claims.rules.judgement import Judge, name_rows, refuse, tell
from claims.rules.network_rows import load_network, with_verdict
from claims.rules.registry import Finding, Row, apply
from factcheck.audit.context import current


def check_publishable(verdict: Verdict) -> None:
    """Raise RuleViolation, with the rule and the remedy, when `verdict` may not be published as it stands."""
    refuse(find_obstacles(verdict), here=_here(verdict))


def check_confirmable(verdict: Verdict) -> None:
    """Raise RuleViolation, with the rule and the remedies, when the published `verdict` would not be published today.

    But for the day by which it is to be looked at again: that is why it is confirmed.
    """
    refuse(_find_lapses(verdict), here=_here(verdict), otherwise=_correct(verdict))


def tell_lapses(verdict: Verdict) -> dict[RuleLevel, list[str]]:
    """The rules that the published `verdict` would break today, in words, with the remedies, by level."""
    told = _told(_find_lapses(verdict), verdict)
    return told | {RuleLevel.REFUSE: [f"{line} {_correct(verdict)}" for line in told[RuleLevel.REFUSE]]}


def check_relations(verdict: Verdict) -> None:
    """Raise RuleViolation when what is decided of other claims does not go with `verdict`."""
    refuse(_find_clashes(verdict), here=_here(verdict))


def find_obstacles(verdict: Verdict) -> list[Finding]:
    """The rules that `verdict` would break as the current one on its claim, however grave they are."""
    return [*apply(PUBLICATION_RULES, decision_of(verdict)), *_find_clashes(verdict)]


def tell_obstacles(verdict: Verdict) -> dict[RuleLevel, list[str]]:
    """The same in words, with the remedies, by level; what is excepted is left out."""
    return _told(find_obstacles(verdict), verdict)


def _told(findings: list[Finding], verdict: Verdict) -> dict[RuleLevel, list[str]]:
    names = name_rows(findings, current().user(), here=_here(verdict))
    told: dict[RuleLevel, list[str]] = {level: [] for level in RuleLevel}
    for judged in Judge.now().of(findings):
        if not judged.excepted:
            told[judged.level].append(f"{tell(judged.finding, names)} {judged.finding.rule.remedy}")
    return told


def _find_lapses(verdict: Verdict) -> list[Finding]:
    decision = replace(decision_of(verdict), review_by=None)
    return [*apply(PUBLICATION_RULES, decision), *_find_clashes(verdict)]


def _correct(verdict: Verdict) -> str:
    return f"Otherwise correct verdict {verdict.pk}: it is not confirmed while this does not hold."


def _find_clashes(verdict: Verdict) -> list[Finding]:
    network = with_verdict(load_network([verdict.claim_id]), verdict)
    own = Row("claim", verdict.claim_id)
    return [one for one in find_clashes(network) if own in one.broken.rows]


def _here(verdict: Verdict) -> list[Row]:
    return [Row("claim", verdict.claim_id)]
