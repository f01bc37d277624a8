"""Why the bearing of evidence does not count, as conditions for the database; `claims.rules.counting` says the same of
plain values."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, CharField, Exists, Func, OuterRef, Q, Value, When
from django.db.models.sql.compiler import SQLCompiler

from claims.choices import Discount

# Chains are followed only from claims that have an own assertion at all: of all others one look at an index is asked.
# UNION, not UNION ALL: it drops what it has seen, so that a circle ends. Sub-queries, not joins: for a join SQLite
# reads the whole table first, to build a Bloom filter of it.
_REPEATS = """
CASE WHEN EXISTS (
    SELECT 1 FROM {link} marked WHERE marked.claim_id = {claim} AND marked.own_assertion AND marked.withdrawn_at IS NULL
) THEN EXISTS (
    WITH RECURSIVE line (id) AS (
        SELECT piece.derived_from_id FROM {evidence} piece WHERE piece.id = {piece} AND piece.independent_because = ''
        UNION
        SELECT (
            SELECT above.derived_from_id FROM {evidence} above
            WHERE above.id = line.id AND above.independent_because = ''
        ) FROM line WHERE line.id IS NOT NULL
    )
    SELECT 1 FROM line WHERE EXISTS (
        SELECT 1 FROM {link} own WHERE own.evidence_id = line.id AND own.claim_id = {claim}
            AND own.own_assertion AND own.withdrawn_at IS NULL
    )
) ELSE FALSE END
"""


class RepeatsOwn(Func):
    """Whether a piece derives from the own assertion of a claim, through others if need be, and neither it nor one
    between says why it is independent."""

    output_field = BooleanField()

    def __init__(self, piece: str = "evidence_id", claim: str = "claim_id") -> None:
        super().__init__(piece, claim)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_extra: Any) -> Any:
        piece, claim = (compiler.compile(column)[0] for column in self.get_source_expressions())
        names = {
            name: connection.ops.quote_name(apps.get_model("claims", model)._meta.db_table)
            for name, model in (("evidence", "Evidence"), ("link", "EvidenceLink"))
        }
        return _REPEATS.format(piece=piece, claim=claim, **names), []


def counts() -> Q:
    """That a standing link counts as evidence."""
    return Q(own_assertion=False) & ~Q(RepeatsOwn()) & ~Q(_undercut()) & (Q(set_name="") | ~Q(_lacks_a_part()))


def discount() -> Case:
    """Why a standing link does not count: a code of `Discount`, or empty."""
    return Case(
        When(own_assertion=True, then=Value(Discount.OWN_ASSERTION.value)),
        When(RepeatsOwn(), then=Value(Discount.REPEATS_OWN.value)),
        When(_undercut(), then=Value(Discount.UNDERCUT.value)),
        When(~Q(set_name="") & Q(_lacks_a_part()), then=Value(Discount.BROKEN_SET.value)),
        default=Value(""),
        output_field=CharField(),
    )


def _undercut() -> Exists:
    return Exists(apps.get_model("claims", "Premise").objects.failing().filter(link=OuterRef("pk")))


def _lacks_a_part() -> Exists:
    """Whether a part of its set does not count, or was withdrawn and not linked again."""
    links: Any = apps.get_model("claims", "EvidenceLink").objects
    same = {"claim": OuterRef("claim"), "set_name": OuterRef("set_name")}
    again = Exists(links.standing().filter(**same, evidence=OuterRef("evidence")))
    does_not = Q(own_assertion=True) | Q(RepeatsOwn()) | Q(_undercut())
    lost = Q(withdrawn_at__isnull=True) & does_not | Q(withdrawn_at__isnull=False) & ~Q(again)
    return Exists(links.filter(lost, **same))
