"""Writes the balance of the register as plain values for JSON, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.logic.balance import LEANINGS, STANCES, Balance, Outcome

COLUMNS = (
    "by", "id", "label", "country", "withheld", "claims", *STANCES,
    *(f"{about}_{name}" for about in ("asserted", "denied") for name in ("claims", *LEANINGS, "undecided", "ratings")),
)  # fmt: skip


def as_json(balance: Balance) -> dict[str, Any]:
    """The balance as programs read it."""
    return {
        "by": balance.by,
        "more": balance.more,
        "rows": [
            {
                "id": row.party.id,
                "label": row.party.label,
                "slug": row.party.slug,
                "country": row.party.country,
                "withheld": row.party.withheld,
                "claims": row.claims,
                "statements": dict(row.statements),
                "asserted": _outcome(row.asserted),
                "denied": _outcome(row.denied),
            }
            for row in balance.rows
        ],
    }


def _outcome(decided: Outcome) -> dict[str, Any]:
    ratings = [
        {"code": row.code, "label": row.label, "leaning": row.leaning, "claims": row.claims} for row in decided.ratings
    ]
    return {"claims": decided.claims, **dict(decided.shares), "ratings": ratings}


def table_rows(balance: Balance) -> Iterator[dict[str, Any]]:
    """One row for each party."""
    for row in balance.rows:
        outcomes = (("asserted", row.asserted), ("denied", row.denied))
        yield {
            "by": balance.by,
            "id": row.party.id,
            "label": row.party.label,
            "country": row.party.country,
            "withheld": "yes" if row.party.withheld else "",
            "claims": row.claims,
            **row.statements,
            **{f"{about}_{name}": count for about, decided in outcomes for name, count in decided.shares},
            **{f"{about}_claims": decided.claims for about, decided in outcomes},
            **{
                f"{about}_ratings": "; ".join(f"{rated.label}: {rated.claims}" for rated in decided.ratings)
                for about, decided in outcomes
            },
        }
