"""What is refused is refused with what may be sent instead."""

from __future__ import annotations

from typing import Any

import pytest

from claims.choices import Stance
from claims.logic.verbs import OLDER
from claims.models import Claim
from factcheck.base.text import is_blank
from tests.factories import make_claim, make_dispute, make_document, make_evidence, make_link, make_source

pytestmark = pytest.mark.usefixtures("module_rows", "db")
PERSON = {"kind": "person", "name": "A"}
UNSEEN = ("\u200b", "\u2060\ufeff", " \u00ad\n", "\u3164", "\u2800", "\u115f\ufe0f")


def errors(answer: Any) -> dict[str, tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return {error["field"]: (error["code"], error["detail"]) for error in answer.json()["errors"]}


@pytest.fixture
def desk_client(client_of: Any, desk: Any) -> Any:
    return client_of(desk.editor)


def test_a_wrong_choice_names_the_right_ones(desk_client: Any) -> None:
    body = {"claim": make_claim().pk, "source": make_source().pk, "stance": "shouts"}
    code, detail = errors(desk_client.post("/api/v1/attributions/", body, format="json"))["stance"]
    assert code == "invalid_choice"
    assert set(detail.removesuffix(".").removeprefix("Choose one of: ").split(", ")) == {*Stance.values} - OLDER


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"sources": [{"ref": "a", **PERSON}, {"ref": "a", **PERSON}]}, "sources.1.ref", "sources.0"),
        ({"claims": [{"ref": "x", "text": "T"}], "sources": [{"ref": "x", **PERSON}]}, "claims.0.ref", "sources.0"),
        ({"claims": [{"text": "T", "dispute": 10**6}]}, "claims.0.dispute", "Leave it out"),
        ({"claims": [{"text": "T", "attributions": [{"claim": 9}]}]}, "claims.0.attributions.0.claim", "Leave it out"),
        ({"zq": 1}, "zq", "sources"),
        ({"members": ["nobody-of-this-name"]}, "members.0", "nobody-of-this-name"),
    ],
)
def test_a_whole_dispute_is_refused_with_the_place(
    desk_client: Any, body: dict[str, Any], field: str, words: str
) -> None:
    found = errors(desk_client.post("/api/v1/disputes/", {"title": "T", "question": "Q?", **body}, format="json"))
    # `members` of many is told at the field, with older ways of its own.
    [(place, (_code, detail))] = found.items()
    assert place in {field, field.removesuffix(".0")}
    assert words in detail


def test_what_stands_in_a_row_may_say_so(desk_client: Any) -> None:
    dispute = make_dispute()
    source = make_source().pk
    body = {
        "dispute": dispute.pk,
        "text": "It is so.",
        "evidence": [{"bearing": "supports", "evidence": {"kind": "data", "title": "D", "dispute": dispute.pk}}],
        "attributions": [{"source": source, "stance": "asserts"}],
    }
    assert desk_client.post("/api/v1/claims/", body, format="json").status_code == 201
    body["evidence"][0]["evidence"]["dispute"] = make_dispute().pk  # type: ignore[index]
    assert "evidence.0.evidence.dispute" in errors(desk_client.post("/api/v1/claims/", body, format="json"))
    for other in (10**6, {"id": 10**6}):
        again = {**body, "evidence": [], "attributions": [{"claim": other, "source": source, "stance": "asserts"}]}
        assert "attributions.0.claim" in errors(desk_client.post("/api/v1/claims/", again, format="json"))


def test_the_parts_of_a_claim_are_known(desk_client: Any) -> None:
    _code, detail = errors(desk_client.post("/api/v1/claims/", {"text": "T", "zq": 1}, format="json"))["zq"]
    assert {"attributions", "evidence", "relations", "sources", "documents"} <= set(
        detail.removesuffix(".").split(": ")[1].split(", ")
    )


