"""Whoever keeps a copy by `/api/v1/changes/` alone has in the end exactly what the public reads, and learns of nothing
that it never read."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from claims.models import Attribution, Claim, Dispute, Evidence, EvidenceDocument, EvidenceLink, Question, Verdict
from claims.rules.announcement import ROUTES
from claims.services import publish_claim, withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.differences import recorded_models
from factcheck.base.errors import DomainError
from factcheck.models.queryset import public_rows
from factcheck.router import router
from sources.models import Affiliation, Document, Source
from tests import factories as make
from tests.api.test_public_changes import CHANGES, follow

pytestmark = pytest.mark.django_db
Row = tuple[str, int]
LISTS = {name: prefix for prefix, _view, name in router.registry}
NOUNS = {noun: LISTS[route] for noun, route in ROUTES.items() if noun != "evidencedocument"}


def change(row: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


class Newsroom:
    """A desk that does at random whatever a desk may do."""

    def __init__(self, seed: int, desk: Any) -> None:
        self.random, self.editor, self.desk = random.Random(seed), desk.editor, desk

    def any(self, model: Any, empty: float = 0) -> Any:
        if self.random.random() < empty:
            return None
        return self.random.choice([*model.objects.order_by("pk")] or [None])

    def acts(self) -> dict[str, tuple[int, Callable[[], Any]]]:
        some, pick = self.any, self.random.choice
        hanging = ("attribution", "evidencelink", "claimrelation", "review", "inquiry", "premise")
        return {
            "dispute": (
                2,
                lambda: make.make_dispute(visibility=pick(["public", "public", "restricted"]), members=[self.editor]),
            ),
            "claim": (3, lambda: make.make_claim(dispute=some(Dispute, 0.3))),
            "publish": (6, lambda: publish_claim(actor=self.editor, claim=some(Claim))),
            "withdraw": (3, lambda: withdraw_claim(actor=self.editor, claim=some(Claim), reason="Wrong.")),
            "source": (2, lambda: make.make_source(part_of=some(Source, 0.5))),
            "document": (2, lambda: make.make_document(publisher=some(Source, 0.3))),
            "snapshot": (1, lambda: make.make_snapshot(some(Document))),
            "affiliation": (1, lambda: make.make_affiliation(some(Source), part_of=some(Source))),
            "attribution": (
                6,
                lambda: make.make_attribution(
                    some(Claim), source=some(Source), on_behalf_of=some(Source, 0.5), document=some(Document, 0.5)
                ),
            ),
            "says otherwise": (
                2,
                lambda: change(
                    some(Attribution), source=some(Source), document=some(Document, 0.3), on_behalf_of=some(Source, 0.5)
                ),
            ),
            "evidence": (2, lambda: make.make_evidence(dispute=some(Dispute, 0.5), documents=[some(Document)])),
            "link": (4, lambda: make.make_link(some(Claim), evidence=some(Evidence))),
            "premise": (2, lambda: make.make_premise(some(EvidenceLink), some(Claim))),
            "carried": (1, lambda: EvidenceDocument(evidence=some(Evidence), document=some(Document)).save()),
            "not carried": (1, lambda: some(EvidenceDocument).delete()),
            "evidence of another": (1, lambda: change(some(Evidence), dispute=some(Dispute, 0.5))),
            "relation": (2, lambda: make.make_relation(some(Claim), some(Claim))),
            "review": (1, lambda: make.make_review(some(Claim), publisher=some(Source))),
            "inquiry": (1, lambda: make.make_inquiry(some(Claim), source=some(Source))),
            "taken back": (
                4,
                lambda: withdraw(actor=self.editor, row=some(recorded_models()[pick(hanging)]), reason="Wrong."),
            ),
            "verdict": (2, lambda: make.make_published(some(Claim), author=self.desk.researcher)),
            "confirmation": (1, lambda: make.make_confirmation(some(Verdict))),
            "question": (1, lambda: make.make_question(some(Dispute))),
            "asked no more": (1, lambda: some(Question).delete()),
            "belongs": (2, lambda: change(some(Source), part_of=some(Source, 0.4))),
            "belonged": (1, lambda: some(Affiliation).delete()),
            "publisher": (2, lambda: change(some(Document), publisher=some(Source, 0.4))),
            "who may see it": (3, lambda: change(some(Dispute), visibility=pick(["public", "internal", "restricted"]))),
            "moves": (1, lambda: change(some(Claim), dispute=some(Dispute, 0.3), question=None)),
        }

    def step(self) -> None:
        acts = self.acts()
        weights = [weight for weight, _act in acts.values()]
        [(_weight, act)] = self.random.choices([*acts.values()], weights)
        try:
            with transaction.atomic(), acting(actor=self.editor, reason="So it goes."):
                act()
        except (DomainError, ValidationError, AttributeError, IntegrityError):
            pass  # refused, or nothing there yet


@cache
def _asked() -> dict[str, tuple[str, tuple[Any, ...]]]:
    """The statements that find them: to word them takes far longer than to answer them."""
    rows = {prefix: public_rows(recorded_models()[noun]).order_by().values("pk") for noun, prefix in NOUNS.items()}
    return {prefix: chosen.query.sql_with_params() for prefix, chosen in rows.items()}


def read_by_all() -> set[Row]:
    found: set[Row] = set()
    with connection.cursor() as cursor:
        for prefix, (statement, values) in _asked().items():
            cursor.execute(statement, values)
            found |= {(prefix, pk) for (pk,) in cursor.fetchall()}
    return found


def listed(client: Any) -> set[Row]:
    found: set[Row] = set()
    for prefix in NOUNS.values():
        address = f"/api/v1/{prefix}/?page_size=200"
        while address:
            page = client.get(address).json()
            found |= {(prefix, row["id"]) for row in page["results"]}
            address = page["next"]
    return found


class Mirror:
    def __init__(self, client: Any, place: str = f"{CHANGES}?since=0") -> None:
        self.client, self.place, self.rows = client, place, set[Row]()
        self.heard_of: set[Row] = set()

    def follow(self) -> None:
        told, self.place = follow(self.client, self.place)
        for one in told:
            row = (one["noun"], one["id"])
            self.heard_of.add(row)
            (self.rows.discard if one["gone"] else self.rows.add)(row)


@pytest.mark.parametrize("seed", [8, 30, 31])
def test_a_copy_that_follows_the_changes_is_what_the_public_reads(seed: int, desk: Any, client_of: Any) -> None:
    newsroom, public = Newsroom(seed, desk), client_of()
    mirrors = [Mirror(public), Mirror(client_of(desk.editor), f"{CHANGES}?since=0&page_size=3")]
    ever = read_by_all()
    for step in range(80):
        newsroom.step()
        ever |= read_by_all()
        for mirror in mirrors:
            if newsroom.random.random() < 0.1:
                mirror.follow()
                assert mirror.rows == read_by_all(), step
    rows = listed(public)
    assert rows == read_by_all()
    for mirror in [*mirrors, Mirror(public)]:
        mirror.follow()
        assert mirror.rows == rows
        assert mirror.heard_of <= ever
