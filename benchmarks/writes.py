"""The cases that change the register; they are measured on a copy of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

from benchmarks.case import Bound, Case
from benchmarks.request import Request
from benchmarks.rows import RARE_RATING, RATINGS, Rows
from benchmarks.subjects import BLOCK

FEWEST = 20
"""Rows that a case takes at least."""


def post(path: str, body: Any, reader: str = "desk") -> Request:
    headers = {} if body is not None else {"if-match": "*"}
    return Request(path, "POST", headers, json.dumps(body) if body is not None else "", reader)


def in_dispute(request: Request) -> Request:
    """The request, in which an item stands as a number."""
    return replace(request, body=request.body.replace('"{item}"', "{item}"))


def briefly(case: Case, *bounds: Bound) -> Case:
    """The same, of which the writer wants to know no more than what only the register knows."""
    headers = {**case.request.headers, "prefer": "return=minimal"}
    return replace(case, name=f"{case.name}, briefly", request=replace(case.request, headers=headers), bounds=bounds)


def write_cases(claims: int, dispute: int) -> list[Case]:
    """Each is asked again and again; `{number}` makes the rows different."""
    claim = (dispute - 1) * BLOCK + 10
    entered = {"text": "It rained there {number}.", "language": "en", "dispute": dispute, "tags": ["rain"]}
    # In a dispute of its own each time: every claim more that answers its question would be one more rival of the next.
    exclusive = range(2, claims // BLOCK + 1, 2)
    alone = {**entered, "dispute": "{item}"}
    many = [{**alone, "text": f"It rained there {{number}}, {nth}."} for nth in range(100)]
    # Those with a question of which one answer alone is true.
    items = tuple(islice(cycle(exclusive), max(FEWEST, len(exclusive))))
    said = {"claim": claim, "source": 1, "stance": "asserts", "said_on": "2025-07-01", "quote": "It rained, {number}."}
    one = Case(
        "create a claim",
        4,
        in_dispute(post("/api/v1/claims/", alone)),
        status=201,
        writes=True,
        items=items,
        peer="create",
        peers=("drf",),
        same=False,
    )
    at_once = replace(
        one, name="create 100 claims at once", request=in_dispute(post("/api/v1/claims/", many)), statements=20
    )
    nested = Case(
        "create a dispute of 30 rows", 4, post("/api/v1/disputes/", _dispute_of_30()), status=201, writes=True
    )
    found = [
        one,
        briefly(one, Bound(1.5, "drf")),
        Case("create an attribution", 4, post("/api/v1/attributions/", said), status=201, writes=True),
        at_once,
        briefly(at_once, Bound(25)),
        nested,
        briefly(nested, Bound(45)),
        Case(
            "publish a verdict",
            4,
            post("/api/v1/verdicts/{item}/publish/", None, "reviewer"),
            writes=True,
            items=_drafts(claims),
            before=(post("/api/v1/verdicts/{item}/submit/", None, "author"),),
        ),
    ]
    found.append(
        Case(
            "admin, front page after a change",
            7,
            # What the page shows is kept until something is recorded.
            Request("/admin/?after={item}", reader="desk"),
            (Bound(60),),
            writes=True,
            items=tuple(range(1, 101)),
            before=(post("/api/v1/claims/", {**entered, "text": "It rained there again {item}."}),),
        )
    )
    # A small register has too few rows for what takes a new one each time.
    return [case for case in found if not case.items or len(case.items) >= FEWEST]


def _drafts(claims: int) -> tuple[int, ...]:
    """Drafts of verdicts on published claims, which find nothing proved: no rule asks for evidence."""
    codes = [*(code for code, _share in RATINGS), RARE_RATING]
    rows = Rows(claims, datetime.now(tz=UTC), 0, 0, {code: number for number, code in enumerate(codes)})
    wanted = codes.index("unproven")
    # A verdict rests on more than what the claim says of itself.
    borne = {link["claim_id"] for link in rows.link() if not link["own_assertion"]}
    borne = {claim for claim in borne if rows.is_published(claim)}
    drafts = (row for row in rows.verdict() if row["status"] == "draft" and row["claim_id"] in borne)
    return tuple(islice((row["id"] for row in drafts if row["rating_id"] == wanted), 100))


def _dispute_of_30() -> dict[str, Any]:
    """One dispute, 3 sources, 2 documents, 8 claims with an attribution each, 3 pieces of evidence with a bearing each,
    2 relations."""
    sources = [{"ref": f"s{nth}", "kind": "organisation", "name": f"Body {nth} of {{number}}"} for nth in range(3)]
    documents = [
        {"ref": f"d{nth}", "kind": "article", "title": f"Work {nth}", "publisher": {"ref": f"s{nth}"}}
        for nth in range(2)
    ]
    claims = [
        {
            "ref": f"c{nth}",
            "text": f"It rained {{number}}, {nth}.",
            "attributions": [
                {"source": {"ref": f"s{nth % 3}"}, "stance": "asserts", "document": {"ref": f"d{nth % 2}"}}
            ],
        }
        for nth in range(8)
    ]
    evidence = [
        {
            "kind": "document",
            "title": f"Record {nth}",
            "documents": [{"ref": f"d{nth % 2}"}],
            "links": [{"claim": {"ref": f"c{nth}"}, "bearing": "supports"}],
        }
        for nth in range(3)
    ]
    relations = [
        {"claim": {"ref": f"c{nth}"}, "other": {"ref": f"c{nth + 1}"}, "kind": "contradicts"} for nth in (0, 2)
    ]
    return {
        "title": "Rain in case {number}",
        "question": "Did it rain?",
        "sources": sources,
        "documents": documents,
        "claims": claims,
        "evidence": evidence,
        "relations": relations,
    }
