"""Counts the balance of the register for one reader: four queries, by side up to seven, however large it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from claims.choices import ClaimStatus
from claims.logic.affiliation import hangs_on_day, voice_of
from claims.logic.balance import STANCES, Balance, BalanceRow, Outcome, Party, RatingCount, outcome
from claims.logic.verbs import MAKES, REJECTS, RETRACTS
from claims.models import Attribution, Rating, Verdict
from claims.models.attribution import of_earlier_wording
from claims.reports.load.members import members_of
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import under
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from factcheck.base.places import country_name
from sources.models import Affiliation, Source
from sources.models.source import WITHHELD

BY = ("source", "side", "country")
MOST = 200
NO_COUNTRY = "No country given"

# A party is the pair of `hidden` and `party`: all sources that the reader may not know are one, in every count.
_PARTIES = {
    "source": "CASE WHEN hidden = 1 THEN 0 ELSE source END",
    "side": "CASE WHEN hidden = 1 THEN 0 ELSE COALESCE(dated.voice, ever.voice, speaks_for) END",
    "country": "CASE WHEN hidden = 1 THEN '' ELSE country END",
}
# The voices, reckoned beforehand by the rule of the timeline: on any day, or on this one.
_VOICES = {
    "postgresql": """voices (id, day, voice) AS (
    SELECT (entry ->> 0)::bigint, entry ->> 1, (entry ->> 2)::bigint FROM jsonb_array_elements(%s::jsonb) found (entry)
),
""",
    "sqlite": """voices (id, day, voice) AS (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(%s)
),
""",
}
_JOINED = """
LEFT JOIN voices ever ON ever.id = speaks_for AND ever.day IS NULL
LEFT JOIN voices dated ON dated.id = speaks_for AND dated.day = said_on
"""
_SAID = """
WITH {voices} said (claim, stance, source, speaks_for, hidden, country, said_on, earlier) AS ({said}),
spoken (hidden, party, claim, stance, earlier) AS (SELECT hidden, {party}, claim, stance, earlier FROM said {joined})
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
    WHERE stance IN ({clear}) AND earlier = 0 AND ({keys})
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


def load_balance(
    user: Reader,
    by: str,
    statements: QuerySet[Attribution] | None = None,
    limit: int = 50,
    source: int | None = None,
) -> Balance:
    """The balance `by` source, side or country of what `user` may read, or of those `statements` on it alone.

    A side is the body for which a statement spoke on its day. What was withdrawn, statement or claim, is left out, and
    what its source took back; what was said of an earlier wording is held against no verdict.

    `source` is whose statements they all are, where they are of one.
    """
    rows: Any = Attribution.objects.all() if statements is None else statements
    try:
        said, params = _said(
            by, rows.visible_to(user).counting(source).exclude(claim__status=ClaimStatus.WITHDRAWN), user
        )
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
    # No verdict on words that came later says whether it was right. What was taken back stays that.
    older = of_earlier_wording() & ~Q(stance=RETRACTS)
    said = rows.order_by().values_list(
        F("claim_id"),
        F("stance"),
        F("source_id"),
        Coalesce(F("on_behalf_of_id"), F("source_id")),
        hidden,
        F("source__country"),
        F("said_on"),
        Case(When(older, then=Value(1)), default=Value(0)),
    )
    said_sql, said_params = said.query.sql_with_params()
    if by != "side":
        return _SAID.format(voices="", said=said_sql, party=_PARTIES[by], joined=""), list(said_params)
    voices = json.dumps(_voices(rows, Redaction.of(user)))
    query = _SAID.format(voices=_VOICES[connection.vendor], said=said_sql, party=_PARTIES[by], joined=_JOINED)
    return query, [voices, *said_params]


def _voices(rows: QuerySet[Attribution], redaction: Redaction) -> list[tuple[int, str | None, int]]:
    """Who speaks for another: the source, the day of its statements, None where it is the same on all, and its voice.

    The days are asked only of sources that have a past.
    """
    before = under("source_id", Affiliation.objects.order_by("id"))
    members = members_of(_known_members(redaction.reader), before, redaction)
    moving = {pk for pk in members if hangs_on_day(pk, members)}
    told: list[tuple[int, str | None]] = [(pk, None) for pk in members.keys() - moving]
    if moving:
        days = rows.order_by().values_list(Coalesce(F("on_behalf_of_id"), F("source_id")), F("said_on")).distinct()
        told += [(pk, day) for pk, day in days if pk in moving]
    found = ((pk, day, voice_of(pk, day or "", members)) for pk, day in told)
    return [(pk, day, voice) for pk, day, voice in found if voice != pk]


def _known_members(user: Reader) -> QuerySet[Source]:
    """The sources that belong or belonged to a body, and those bodies, as far as `user` may read of them."""
    known = Q(pk__in=Source.objects.visible_to(user).order_by().values("pk"))
    told = Exists(Affiliation.objects.visible_to(user).order_by().filter(part_of=OuterRef("pk")))
    parts = Exists(Source._base_manager.filter(part_of=OuterRef("pk")))
    past = Exists(Affiliation._base_manager.filter(source=OuterRef("pk")))
    rows = Source.objects.filter(told | known & (Q(part_of__isnull=False) | parts | past))
    return rows.order_by().only("kind", "part_of", "part_of_since", "withheld")


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
