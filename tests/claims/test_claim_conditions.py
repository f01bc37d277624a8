"""Conditions on attributions, evidence and verdicts are about one row, in lists, exports and the admin alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict

from claims.api.claim import ClaimViewSet
from claims.choices import Bearing, Stance
from claims.exports.lists.listing import get_listing
from claims.models import Attribution, Claim
from claims.services import withdraw
from tests.claims.conditions_case import Question, Reference, all_questions
from tests.factories import (
    load_vocabularies,
    make_attribution,
    make_claim,
    make_dispute,
    make_link,
    make_published,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
DATES = ("", "2025", "2025-06", "2025-06-03", "2025-06-30T23:59Z", "2025-07", "2025-07-01", "2024-12-31", "2025-01")
SPANS = [(None, None), ("2025-06", "2025-06"), ("2025-07-01", None), (None, "2024-12"), ("2025-01", "2025-06-03")]
STANCES = ("asserts", "denies", "relays", "alleges")


@pytest.fixture(scope="module")
def generated(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """A register made up by chance, always the same, with all that hides and all that does not count."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        chance = random.Random(11)
        editor = make_user("edgar", "Editor")
        sources = [make_source(f"Source {number}", country=chance.choice(["RU", "AZ", ""])) for number in range(4)]
        sources.append(make_source("Zq", kind="person", withheld=True, withheld_reason="Danger.", country="UA"))
        disputes = [make_dispute(), make_dispute(visibility="restricted", members=[make_user("vera", "Reviewer")])]
        claims = [
            make_claim(published=chance.random() < 0.8, dispute=chance.choice([*disputes, None]))
            for _number in range(24)
        ]
        for claim in claims:
            for _ in range(chance.randrange(5)):
                body = chance.choice([None, None, *sources[:2]])
                said = {"said_on": chance.choice(DATES), "stance": chance.choice(STANCES), "on_behalf_of": body}
                row = make_attribution(claim, source=chance.choice(sources), **said)
                if chance.random() < 0.15 and claim.status == "published":
                    withdraw(actor=editor, row=row, reason="Wrong claim.")
            for _ in range(chance.randrange(3)):
                make_link(claim, chance.choice(Bearing.values), own_assertion=chance.random() < 0.2)
        for code in ("supported", "refuted", "contested", "supported"):
            make_attribution(make_published(code=code).claim, source=chance.choice(sources), stance="denies")
        yield SimpleNamespace(editor=editor, sources=sources, claims=claims, disputes=disputes)
        transaction.set_rollback(True)


