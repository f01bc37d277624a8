"""The state that is stored with a question follows every change that bears on it, and is what is told everywhere."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import transaction

from claims.models import Claim, Dispute, EvidenceLink, Question, Rating, StoredState
from claims.reports.load.questions import load_states
from claims.services import publish_claim, withdraw, withdraw_claim
from claims.services.question_state import find_states, refresh_states
from claims.services.rule import set_level
from factcheck.audit.context import acting
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

pytestmark = pytest.mark.django_db
SURE = {"confidence": "high"}


def state(question: Question) -> str:
    return StoredState.objects.get(question=question).state


def found(question: Question) -> Any:
    row = Question.objects.get(pk=question.pk)
    load_states([row])
    return row.found


def reckoned() -> dict[int, tuple[str, list[int]]]:
    ids = [*Question.objects.values_list("pk", flat=True)]
    return {pk: (finding.state, sorted(verdicts)) for pk, (finding, verdicts) in find_states(ids).items()}


def stored() -> dict[int, tuple[str, list[int]]]:
    rows = StoredState.objects.prefetch_related("settled_by")
    return {row.question_id: (row.state, sorted(v.pk for v in row.settled_by.all())) for row in rows}


@pytest.fixture
def explosion(register: None) -> Dispute:
    """An explosion: what caused it, with three claims, and how many it killed, with three numbers."""
    dispute = make.make_dispute("The explosion in the harbour", question="What happened in the harbour?")
    cause = dispute.questions.get()
    with acting(reason="Two questions."):
        cause.text, cause.exclusive = "What caused the explosion?", True
        cause.save()
    toll = make.make_question(dispute, text="How many did it kill?", exclusive=True)
    for text in ("A gas main burst.", "Stored ammonia caught fire.", "A shell hit the depot."):
        make.make_claim(text, question=cause, published=True)
    for least, most in ((471, 471), (100, 300), (10, 50)):
        make.make_claim(
            f"It killed {least} to {most}.", question=toll, published=True, quantity_min=least, quantity_max=most
        )
    make.make_claim("The harbour was closed for a week.", dispute=dispute, question=None, published=True)
    return dispute


def test_an_explosion_has_two_questions_that_do_not_touch_each_other(explosion: Dispute, api: Any, editor: Any) -> None:
    cause, toll = explosion.questions.all()
    gas, ammonia, shell = cause.claims.order_by("pk")
    for claim in toll.claims.all():
        make.make_assessment(make.make_link(claim, "context"), rating="C")
    make.make_assessment(make.make_link(gas, "refutes"), rating="VI")
    make.make_published(ammonia, code="supported", **SURE)
    for claim in (gas, shell):
        make.make_published(claim, code="refuted", **SURE)
    answer = api().get(f"/api/v1/disputes/{explosion.pk}/").json()
    assert (answer["state"], answer["state_sentence"]) == ("open", "1 of 2 questions settled, 1 open.")
    assert [row["state"] for row in answer["questions"]] == ["settled", "open"]
    assert (
        "“Stored ammonia caught fire” is fully supported, its rivals “A gas main" in answer["questions"][0]["sentence"]
    )
    matrices = [api().get(f"/api/v1/questions/{row['id']}/matrix/").json() for row in answer["questions"]]
    assert [{claim["id"] for claim in matrix["claims"]} for matrix in matrices] == [
        {*cause.claims.values_list("pk", flat=True)},
        {*toll.claims.values_list("pk", flat=True)},
    ]
    assert matrices[1] == api().get(f"/api/v1/disputes/{explosion.pk}/matrix/?question={toll.pk}").json()
    for page in ("html", "markdown", "json", "csv"):
        body = api().get(f"/api/v1/disputes/{explosion.pk}/report/{page}/").content.decode()
        assert "What caused the explosion?" in body
        assert "How many did it kill?" in body
    assert [row["id"] for row in api().get("/api/v1/disputes/?state=settled").json()["results"]] == []
    assert [row["id"] for row in api().get("/api/v1/questions/?state=settled").json()["results"]] == [cause.pk]


def test_no_concern_goes_across_questions(explosion: Dispute, api: Any, editor: Any) -> None:
    cause, toll = explosion.questions.all()
    set_level(actor=editor, code="rival_supported", level="warn", reason="We move old rows.")
    for question in (cause, toll):
        for claim in question.claims.order_by("pk")[:2]:
            make.make_published(claim, code="supported", **SURE)
    for question, least in ((cause, 3), (toll, 600)):
        claim = question.claims.order_by("pk").last()
        with acting(reason="Counted."):
            claim.quantity_min, claim.quantity_max, claim.quantity_unit = least, least, "people"
            claim.save()
    make.make_claim(dispute=explosion, question=None, quantity_min=7, quantity_max=7, quantity_unit="people")
    of_question = {claim.pk: claim.question_id for claim in explosion.claims.all()}
    bears = {link.evidence_id: link.claim_id for link in EvidenceLink.objects.all()}
    found = api(editor).get(f"/api/v1/disputes/{explosion.pk}/concerns/").json()["concerns"]
    told = {row["code"]: [one for one in found if one["code"] == row["code"]] for row in found}
    assert {of_question[row["claims"][0]] for row in told["rival_supported"]} == {cause.pk, toll.pk}
    assert told["evidence_not_weighed"]
    for row in found:
        claims = {of_question[pk] for pk in (*row["claims"], *map(bears.get, row["evidence"]))}
        assert len(claims) == 1, row["words"]
    page = get(client_of(editor), f"/admin/claims/dispute/{explosion.pk}/change/").text
    for row in found:
        assert page.count(row["words"]) == 1


def test_mostly_and_little_confidence_do_not_settle(register: None) -> None:
    for one, other, confidence in (
        ("mostly_supported", "refuted", "high"),
        ("supported", "mostly_refuted", "high"),
        ("supported", "refuted", "low"),
        ("supported", "refuted", ""),
    ):
        question = make.make_question(exclusive=True)
        rivals = [make.make_claim(question=question) for _ in range(2)]
        if other == "mostly_refuted" and not Rating.objects.filter(code=other).exists():
            continue
        make.make_published(rivals[0], code=one, confidence=confidence)
        make.make_published(rivals[1], code=other, confidence=confidence)
        assert state(question) != "settled", (one, other, confidence)


@pytest.mark.parametrize("kind", ["repeats", "refines", "compatible"])
def test_little_confidence_in_what_is_akin_to_the_winner_takes_nothing_away(register: None, kind: str) -> None:
    question = make.make_question(exclusive=True)
    won, akin, rival = (make.make_claim(f"{name}.", question=question, published=True) for name in "ABC")
    make.make_relation(akin, won, kind=kind)
    make.make_published(won, code="supported", **SURE)
    make.make_published(rival, code="refuted", **SURE)
    make.make_published(akin, code="supported", confidence="low")
    assert found(question).state == "settled"
    assert found(question).sentence.endswith("“A” is fully supported, its rival “C” fully refuted.")


CHAINS = {
    "circumstance": (("a", "refines", "x"), ("x", "refines", "b")),
    "two contradictions": (("a", "contradicts", "x"), ("x", "contradicts", "b")),
    "rival of a third": (("a", "excludes", "x"), ("b", "contradicts", "x")),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_a_relation_of_a_draft_binds_no_verdict_until_it_is_published(register: None, api: Any, chain: str) -> None:
    question = make.make_question(exclusive=False)
    claims = {name: make.make_claim(f"{name}.", question=question, published=True) for name in "ab"}
    claims["x"] = make.make_claim("x.", dispute=question.dispute, question=None)
    for one, kind, other in CHAINS[chain]:
        make.make_relation(claims[one], claims[other], kind=kind)
    make.make_published(claims["a"], code="supported", **SURE)
    assert found(question).state != "settled"
    with transaction.atomic():
        # What the reader can follow decides: with the third claim the second has to hold where the first does.
        publish_claim(actor=make.someone("Editor"), claim=claims["x"])
        assert found(question).state == "settled"
        transaction.set_rollback(True)
    make.make_published(claims["b"], code="refuted", **SURE)
    assert found(question).state == "settled"
    answer = api(make.someone("Editor")).post(f"/api/v1/claims/{claims['x'].pk}/publish/", {}, format="json")
    told = answer.json()
    assert (answer.status_code, told["errors"][0]["field"]) == (400, "status")
    assert told["code"] in {"coarser_refuted", "decided_against_chain"}


def test_the_newsroom_sets_the_confidence(register: None, settings: Any) -> None:
    question = make.make_question()
    make.make_published(make.make_claim(question=question), code="supported", confidence="low")
    assert state(question) != "settled"
    settings.FACTCHECK_SETTLED_CONFIDENCE = "low"
    call_command("refresh_states", verbosity=0)
    assert state(question) == "settled"
    assert configured.FACTCHECK_SETTLED_CONFIDENCE == "low"


def test_a_settled_question_whose_verdict_is_stale_is_under_review(register: None, api: Any) -> None:
    question = make.make_question()
    claim = make.make_claim("It rained.", question=question)
    make.make_published(claim, code="supported", **SURE)
    assert found(question).state == "settled"
    make.make_attribution(claim, stance="denies")
    review = found(question)
    assert review.state == "under_review"
    assert review.sentence.startswith("Settled on ")
    assert ", under review since " in review.sentence
    for address in ("/api/v1/questions/", "/api/v1/disputes/"):
        assert len(api().get(f"{address}?state=under_review").json()["results"]) == 1
        assert api().get(f"{address}?state=settled").json()["results"] == []
    make.make_confirmation(claim.verdicts.get())
    assert found(question).state == "settled"


def test_relations_and_repeats_reach_other_questions(register: None) -> None:
    question, other = make.make_question(exclusive=True), make.make_question()
    one, two = (make.make_claim(question=question) for _ in range(2))
    repeated, opposed = (make.make_claim(question=other, published=True) for _ in range(2))
    for claim in (repeated, opposed):
        make.make_link(claim, "supports")
    assert state(other) == "open"
    make.make_relation(one, repeated, kind="repeats")
    make.make_relation(two, opposed, kind="repeats")
    # While the drafts that carry them are not published, the relations tell nothing.
    assert state(other) == "open"
    for claim in (one, two):
        publish_claim(actor=make.someone("Editor"), claim=claim)
    assert state(other) == "contested"
    assert stored() == reckoned()


def test_the_stored_state_is_the_reckoned_one_after_any_change(register: None) -> None:
    chance = random.Random(7)
    dispute = make.make_dispute(exclusive=True)
    questions = [dispute.questions.get(), make.make_question(dispute), make.make_question(exclusive=True)]
    claims = [make.make_claim(question=chance.choice(questions)) for _ in range(5)]
    editor = make.someone("Editor")

    def pick() -> Claim:
        return Claim.objects.get(pk=chance.choice(claims).pk)

    def decide() -> None:
        claim = pick()
        if not claim.verdicts.exists() and claim.status != "withdrawn":
            code = chance.choice(["supported", "refuted", "refuted", "contested"])
            make.make_published(claim, code=code, confidence=chance.choice(["low", "high", "high"]))

    def relate() -> None:
        one, other = pick(), pick()
        if one.pk != other.pk:
            make.make_relation(one, other, kind=chance.choice(["contradicts", "repeats", "refines", "compatible"]))

    def move() -> None:
        claim = pick()
        question = chance.choice([row for row in questions if row.dispute_id == claim.dispute_id] + [None])
        if not claim.verdicts.exists():
            claim.question = question
            claim.save()

    def step() -> None:
        claim = pick()
        if claim.status == "published":
            withdraw_claim(actor=editor, claim=claim, reason="Out of scope.")
        else:
            publish_claim(actor=editor, claim=claim)

    def mark() -> None:
        question = Question.objects.get(pk=chance.choice(questions).pk)
        question.exclusive = not question.exclusive
        question.save()

    def take_back() -> None:
        if link := EvidenceLink.objects.standing().filter(claim__first_published_at__isnull=False).first():
            withdraw(actor=editor, row=link, reason="A forgery.")

    acts = [decide, decide, relate, move, step, mark, take_back, lambda: make.make_link(pick(), "supports")]
    for _ in range(40):
        try:
            with acting(actor=None, reason="By chance."):
                chance.choice(acts)()
        except Exception:  # noqa: BLE001 - what a rule refuses changes nothing
            continue
        assert stored() == reckoned()
    assert refresh_states([question.pk for question in questions]) == 0
