"""What `manage.py demo` leaves: it runs once, on an empty register, for all tests here."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django.http import QueryDict
from django.test import Client, override_settings
from knox.models import get_token_model

from benchmarks.reports import lines_of, repeated, sentences
from claims.api.claim import ClaimViewSet
from claims.choices import Stance
from claims.models import Claim, Dispute, ImportBatch, Rating, Verdict
from claims.register.load import load_register
from claims.register.write import Register
from claims.reports.content.dossier import Dossier
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_dispute
from claims.reports.outline.blocks import Heading, Paragraph, plain
from claims.reports.outline.report import outline_of
from claims.rules.judgement import Judge
from claims.rules.survey import survey
from claims.services.demo import FIXTURES, INVENTED, PEOPLE, fixture_path
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.search.rebuild import differences
from tests import demo_links as links
from tests.base.test_statistics import is_counted
from tests.browser.conftest import BROWSER
from tests.claims import report_readers as readers
from tests.claims.conditions_case import Reference, all_questions
from tests.claims.test_round_trip import empty_register
from tests.database import is_sqlite
from tests.demo_pages import fetch, listed, seen
from tests.test_demo_command import SLUG, User, run

pytestmark = pytest.mark.django_db
WRITTEN_ALIKE = pytest.mark.skipif(not is_sqlite(), reason="pages and reports are written the same on both engines")


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the demo printed; one transaction around the whole module, taken back after it."""
    place = {"FACTCHECK_DATA_DIR": tmp_path_factory.mktemp("demo"), "FACTCHECK_BASE_URL": "http://127.0.0.1:8000"}
    with django_db_blocker.unblock(), override_settings(**place), transaction.atomic():
        yield run("--port", "8123")
        transaction.set_rollback(True)


def test_the_demo_is_not_stale(printed: str) -> None:
    assert Verdict.objects.published().exists()
    assert not Verdict.objects.stale().exists()


def test_every_combination_of_conditions_finds_what_the_slow_reference_finds(
    printed: str, quick_references: None
) -> None:
    reader = AnonymousUser()
    reference, spans = Reference(reader), [(None, None), ("2025-06", "2025-07-02")]
    # Each third question, other ones on each engine: what is asked of one thing still meets all that is asked of
    # another. Over made rows `test_claim_conditions` asks all of them on both.
    questions = [*all_questions(reader, spans, Stance.values)]
    for asked in questions if "EXAMPLES" in os.environ else questions[0 if is_sqlite() else 1 :: 3]:
        rows = ClaimViewSet.for_export(reader, QueryDict(asked.query)).select_rows()
        assert sorted(rows.values_list("pk", flat=True)) == reference.answer(asked), asked


def test_demo_fills_an_empty_register(printed: str) -> None:
    assert Dispute.objects.count() >= 7
    assert Group.objects.count() == 5
    assert Rating.objects.count() == 8
    assert {user.username for user in User.objects.all()} == {person.username for person in PEOPLE}
    for person in PEOPLE:
        assert person.username in printed
        assert person.password in printed


def test_demo_lets_the_database_count_its_rows(printed: str) -> None:
    assert is_counted("claims_claim")


def test_all_of_the_demo_is_found_by_its_words(printed: str) -> None:
    assert list(differences()) == []


def test_demo_prints_addresses_that_follow_the_port(printed: str) -> None:
    for path in ("/admin/", "/api/v1/", "/api/docs/", f"/disputes/{SLUG}/", f"/disputes/{INVENTED}/"):
        assert f"http://127.0.0.1:8123{path}\n" in printed


def test_demo_says_which_dispute_is_invented(printed: str) -> None:
    assert "one that is wholly invented" in printed
    assert "wholly invented" not in run()
    assert Dispute.objects.get(slug=INVENTED).title.startswith("Invented:")


def test_demo_exports_a_report_of_the_first_dispute(printed: str) -> None:
    report = Path(settings.FACTCHECK_DATA_DIR) / "reports" / f"{SLUG}.html"
    assert str(report) in printed
    page = report.read_text(encoding="utf-8")
    assert "Safarov" in page
    assert f"http://127.0.0.1:8123/disputes/{SLUG}/" in page
    assert ":8000" not in page


