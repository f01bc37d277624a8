"""Lists as files: the rows, rights and refusals of the list itself, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import repeat
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied

from claims.api.audit import AuditEntryViewSet
from claims.api.parts import PARTS
from claims.exports import record
from claims.exports.lists import listing as module
from claims.exports.lists.datafeed import FEED_NOUNS
from claims.exports.lists.differing import differing_lines
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import Listing, get_listing
from claims.exports.lists.nouns import EXPORTABLE
from claims.exports.lists.stream import AT_ONCE, Download
from claims.models import Attribution, Claim, Export, Prepared
from claims.reports.formats import xlsx
from claims.reports.formats.xlsx import Sheet, write_workbook
from claims.services import withdraw
from claims.services.prepared import LINE
from factcheck.api.exceptions import exception_handler
from factcheck.api.problem import Problem
from factcheck.audit.context import acting
from factcheck.base.errors import DomainError
from tests.claims.report_case import ARABIC, AZERBAIJANI, HOSTILE, make_rivals
from tests.factories import (
    load_vocabularies,
    make_assessment,
    make_attribution,
    make_claim,
    make_confirmation,
    make_dispute,
    make_review,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDED = {"type", "address", "page"}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """A dispute with one of everything and who reads of it: made once, each test is a savepoint in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        ann = make_user("ann", "Researcher", first_name="Ann", last_name="Archer")
        reader, editor = make_user("rita", "Reader"), make_user("edgar", "Editor")
        rivals = make_rivals(ann, make_user("vera", "Reviewer"))
        make_confirmation()
        make_assessment()
        yield SimpleNamespace(ann=ann, reader=reader, editor=editor, rivals=rivals)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read a few at a time, so that a small list has several batches."""
    monkeypatch.setattr(module, "BATCH", 7)


def written(name: str, address: str, user: Any = None) -> bytes:
    """The list at this address in a streamed format."""
    write = LIST_FORMATS[name].write
    assert write is not None
    return b"".join(write(get_listing(address, user)))


def lines(address: str, user: Any = None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written("ndjson", address, user).splitlines()]


def table(address: str, user: Any = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", address, user).decode("utf-8-sig"), newline="")))


def without_addresses(value: Any) -> Any:
    """The value without what an export adds to the answers of the API, and what else is called so."""
    if isinstance(value, dict):
        return {name: without_addresses(entry) for name, entry in value.items() if name not in ADDED}
    return [without_addresses(entry) for entry in value] if isinstance(value, list) else value


def test_every_list_has_the_rows_that_the_api_shows_its_reader(scene, api):
    for user in (None, scene.ann):
        for prefix in EXPORTABLE:
            include = "&include=" + ",".join(
                sorted(set(EXPORTABLE[prefix].viewset.include_fields) - module.HELD_BY_OTHERS)
            )
            whole = include if prefix == "claims" else ""
            answer = api(user).get(f"/api/v1/{prefix}/?page_size=200&ordering=id{whole}").json()
            found = lines(f"/api/v1/{prefix}/", user)
            assert without_addresses(found) == without_addresses(answer["results"]), prefix
            assert [row["address"].rsplit("/api/v1/")[1] for row in found] == [
                f"{prefix}/{row['id']}/" for row in answer["results"]
            ]
            flat = table(f"/api/v1/{prefix}/", user)
            assert [row["id"] for row in flat] == [str(row["id"]) for row in answer["results"]], prefix


def test_lines_are_kept_for_the_next_export_until_something_changes_in_them(scene):
    for user in (None, scene.ann):
        first = written("ndjson", "/api/v1/claims/", user)
        assert written("ndjson", "/api/v1/claims/", user) == first
        assert Prepared.objects.filter(form=LINE).exists()
        some = lines("/api/v1/claims/?include=verdict,evidence", user)
        left_out = set(PARTS) - {"verdict", "evidence"}
        whole = [json.loads(line) for line in first.splitlines()]
        assert some == [{name: row[name] for name in row if name not in left_out} for row in whole]
    assert not list(differing_lines())
    said = Attribution.objects.order_by("pk")[0].source
    said.name = "Renamed Body"
    with acting(reason="It has another name"):
        said.save()
    assert b"Renamed Body" in written("ndjson", "/api/v1/claims/")
    Prepared.objects.filter(form=LINE).update(body=b"{}")
    assert "as the public reads it" in next(differing_lines())


def test_rows_carry_the_addresses_of_what_they_refer_to(scene, settings):
    settings.FACTCHECK_BASE_URL = "https://register.example.org"
    claim = next(row for row in lines("/api/v1/claims/?has_verdict=true") if row["attributions"])
    base = "https://register.example.org"
    assert claim["type"] == "claim"
    assert claim["page"] == f"{base}/claims/{claim['id']}/"
    assert claim["dispute"]["address"] == f"{base}/api/v1/disputes/{scene.rivals.pk}/"
    said = claim["attributions"][0]
    assert said["address"] == f"{base}/api/v1/attributions/{said['id']}/"
    assert said["source"]["address"] == f"{base}/api/v1/sources/{said['source']['id']}/"
    carrier = claim["evidence"][0]["evidence"]["documents"][0]
    assert carrier["address"] == f"{base}/api/v1/documents/{carrier['id']}/"
    row = next(row for row in table("/api/v1/claims/?has_verdict=true") if row["id"] == str(claim["id"]))
    assert row["verdict_rating_code"] == claim["verdict"]["rating"]["code"] == "mostly_supported"
    assert row["verdict_address"] == claim["verdict"]["address"]
    assert row["origins_voices_for_origins"] == str(claim["origins"]["voices"]["for"]["origins"])
    assert row["quantity_min"] == "1"
    correction = table("/api/v1/corrections/")[0]
    assert (correction["old_rating"], correction["new_rating"]) == ("Contested", "Mostly supported")
    assert correction["claim_page"] == f"{base}/claims/{claim['id']}/"


def test_filters_rights_and_selections_are_those_of_the_list(scene):
    secret = make_claim("Restricted.", dispute=make_dispute(visibility="restricted", members=[scene.ann]))
    everything = list(Claim.objects.visible_to(scene.ann).order_by("pk").values_list("pk", flat=True))
    assert [row["id"] for row in lines("/api/v1/claims/", scene.ann)] == everything
    assert secret.pk in everything
    assert secret.pk not in {row["id"] for row in lines("/api/v1/claims/", scene.reader)}
    drafts = [row["id"] for row in lines("/api/v1/claims/?status=draft", scene.ann)]
    assert [row["id"] for row in lines("/admin/claims/claim/?status=draft&o=-1&p=7", scene.ann)] == drafts
    assert lines("/api/v1/claims/?status=draft") == []
    chosen = get_listing("/api/v1/claims/", scene.reader, ids=[secret.pk, everything[0]])
    assert [row["id"] for row in chosen.represent_rows()] == [everything[0]]
    assert (chosen.count(), chosen.counter.done) == (1, 1)
    found = lines(f"/api/v1/claims/?dispute={scene.rivals.slug}&include=verdict&search=heart%20failure")
    assert len(found) == 1
    assert "verdict" in found[0]
    assert "attributions" not in found[0]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/v1/claims/?ordering=id", "leave ordering out"),
        ("/api/v1/claims/?page_size=5", "leave page_size out"),
        ("/api/v1/claims/?cursor=x", "leave cursor out"),
        ("/api/v1/claims/?bogus=1", "Unknown parameter 'bogus'"),
        ("/api/v1/claims/?include=bogus", "Cannot include 'bogus'"),
        ("/api/v1/claims/1/", "not the address of a list"),
        ("/api/v1/audit/", "not the address of a list"),
        ("https://elsewhere.example.org/api/v1/claims/", "not the address of a list"),
        ("/admin/", "not the address of a list"),
        ("/admin/claims/claim/?text__regex=x", "refuses a filter"),
    ],
)
def test_what_the_list_would_not_answer_is_refused_by_name(scene, address, says):
    with pytest.raises((Problem, DomainError), match=says):
        get_listing(address, scene.editor)


def test_an_export_refuses_every_parameter_that_its_list_refuses(scene, api):
    refused = []
    for prefix, noun in EXPORTABLE.items():
        assert noun.viewset.filterset_class is not None
        named = [*noun.viewset.filterset_class.base_filters]
        # Not too many at once for an address.
        some = ["&".join(f"{name}={'zq' * 101}" for name in named[start::4]) for start in range(4)]
        for query in (*filter(None, some), "include=zq", f"search={'zq' * 101}", "zq=1"):
            answer = api().get(f"/api/v1/{prefix}/?{query}")
            if answer.status_code == 200:
                continue
            with pytest.raises((APIException, DomainError)) as refusal:
                noun.viewset.for_export(None, QueryDict(query)).select_rows()
            found = exception_handler(refusal.value, {})
            assert found is not None
            expected = answer.json()
            assert (found.status_code, found.data["code"]) == (answer.status_code, expected["code"]), (prefix, query)
            named = [[entry["field"] for entry in told["errors"]] for told in (found.data, expected)]
            assert named[0] == named[1], (prefix, query)
            refused += named[0]
    assert {"include", "search", "zq", "stance", "said_after", "kept"} <= set(refused)


def test_who_may_not_ask_the_list_may_not_ask_for_its_export(scene):
    for user, refusal in ((None, NotAuthenticated), (scene.reader, PermissionDenied)):
        with pytest.raises(refusal):
            AuditEntryViewSet.for_export(user, QueryDict())
    assert AuditEntryViewSet.for_export(scene.ann, QueryDict("action=claim.created")).select_rows().exists()


def test_a_list_of_the_admin_is_for_the_desk(scene):
    for user in (None, scene.reader):
        with pytest.raises(DomainError, match="not for you"):
            get_listing("/admin/claims/claim/", user)


def test_queries_grow_with_batches_and_not_with_rows(scene, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 500)
    count = Claim.objects.count()
    with CaptureQueriesContext(connection) as first:
        assert len(lines("/api/v1/claims/", scene.ann)) == count
    for _ in range(3):
        make_attribution(make_claim(published=True))
    with django_assert_num_queries(len(first)):
        assert len(lines("/api/v1/claims/", scene.ann)) == count + 3


def test_texts_come_out_whole_and_run_nowhere(scene):
    source = make_source("=1+1", aliases=["a; b", "c"], description=f"{HOSTILE}\n{ARABIC} {AZERBAIJANI}")
    make_attribution(make_claim(published=True), source=source, said_on="2025-07-01")
    row = next(row for row in table("/api/v1/sources/", scene.ann) if row["id"] == str(source.pk))
    assert row["name"] == "'=1+1"
    assert row["aliases"] == '["a; b","c"]'
    assert row["withheld"] == "no"
    assert row["description"].endswith(f"{ARABIC} {AZERBAIJANI}")
    assert next(row for row in lines("/api/v1/sources/", scene.ann) if row["id"] == source.pk)["name"] == "=1+1"


def test_workbook_keeps_texts_and_says_what_it_is(scene, tmp_path):
    claim = make_claim("=HYPERLINK(1)", tags=["12345678901234567890"], check_reason="x" * 9_000)
    path, told = tmp_path / "claims.xlsx", []
    entry = LIST_FORMATS["xlsx"]
    assert entry.write is None
    assert entry.write_file is not None
    rows = get_listing("/api/v1/claims/", scene.ann)
    entry.write_file(rows, path, told.append)
    book = load_workbook(path)
    sheet = book["claims"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
    flat = [dict(zip([cell.value for cell in sheet[1]], line, strict=True)) for line in sheet.iter_rows(min_row=2)]
    assert len(flat) == rows.counter.done == Claim.objects.visible_to(scene.ann).count()
    last = flat[-1]
    assert (last["id"].value, last["id"].data_type) == (claim.pk, "n")
    assert (last["text"].value, last["text"].data_type) == ("=HYPERLINK(1)", "s")
    assert last["tags"].value == "12345678901234567890"
    about = {line[0]: line[2] for line in book["About"].iter_rows(values_only=True)}
    assert about["Rows of"].endswith("/api/v1/claims/")
    assert about["Made by"] == "Ann Archer"
    assert "Desk copy" in about["For"]
    meanings = {line[1]: line[2] for line in book["About"].iter_rows(values_only=True)}
    assert meanings["text"] == "The statement as one neutral sentence that can be checked."
    assert all(meanings[column] for column in last)


def test_workbook_goes_on_with_another_sheet_and_marks_what_it_cuts(monkeypatch, tmp_path):
    monkeypatch.setattr(xlsx, "ROWS_OF_SHEET", 3)
    monkeypatch.setattr(xlsx, "TELL_EVERY", 2)
    rows = [
        {"id": number, "text": text}
        for number, text in enumerate(["\ufffe\x00", "<r><b/></r>", "😀" * 20_000, "", "+1"])
    ]
    path, told = str(tmp_path / "x.xlsx"), []
    assert write_workbook(path, [Sheet("a/b", ("id", "text"), iter(rows))], {}, told.append) == 5
    book = load_workbook(path)
    assert book.sheetnames == ["a b", "a b (2)", "a b (3)", "About"]
    texts = [line[1] for name in book.sheetnames[:3] for line in book[name].iter_rows(min_row=2, values_only=True)]
    assert texts[:2] == ["\ufffd\ufffd", "<r><b/></r> "]
    assert texts[2].endswith("😀 [cut: 20,000 characters]")
    assert texts[3:] == [None, "+1"]
    assert told == [2, 4]
    assert "1 cells were longer" in str([line[2] for line in book["About"].iter_rows(values_only=True)])


def test_a_feed_has_every_row_and_names_nobody_who_is_withheld(scene):
    hidden = make_source(
        "Zqwithheld", kind="person", withheld=True, withheld_reason="Danger.", website="https://zqw.example.org"
    )
    claim = Claim.objects.published().filter(dispute=scene.rivals).earliest("pk")
    make_attribution(claim, source=hidden, said_on="2020", stance="asserts", quote="I saw it.", quote_language="en")
    make_review(claim, publisher=hidden, url="https://zqw.example.org/x", title="Zqwithheld says")
    gone = make_review(claim)
    withdraw(actor=scene.editor, row=gone, reason="Wrong claim.")
    make_claim(published=True)
    feeds, write = {}, LIST_FORMATS["jsonld"].write
    assert write is not None
    for user in (None, scene.ann):
        for noun in FEED_NOUNS:
            rows = get_listing(f"/api/v1/{noun}/", user)
            body = b"".join(write(rows))
            assert b"zqw" not in body.lower(), (noun, user)
            feeds[noun, user] = json.loads(body)["dataFeedElement"]
            assert len(feeds[noun, user]) == rows.counter.done == rows.count()
    assert {item["@type"] for row in feeds["claims", None] for item in row["item"]} == {"ClaimReview", "Claim"}
    drafts = [row for row in feeds["claims", scene.ann] if row["item"][0].get("creativeWorkStatus") == "draft"]
    assert "A claim nobody has published." in {row["item"][0]["text"] for row in drafts}
    superseded, current = feeds["verdicts", None][:2]
    assert superseded["dateDeleted"][:10] == current["item"][0]["datePublished"]
    assert "dateDeleted" not in current
    assert feeds["corrections", None][0]["item"][0]["correction"]["text"] == "A court published its file."
    assert "dateDeleted" in feeds["reviews", scene.ann][-1]
    said = next(row["item"][0] for row in feeds["attributions", scene.ann] if row["item"][0].get("text") == "I saw it.")
    assert "author" not in said
    assert said["about"]["text"] == claim.text


def test_the_api_streams_lists_and_leaves_workbooks_to_jobs(scene, api):
    answer = api(scene.ann).get("/api/v1/claims/export/csv/?status=published")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith('attachment; filename="claims-20')
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {row["status"] for row in rows} == {"published"}
    taken = Export.objects.get()
    assert (taken.query, taken.rows, taken.status) == ("/api/v1/claims/?status=published", len(rows), "done")
    assert api().get("/api/v1/claims/export/ndjson/").getvalue()
    assert Export.objects.count() == 1
    assert api(scene.ann).head("/api/v1/claims/export/csv/").getvalue() == b""
    for path, status, code in (
        ("claims/export/xlsx/", 400, "made_by_a_job"),
        ("claims/export/odd/", 404, "unknown_format"),
        ("ratings/export/jsonld/", 404, "unknown_format"),
        ("claims/export/csv/?ordering=id", 400, "not_for_exports"),
        ("claims/export/csv/?stale=true", 401, "not_authenticated"),
        ("webhooks/export/csv/", 404, "not_found"),
    ):
        answer = api().get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


def test_a_fault_on_the_way_breaks_the_download(scene, api, monkeypatch):
    whole = Listing.split_ids

    def broken(self: Any) -> Any:
        pages = whole(self)
        # More than one piece of the stream: what breaks before it is answered.
        yield from repeat(next(pages), 50)
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(Listing, "split_ids", broken)
    answer = api(scene.ann).get("/api/v1/claims/export/ndjson/")
    assert answer.status_code == 200
    with pytest.raises(RuntimeError):
        answer.getvalue()
    assert (Export.objects.get().status, Export.objects.get().rows) == ("failed", None)


def test_so_many_lists_are_handed_out_at_once(scene, api):
    client = api(scene.ann)
    client.raise_request_exception = False
    address = "/api/v1/claims/export/csv/"
    others = [Download(letter for letter in (b"a", b"b")) for _ in range(AT_ONCE)]
    refused = client.get(address)
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert refused["Retry-After"]
    assert client.head(address).status_code == 200
    # Read to its end it holds its place still, closed no more.
    assert b"".join(others[0]) == b"ab"
    assert client.get(address).status_code == 503
    others.pop(0).close()
    assert client.get(address).getvalue()
    # And again: whoever was answered has left.
    assert client.get(address).getvalue()
    for other in others:
        other.close()


def test_what_breaks_before_the_first_row_is_answered(scene, api, monkeypatch):
    def broken(**fields: Any) -> Any:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(record, "start_export", broken)
    client = api(scene.ann)
    client.raise_request_exception = False
    answer = client.get("/api/v1/claims/export/csv/")
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
