"""The invented dispute of the demo: nearly every field of the register, and every door says that it is invented."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from claims.choices import QuoteState, Stance
from claims.exports.lists.datafeed import FEED_NOUNS
from claims.exports.lists.nouns import EXPORTABLE
from claims.logic.verbs import OLDER
from claims.models import Attribution, Claim, Dispute, EvidenceLink, Question, QuoteCheck, Verdict
from claims.rules.publication import check_publishable
from claims.services import withdraw
from claims.services.demo import INVENTED, create_people, fixture_path
from factcheck.audit.differences import recorded_models
from factcheck.models.recorded import RecordedModel
from sources.models import Source
from tests.factories import load_vocabularies

pytestmark = pytest.mark.django_db

NOT_SHOWN = {
    ("snapshot", "file"): "a kept file is a file, which a fixture does not bring",
    ("snapshot", "text"): "found in a kept file",
    ("snapshot", "broken_since"): "no kept file, so none that is broken",
    ("source", "wikidata_id"): "what is invented has no item on Wikidata",
    ("source", "country"): "what is invented lies in no country",
    ("claim", "external_id"): "no other system knows what is invented",
    ("claim", "merged_into"): "nothing of it was entered twice",
    ("document", "merged_into"): "nothing of it was entered twice",
    ("source", "merged_into"): "nothing of it was entered twice",
    ("claim", "reworded_at"): "what was said would be of an earlier wording",
    ("question", "reworded_at"): "it would put the settled question under review",
    ("dispute", "exclusive"): "three questions in one dispute do not exclude each other",
}
"""Fields that no row of the invented dispute fills, and why; all others are shown once."""
WITHDRAWN = {"withdrawn_at", "withdrawn_reason"}
"""Shown on some nouns: it looks the same on all."""
ELSEWHERE = {"disputemember", "importbatch", "export", "rating", "ratingscale", "rulesetting", "user"}
"""Nouns that are no part of a public dispute."""
AT_ONE_PLACE = {("ruleexception", name) for name in ("claim", "other", "document", "source", "other_source")}
"""An exception names the rows of one breach."""
MARK = (
    r"Invented: |\(invented\)|Invented for the demo|Invented from beginning|Source withheld|Work of a withheld source"
)
"""By which words a reader knows that what they read is invented; of what is withheld nothing is told at all."""
TITLED = ("sources.document", "claims.dispute", "claims.evidence")
CHOICES_NOT_SHOWN = {("attribution", "stance"): set(OLDER)}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The register with the invented dispute alone: one transaction around the whole module, taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        create_people()
        call_command("loaddata", str(fixture_path("invented")), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return json.loads(fixture_path("invented").read_text(encoding="utf-8"))


def nouns() -> list[type[RecordedModel]]:
    found = [model for model in recorded_models().values() if model._meta.app_label in {"sources", "claims"}]
    return [model for model in found if model._meta.model_name not in ELSEWHERE]


def empty_fields(model: type[RecordedModel]) -> set[tuple[str, str]]:
    """The fields of a noun that no row of the register fills."""
    table = list(model._default_manager.all())
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    blank = [field for field in fields if not any(getattr(row, field.attname) for row in table)]
    return {(str(model._meta.model_name), field.name) for field in blank}


def test_every_row_is_valid(loaded: None) -> None:
    for model in nouns():
        for row in model._default_manager.all():
            row.full_clean()


def test_numbers_leave_room_for_the_rows_of_the_report(rows: list[dict[str, Any]]) -> None:
    assert min(row["pk"] for row in rows) >= 1000
    others = json.loads(fixture_path().read_text(encoding="utf-8"))
    assert max(row["pk"] for row in others) < 1000


def test_every_field_of_every_noun_is_filled_once(loaded: None) -> None:
    empty = {pair for model in nouns() for pair in empty_fields(model)}
    assert {pair for pair in empty if pair[1] not in WITHDRAWN} == {*NOT_SHOWN, *AT_ONE_PLACE}
    for name in WITHDRAWN:
        assert {model for model in nouns() if hasattr(model, name)} - {
            apps.get_model("claims", noun) for noun, field in empty if field == name
        }


def test_every_choice_that_makes_a_difference_is_shown_once(loaded: None) -> None:
    wanted = {
        "attribution": "stance", "claim": "status", "claimrelation": "kind", "evidence": "kind",
        "evidencelink": "bearing", "inquiry": "outcome", "source": "kind", "verdict": "status", "assessment": "rating",
    }  # fmt: skip
    for model in nouns():
        name = str(model._meta.model_name)
        if name in wanted:
            field: Any = model._meta.get_field(wanted[name])
            shown = set(model._default_manager.values_list(field.name, flat=True))
            assert {code for code, _label in field.choices} - shown == CHOICES_NOT_SHOWN.get((name, field.name), set())


def test_quotes_are_shown_in_every_state(loaded: None) -> None:
    assert set(QuoteCheck.objects.values_list("state", flat=True)) == set(QuoteState.values)


def test_a_question_is_settled_and_another_is_not(loaded: None) -> None:
    states = dict(Question.objects.values_list("order", "stored__state"))
    assert states == {1: "settled", 2: "contested", 3: "contested"}


def test_one_step_of_the_reviewer_puts_the_settled_question_under_review(loaded: None) -> None:
    with transaction.atomic():
        link = EvidenceLink.objects.get(claim=1000, evidence__title="Invented: Opinion of an engineer")
        withdraw(actor=get_user_model().objects.get(username="reviewer"), row=link, reason="To be looked at again.")
        assert [row.claim_id for row in Verdict.objects.stale()] == [1000]
        assert "Settled on 9 April 2024, under review since" in read(f"/disputes/{INVENTED}/")
        transaction.set_rollback(True)


def test_a_statement_comes_through_several_hands(loaded: None) -> None:
    assert Attribution.objects.filter(relayed_from__relayed_from__isnull=False).exists()


def test_who_takes_a_statement_back_had_made_it(loaded: None) -> None:
    for row in Attribution.objects.filter(stance=Stance.RETRACTS):
        made = Attribution.objects.exclude(stance=Stance.RETRACTS).filter(claim=row.claim, source=row.source)
        assert made.filter(said_on__lt=row.said_on).exists()


def test_published_verdicts_pass_the_guard_rails_and_none_is_stale(loaded: None) -> None:
    for verdict in Verdict.objects.current():
        check_publishable(verdict)
    assert Verdict.objects.corrections().exists()
    assert not Verdict.objects.stale().exists()


def test_no_rule_is_broken_but_where_an_exception_says_why(loaded: None) -> None:
    out = io.StringIO()
    call_command("check_register", stdout=out)
    counts = re.findall(r"\((?:refuse|warn|hint)\): (.+?)\. ", out.getvalue())
    assert counts == ["0, 1 excepted"]


def test_every_title_and_description_says_that_it_is_invented(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        fields = row["fields"]
        if row["model"] in TITLED:
            assert fields["title"].startswith("Invented:"), row
        if row["model"] == "sources.source":
            assert fields["description"].startswith("Invented for the demo."), row
            assert fields["name"].endswith(" (invented)"), row
        if row["model"] == "claims.claim":
            assert "invented" in fields["tags"]
            assert fields["text"].startswith("Invented:"), row
            assert fields["context"].startswith("Invented for the demo."), row


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.getvalue().decode()


def unmarked(rows: list[str]) -> list[str]:
    """The rows that do not say in words that they are of the invented dispute: its address alone is no mark."""
    assert rows
    return [row for row in rows if not re.search(MARK, row)]


@pytest.mark.parametrize("noun", sorted(EXPORTABLE.keys() - {"assessments", "ratings", "rating-scales"}))
def test_every_row_that_leaves_says_that_it_is_invented(loaded: None, noun: str) -> None:
    assert not unmarked(read(f"/api/v1/{noun}/export/ndjson/").splitlines())
    table = list(csv.reader(io.StringIO(read(f"/api/v1/{noun}/export/csv/"))))
    assert not unmarked(["\n".join(row) for row in table[1:]])
    if noun in FEED_NOUNS:
        feed = json.loads(read(f"/api/v1/{noun}/export/jsonld/"))["dataFeedElement"]
        assert not unmarked([json.dumps(entry, ensure_ascii=False) for entry in feed])


def test_every_claim_as_linked_data_is_part_of_the_invented_dispute(loaded: None) -> None:
    dispute = Dispute.objects.get(slug=INVENTED)
    decided = Verdict.objects.current().values_list("claim", flat=True)
    assert decided
    for pk in decided:
        review = json.loads(read(f"/api/v1/claims/{pk}/report/claimreview/"))
        script = read(f"/claims/{pk}/").partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        for one in (review, json.loads(script)):
            whole = one["itemReviewed"]["isPartOf"]
            assert whole["name"] == dispute.title
            assert whole["url"].endswith(f"/disputes/{INVENTED}/")
            assert one["claimReviewed"].startswith("Invented:")


@pytest.mark.parametrize("path", ["/verdicts/feed/", "/corrections/feed/", f"/disputes/{INVENTED}/corrections/feed/"])
def test_every_entry_of_a_feed_says_that_it_is_invented(loaded: None, path: str) -> None:
    assert not unmarked(re.findall("(?s)<entry>.*?</entry>", read(path)))
    assert all("<b>Dispute:</b>" in unescape(entry) for entry in re.findall("(?s)<entry>.*?</entry>", read(path)))


@pytest.mark.parametrize("path", ["/", "/disputes/", "/verdicts/", "/corrections/", "/?q=footbridge", "/?q=Bell"])
def test_every_article_of_a_page_says_that_it_is_invented(loaded: None, path: str) -> None:
    found = re.findall(
        "(?s)<article.*?</article>|<li[^>]*>(?:(?!<li).)*?/sources/[^<]*<.*?</li>", read(path).partition("<main")[2]
    )
    assert not unmarked([re.sub("<[^>]*>", " ", row) for row in found])


def test_every_page_and_report_says_that_it_is_invented(loaded: None) -> None:
    rows = [read(f"/claims/{pk}/") for pk in Claim.objects.public().values_list("pk", flat=True)]
    rows += [read(f"/sources/{source.slug}/") for source in Source.objects.filter(withheld=False)]
    rows += re.findall("(?s)<li.*?</li>", read("/sources/").partition("<main")[2].partition("</main>")[0])
    for name in ("html", "markdown", "csv", "json"):
        rows.append(read(f"/api/v1/disputes/{INVENTED}/report/{name}/"))
        rows += [read(f"/api/v1/claims/{pk}/report/{name}/") for pk in (1005, 1011)]
    assert not unmarked([re.sub("<[^>]*>", " ", row) for row in rows])


def test_withheld_name_is_nowhere_outside_the_desk(loaded: None) -> None:
    name = Source.objects.get(withheld=True).name
    assert name not in Client().get(f"/disputes/{INVENTED}/").content.decode()


def test_nobody_of_the_report_is_in_it(rows: list[dict[str, Any]]) -> None:
    report = json.loads(fixture_path().read_text(encoding="utf-8"))
    real = {row["fields"]["name"] for row in report if row["model"] == "sources.source"}
    told = json.dumps(rows, ensure_ascii=False)
    assert not [name for name in real if name in told]


def test_fixture_has_one_dispute(loaded: None) -> None:
    assert set(Claim.objects.values_list("dispute", flat=True)) == {Dispute.objects.get(slug=INVENTED).pk}