@WRITTEN_ALIKE
def test_the_reports_of_the_demo_say_the_same_in_every_format(printed: str) -> None:
    public, editor = AnonymousUser(), User.objects.get(username="editor")
    for dispute in Dispute.objects.visible_to(public):
        # PDF and DOCX take their time: for one dispute they are written too, with all that the desk reads.
        whole = dispute.slug == SLUG
        dossier = load_dispute(dispute, editor if whole else public)
        expected = readers.from_html(FORMATS["html"].write(dossier))
        assert readers.from_markdown(FORMATS["markdown"].write(dossier)) == expected, dispute.slug
        if whole:
            assert readers.from_docx(FORMATS["docx"].write(dossier)) == expected
            assert readers.departures_of_pdf(FORMATS["pdf"].write(dossier), outline_of(dossier), expected) == []


def test_demo_goes_out_and_into_an_empty_register_and_out_again_the_same(printed: str) -> None:
    lines = list(Register().lines())
    empty_register()
    outcome = load_register(io.BytesIO(b"".join(lines)), origin="demo.ndjson")
    assert outcome.problems == []
    # The last but one tells of the import itself.
    assert list(Register().lines())[1:-2] == lines[1:-1]


def test_demo_users_can_log_in_and_have_their_roles(printed: str) -> None:
    for person in PEOPLE:
        assert len(person.password) >= 12
        assert Client().login(username=person.username, password=person.password)
        user = User.objects.get(username=person.username)
        assert [group.name for group in user.groups.all()] == [person.role]
        assert user.is_staff == (person.role != "Reader")
        assert not user.is_superuser


def test_demo_records_where_its_rows_came_from(printed: str) -> None:
    batches = ImportBatch.objects.order_by("pk")
    assert [batch.origin for batch in batches] == [f"fixtures/{name}.json" for name in FIXTURES]
    for batch, (name, reason) in zip(batches, FIXTURES.items(), strict=True):
        assert batch.digest == f"sha256:{hashlib.sha256(fixture_path(name).read_bytes()).hexdigest()}"
        entries = AuditEntry.objects.filter(object_type="dispute", reason=reason)
        assert {(entry.actor_name, entry.action) for entry in entries} == {("system", "dispute.created")}
        assert batch.counts["dispute"] == len(entries)


