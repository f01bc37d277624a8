"""No door hands out JSON-LD in which a claim has an author who did not assert it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from claims.exports.lists.datafeed import FEED_NOUNS
from claims.services import withdraw
from tests.factories import (
    make_attribution,
    make_claim,
    make_corrected,
    make_dispute,
    make_document,
    make_older_attribution,
    make_published,
    make_source,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def ferry(module_rows: None) -> SimpleNamespace:
    """One claim that nobody asserts, though many have to do with it, and one that a harbour office asserts."""
    dispute = make_dispute("The ferry at Ostholm", slug="ferry")
    bare = make_claim("The ferry was overloaded.", dispute=dispute, published=True)
    made = make_claim("The ferry sailed without a pilot.", dispute=dispute, published=True)
    draft = make_claim("The ferry was sold.", dispute=dispute)
    reworded = make_claim("The ferry had a leak.", dispute=dispute, published=True)
    names = ("line", "gazette", "mate", "witness", "weekly", "union", "captain", "broker", "office", "owner", "echo")
    sources = {name: make_source(f"Zq {name}") for name in names}
    hidden = make_source("Zq hidden", kind="person", withheld=True, withheld_reason="A threat.")
    work = make_document("Zq work", url="https://gazette.example.org/1", publisher=sources["gazette"])

    def say(claim: Any, name: str, stance: str, **more: Any) -> Any:
        return make_attribution(claim, source=sources[name], stance=stance, **more)

    for claim in (bare, made, draft):
        denied = say(claim, "line", "denies", said_on="2024-01-02")
        say(claim, "gazette", "relays", relayed_from=denied, document=work, said_on="2024-01-03")
        mates = say(claim, "mate", "asserts", said_on="2023-12-30")
        owners = say(claim, "owner", "asserts", said_on="2023-12-30", joint_with=mates)
        say(claim, "echo", "relays", relayed_from=owners, said_on="2024-01")
        for name in ("mate", "owner"):
            say(claim, name, "retracts", said_on="2024-02")
        say(claim, "weekly", "jokes", quote="Even the ducks bought tickets.", said_on="2023-12-31")
        say(claim, "union", "alleges", said_on="2023-12-31")
        say(claim, "captain", "suggests", said_on="2023-12-31")
        say(claim, "broker", "opines", said_on="2023-12-31")
        make_older_attribution(claim, source=sources["witness"], said_on="2023-12-31")
        said_by_hidden = make_attribution(claim, source=hidden, said_on="2023-12-29")
        say(claim, "echo", "relays", relayed_from=said_by_hidden, said_on="2024-01")
        say(claim, "echo", "relays", said_on="2023-12-28")
        if claim is not draft:
            make_published(claim)
    say(made, "office", "asserts", said_on="2024-03")
    say(reworded, "office", "asserts", said_on="2024-03", document=work)
    make_corrected(reworded, claim_text="The ferry most likely had a leak.")
    return SimpleNamespace(dispute=dispute, bare=bare, made=made, reworded=reworded)


def feed_of(noun: str) -> Callable[[Any, SimpleNamespace], list[Any]]:
    def read(client: Any, ferry: SimpleNamespace) -> list[Any]:
        return [json.loads(client.get(f"/api/v1/{noun}/export/jsonld/").getvalue())]

    return read


def report_of(noun: str, row: str) -> Callable[[Any, SimpleNamespace], list[Any]]:
    def read(client: Any, ferry: SimpleNamespace) -> list[Any]:
        answer = client.get(f"/api/v1/{noun}/{getattr(ferry, row).pk}/report/claimreview/")
        assert answer.status_code == 200, answer.content
        return [json.loads(answer.content)]

    return read


def page_of(row: str) -> Callable[[Any, SimpleNamespace], list[Any]]:
    def read(client: Any, ferry: SimpleNamespace) -> list[Any]:
        written = client.get(f"/claims/{getattr(ferry, row).pk}/").content.decode()
        return [json.loads(found) for found in SCRIPT.findall(written)]

    return read


DOORS = {
    **{f"feed of {noun}": feed_of(noun) for noun in FEED_NOUNS},
    "report of the bare claim": report_of("claims", "bare"),
    "report of the made claim": report_of("claims", "made"),
    "report of the reworded claim": report_of("claims", "reworded"),
    "report of the dispute": report_of("disputes", "dispute"),
    "page of the bare claim": page_of("bare"),
    "page of the made claim": page_of("made"),
    "page of the reworded claim": page_of("reworded"),
}


def claims_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every node of the type Claim, however deep."""
    if isinstance(value, dict):
        if value.get("@type") == "Claim":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from claims_in(entry)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["anonymous", "ann"])