def test_a_media_type_that_is_not_taken_names_those_that_are(desk_client: Any) -> None:
    answer = desk_client.post("/api/v1/claims/", "text=T", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_nobody_can_see_is_no_text(desk_client: Any, text: str) -> None:
    assert is_blank(text)
    sent = {
        "claims": {"text": text},
        "disputes": {"title": text, "question": text},
        "sources": {"kind": "person", "name": text},
        "documents": {"kind": "article", "title": text},
        "evidence": {"kind": "data", "title": text},
    }
    before = Claim.objects.count()
    for noun, body in sent.items():
        found = errors(desk_client.post(f"/api/v1/{noun}/", body, format="json"))
        assert {code for code, _detail in found.values()} <= {"blank"}, (noun, found)
        assert set(found) == {name for name, value in body.items() if value == text}
    assert "tags" in errors(desk_client.post("/api/v1/claims/", {"text": "T", "tags": [text]}, format="json"))
    claim = make_claim("It is so.", published=True)
    row, match = f"/api/v1/claims/{claim.pk}/", {"HTTP_IF_MATCH": f'"{claim.version}"'}
    assert "reason" in errors(desk_client.post(f"{row}withdraw/", {"reason": text}, format="json", **match))
    changed = {"context": "More.", "change_reason": text}
    assert "change_reason" in errors(desk_client.patch(row, changed, format="json", **match))
    assert Claim.objects.count() == before + 1


def test_text_with_signs_that_show_nothing_stays_text() -> None:
    assert not any(is_blank(text) for text in ("a\u200b", "\u0646\u200c\u0645", "👨\u200d👩", "0", "—", "ـ"))


@pytest.mark.parametrize(
    "query",
    [
        *(
            "status=published,",
            "status=,published",
            "status=published,,draft",
            "status=!",
            "status=!draft,!",
            "status__in=draft,",
        ),
        *(
            "said_on__gte=null",
            "said_on__lt=null",
            "review_by__gte=null",
            "review_by__lte=!null",
            "created_at__gt=null",
        ),
        *("tag=a,", "id=1,", "include=verdict,", "fields=id,", "fields=,", "source=1,,2"),
    ],
)
def test_half_a_list_and_what_is_before_nothing_are_refused(client_of: Any, query: str) -> None:
    found = errors(client_of().get(f"/api/v1/claims/?{query}"))
    assert list(found) == [query.partition("=")[0]]


def test_a_backslash_still_takes_a_comma_as_part_of_a_value(client_of: Any) -> None:
    for query in ("tag=a%5C,b", "tag=a%5C%5C,b", "status=published, draft", "said_on=null", "tag=%5C"):
        assert client_of().get(f"/api/v1/claims/?{query}").status_code == 200, query


def test_a_second_link_names_the_first(desk_client: Any) -> None:
    link = make_link(make_claim(), evidence=make_evidence())
    body = {"claim": link.claim_id, "evidence": link.evidence_id, "bearing": "refutes"}
    told = f"This evidence is already linked to the claim: change that link instead. It is evidence link {link.pk}."
    for sent, field in ((body, "evidence"), ([body], "0.evidence")):
        assert errors(desk_client.post("/api/v1/evidence-links/", sent, format="json")) == {
            field: ("evidence_linked", told)
        }
    # Of a link that the same request enters, and that goes with its refusal, no number is told.
    twice = [{"evidence": link.evidence_id, "bearing": "supports"}] * 2
    answer = desk_client.post("/api/v1/claims/", {"text": "T", "evidence": twice}, format="json")
    assert errors(answer) == {"evidence.1.evidence": ("evidence_linked", told.partition(" It is ")[0])}


def test_a_rating_that_is_not_there_is_told_where_they_are(desk_client: Any) -> None:
    body = {"claim": make_claim().pk, "rating": "nonsense"}
    code, detail = errors(desk_client.post("/api/v1/verdicts/", body, format="json"))["rating"]
    assert code == "does_not_exist"
    address = detail.removesuffix(".").rpartition(" ")[2]
    assert address == "/api/v1/ratings/"
    assert desk_client.get(address).status_code == 200


def test_what_is_taken_names_the_row_that_has_it(desk_client: Any) -> None:
    source, work = make_source("The Ministry"), make_document("A page", url="https://example.org/zq")
    sent: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "sources": (source, "slug", {**PERSON, "slug": source.slug}),
        "documents": (work, "url", {"kind": "article", "title": "D", "url": work.url}),
    }
    for noun, (row, field, body) in sent.items():
        for given, place in ((body, field), ([body], f"0.{field}")):
            code, detail = errors(desk_client.post(f"/api/v1/{noun}/", given, format="json"))[place]
            assert code == "unique"
            assert f"That is {noun[:-1]} {row.pk} (“{row}”): refer to that one, or change it." in detail


def test_a_date_ahead_is_told_as_that_first(desk_client: Any) -> None:
    body = {"claim": make_claim().pk, "source": make_source().pk, "stance": "asserts", "said_on": "2568-01-01"}
    code, detail = errors(desk_client.post("/api/v1/attributions/", body, format="json"))["said_on"]
    assert code == "date_in_another_era"
    assert detail.startswith("This attribution is dated 2568-01-01, which lies in the future. Correct the date; ")


def test_a_taken_external_id_has_one_code(desk_client: Any) -> None:
    row = {"text": "It is so.", "external_id": "wire:1", "dispute": make_dispute().pk}
    twice = desk_client.post("/api/v1/claims/", [row, row], format="json")
    assert desk_client.post("/api/v1/claims/", row, format="json").status_code == 201
    again = desk_client.post("/api/v1/claims/", row, format="json")
    for answer in (twice, again):
        told = answer.json()
        assert {error["code"] for error in told["errors"]} == {"external_id_taken"}, told
    assert (twice.status_code, again.status_code) == (400, 400)
