"""Every case that is measured, for a register of a given size (`benchmarks.rows` says what is in it)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.case import Bound, Case, for_the_desk
from benchmarks.request import Request
from benchmarks.rows import ATTRIBUTIONS, COMMON_TAG, COMMON_WORD, MID_WORD, RARE_RATING, RARE_TAG, RARE_WORD, Rows
from benchmarks.subjects import BLOCK
from benchmarks.writes import write_cases

CLAIMS = "/api/v1/claims/"
SIX = "attributions,evidence,relations,verdict,reviews,inquiries"
ALL = f"{SIX},origins,contradicted_by,taken_back"
LIST = (Bound(0.6, "raw", "sqlite"), Bound(0.25, "raw", "postgres"), Bound(0.03, "drf"))
SMALL = (Bound(1.5), Bound(0.1, "drf"))
KNOWN = (Bound(1.3),)
PAGE = (Bound(4),)
ADMIN = (Bound(60),)


def cases(claims: int) -> list[Case]:
    """All cases, in the order in which they are told."""
    dispute = _middle(claims)
    public = [*_claims(dispute), *_pages(dispute)]
    desk = [for_the_desk(case) for case in public if case.name != "api root" and not case.known]
    return [
        *public,
        *desk,
        *_filters(claims, dispute),
        *_lists(),
        *_reports(dispute),
        *desk_pages(dispute, Rows(claims, datetime.now(tz=UTC), 0, 0, {}).last),
        *write_cases(claims, dispute),
    ]


def _middle(claims: int) -> int:
    """A public dispute in the middle of the register; its first claim is published, and the 20 are its own."""
    dispute = max(claims // BLOCK // 2, 1)
    while dispute % 5 == 0 or dispute % 200 == 101:
        dispute += 1
    return dispute


def _rare_source(claims: int, dispute: int) -> int:
    """Of the sources that speak in this dispute, and are read by everybody, the one that speaks least anywhere."""
    rows = Rows(claims, datetime.now(tz=UTC), 0, 0, {})
    numbers = range((dispute - 1) * ATTRIBUTIONS + 1, dispute * ATTRIBUTIONS + 1)
    said = [rows.speech(number) for number in numbers]
    return max(source for claim, source in said if rows.is_published(claim) and not rows.is_withheld(source))


def get(path: str) -> Request:
    return Request(path)


def _claims(dispute: int) -> list[Case]:
    detail = f"{CLAIMS}{(dispute - 1) * BLOCK + 1}/"
    light = Case("light list", 1, get(CLAIMS), SMALL, peer="light", grows=True)
    return [
        Case("api root", 1, get("/api/v1/"), (Bound(2),)),
        Case("list of 50, all parts", 1, get(f"{CLAIMS}?include={ALL}"), LIST, peer="list", grows=True),
        Case("list of 50, six parts", 1, get(f"{CLAIMS}?include={SIX}"), LIST, peer="list"),
        light,
        Case("detail", 1, get(detail), SMALL, peer="detail", grows=True),
        Case("304 of a detail", 1, get(detail), KNOWN, known=True),
        Case("304 of the light list", 1, get(CLAIMS), KNOWN, known=True),
        Case("304 of the list, all parts", 1, get(f"{CLAIMS}?include={ALL}"), KNOWN, known=True),
        Case("304 of a last page", 1, get(f"{CLAIMS}?dispute=dispute-{dispute}"), KNOWN, known=True),
    ]


def _pages(dispute: int) -> list[Case]:
    base = f"/api/v1/disputes/dispute-{dispute}/"
    claim = (dispute - 1) * BLOCK + 1
    return [
        Case("dispute of 20 claims", 1, get(base), PAGE),
        Case("timeline", 1, get(f"{base}timeline/"), PAGE),
        Case("matrix", 1, get(f"{base}matrix/"), PAGE),
        Case("page of a claim", 1, get(f"/claims/{claim}/"), PAGE),
        Case("home page", 1, get("/"), PAGE, grows=True),
        Case("page of a dispute", 1, get(f"/disputes/dispute-{dispute}/"), (Bound(6),)),
    ]


def _filters(claims: int, dispute: int) -> list[Case]:
    since = (datetime.now(tz=UTC) - timedelta(days=60)).date()
    asked = {
        "rating": "rating=contested",
        "rare rating": f"rating={RARE_RATING}",
        "leaning": "leaning=supported",
        "contested": "contested=true",
        "tag": f"tag={COMMON_TAG}",
        "rare tag": f"tag={RARE_TAG}",
        "source": "source=source-1",
        "rare source": f"source=source-{_rare_source(claims, dispute)}",
        "dispute": f"dispute=dispute-{dispute}",
        "country": "country=IS",
        "language": "language=az",
        "has_evidence": "has_evidence=false",
        "has_verdict": "has_verdict=false",
        "stance": "stance=retracts",
        "bearing": "bearing=context",
        "said_after": f"said_after={since}",
        "updated_after": f"updated_after={since}T00:00:00Z",
        "ordering by updated_at": "ordering=-updated_at",
    }
    search = {"common": COMMON_WORD, "mid": MID_WORD, "rare": RARE_WORD, "none": "xyzzy"}
    rows = {f"filter {name}": query for name, query in asked.items()}
    rows |= {f"search {name}": f"search={word}" for name, word in search.items()}
    bounds = {"search common": (Bound(5, "search rare"),)}
    # A claim nine tenths of the way down; the register itself makes the cursor.
    deep = Case("deep page", 2, get(f"{CLAIMS}?cursor={{after {claims // 10}}}"), grows=True)
    return [
        deep,
        *(Case(name, 2, get(f"{CLAIMS}?{query}"), bounds.get(name, ()), grows=True) for name, query in rows.items()),
    ]


def _lists() -> list[Case]:
    nouns = ("sources", "documents", "evidence", "evidence-links", "attributions", "verdicts", "disputes")
    return [
        *(Case(f"list of {noun}", 2, get(f"/api/v1/{noun}/"), grows=True) for noun in nouns),
        Case("page of sources", 2, get("/sources/"), grows=True),
        Case("page of a source", 2, get("/sources/source-7/"), grows=True),
        Case("page of disputes", 2, get("/disputes/"), grows=True),
        Case("page of verdicts", 2, get("/verdicts/"), grows=True),
        Case("feed", 2, get("/verdicts/feed/"), grows=True),
        Case("sitemap", 2, get("/sitemap.xml"), grows=True),
        Case("part of the sitemap", 2, get("/sitemap-claims-0.xml"), grows=True),
    ]


def _reports(dispute: int) -> list[Case]:
    base = f"/api/v1/disputes/dispute-{dispute}/report"
    return [
        *(Case(f"report, {name}", 7, get(f"{base}/{name}/")) for name in ("html", "pdf", "docx")),
        Case("schema", 7, get("/api/schema/"), (Bound(2),)),
    ]


OF_DJANGO = {
    **{f"admin, list of {noun}": noun for noun in ("claims", "attributions", "verdicts")},
    **{f"admin, form, {noun}": noun for noun in ("attribution", "verdict")},
}
"""What Django's own admin shows too, and where."""


