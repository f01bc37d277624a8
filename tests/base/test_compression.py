"""Text comes in less space to who takes it so, and says the same."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from knox.models import AuthToken

from factcheck.base.http.compression import coding_for, may_be_encoded
from tests import factories as make
from tests.database import ONE_ENGINE

pytestmark = [pytest.mark.django_db, ONE_ENGINE]

UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}
CLAIMS = "/api/v1/claims/"


@pytest.fixture
def claims(register: None) -> None:
    dispute = make.make_dispute("Bridge")
    for number in range(5):
        make.make_claim(f"The bridge was closed {number} times.", dispute=dispute, published=True)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0", ""),
        ("identity", ""),
        ("nonsense;;q=x,, gzip", "gzip"),
        ("gzip, " * 100, ""),
    ],
)
def test_the_coding_is_the_one_that_is_wanted_most(accepted: str, wanted: str) -> None:
    assert coding_for(RequestFactory().get("/", headers={"Accept-Encoding": accepted})) == wanted


@pytest.mark.parametrize("remembered", [0, 8])
@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("path", [CLAIMS, "/disputes/bridge/", "/", "/api/schema/"])
def test_what_comes_in_a_coding_is_the_same(
    path: str, coding: str, remembered: int, claims: None, settings: Any
) -> None:
    settings.FACTCHECK_REMEMBERED_MB = remembered
    reader = Client()
    for _ in range(2):
        plain = reader.get(path)
        answer = reader.get(path, headers={"Accept-Encoding": coding})
        assert answer["Content-Encoding"] == coding
        assert UNPACKED[coding](answer.content) == plain.content
        assert len(answer.content) < len(plain.content) / 2
        assert int(answer["Content-Length"]) == len(answer.content)
        assert not plain.has_header("Content-Encoding")
        assert "Accept-Encoding" in plain["Vary"]
        assert "Accept-Encoding" in answer["Vary"]


def test_the_etag_of_a_coding_is_weak_and_known_in_each(claims: None) -> None:
    reader = Client()
    plain, packed = reader.get(CLAIMS)["ETag"], reader.get(CLAIMS, headers={"Accept-Encoding": "br"})["ETag"]
    assert packed == f"W/{plain}"
    for tag in (plain, packed):
        for coding in ("", "br", "gzip"):
            answer = reader.get(CLAIMS, headers={"If-None-Match": tag, "Accept-Encoding": coding})
            assert (answer.status_code, answer.content) == (304, b"")


def test_a_change_is_made_with_the_etag_of_a_coding(claims: None, api: Any) -> None:
    claim = make.make_claim("It rained.", dispute=make.make_dispute("Rain"))
    api.force_authenticate(make.someone("Researcher"))
    tag = api.get(f"{CLAIMS}{claim.pk}/", headers={"Accept-Encoding": "gzip"})["ETag"]
    assert tag.startswith("W/")
    changed = api.patch(f"{CLAIMS}{claim.pk}/", {"text": "It poured."}, format="json", headers={"If-Match": tag})
    assert changed.status_code == 200


def test_what_comes_piece_by_piece_is_packed_so(claims: None) -> None:
    plain = b"".join(Client().get(f"{CLAIMS}export/csv/").streaming_content)
    packed = Client().get(f"{CLAIMS}export/csv/", headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(packed.streaming_content)) == plain
    assert not Client().get(f"{CLAIMS}export/csv/", headers={"Accept-Encoding": "br"}).has_header("Content-Encoding")


def test_nothing_is_packed_for_who_is_known_by_a_cookie(claims: None, client: Client) -> None:
    client.force_login(make.someone("Researcher"))
    for path in (CLAIMS, "/disputes/bridge/", "/admin/"):
        assert not client.get(path, headers={"Accept-Encoding": "br, gzip"}).has_header("Content-Encoding")
    assert not Client().get("/admin/login/", headers={"Accept-Encoding": "br, gzip"}).has_header("Content-Encoding")


def test_programs_with_a_token_are_sent_packed_answers(claims: None) -> None:
    token = f"Bearer {AuthToken.objects.create(make.someone('Researcher'))[1]}"
    answer = Client().get(CLAIMS, headers={"Accept-Encoding": "gzip", "Authorization": token})
    assert answer["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(b"x" * 100, content_type="text/plain"),
        HttpResponse(b"x" * 9_000, content_type="application/pdf"),
        HttpResponse(b"x" * 9_000, content_type="image/png"),
        HttpResponse(b"x" * 9_000, content_type="text/plain", headers={"Content-Encoding": "gzip"}),
        HttpResponse(b"x" * 9_000, content_type="text/plain", headers={"Cache-Control": "no-transform"}),
        HttpResponse(b"x" * 9_000, content_type="text/plain", status=206),
    ],
)
def test_what_gains_nothing_or_must_not_be_touched_is_left(answer: HttpResponse) -> None:
    assert not may_be_encoded(RequestFactory().get("/"), answer)
