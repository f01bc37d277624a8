"""A verdict judges the very words and numbers of its claim: these do not change under it, by any door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Rating, Verdict
from claims.models.claim import JUDGED
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from claims.services import correct_verdict, draft_verdict, publish_verdict, return_verdict, submit_verdict
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Frozen
from tests import factories as make
from tests.admin_page import Page
from tests.database import past_the_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
WORDING, NEW = "Nine boats sank in the harbour.", "Nine boats were sunk in the harbour."


@pytest.fixture
def decided(register: None) -> Verdict:
    """A verdict on a claim with all that a verdict judges."""
    claim = make.make_claim(
        WORDING,
        dispute=make.make_dispute("The harbour"),
        quantity_min=9,
        quantity_max=9,
        quantity_unit="boats",
    )
    return make.make_published(claim)


def values() -> dict[str, Any]:
    other = make.make_dispute("Another harbour")
    return {
        "text": NEW,
        "language": "de",
        "quantity_min": 8,
        "quantity_max": 90,
        "quantity_unit": "ships",
        "dispute": other,
    }


def by_save(claim: Claim, field: str, value: Any) -> None:
    setattr(claim, field, value)
    if field == "dispute":
        claim.question = None  # that of the other dispute is another one
    claim.save()


def by_save_of_one_field(claim: Claim, field: str, value: Any) -> None:
    setattr(claim, field, value)
    claim.save(update_fields=[field])


def by_update(claim: Claim, field: str, value: Any) -> None:
    Claim.objects.filter(pk=claim.pk).update(**{field: value})


def by_bulk_update(claim: Claim, field: str, value: Any) -> None:
    setattr(claim, field, value)
    Claim.objects.bulk_update([claim], [field])


def by_fixture(claim: Claim, field: str, value: Any, folder: Path) -> None:
    fields = {name: getattr(claim, name) for name in ("text", "language", "quantity_unit", "status")}
    numbers = {name: str(getattr(claim, name)) for name in ("quantity_min", "quantity_max")}
    moments = {name: getattr(claim, name).isoformat() for name in ("created_at", "updated_at", "first_published_at")}
    changed = {field: value.pk if field == "dispute" else value}
    row = {**fields, **numbers, **moments, "tags": [], "dispute": claim.dispute_id, **changed}
    path = folder / "claim.json"
    path.write_text(json.dumps([{"model": "claims.claim", "pk": claim.pk, "fields": row}]))
    call_command("loaddata", str(path), verbosity=0)


DOORS: list[Callable[[Claim, str, Any], None]] = [by_save, by_save_of_one_field, by_update, by_bulk_update]


@pytest.mark.parametrize("field", sorted(JUDGED - {"question"}))
def test_nothing_that_a_verdict_judges_changes_under_it(field: str, decided: Verdict, tmp_path: Path) -> None:
    value = values()[field]
    doors = [*DOORS, lambda claim, name, new: by_fixture(claim, name, new, tmp_path)]
    for door in doors:
        claim = Claim.objects.get(pk=decided.claim_id)
        with acting(reason="A slip."), transaction.atomic(), pytest.raises(Frozen) as refused:
            door(claim, field, value)
        assert refused.value.field == field
        assert f"erdict {decided.pk}" in refused.value.message
        remedy = "Draft a correction" if field == "text" else "Enter a new claim"
        assert remedy in refused.value.message
    assert Claim.objects.get(pk=decided.claim_id).text == WORDING


@pytest.mark.parametrize("wording", [NEW, WORDING.lower(), WORDING[:-1], f"{WORDING} ", WORDING.replace(" ", "\u00a0")])
def test_any_other_wording_is_another_wording(wording: str, decided: Verdict) -> None:
    with acting(reason="A slip."), pytest.raises(Frozen):
        by_save(Claim.objects.get(pk=decided.claim_id), "text", wording)


@pytest.mark.parametrize("field", ["text", "quantity_max", "dispute"])
def test_the_api_names_field_and_remedy(field: str, decided: Verdict, api: Any, editor: Any) -> None:
    value = values()[field]
    address = f"/api/v1/claims/{decided.claim_id}/"
    tag = api(editor).get(address)["ETag"]
    body = {field: value.pk if field == "dispute" else value, "change_reason": "A slip."}
    answer = api(editor).patch(address, body, headers={"If-Match": tag})
    assert answer.status_code == 409
    assert answer.json()["code"] == "judged"
    assert answer.json()["errors"][0]["field"] == field


def test_the_admin_says_it_beside_the_field(decided: Verdict, editor: Any) -> None:
    client = Client()
    client.force_login(editor)
    address = reverse("admin:claims_claim_change", args=[decided.claim_id])
    page = Page(client.get(address))
    answer = client.post(address, {**page.fields, "text": NEW, "change_reason": "A slip."})
    assert "judges these very words" in Page(answer).text
    assert Claim.objects.get(pk=decided.claim_id).text == WORDING


def test_what_is_not_judged_changes_as_before(decided: Verdict) -> None:
    claim = Claim.objects.get(pk=decided.claim_id)
    claim.context, claim.tags = "In the spring.", ["harbour"]
    with acting(reason="For the reader."):
        claim.save()


def test_a_claim_without_a_published_verdict_changes_freely() -> None:
    claim = make.make_verdict(make.make_claim(WORDING)).claim
    for field, value in values().items():
        by_save(Claim.objects.get(pk=claim.pk), field, value)


# --- a correction carries the new wording ---


def corrected(verdict: Verdict, wording: str = NEW) -> Verdict:
    return make.make_corrected(verdict=verdict, after="contested", reason="Somebody sank them.", claim_text=wording)


def test_a_correction_rewords_the_claim_when_a_second_person_publishes_it(decided: Verdict) -> None:
    ann, vera = make.someone("Researcher"), make.someone("Reviewer")
    draft = correct_verdict(actor=ann, verdict=decided, reason="Sunk.", severity="correction", claim_text=NEW)
    submit_verdict(actor=ann, verdict=draft)
    assert Claim.objects.get(pk=decided.claim_id).text == WORDING
    publish_verdict(actor=vera, verdict=draft)
    claim = Claim.objects.get(pk=decided.claim_id)
    assert claim.text == NEW
    entry = AuditEntry.objects.of(claim).order_by("-id").first()
    assert entry is not None
    assert (entry.action, entry.actor, entry.reason) == ("claim.reworded", vera, "Sunk.")
    assert set(entry.changes) == {"text", "reworded_at"}
    assert [row.text for row in claim.history.order_by("history_id")][-2:] == [WORDING, NEW]
    assert not Verdict.objects.stale().exists()


def test_each_verdict_keeps_the_wording_that_it_judged(decided: Verdict) -> None:
    second = corrected(decided)
    third = make.make_corrected(verdict=second, after="unproven", claim_text=f"{NEW} ")
    judged = dict(Verdict.objects.values_list("pk", "claim_text"))
    assert judged == {decided.pk: WORDING, second.pk: NEW, third.pk: f"{NEW} "}


def test_readers_are_told_the_wording_where_it_is_another_than_today(decided: Verdict, api: Any) -> None:
    new = corrected(decided)
    told = load_claim(decided.claim, None).claim
    assert told.verdict is not None
    assert (told.text, told.verdict.claim_text, told.earlier[0].claim_text) == (NEW, "", WORDING)
    for name in ("html", "markdown", "json", "csv"):
        assert WORDING in FORMATS[name].write(load_claim(decided.claim, None)).decode(), name
    notice = api().get("/api/v1/corrections/").json()["results"][0]
    assert (notice["old"]["claim_text"], notice["new"]["claim_text"]) == (WORDING, NEW)
    assert api().get(f"/api/v1/verdicts/{new.pk}/").json()["claim_text"] == NEW
    page = Client().get("/corrections/").content.decode()
    assert WORDING in page
    assert WORDING in Client().get("/corrections/feed/").content.decode()


def test_a_superseded_verdict_is_told_with_the_words_that_it_judged(decided: Verdict, api: Any, editor: Any) -> None:
    make.make_attribution(decided.claim, stance="asserts")
    new = corrected(decided)
    assert api().get(f"/api/v1/verdicts/{new.pk}/").json()["supersedes"]["label"].endswith(f": {WORDING}")
    for form in ("csv", "ndjson"):
        told = api().get(f"/api/v1/verdicts/export/{form}/?correction=true").getvalue().decode()
        assert (WORDING in told, NEW in told) == (True, True), form
    client = Client()
    client.force_login(editor)
    label = f"{decided.rating}: {WORDING}"
    for pk in (decided.pk, new.pk):  # its own page, and that of the verdict which replaced it
        assert label in client.get(reverse("admin:claims_verdict_change", args=[pk])).content.decode()
    assert WORDING in client.get(reverse("admin:claims_verdict_changelist")).content.decode()


def test_the_review_of_an_earlier_wording_names_no_author_for_it(decided: Verdict, api: Any) -> None:
    make.make_attribution(decided.claim, stance="asserts")
    corrected(decided)
    make.make_attribution(Claim.objects.get(pk=decided.claim_id), stance="asserts")
    feed = json.loads(api().get("/api/v1/verdicts/export/jsonld/").getvalue())
    reviews = {entry["item"][0]["claimReviewed"]: entry["item"][0] for entry in feed["dataFeedElement"]}
    assert set(reviews) == {WORDING, NEW}
    assert {text: review["itemReviewed"]["text"] for text, review in reviews.items()} == {WORDING: WORDING, NEW: NEW}
    # Who says it today said it in the words of today: on the page of the claim, and nowhere else.
    assert set(reviews[WORDING]["itemReviewed"]) == {"@type", "text", "isPartOf"}
    assert {"@id", "author"} <= set(reviews[NEW]["itemReviewed"])


def test_a_correction_in_the_same_words_says_nothing_of_wording(decided: Verdict) -> None:
    make.make_corrected(verdict=decided)
    told = load_claim(decided.claim, None).claim
    assert {row.claim_text for row in told.decided} == {""}
    assert "judged this wording" not in FORMATS["markdown"].write(load_claim(decided.claim, None)).decode()


def test_a_first_verdict_carries_no_other_wording(api: Any, ann: Any) -> None:
    claim = make.make_claim(WORDING)
    body = {"claim": claim.pk, "rating": make.rating().pk, "claim_text": NEW}
    answer = api(ann).post("/api/v1/verdicts/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "claim_text"


def test_a_claim_that_is_reworded_while_its_verdict_is_in_review_waits_for_its_author(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(make.make_claim(WORDING), author=ann)
    by_save(Claim.objects.get(pk=verdict.claim_id), "text", NEW)
    with pytest.raises(Conflict, match="reworded after") as refused:
        publish_verdict(actor=reviewer, verdict=verdict)
    assert refused.value.field == "claim_text"
    returned = return_verdict(actor=reviewer, verdict=verdict, note="Look at the new wording.")
    publish_verdict(actor=reviewer, verdict=submit_verdict(actor=ann, verdict=returned))
    assert Verdict.objects.get().claim_text == NEW


def test_a_wording_that_was_changed_in_an_older_release_makes_the_verdict_stale(decided: Verdict, editor: Any) -> None:
    """As the migration leaves it: the claim says something else than what was judged."""
    with past_the_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_verdict SET claim_text = 'Ten boats sank.' WHERE id = %s", [decided.pk])
    told = load_claim(decided.claim, editor).claim
    assert [reason.code for reason in told.stale] == ["claim_reworded"]
    assert Verdict.objects.stale().filter(pk=decided.pk).exists()
    # And the way back to what was judged is open.
    by_hand = Claim.objects.get(pk=decided.claim_id)
    with acting(reason="As it was judged."):
        by_save(by_hand, "text", "Ten boats sank.")
    assert not Verdict.objects.stale().exists()


def test_a_fixture_that_does_not_say_what_was_judged_says_what_its_claim_says(tmp_path: Path) -> None:
    ann, vera = make.someone("Researcher"), make.someone("Reviewer")
    moment = "2031-05-01T12:00:00Z"
    row = {"created_at": moment, "updated_at": moment}
    claim = {**row, "text": WORDING, "status": "published", "first_published_at": moment, "tags": []}
    verdict = {**row, "claim": 900, "rating": make.rating().pk, "status": "published", "published_at": moment}
    people = {"author": ann.pk, "reviewer": vera.pk, "rationale": "Because."}
    path = tmp_path / "demo.json"
    rows = [("claims.claim", claim), ("claims.verdict", {**verdict, **people})]
    path.write_text(json.dumps([{"model": model, "pk": 900, "fields": fields} for model, fields in rows]))
    for _again in range(2):
        with acting(reason="Loaded."):
            call_command("loaddata", str(path), verbosity=0)
        assert Verdict.objects.get(pk=900).claim_text == WORDING


# --- ratings ---


RATING = {
    "label": "Half true",
    "leaning": "neither",
    "claimreview_value": 3,
    "meaning": "Another meaning.",
    "code": "half-true",
    "scale": None,
}


@pytest.mark.parametrize("field", sorted(RATING))
def test_a_rating_that_was_used_means_for_good_what_it_meant(field: str, api: Any, editor: Any) -> None:
    used = make.make_rating(label="True", leaning="supported", claimreview_value=5)
    verdict = make.make_published(rating=used)
    make.make_corrected(verdict=verdict)  # also a superseded verdict goes on saying what it said
    value = make.make_scale() if field == "scale" else RATING[field]
    changed = Rating.objects.get(pk=used.pk)
    setattr(changed, field, value)
    for door in (changed.save, lambda: Rating.objects.filter(pk=used.pk).update(**{field: value})):
        with acting(reason="A slip."), transaction.atomic(), pytest.raises(Frozen) as refused:
            door()
        assert (refused.value.code, refused.value.field) == ("rating_used", field)
        assert "Add another rating" in refused.value.message
    address = f"/api/v1/ratings/{used.pk}/"
    body = {field: value.pk if field == "scale" else value, "change_reason": "A slip."}
    answer = api(editor).patch(address, body, headers={"If-Match": api(editor).get(address)["ETag"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, field)


@pytest.mark.parametrize("entered", [make.make_verdict, make.make_submitted], ids=["drafted", "in review"])
def test_a_rating_does_not_flip_under_a_verdict_that_waits(entered: Any, editor: Any, api: Any) -> None:
    used = make.make_rating(label="Quite true", leaning="supported", claimreview_value=5)
    entered(rating=used)
    for field, value in RATING.items():
        changed = Rating.objects.get(pk=used.pk)
        setattr(changed, field, value or make.make_scale())
        with acting(reason="A slip."), pytest.raises(Frozen) as refused:
            changed.save()
        assert (refused.value.code, refused.value.field) == ("rating_used", field)
    flipped = {"label": "Quite false", "leaning": "refuted", "claimreview_value": 1}
    body = {**flipped, "change_reason": "A slip."}
    answer = api(editor).patch(f"/api/v1/ratings/{used.pk}/", body, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "rating_used")
    client = Client()
    client.force_login(editor)
    for noun, pk, field in (("rating", used.pk, "meaning"), ("ratingscale", used.scale_id, "code")):
        address = reverse(f"admin:claims_{noun}_change", args=[pk])
        filled = {**Page(client.get(address)).fields, field: "another", "change_reason": "A slip."}
        assert "Add another" in Page(client.post(address, filled)).text
    used.refresh_from_db()
    assert (used.label, used.leaning, used.meaning) == ("Quite true", "supported", "A meaning.")


def test_a_rating_that_no_verdict_uses_changes_freely() -> None:
    rating = make.make_rating(label="True", leaning="supported", claimreview_value=5)
    draft_verdict(actor=make.someone("Researcher"), claim=make.make_claim(), rating=rating).delete()
    rating.leaning, rating.code, rating.meaning = "neither", "open", "Another meaning."
    rating.scale.code = "another-scale"
    with acting(reason="A slip."):
        rating.scale.save()
        rating.save()
        assert Rating.objects.get(pk=rating.pk).leaning == "neither"
        # How it sorts and looks is no part of what it says.
        make.make_verdict(rating=rating)
        rating.colour, rating.order = "#123456", 7
        rating.save()