def as_if_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite looks up whatever is asked for, as it does with what is rare in a large register."""
    for name, value in {"GLANCE": 1, "enough": lambda *_args, **_options: 1_000}.items():
        monkeypatch.setattr(f"factcheck.models.choosing.{name}", value)
        monkeypatch.setattr(f"factcheck.search.find.{name}", value)


def listed(query: str, reader: Any) -> list[int]:
    view = ClaimViewSet.for_export(reader, QueryDict(query))
    return list(view.select_rows().order_by("pk").values_list("pk", flat=True))


def test_every_combination_finds_what_the_slow_reference_finds(generated, quick_references, monkeypatch):
    for reader in (AnonymousUser(), generated.editor):
        reference = Reference(reader)
        for number, asked in enumerate(all_questions(reader, SPANS, (*STANCES, "hedges"))):
            with monkeypatch.context() as rare:
                if number % 2:
                    as_if_rare(rare)
                assert listed(asked.query, reader) == reference.answer(asked), asked
    assert any(reference.answer(Question(stance=stance)) for stance in STANCES)


def test_lists_exports_and_the_admin_find_the_same(generated, api):
    client, outside, reference = api(generated.editor), api(), Reference(generated.editor)
    public = Reference(AnonymousUser())
    questions = [*all_questions(generated.editor, SPANS, STANCES)]
    for asked in questions[::17]:
        right = reference.answer(asked)
        answer = client.get(f"/api/v1/claims/?page_size=200&ordering=id&{asked.query}").json()
        assert [row["id"] for row in answer["results"]] == right, asked
        for address in ("/api/v1/claims/", "/admin/claims/claim/"):
            assert get_listing(f"{address}?{asked.query}", generated.editor).ids.tolist() == right, (address, asked)
        told = outside.get(f"/api/v1/claims/?page_size=200&ordering=id&{asked.query}")
        if asked.source == generated.sources[-1].pk:
            assert told.status_code == 400
        else:
            assert [row["id"] for row in told.json()["results"]] == public.answer(asked), asked


def test_a_dispute_is_found_by_what_one_of_its_claims_meets(generated, api, monkeypatch):
    for reader in (None, generated.editor):
        if reader is not None:
            as_if_rare(monkeypatch)
        client, reference = api(reader), Reference(reader or AnonymousUser())
        for asked in [*all_questions(reader or AnonymousUser(), SPANS, STANCES)][::23]:
            claims = Claim.objects.filter(pk__in=reference.answer(asked)).exclude(dispute=None)
            right = sorted({claim.dispute_id for claim in claims})
            if not asked.query:
                continue
            answer = client.get(f"/api/v1/disputes/?page_size=200&ordering=id&{asked.query}").json()
            assert [row["id"] for row in answer["results"]] == right, asked


def said_by(test: Any, reader: Any) -> set[int]:
    """The claims that the reader may read, with an attribution that stands and of which that is so."""
    rows = Attribution.objects.filter(withdrawn_at=None, claim__in=listed("", reader)).select_related("source")
    return {row.claim_id for row in rows if test(row)}


def test_denial_before_a_value_is_of_the_row_and_before_the_name_of_all_rows(generated):
    editor, (first, second, *_others) = generated.editor, generated.sources
    everything = set(listed("", editor))
    other = said_by(lambda row: row.source_id == first.pk and row.stance != "denies", editor)
    assert set(listed(f"source={first.slug}&stance=!denies", editor)) == other
    both = said_by(lambda row: row.source_id == first.pk and row.stance == "denies", editor)
    assert set(listed(f"!source={first.pk}&!stance=denies", editor)) == everything - both
    has = said_by(lambda row: row.source_id == first.pk, editor)
    denied = said_by(lambda row: row.stance == "denies", editor)
    assert set(listed(f"source={first.pk}&!stance=denies", editor)) == has - denied
    several = said_by(
        lambda row: row.source_id in {first.pk, second.pk} and row.stance in {"asserts", "relays"}, editor
    )
    assert set(listed(f"source={first.slug},{second.pk}&stance__in=asserts,relays", editor)) == several
    silent = said_by(lambda row: not row.said_on, editor)
    assert set(listed("said_on=null", editor)) == silent
    assert set(listed("said_on__isnull=true", editor)) == silent
    assert set(listed("on_behalf_of=null", editor)) == said_by(lambda row: row.on_behalf_of_id is None, editor)


def test_what_outsiders_are_not_told_is_neither_found_nor_denied(generated):
    nobody = AnonymousUser()
    named = {row.pk for row in generated.sources if not row.withheld}
    for asked, test in {
        "country=ua": lambda row: row is None,
        "country=!RU": lambda row: row.source.country != "RU",
        "country=null": lambda row: row.source.country == "",
        "on_behalf_of=null": lambda row: row.on_behalf_of_id is None,
        f"on_behalf_of=!{generated.sources[0].pk}": lambda row: row.on_behalf_of_id != generated.sources[0].pk,
    }.items():
        right = said_by(lambda row, test=test: row.source_id in named and test(row), nobody)
        assert set(listed(asked, nobody)) == right, asked


def test_verdicts_and_evidence_are_asked_of_one_row_too(generated):
    editor = generated.editor
    supported = listed("rating=supported", editor)
    assert len(supported) == 2
    assert listed("rating=supported,refuted&leaning=!supported", editor) == listed("rating=refuted", editor) != []
    assert listed("leaning__in=refuted&has_verdict=true", editor) == listed("rating=refuted", editor)
    assert listed("bearing=refutes&evidence_kind=document", editor) == listed("bearing=refutes", editor) != []
    assert listed("bearing=refutes&evidence_kind=!document", editor) == []
    assert set(listed("has_attribution=false", editor)) == set(listed("", editor)) - said_by(bool, editor)
    assert set(listed("!bearing=supports", editor)) == set(listed("", editor)) - set(listed("bearing=supports", editor))
    assert set(Stance.values) >= set(STANCES)


def test_a_tag_that_has_a_comma_itself_is_found_as_it_is_written(register, api):
    tags = ("Paris, Texas", "Paris", "a,b,c", "Rome")
    rows = {tag: make_claim(f"About {tag}.", tags=[tag], published=True).pk for tag in tags}

    def found(asked: str) -> set[int]:
        return {row["id"] for row in api().get("/api/v1/claims/", {"tag": asked}).json()["results"]}

    assert found("Paris, Texas") == {rows["Paris, Texas"], rows["Paris"]}
    assert found("Paris\\, Texas") == {rows["Paris, Texas"]}
    assert found("a,b,c") == {rows["a,b,c"]}
    assert found("Rome,Paris") == {rows["Rome"], rows["Paris"]}


def test_a_rare_tag_is_found_exactly(register, api, monkeypatch):
    as_if_rare(monkeypatch)
    tags = ("eu", "Eu", "europe", "é", "x", "Düsseldorf", "dusseldorf", "the eu", '"; -', "%")
    rows = {
        tag: make_claim(f"The eu and x, for {place}.", tags=["zz", tag], published=True).pk
        for place, tag in enumerate(tags)
    }

    def found(asked: str) -> list[int]:
        return [row["id"] for row in api().get("/api/v1/claims/", {"tag": asked}).json()["results"]]

    assert {tag: found(tag) for tag in tags} == {tag: [pk] for tag, pk in rows.items()}
    assert {*rows.values()} - {*found("!eu")} == {rows["eu"]}
    assert {*found("eu,x")} == {rows["eu"], rows["x"]}
    assert found("none") == []