def desk_pages(dispute: int, last: int) -> list[Case]:
    """Every list with rows, a few of their filters and orders, and forms small and large; lists are not to grow.
    Of the claim `last` most is said."""
    claim = (dispute - 1) * BLOCK + 1
    nouns = {
        "claims": "claim",
        "disputes": "dispute",
        "questions": "question",
        "attributions": "attribution",
        "evidence": "evidence",
        "evidence links": "evidencelink",
        "relations": "claimrelation",
        "premises": "premise",
        "verdicts": "verdict",
        "reviews": "review",
        "inquiries": "inquiry",
    }
    lists = {f"list of {words}": f"claims/{noun}/" for words, noun in nouns.items()}
    lists |= {f"list of {noun}s": f"sources/{noun}/" for noun in ("source", "document")}
    lists |= {
        "front page": "",
        "audit trail": "audit/auditentry/",
        "drafts of claims": "claims/claim/?status=draft",
        "claims with a rating": "claims/claim/?rating=1",
        "claims in a language": "claims/claim/?language=az",
        "claims without verdict": "claims/claim/?verdict=no",
        "attributions that stand": "claims/attribution/?withdrawn=no",
        "attributions by day": "claims/attribution/?o=4",
        "current verdicts": "claims/verdict/?current=yes",
        "my verdicts": "claims/verdict/?mine=yes",
        "search of claims": f"claims/claim/?q={RARE_WORD}",
        "choice of a source": "autocomplete/?app_label=claims&model_name=attribution&field_name=source&term=ba",
    }
    forms = {"claim": claim, "dispute": dispute, "verdict": 7, "attribution": 7, "evidence": 7, "evidencelink": 7}
    paths = {f"form, {noun}": f"claims/{noun}/{pk}/change/" for noun, pk in forms.items()}
    paths |= {f"form, {noun}": f"sources/{noun}/7/change/" for noun in ("source", "document")}
    paths["form, claim of many statements"] = f"claims/claim/{last}/change/"
    paths |= {f"form, new {noun}": f"claims/{noun}/add/" for noun in ("claim", "evidence", "verdict")}
    found = [
        Case(f"admin, {name}", 7, Request(f"/admin/{path}", reader="desk"), ADMIN, grows=name in lists)
        for name, path in {**lists, **paths}.items()
    ]
    return [
        replace(case, peer=OF_DJANGO[case.name], peers=("admin",), same=False) if case.name in OF_DJANGO else case
        for case in found
    ]