def test_every_author_asserted_it_and_stands_by_it(
    door: str, who: str, ferry: SimpleNamespace, api: Any, request: Any
) -> None:
    client = api(None if who == "anonymous" else request.getfixturevalue(who))
    found = [node for document in DOORS[door](client, ferry) for node in claims_in(document)]
    assert found or not any(word in door for word in ("claim", "dispute", "verdict", "attribution", "page"))
    authors = {(node["text"], node["author"]["name"]) for node in found if "author" in node}
    assert authors <= {(ferry.made.text, "Zq office")}
    if "made" in door or "dispute" in door or door in {"feed of claims", "feed of verdicts", "feed of attributions"}:
        assert authors
    for node in found:
        assert "firstAppearance" not in node, "the only work printed a denial, and what is other words now"


def test_a_claim_did_not_appear_where_what_was_withdrawn_is_passed_on(ferry: SimpleNamespace, api: Any) -> None:
    claim = make_claim("The ferry was late.", published=True)

    def print_(number: int, stance: str, **more: Any) -> Any:
        work = make_document(f"Zq print {number}", url=f"https://print.example.org/{number}")
        return make_attribution(claim, source=make_source(), stance=stance, document=work, **more)

    said = print_(1, "asserts")
    relay = print_(2, "relays", relayed_from=said)
    print_(3, "relays", relayed_from=relay)
    print_(4, "relays")
    other = print_(5, "asserts")
    between = print_(6, "relays", relayed_from=other)
    print_(7, "relays", relayed_from=between)
    make_published(claim)

    def appeared() -> set[int]:
        found = report_of("claims", "claim")(api(), SimpleNamespace(claim=claim))[0]["itemReviewed"]
        works = [found["firstAppearance"], *found["appearance"]]
        return {int(work["url"].rsplit("/", 1)[1]) for work in works}

    assert appeared() == {1, 2, 3, 4, 5, 6, 7}
    withdraw(actor=someone("Reviewer"), row=said, reason="Misread.")
    assert appeared() == {4, 5, 6, 7}
    withdraw(actor=someone("Reviewer"), row=between, reason="Misread.")
    assert appeared() == {4, 5}
    # It was said there all the same where its source took it back.
    make_attribution(claim, source=other.source, stance="retracts")
    assert appeared() == {4, 5}


def test_what_is_no_assertion_is_a_statement_of_its_source(ferry: SimpleNamespace, api: Any) -> None:
    feed = feed_of("attributions")(api(), ferry)[0]
    items = [entry["item"][0] for entry in feed["dataFeedElement"]]
    told = {
        (item["@type"], item["description"], item.get("text"))
        for item in items
        if item["about"]["text"] == ferry.made.text and item.get("author")
    }
    assert told == {
        ("Claim", "asserted it", ferry.made.text),
        ("Statement", "asserted it", None),  # and took it back
        ("Statement", "took its own statement back", None),
        ("Statement", "denied it", None),
        ("Statement", "passed on that Zq line denied it", None),
        ("Statement", "passed it on", None),
        ("Statement", "told it as satire", "Even the ducks bought tickets."),
        ("Statement", "alleged it", None),
        ("Statement", "suggested it", None),
        ("Statement", "gave it as a forecast or an opinion", None),
        ("Statement", "neither asserted nor denied it", None),
    }
