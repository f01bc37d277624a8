"""The fixtures: what they hold obeys the rules, although a fixture is loaded past the services."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import call_command
from django.db import transaction

from claims.choices import ClaimStatus, Leaning, Stance, VerdictStatus
from claims.models import (
    Attribution,
    Claim,
    ClaimRelation,
    Dispute,
    Evidence,
    EvidenceLink,
    Question,
    Rating,
    RatingScale,
    Verdict,
)
from claims.reports.load.dossier import load_dispute
from claims.rules.publication import check_publishable
from claims.services.demo import PEOPLE, create_people, fixture_path
from factcheck.audit.differences import history_models, recorded_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import verify
from factcheck.models.recorded import RecordedModel
from sources.models import Source
from tests.database import ONE_ENGINE
from tests.factories import load_vocabularies

ARTICLE = settings.BASE_DIR.parent / "shared" / "seed" / "article.txt"
TOLD = {"text", "context", "summary", "rationale", "note", "description", "title", "question", "check_reason", "name",
        "place", "answer", "capacity", "interests", "reliability_note", "anonymous_reason"}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The register as the demo loads it: one transaction around the whole module, taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        create_people()
        call_command("loaddata", str(fixture_path()), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """The register as the demo loads it, for one test."""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return json.loads(fixture_path().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def article() -> str:
    if not ARTICLE.exists():
        pytest.skip(f"the news report is not beside this checkout ({ARTICLE.name})")
    return ARTICLE.read_text(encoding="utf-8")


def nouns_of_the_desk() -> list[type[RecordedModel]]:
    """All but what belongs to administration, such as webhooks."""
    return [model for model in recorded_models().values() if model._meta.app_label in {"sources", "claims"}]


def fields_of(rows: list[dict[str, Any]], model: str) -> list[dict[str, Any]]:
    return [row["fields"] for row in rows if row["model"] == model]


def permissions_of(role: str) -> set[str]:
    found = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


# --- roles ---


def test_each_role_has_what_the_role_below_has_and_more(register: None) -> None:
    ladder = [permissions_of(role) for role in ("Reader", "Researcher", "Reviewer", "Editor", "Administrator")]
    assert ladder[0] == set()
    for lower, higher in pairwise(ladder):
        assert lower < higher


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("sources.desk", {"Researcher", "Reviewer", "Editor", "Administrator"}),
        ("claims.add_verdict", {"Researcher", "Reviewer", "Editor", "Administrator"}),
        ("claims.add_disputemember", {"Researcher", "Reviewer", "Editor", "Administrator"}),
        ("audit.view_auditentry", {"Researcher", "Reviewer", "Editor", "Administrator"}),
        ("sources.correct_published", {"Reviewer", "Editor", "Administrator"}),
        ("claims.publish_claim", {"Reviewer", "Editor", "Administrator"}),
        ("claims.withdraw_claim", {"Reviewer", "Editor", "Administrator"}),
        ("claims.publish_verdict", {"Reviewer", "Editor", "Administrator"}),
        ("claims.delete_dispute", {"Editor", "Administrator"}),
        ("claims.change_rating", {"Editor", "Administrator"}),
        ("claims.add_ratingscale", {"Editor", "Administrator"}),
        ("claims.add_importbatch", {"Editor", "Administrator"}),
        ("auth.change_user", {"Administrator"}),
        ("auth.change_group", {"Administrator"}),
        ("knox.delete_authtoken", {"Administrator"}),
        ("audit.change_auditentry", set()),
        ("audit.delete_auditentry", set()),
    ],
)
def test_who_may_what(register: None, permission: str, roles: set[str]) -> None:
    assert {group.name for group in Group.objects.all() if permission in permissions_of(group.name)} == roles


def test_administrator_has_every_permission_of_every_noun(register: None) -> None:
    labels = [(model._meta.app_label, name) for name, model in recorded_models().items()]
    asked = {
        f"{app}.{codename}"
        for app, name in labels
        for codename in Permission.objects.filter(content_type__app_label=app, content_type__model=name).values_list(
            "codename", flat=True
        )
    }
    assert asked <= permissions_of("Administrator")


def test_the_desk_sees_every_noun(register: None) -> None:
    asked = {f"{m._meta.app_label}.view_{m._meta.model_name}" for m in nouns_of_the_desk()}
    assert asked <= permissions_of("Researcher")


# --- rating scale ---


def test_the_default_scale_is_in_order_with_honest_numbers(register: None) -> None:
    ratings = {r.code: r for r in Rating.objects.filter(scale__code="default").order_by("order")}
    assert list(ratings) == [
        "supported", "mostly_supported", "contested", "mostly_refuted", "refuted", "unproven", "misleading", "outdated",
    ]  # fmt: skip
    assert {code: r.claimreview_value for code, r in ratings.items() if r.claimreview_value} == {
        "supported": 5, "mostly_supported": 4, "mostly_refuted": 2, "refuted": 1,
    }  # fmt: skip
    assert {code for code, r in ratings.items() if r.leaning == Leaning.SUPPORTED} == {"supported", "mostly_supported"}
    assert {code for code, r in ratings.items() if r.leaning == Leaning.REFUTED} == {"refuted", "mostly_refuted"}


def test_rating_colours_are_different_and_readable_on_white(register: None) -> None:
    colours = list(Rating.objects.values_list("colour", flat=True))
    assert len(set(colours)) == len(colours)
    for colour in colours:
        assert contrast_on_white(colour) >= 7, colour


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21; 7 is its level AAA for text."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_roles_and_ratings_can_be_loaded_again(register: None) -> None:
    before = set(Rating.objects.values_list("pk", "code", "label"))
    call_command("loaddata", "roles", "rating_scales", verbosity=0)
    assert set(Rating.objects.values_list("pk", "code", "label")) == before
    assert (RatingScale.objects.count(), Group.objects.count()) == (1, 5)


# --- the demo disputes: the rules hold ---


@ONE_ENGINE
def test_every_row_is_valid(demo: None) -> None:
    for model in recorded_models().values():
        for row in model._default_manager.all():
            row.full_clean()


def test_every_row_leaves_history_and_an_entry(demo: None, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        model = apps.get_model(row["model"])
        record = model.history.get(**{model._meta.pk.attname: row["pk"]})
        assert AuditEntry.objects.filter(object_type=model._meta.model_name, history_id=record.pk).count() == 1
    assert not [found for found in verify(history_models()) if not isinstance(found, int)]


def test_no_number_is_given_twice(rows: list[dict[str, Any]]) -> None:
    numbers = [(row["model"], row["pk"]) for row in rows]
    assert len(set(numbers)) == len(numbers)


def test_published_verdicts_pass_the_guard_rails_and_took_two_people(demo: None) -> None:
    verdicts = Verdict.objects.published().select_related("claim", "rating", "author", "reviewer")
    assert len(verdicts) >= 18
    for verdict in verdicts:
        check_publishable(verdict)
        assert verdict.claim.status == ClaimStatus.PUBLISHED
        assert (verdict.author.username, verdict.reviewer.username) == ("editor", "reviewer")
        assert f"{verdict.published_at:%Y-%m-%d}" == "2025-07-03"
        assert verdict.summary
    assert {"contested", "unproven"} == {verdict.rating.code for verdict in verdicts}


def test_no_rule_of_the_register_is_broken(demo: None) -> None:
    out = io.StringIO()
    call_command("check_register", stdout=out)
    assert out.getvalue().strip() == "Nothing breaks a rule that refuses."


def test_likelihood_and_confidence_come_together_and_never_in_one_sentence(rows: list[dict[str, Any]]) -> None:
    verdicts = fields_of(rows, "claims.verdict")
    for verdict in verdicts:
        assert ("likelihood" in verdict) == ("confidence" in verdict)
        for sentence in re.split(r"(?<=[.!?])\s", f"{verdict['summary']} {verdict['rationale']}"):
            assert not ("confidence" in sentence and re.search("likely|chance|certain", sentence))


# --- the demo disputes: the desk's work is complete ---


def test_there_is_enough_to_see(demo: None) -> None:
    assert Dispute.objects.public().count() >= 7
    assert Claim.objects.public().count() >= 18
    assert Attribution.objects.public().count() >= 28
    assert Dispute.objects.public().order_by("pk").first().slug == "deaths-of-the-safarov-brothers"


def test_statements_reach_the_register_through_the_newspaper(demo: None) -> None:
    relays = Attribution.objects.filter(relayed_from__isnull=False)
    assert relays.count() >= 18
    assert {relay.source.slug for relay in relays.select_related("source")} == {"washington-post"}


def test_autopsies_are_evidence_and_the_authorities_speak(demo: None) -> None:
    beaten = Claim.objects.get(text="Both Safarov brothers were beaten to death.")
    said = beaten.attributions.exclude(stance=Stance.RELAYS).select_related("source")
    assert [(row.source.slug, row.stance) for row in said] == [("local-authorities-azerbaijan", Stance.ASSERTS)]
    assert "forensic" in {link.evidence.kind for link in beaten.evidence_links.select_related("evidence")}


def test_speakers_have_their_roles_and_principals(rows: list[dict[str, Any]]) -> None:
    names = {row["pk"]: row["fields"]["name"] for row in rows if row["model"] == "sources.source"}
    spoken = {names[f["source"]]: f for f in fields_of(rows, "claims.attribution")}
    assert names[spoken["Dmitry Peskov"]["on_behalf_of"]] == "The Kremlin"
    assert spoken["Dmitry Peskov"]["capacity"] == "Kremlin spokesperson"
    assert spoken["Dmitry Peskov"]["said_on"] == "2025-07-02"


def test_russia_denied_and_did_not_take_responsibility_in_no_certain_order(demo: None) -> None:
    crash = Dispute.objects.get(slug="crash-of-flight-8243")
    told = load_dispute(crash, AnonymousUser()).timeline.positions
    russia = [row for row in told if row.voice.name == "Russia"]
    assert {(row.source.name, row.stance.code, row.said_on.text) for row in russia} == {
        ("Russia", "denies", ""), ("Russia", "asserts", ""), ("Government of Russia", "disclaims", ""),
    }  # fmt: skip
    assert [row.stance.code for row in told if row.source.name == "Vladimir Putin"] == ["disclaims"]
    assert not [row for row in told if row.departure]


def test_one_denial_is_the_act_of_one_source(demo: None) -> None:
    missile = Claim.objects.get(text="A Russian surface-to-air missile hit Flight 8243.")
    denial = Claim.objects.get(text=missile.text.replace("A Russian", "No Russian"))
    denied = missile.attributions.get(stance=Stance.DENIES)
    assert denied.source == denial.attributions.get(stance=Stance.ASSERTS).source


def test_all_evidence_of_a_dispute_bears_on_each_of_its_rival_claims(demo: None) -> None:
    rivalries = ClaimRelation.objects.rivalries().select_related("claim")
    assert {relation.point for relation in rivalries} == {"cause", "time", "motive"}
    for relation in rivalries:
        gathered = Evidence.objects.filter(dispute=relation.claim.dispute_id).values_list("pk", flat=True)
        for rival in (relation.claim_id, relation.other_id):
            assert set(EvidenceLink.objects.filter(claim=rival).values_list("evidence", flat=True)) == set(gathered)


def test_every_claim_has_a_speaker_and_evidence_and_every_bearing_its_reason(demo: None) -> None:
    for claim in Claim.objects.all():
        assert claim.attributions.exists(), claim
        assert claim.evidence_links.exists(), claim
    assert not EvidenceLink.objects.filter(note="").exists()
    assert not ClaimRelation.objects.filter(note="").exists()
    assert not Source.objects.filter(reliability_note="").exists()
    assert not Evidence.objects.filter(carriers=None).exists()


SAYING = (Stance.ASSERTS, Stance.SUGGESTS, Stance.ALLEGES)


def test_a_sentence_of_the_newspaper_is_no_evidence_for_what_the_newspaper_claims(demo: None) -> None:
    paper = Attribution.objects.filter(source__slug="washington-post", stance__in=SAYING)
    links = EvidenceLink.objects.filter(claim__in=paper.values("claim"), bearing="supports")
    own = links.filter(evidence__kind__in=["document", "data"], evidence__independent_because="")
    assert own.exists()
    assert not own.filter(own_assertion=False).exists()
    # Nor is an act that it tells of, or a picture that it describes, where nobody else says what the claim says.
    others = Attribution.objects.filter(stance__in=SAYING).exclude(source__slug="washington-post")
    alone = links.exclude(claim__in=others.values("claim"))
    assert alone.filter(strength="strong").exists()
    assert not alone.filter(strength="strong", own_assertion=False).exists()
    decided = Verdict.objects.published().filter(claim__in=alone.values("claim"))
    assert {verdict.rating.code for verdict in decided.select_related("rating")} == {"unproven"}


def test_what_has_a_common_origin_says_so(rows: list[dict[str, Any]]) -> None:
    assert any("derived_from" in evidence for evidence in fields_of(rows, "claims.evidence"))


def test_numbers_that_claims_state_can_be_compared(rows: list[dict[str, Any]]) -> None:
    numbers = [(f["quantity_min"], f["quantity_unit"]) for f in fields_of(rows, "claims.claim") if "quantity_min" in f]
    assert {("50", "people arrested"), ("38", "deaths")} < set(numbers)
    # Six suspects are no total: they count something else than the fifty.
    assert ("6", "people arrested") not in numbers


def test_work_is_left_for_the_desk(rows: list[dict[str, Any]]) -> None:
    claims = {row["pk"]: row["fields"]["status"] for row in rows if row["model"] == "claims.claim"}
    verdicts = fields_of(rows, "claims.verdict")
    assert {ClaimStatus.DRAFT, ClaimStatus.IN_REVIEW} < set(claims.values())
    assert {VerdictStatus.DRAFT, VerdictStatus.IN_REVIEW} < {verdict["status"] for verdict in verdicts}
    decided = {verdict["claim"] for verdict in verdicts}
    assert [pk for pk, status in claims.items() if status == ClaimStatus.PUBLISHED and pk not in decided]


def test_demo_users_cover_every_role(register: None) -> None:
    assert {person.role for person in PEOPLE} == set(Group.objects.values_list("name", flat=True))


# --- the demo disputes: nothing is invented, nothing is copied ---


def test_documents_hold_no_text_and_no_address(rows: list[dict[str, Any]]) -> None:
    for works in fields_of(rows, "sources.document"), fields_of(rows, "sources.source"):
        assert not [work for work in works if {"text", "url", "website"} & work.keys()]


def test_quotes_are_spoken_words_of_the_report(rows: list[dict[str, Any]], article: str) -> None:
    spoken = re.findall("“([^”]*)”", article)
    quotes = [row["fields"]["quote"] for row in rows if row["fields"].get("quote")]
    assert quotes
    for quote in quotes:
        assert any(quote in words for words in spoken), quote


def test_places_in_the_report_are_those_of_the_quotes(rows: list[dict[str, Any]]) -> None:
    for fields in (row["fields"] for row in rows):
        if "selector" in fields:
            assert fields["selector"]["exact"] == fields["quote"]


def test_no_sentence_of_the_report_is_copied(rows: list[dict[str, Any]], article: str) -> None:
    report = runs(article)
    for row in rows:
        for name in {name for name in TOLD & row["fields"].keys() if isinstance(row["fields"][name], str)}:
            if (row["model"], name) != ("sources.document", "title"):  # the title of a work is given as published
                assert not runs(row["fields"][name]) & report, (row["model"], row["pk"], name)


def runs(text: str, length: int = 7) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def listed() -> dict[tuple[str, int], str]:
    """The sentences in the table of docs/demo-data.md that is held against the report, by noun and number."""
    found: dict[tuple[str, int], str] = {}
    for line in (settings.BASE_DIR / "docs" / "demo-data.md").read_text(encoding="utf-8").splitlines():
        if row := re.match(
            r"\| (dispute|question|statement|claim|evidence|verdict) ([\d, ]+) \| (.+) \|.*\|.*\|$", line
        ):
            noun = {"statement": "attribution"}.get(row[1], row[1])
            found |= {(noun, int(number)): row[3] for number in row[2].split(", ")}
    return found


def test_every_sentence_has_its_row_in_the_table_that_is_held_against_the_report(rows: list[dict[str, Any]]) -> None:
    told = {(row["model"].partition(".")[2], row["pk"]): row["fields"] for row in rows}
    nouns = {"dispute", "question", "attribution", "claim", "evidence", "verdict"}
    assert listed().keys() == {key for key in told if key[0] in nouns}
    for (noun, number), sentence in listed().items():
        fields = told[noun, number]
        if noun == "attribution":
            first = told[noun, fields.get("relayed_from", number)]
            assert f"**{first['stance']}**: {told['claim', fields['claim']]['text']}" in sentence
        elif noun == "question":
            assert sentence.startswith(fields["text"])
            assert fields.get("answer", "") in sentence
        elif noun != "claim":
            assert fields["description" if noun == "evidence" else "summary"] in sentence


NOTED = {
    "source": ("source", ("description", "interests", "reliability_note")),
    "document": ("document", ("title",)),
    "claim": ("claim", ("context", "check_reason")),
    "claimrelation": ("relation", ("note",)),
    "attribution": ("statement", ("anonymous_reason", "capacity")),
    "evidence": ("evidence", ("independent_because",)),
    "evidencelink": ("link", ("note",)),
    "assessment": ("assessment", ("note",)),
    "verdict": ("verdict", ("rationale",)),
}


def test_every_context_reason_and_note_has_its_row_too(rows: list[dict[str, Any]]) -> None:
    told: dict[str, str] = {}
    for row in rows:
        name, fields = NOTED.get(row["model"].partition(".")[2], ("", ()))
        for field in fields:
            if text := row["fields"].get(field):
                told[f"{name} {row['pk']} {field.replace('_', ' ')}"] = text
    listed_notes: dict[str, str] = {}
    for line in (settings.BASE_DIR / "docs" / "demo-data.md").read_text(encoding="utf-8").splitlines():
        if row := re.match(r"\| (\w+) (\d+(?:, \d+)*) ([a-z ]+) \| (.+) \| [^|]+ \| [^|]+ \|$", line):
            listed_notes |= {f"{row[1]} {number} {row[3]}": row[4] for number in row[2].split(", ")}
    assert listed_notes == told


def test_the_table_has_what_the_register_says_by_itself(demo: None) -> None:
    table = listed()
    for question in Question.objects.select_related("stored"):
        assert table["question", question.pk].endswith(f"**{question.stored.state}**")
    desk = get_user_model().objects.get(username="editor")
    for dispute in Dispute.objects.all():
        for claim in load_dispute(dispute, desk).claims:
            said = ", ".join(claim.said_by)
            rivals = (
                f"{row.source.name} ({row.stance.code}{f' claim {row.claim}' if row.claim else ''})"
                for row in claim.contradicted_by
            )
            nobody = "nobody on record"
            expected = f"Said by {said or nobody}. Contradicted by {', '.join(rivals) or nobody}."
            assert table["claim", claim.id] == expected


def test_the_fixture_is_readable_text() -> None:
    for path in Path(settings.FIXTURE_DIRS[0]).glob("*.json"):
        assert "\\u" not in path.read_text(encoding="utf-8")
