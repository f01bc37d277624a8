"""Headers of answers, names of requests and files by their fingerprint, as functions."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base.files import CHUNK, chunks, fingerprint, fingerprint_of, make_folder, sync_folder
from factcheck.base.http.headers import (
    ADMIN_POLICY,
    DATA_POLICY,
    DOCS_POLICY,
    PAGE_POLICY,
    STANDING,
    guard_caches,
    policy_for,
    set_headers,
)
from factcheck.base.http.request_id import name_request, request_id_of


def asking(path: str, *, cookie: bool = False, **meta: str) -> HttpRequest:
    request = HttpRequest()
    request.path = request.path_info = path
    request.META = dict(meta)
    if cookie:
        request.COOKIES["sessionid"] = "x"
    return request


JSON, HTML = "application/json", "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "media_type", "policy"),
    [
        ("/", HTML, PAGE_POLICY),
        ("/disputes/x/", HTML, PAGE_POLICY),
        ("/admin/", HTML, ADMIN_POLICY),
        ("/admin/claims/claim/1/change/", HTML, ADMIN_POLICY),
        ("/api/docs/", HTML, DOCS_POLICY),
        ("/api/v1/claims/", JSON, DATA_POLICY),
        ("/api/v1/disputes/1/report.html", HTML, PAGE_POLICY),
        ("/administrator/", HTML, PAGE_POLICY),
    ],
)
def test_each_place_has_the_policy_that_it_needs(path: str, media_type: str, policy: str) -> None:
    assert policy_for(asking(path), HttpResponse(content_type=media_type)) == policy


@pytest.mark.parametrize("policy", [ADMIN_POLICY, DATA_POLICY, DOCS_POLICY, PAGE_POLICY])
def test_no_policy_lets_another_site_in(policy: str) -> None:
    assert "http" not in policy
    assert "*" not in policy
    assert re.search(r"frame-ancestors '(none|self)'", policy)
    assert policy.startswith("default-src ")


@pytest.mark.parametrize("policy", [DATA_POLICY, PAGE_POLICY])
def test_outside_the_admin_nothing_runs(policy: str) -> None:
    assert "script" not in policy
    assert "default-src 'none'" in policy


def test_what_a_view_has_set_stays() -> None:
    response = HttpResponse()
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "other"
    set_headers(asking("/"), response)
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["X-Content-Type-Options"] == "other"
    assert {name for name in STANDING if not response.has_header(name)} == set()


@pytest.mark.parametrize(
    ("path", "known", "control"),
    [
        ("/api/v1/claims/", False, "no-cache"),
        ("/api/v1/claims/", True, "private, no-store"),
        ("/claims/1/", True, "private, no-store"),
        ("/claims/1/", False, None),
    ],
)
def test_no_shared_cache_keeps_what_is_somebodys_own(path: str, known: bool, control: str | None) -> None:
    for request in (
        (asking(path, cookie=True), asking(path, HTTP_AUTHORIZATION="Bearer x", HTTP_SEC_FETCH_SITE="cross-site"))
        if known
        else (asking(path),)
    ):
        response = HttpResponse()
        guard_caches(request, response)
        assert response.get("Cache-Control") == control
        assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_program_keeps_its_copy_and_asks_again() -> None:
    response = HttpResponse()
    guard_caches(asking("/api/v1/claims/", HTTP_AUTHORIZATION="Bearer x"), response)
    assert response["Cache-Control"] == "private, no-cache"


def test_a_static_file_may_be_cached_by_anybody() -> None:
    response = HttpResponse()
    set_headers(asking("/static/claims/report.css"), response)
    assert not response.has_header("Cache-Control")
    assert not response.has_header("Vary")


@pytest.mark.parametrize("given_id", ["abc-123", "a" * 64, "trace:1/2+3=@x._"])
def test_the_id_that_a_proxy_gave_is_kept(given_id: str) -> None:
    assert request_id_of(asking("/", HTTP_X_REQUEST_ID=given_id)) == given_id


@pytest.mark.parametrize("hostile", ["", "a" * 65, "a b", "a\nb", "ä", '"', "<script>", "a\x00"])
def test_an_id_that_is_not_safe_to_log_is_replaced(hostile: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", request_id_of(asking("/", HTTP_X_REQUEST_ID=hostile)))


def test_a_request_is_named_once_and_everywhere_the_same() -> None:
    request = asking("/", HTTP_X_REQUEST_ID="a b")
    name = name_request(request)
    assert name_request(request) == name
    assert request.META["HTTP_X_REQUEST_ID"] == name


@given(st.text(max_size=100))
def test_whatever_is_given_an_id_fits_into_one_line_of_a_log(given_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._:+/=@-]{1,64}", request_id_of(asking("/", HTTP_X_REQUEST_ID=given_id)))


# --- files ---


@given(st.binary(max_size=300))
def test_a_fingerprint_is_the_digest_and_the_size(content: bytes) -> None:
    assert fingerprint(io.BytesIO(content)) == (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))


def test_a_file_is_read_in_pieces_and_has_the_same_fingerprint(tmp_path: Path) -> None:
    content = b"x" * (CHUNK + 7)
    path = tmp_path / "file"
    path.write_bytes(content)
    assert [len(piece) for piece in chunks(io.BytesIO(content))] == [CHUNK, 7]
    assert fingerprint_of(path) == fingerprint(io.BytesIO(content))


def test_a_fingerprint_is_of_what_is_left() -> None:
    content = io.BytesIO(b"headbody")
    content.seek(4)
    assert fingerprint(content) == fingerprint(io.BytesIO(b"body"))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        fingerprint_of(tmp_path / "gone")


def test_a_folder_is_made_with_all_above_it_and_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    make_folder(folder)
    make_folder(folder)
    assert folder.is_dir()
    sync_folder(folder)


def test_a_folder_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        make_folder(tmp_path / "a" / "b")
