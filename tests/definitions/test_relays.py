"""A relay speaks on the side of the end of its chain, in every door and in words: who passes on a denial passes on the
denial, also where that was withdrawn. One register holds a relay of every verb, and each door is asked for it."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from claims.logic.verbs import OLDER, VERBS
from claims.services import withdraw
from tests.factories import make_attribution, make_claim, make_dispute, make_older_attribution, make_source, someone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
PLAIN = "passed it on"
# What is asserted is passed on plainly, as what names no origin is.
ENDS = {code: f"{verb.did}" for code, verb in VERBS.items() if code not in {"relays", "asserts"}}


@pytest.fixture(scope="module")
def told(module_rows: None) -> SimpleNamespace:
    """On a claim for each verb a desk said it and a paper passes that on; on another the desk's word was withdrawn."""
    dispute = make_dispute("The bell", slug="bell")
    paper, reviewer = make_source("The Paper"), someone("Reviewer")
    for code in ENDS:
        for gone in (False, True):
            claim = make_claim(f"Zq {code} {'gone' if gone else 'there'}", dispute=dispute, published=True)
            enter = make_older_attribution if code in OLDER else make_attribution
            stance = {} if code in OLDER else {"stance": code}
            said = enter(claim, source=make_source(f"Desk {code}"), **stance)
            hand = make_attribution(claim, source=make_source("The Wire"), stance="relays", relayed_from=said)
            make_attribution(claim, source=paper, stance="relays", relayed_from=hand)
            if gone:
                withdraw(actor=reviewer, row=said, reason="Misheard.")
    return SimpleNamespace(dispute=dispute, paper=paper)


def report(name: str) -> Callable[[Any, SimpleNamespace], str]:
    def read(client: Any, told: SimpleNamespace) -> str:
        answer = client.get(f"/api/v1/disputes/{told.dispute.slug}/report/{name}/")
        assert answer.status_code == 200, answer.content
        content = answer.getvalue()
        if name not in {"docx", "xlsx"}:
            return content.decode()
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))

    return read


def address(path: str) -> Callable[[Any, SimpleNamespace], str]:
    def read(client: Any, told: SimpleNamespace) -> str:
        answer = client.get(path.format(paper=told.paper.slug, dispute=told.dispute.slug))
        assert answer.status_code == 200, answer.content
        return answer.getvalue().decode()

    return read


WORDS = {
    **{name: report(name) for name in ("html", "markdown", "docx", "json")},
    "page of the source": lambda _client, told: address("/sources/{paper}/")(Client(), told),
    "page of the dispute": lambda _client, told: address("/disputes/{dispute}/")(Client(), told),
    "feed": address("/api/v1/attributions/export/jsonld/"),
}


@pytest.mark.parametrize("door", WORDS)
def test_no_door_tells_a_relay_as_passing_on_the_claim_where_the_end_of_its_chain_does_not_assert_it(
    door: str, told: SimpleNamespace, api: Any
) -> None:
    text = html.unescape(WORDS[door](api(), told)).replace("\\", "")
    assert PLAIN not in text.casefold()
    for code, did in ENDS.items():
        assert f"assed on that Desk {code} {did}" in text
        assert f"assed on that another source {did}" in text


@pytest.mark.parametrize("door", ["csv", "xlsx"])
def test_tables_have_a_column_for_what_is_passed_on(door: str, told: SimpleNamespace, api: Any) -> None:
    text = report(door)(api(), told)
    assert "passes_on" in text
    for code in ENDS:
        # Two relays on each of two claims; elsewhere a verb stands for what was said, once.
        assert text.count(code) >= (5 if door == "csv" else 1)


def test_who_contradicts_by_a_relay_of_what_was_withdrawn_is_told_so(told: SimpleNamespace, api: Any) -> None:
    claims = api().get(f"/api/v1/disputes/{told.dispute.pk}/").json()["claims"]
    for claim in claims:
        _zq, code, where = claim["text"].split()
        side = VERBS[code].side
        counted = {name: said["total"] for name, said in claim["origins"]["voices"].items() if said["total"]}
        relays = 2 if where == "gone" else 3
        assert counted == ({side: relays, "together": relays} if code != "retracts" else {}), claim["text"]
        words = [row["words"] for row in claim["contradicted_by"]]
        if side != "against":
            assert words == []
        elif where == "gone":
            assert words == [f"The Wire passed on that another source {ENDS[code]}"]
        else:
            assert words == [f"Desk {code} {ENDS[code]}"]
