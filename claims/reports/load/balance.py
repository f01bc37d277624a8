"""Counts the balance of the register for one reader: four queries, however large it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from claims.choices import ClaimStatus
from claims.logic.balance import STANCES, Balance, BalanceRow, Outcome, Party, RatingCount, outcome
from claims.logic.verbs import MAKES, REJECTS, RETRACTS
from claims.models import Attribution, Rating, Verdict
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from factcheck.base.places import country_name
from sources.models import Source
from sources.models.source import WITHHELD

BY = ("source", "side", "country")
MOST = 200
NO_COUNTRY = "No country given"

# A party is the pair of `hidden` and `party`: all sources that the reader may not know are one, in every count.
# The climb to the topmost body ends at one that the reader may not know, and at the first repetition of a circle.
_PARTIES = {
    "source": "CASE WHEN hidden = 1 THEN 0 ELSE source END",
    "side": "CASE WHEN hidden = 1 THEN 0 ELSE COALESCE(tops.top, speaks_for) END",
    "country": "CASE WHEN hidden = 1 THEN '' ELSE country END",
}
_CLIMB = """
bodies (id, part_of) AS ({bodies}),
climb (id, top, height) AS (
    SELECT id, id, 0 FROM {sources}
    UNION
    SELECT climb.id, bodies.id, climb.height + 1 FROM climb
    JOIN {sources} part ON part.id = climb.top JOIN bodies ON bodies.id = part.part_of_id
    WHERE climb.height < 30
),
tops (id, top) AS (
    SELECT climb.id, climb.top FROM climb
    JOIN (SELECT id, MAX(height) AS height FROM climb GROUP BY id) highest
      ON highest.id = climb.id AND highest.height = climb.height
),
"""
_SAID = """
WITH RECURSIVE {climb} said (claim, stance, source, speaks_for, hidden, country) AS ({said}),
spoken (hidden, party, claim, stance) AS (SELECT hidden, {party}, claim, stance FROM said {tops})
"""
# Claims are made distinct before they are counted: the engines sort for COUNT(DISTINCT), and hash for this.
_ROWS = """
SELECT hidden, party, COUNT(*) AS claims, {sums} FROM (
    SELECT hidden, party, claim, {counts} FROM spoken GROUP BY hidden, party, claim
) on_claims GROUP BY hidden, party ORDER BY claims DESC, hidden, party LIMIT %s
"""
# What a party makes, rejects or took back: whoever only suggests a claim, forecasts or jokes does none of it.
_POSITIONS = {"asserted": sorted(MAKES), "denied": sorted(REJECTS), "taken_back": [RETRACTS]}
_OUTCOMES = """
SELECT hidden, party, position, rating_id, COUNT(*) FROM (
    SELECT DISTINCT hidden, party, CASE {cases} END AS position, claim FROM spoken
    WHERE stance IN ({clear}) AND ({keys})
) positions LEFT JOIN ({decided}) decided ON decided.claim_id = positions.claim
GROUP BY hidden, party, position, rating_id
"""


def _quoted(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


_COUNTS = {
    "counts": ", ".join(f"COUNT(CASE WHEN stance = '{stance}' THEN 1 END) AS {stance}" for stance in STANCES),
    "sums": ", ".join(f"SUM({stance})" for stance in STANCES),
}
_CLEAR = {
    "cases": " ".join(f"WHEN stance IN ({_quoted(codes)}) THEN '{name}'" for name, codes in _POSITIONS.items()),
    "clear": ", ".join(_quoted(codes) for codes in _POSITIONS.values()),
}
Key = tuple[int, Any]


def load_balance(user: Reader, by: str, statements: QuerySet[Attribution] | None = None, limit: int = 50) -> Balance:
    """The balance `by` source, side or country of what `user` may read, or of those `statements` on it alone.

    A side is the topmost body of whoever the source speaks for. Statements and claims that were withdrawn are left out,
    and statements that their source took back.
    """
    rows: Any = Attribution.objects.all() if statements is None else statements
    try:
        said, params = _said(by, rows.visible_to(user).counting().exclude(claim__status=ClaimStatus.WITHDRAWN), user)
    except EmptyResultSet:
        return Balance(by, (), more=False)
    with connection.cursor() as cursor:
        cursor.execute(said + _ROWS.format(**_COUNTS), [*params, limit + 1])
        found = cursor.fetchall()
        shown = found[:limit]
        keys = [(hidden, party) for hidden, party, *_counts in shown]
        outcomes = _outcomes(cursor, said, params, keys) if keys else {}
    parties = _parties(by, keys)
    return Balance(
        by,
        tuple(
            BalanceRow(
                party=parties[hidden, party],
                claims=claims,
                statements={stance: int(count) for stance, count in zip(STANCES, counts, strict=True)},
                asserted=outcomes.get((hidden, party, "asserted"), Outcome()),
                denied=outcomes.get((hidden, party, "denied"), Outcome()),
                taken_back=outcomes.get((hidden, party, "taken_back"), Outcome()),
            )
            for hidden, party, claims, *counts in shown
        ),
        more=len(found) > limit,
    )


def _said(by: str, rows: QuerySet[Attribution], user: Reader) -> tuple[str, list[Any]]:
    """The common table expressions on who says what, and their parameters."""
    withheld = Q(source__withheld=True) | Q(on_behalf_of__withheld=True)
    hidden = Value(0) if is_desk(user) else Case(When(withheld, then=Value(1)), default=Value(0))
    said = rows.order_by().values_list(
        F("claim_id"),
        F("stance"),
        F("source_id"),
        Coalesce(F("on_behalf_of_id"), F("source_id")),
        hidden,
        F("source__country"),
    )
    climb, climb_params = _climb(user) if by == "side" else ("", ())
    said_sql, said_params = said.query.sql_with_params()
    tops = "LEFT JOIN tops ON tops.id = speaks_for" if climb else ""
    return _SAID.format(climb=climb, said=said_sql, party=_PARTIES[by], tops=tops), [*climb_params, *said_params]


def _climb(user: Reader) -> tuple[str, Sequence[Any]]:
    parts = Source._base_manager.filter(part_of=OuterRef("pk"))
    bodies = Source.objects.visible_to(user).named_to(user).filter(Exists(parts)).order_by()
    sql, params = bodies.values("pk", "part_of").query.sql_with_params()
    return _CLIMB.format(bodies=sql, sources=connection.ops.quote_name(Source._meta.db_table)), params


def _outcomes(
    cursor: CursorWrapper, said: str, params: Sequence[Any], keys: Sequence[Key]
) -> dict[tuple[Any, ...], Outcome]:
    named = [party for hidden, party in keys if not hidden]
    conditions = [f"hidden = 0 AND party IN ({', '.join(['%s'] * len(named))})"] if named else []
    conditions += ["hidden = 1"] if len(named) < len(keys) else []
    verdicts = Verdict.objects.current().order_by().values("claim_id", "rating_id")
    decided_sql, decided_params = verdicts.query.sql_with_params()
    query = said + _OUTCOMES.format(keys=" OR ".join(conditions), decided=decided_sql, **_CLEAR)
    cursor.execute(query, [*params, *named, *decided_params])
    decided = cursor.fetchall()
    ratings = Rating.objects.in_bulk([rating for *_key, rating, _claims in decided if rating is not None])
    words = {pk: RatingCount(row.code, row.label, row.leaning, 0) for pk, row in ratings.items()}
    found: dict[tuple[Any, ...], list[tuple[RatingCount | None, int]]] = {}
    # In the order of the scale, what has no verdict first.
    in_order = {pk: (row.scale_id, row.order) for pk, row in ratings.items()}
    for hidden, party, position, rating, claims in sorted(decided, key=lambda row: in_order.get(row[3], (0, 0))):
        found.setdefault((hidden, party, position), []).append((words.get(rating), claims))
    return {key: outcome(counted) for key, counted in found.items()}


def _parties(by: str, keys: Sequence[Key]) -> dict[Key, Party]:
    unknown = Party(None, WITHHELD, withheld=True)
    if by == "country":
        known = {code: Party(None, country_name(code) or NO_COUNTRY, country=code) for _hidden, code in keys}
    else:
        sources = Source.objects.in_bulk([party for hidden, party in keys if not hidden])
        known = {pk: Party(pk, row.name, row.slug, row.country) for pk, row in sources.items()}
    return {(hidden, party): unknown if hidden else known[party] for hidden, party in keys}