def test_demo_prints_a_token_that_opens_the_api_once(printed: str) -> None:
    token = re.search(r"Bearer (\S+)\"", printed)[1]
    assert Client().get("/api/v1/claims/", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert "Bearer" not in run()
    assert get_token_model().objects.count() == 1


def test_demo_run_again_loses_nothing(printed: str) -> None:
    user = User.objects.get(username="editor")
    user.set_password("my own password")
    user.save()
    Group.objects.get(name="Reviewer").permissions.clear()
    with acting(reason="Clearer wording"):
        claim = Claim.objects.get(pk=1)
        claim.context = "Changed since."
        claim.save()
        rating = Rating.objects.get(code="outdated")
        rating.label = "Disputed"
        rating.save()
    # The report that it makes each time is on record.
    changes = AuditEntry.objects.exclude(action="export.asked")
    entries = changes.count()

    assert "keeps what it had" in run()

    assert changes.count() == entries
    assert Claim.objects.get(pk=1).context == "Changed since."
    assert Rating.objects.get(code="outdated").label == "Disputed"
    assert not Group.objects.get(name="Reviewer").permissions.exists()
    assert User.objects.get(username="editor").check_password("my own password")
    assert ImportBatch.objects.count() == len(FIXTURES)


def test_the_demo_breaks_no_rule_but_where_an_exception_says_why(printed: str) -> None:
    judge = Judge.now()
    judged = judge.of(list(survey()))
    assert [(row.finding.rule.code, row.finding.broken.rows) for row in judged if not row.excepted] == []
    # The one exception is there to be seen, on the page of a newspaper that is invented.
    assert [row.finding.rule.code for row in judged] == ["said_after_printing"]


# What readers get of it.


@pytest.fixture(scope="module")
def reports(printed: str) -> dict[str, Dossier]:
    """What the public may know of each dispute, by its slug."""
    return {row.slug: load_dispute(row, AnonymousUser()) for row in Dispute.objects.visible_to(AnonymousUser())}


@WRITTEN_ALIKE
def test_contents_numbers_and_links_of_every_report_lead_where_they_say(reports: dict[str, Dossier]) -> None:
    addresses: set[str] = set()
    for slug, dossier in reports.items():
        places, faults, leads = links.html(FORMATS["html"].write(dossier))
        faults += links.pdf(FORMATS["pdf"].write(dossier), places)
        faults += links.word(FORMATS["docx"].write(dossier), places)
        assert faults == [], slug
        addresses |= {address for address in leads if address.startswith(settings.FACTCHECK_BASE_URL)}
    assert {address: status for address in addresses if (status := fetch(address)[0]) != HTTPStatus.OK} == {}


@WRITTEN_ALIKE
def test_no_report_says_a_sentence_twice(reports: dict[str, Dossier]) -> None:
    for slug, dossier in reports.items():
        assert repeated(sentences(lines_of(FORMATS["html"].write(dossier))))[1] == (), slug


@WRITTEN_ALIKE
def test_what_was_found_is_read_within_forty_words(reports: dict[str, Dossier]) -> None:
    for slug, dossier in reports.items():
        read = 0
        for block in outline_of(dossier).blocks:
            assert isinstance(block, (Heading, Paragraph)), slug
            read += len(plain(block.runs).split())
            if isinstance(block, Paragraph) and block.role == "state":
                break
        assert read <= 40, slug


@pytest.mark.browser
@BROWSER[1]
@BROWSER[2]
def test_the_first_screen_reaches_every_rival_and_its_picture_can_be_read(reports: dict[str, Dossier]) -> None:
    pages = {(address := f"{settings.FACTCHECK_BASE_URL}/disputes/{slug}/"): fetch(address) for slug in reports}
    # A driver of a browser has an event loop, and beside that Django takes another connection.
    with ThreadPoolExecutor(1) as thread:
        screens = thread.submit(lambda: list(seen(pages, [(1280, 800), (390, 844), (320, 640)]))).result()
    assert len(screens) == 3 * len(reports)
    for address, width, height, lowest, wide, letters in screens:
        assert wide <= width, (address, width)
        assert width == 320 or 0 < lowest <= height, (address, width)
        assert width == 320 or letters >= 11, (address, width)


VALIDATOR = Path(settings.BASE_DIR, ".node", "node_modules", "vnu-jar", "build", "dist", "vnu.jar")


@WRITTEN_ALIKE
@pytest.mark.skipif(not (VALIDATOR.exists() and shutil.which("java")), reason="the HTML validator is not installed")
def test_the_validator_finds_no_fault_in_any_page(printed: str, tmp_path: Path) -> None:
    paths = list(listed())
    # Pages of a claim or source differ from each other in little: the first ones stand for all.
    few = [path for noun in ("claims", "sources") for path in paths if re.match(f"/{noun}/.", path)][::8]
    disputes = [path for path in paths if re.match("/disputes/.", path)]
    plain = [path for path in paths if path.count("/") < 3]
    cards = [f"{path}card/" for path in (*disputes[:2], *few[:3]) if not path.startswith("/sources/")]
    asked = [f"{path}?since=2025-07-01" for path in disputes[:3]] + ["/?q=missile", "/?q=%22", "/nothing/"]
    files = [f"/api/v1{path}report/html/" for path in disputes]
    for place, path in enumerate([*plain, *disputes, *few, *cards, *asked, *files]):
        status, kind, body = fetch(path)
        assert (status, kind.partition(";")[0]) == (404 if path == "/nothing/" else 200, "text/html"), path
        (tmp_path / f"{place}{path.translate(str.maketrans('/?', '__'))}.html").write_bytes(body)
    command = ["java", "-jar", str(VALIDATOR), "--format", "json", *map(str, tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert json.loads(done.stderr)["messages"] == []
