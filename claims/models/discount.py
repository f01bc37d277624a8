"""Why the bearing of evidence does not count, as conditions for the database; `claims.rules.counting` says the same of
plain values."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, CharField, Exists, Func, OuterRef, Q, Value, When
from django.db.models.sql.compiler import SQLCompiler

from claims.choices import ClaimStatus, Discount, Leaning, VerdictStatus

# Chains are followed only from claims that have such a link at all: of all others one look at an index is asked.
# UNION, not UNION ALL: it drops what it has seen, so that a circle ends. Sub-queries, not joins: for a join SQLite
# reads the whole table first, to build a Bloom filter of it.
_DERIVES = """
CASE WHEN EXISTS (
    SELECT 1 FROM {{link}} marked WHERE marked.claim_id = {{claim}} AND marked.withdrawn_at IS NULL AND {any}
) THEN EXISTS (
    WITH RECURSIVE line (id) AS (
        SELECT piece.derived_from_id FROM {{evidence}} piece
        WHERE piece.id = {{piece}} AND piece.independent_because = ''
        UNION
        SELECT (
            SELECT above.derived_from_id FROM {{evidence}} above
            WHERE above.id = line.id AND above.independent_because = ''
        ) FROM line WHERE line.id IS NOT NULL
    )
    SELECT 1 FROM line WHERE EXISTS (
        SELECT 1 FROM {{link}} marked WHERE marked.evidence_id = line.id AND marked.claim_id = {{claim}}
            AND marked.withdrawn_at IS NULL AND {which}
    )
) ELSE FALSE END
"""
_OWN = _DERIVES.format(any="marked.own_assertion", which="marked.own_assertion")
_PREMISE = """EXISTS (
    SELECT 1 FROM {{premise}} premise WHERE premise.link_id = marked.id AND premise.withdrawn_at IS NULL{falls}
)"""
# As `Premise.objects.failing` says it.
_FALLS = """ AND (
    EXISTS (
        SELECT 1 FROM {ground} ground WHERE ground.id = premise.claim_id AND ground.status = '{withdrawn}'
    ) OR EXISTS (
        SELECT 1 FROM {verdict} verdict
        WHERE verdict.claim_id = premise.claim_id AND verdict.status = '{published}'
            AND EXISTS (
                SELECT 1 FROM {rating} rating WHERE rating.id = verdict.rating_id
                    AND rating.leaning = '{refuted}' AND rating.claimreview_value = 1
            ) AND NOT EXISTS (
                SELECT 1 FROM {verdict} newer
                WHERE newer.supersedes_id = verdict.id AND newer.status = '{published}'
            )
    )
)"""
_CODES = {
    "withdrawn": ClaimStatus.WITHDRAWN.value,
    "published": VerdictStatus.PUBLISHED.value,
    "refuted": Leaning.REFUTED.value,
}
_FALLEN = _DERIVES.format(any=_PREMISE.format(falls=""), which=_PREMISE.format(falls=_FALLS))
_TABLES = {
    "evidence": "Evidence",
    "link": "EvidenceLink",
    "premise": "Premise",
    "ground": "Claim",
    "verdict": "Verdict",
    "rating": "Rating",
}


class _Derives(Func):
    """Whether a piece derives from one of such links on a claim, through others if need be, and neither it nor one
    between says why it is independent."""

    output_field = BooleanField()
    query = ""

    def __init__(self, piece: str = "evidence_id", claim: str = "claim_id") -> None:
        super().__init__(piece, claim)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_extra: Any) -> Any:
        piece, claim = (compiler.compile(column)[0] for column in self.get_source_expressions())
        tables = {
            name: connection.ops.quote_name(apps.get_model("claims", model)._meta.db_table)
            for name, model in _TABLES.items()
        }
        return self.query.format(piece=piece, claim=claim, **tables, **_CODES), []


class RepeatsOwn(_Derives):
    """Whether a piece derives from the own assertion of a claim."""

    query = _OWN


class RepeatsUndercut(_Derives):
    """Whether a piece derives from one that is undercut on the claim."""

    query = _FALLEN


def counts() -> Q:
    """That a standing link counts as evidence."""
    return ~_falls_alone() & (Q(set_name="") | ~Q(_lacks_a_part()))


def discount() -> Case:
    """Why a standing link does not count: a code of `Discount`, or empty."""
    return Case(
        When(own_assertion=True, then=Value(Discount.OWN_ASSERTION.value)),
        When(RepeatsOwn(), then=Value(Discount.REPEATS_OWN.value)),
        When(_undercut(), then=Value(Discount.UNDERCUT.value)),
        When(RepeatsUndercut(), then=Value(Discount.REPEATS_UNDERCUT.value)),
        When(~Q(set_name="") & Q(_lacks_a_part()), then=Value(Discount.BROKEN_SET.value)),
        default=Value(""),
        output_field=CharField(),
    )


def _falls_alone() -> Q:
    """That a link does not count, whatever it is part of."""
    return Q(own_assertion=True) | Q(RepeatsOwn()) | Q(_undercut()) | Q(RepeatsUndercut())


def _undercut() -> Exists:
    return Exists(apps.get_model("claims", "Premise").objects.failing().filter(link=OuterRef("pk")))


def _lacks_a_part() -> Exists:
    """Whether a part of its set does not count, or was withdrawn and not linked again."""
    links: Any = apps.get_model("claims", "EvidenceLink").objects
    same = {"claim": OuterRef("claim"), "set_name": OuterRef("set_name")}
    again = Exists(links.standing().filter(**same, evidence=OuterRef("evidence")))
    lost = Q(withdrawn_at__isnull=True) & _falls_alone() | Q(withdrawn_at__isnull=False) & ~Q(again)
    return Exists(links.filter(lost, **same))
