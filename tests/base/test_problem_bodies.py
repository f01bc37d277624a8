"""What is read strictly and refused in one shape: places in JSON, problem documents, keys of POSTs that come twice."""

from __future__ import annotations

import io
import json
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework import exceptions
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api.idempotency import answer_from, answer_once, attempt_of, replay
from factcheck.api.parsers import MAX_BYTES, MAX_DEPTH, StrictJSONParser, check_media_type, parse_json
from factcheck.api.problem import ProblemHandler, dotted, without_root
from factcheck.api.refusals import Problem, bad_parameter
from factcheck.audit.kept import Answer
from factcheck.base.errors import DomainError
from factcheck.base.http.problem import is_api_path, page_response, problem_response, refuse, title_of
from factcheck.base.http.request_id import name_request

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4)
STEPS = st.lists(TEXT | st.integers(0, 3), min_size=1, max_size=6)
BAD_VALUES = {
    "NaN": "json_number",
    "-Infinity": "json_number",
    "1e400": "json_number",
    str(2**63): "json_number",
    str(-(2**63)): "json_number",
    "1" * 5_000: "json_number",
    "0." + "1" * 500: "json_number",
    r'"\u0000"': "json_text",
    r'"a\udc00"': "json_text",
    r'{"a": 1, "a": 1}': "json_duplicate_key",
    r'{"\ud800": 1}': "json_text",
}


def nested(steps: list[str | int], inner: str) -> str:
    """JSON in which `inner` stands at the end of the steps, with good values beside it."""
    for step in reversed(steps):
        if isinstance(step, int):
            inner = "[" + '"good", ' * step + inner + ", 1]"
        else:
            inner = "{" + json.dumps(step + "!") + ": 1.5, " + json.dumps(step) + ": " + inner + "}"
    return inner


def unescaped(pointer: str) -> list[str]:
    """RFC 6901, section 4."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


@given(STEPS, st.sampled_from(sorted(BAD_VALUES)))
@settings(max_examples=40, deadline=None)
def test_the_pointer_of_a_refusal_leads_to_the_value(steps: list[str | int], bad: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_json(nested(steps, bad).encode())
    assert caught.value.code == BAD_VALUES[bad]
    (error,) = caught.value.errors
    shown = [
        step if (step := str(one)).isprintable() else step.encode("ascii", "backslashreplace").decode() for one in steps
    ]
    assert unescaped(error["pointer"]) == shown
    assert error["field"] == (".".join(shown) or None)


@given(STEPS)
@settings(max_examples=40)
def test_the_same_document_with_a_good_value_is_read(steps: list[str | int]) -> None:
    text = nested(steps, "9007199254740993")
    assert parse_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize("depth", [1, 2, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + 2, 500])
@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_the_deepest_level_is_the_thirty_second(start: str, end: str, depth: int) -> None:
    body = (start * depth + "1" + end * depth).encode()
    if depth <= MAX_DEPTH:
        assert parse_json(body)
        return
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert caught.value.code == "json_depth"


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (b'{"a": NaN, "b": Infinity}', "/a"),
        (b'[[1, {"x": NaN}], NaN]', "/0/1/x"),
        (b'{"a": [1, NaN], "b": 1e999}', "/a/1"),
    ],
)
def test_the_first_of_several_faults_is_named(body: bytes, first: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert caught.value.errors[0]["pointer"] == first


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63) + 1, 0, -1, 1.5, 1e308, 5e-324])
def test_a_number_of_64_bits_is_read(number: float) -> None:
    assert parse_json(json.dumps([number]).encode()) == [number]


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1])
def test_the_largest_body_has_a_million_bytes(size: int) -> None:
    body = io.BytesIO(b"{}".ljust(size))
    if size <= MAX_BYTES:
        assert StrictJSONParser().parse(body) == {}
        return
    with pytest.raises(Problem) as caught:
        StrictJSONParser().parse(body)
    assert caught.value.status_code == 413


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON", "application/json; charset=utf8", "application/json;v=2"]
)
def test_json_may_be_named_in_several_ways(media_type: str) -> None:
    check_media_type(media_type, "application/json")


@pytest.mark.parametrize(
    "media_type", ["", "json", "application/json2", "application/json+x", "application/json;charset=latin-1", "/", ";"]
)
def test_what_is_not_json_is_a_415(media_type: str) -> None:
    with pytest.raises(exceptions.UnsupportedMediaType):
        check_media_type(media_type, "application/json")


# --- problem documents ---


@pytest.mark.parametrize("status", [400, 401, 404, 409, 412, 428, 500, 507])
def test_the_title_is_the_phrase_of_the_status(status: int) -> None:
    assert title_of(status) == HTTPStatus(status).phrase


@pytest.mark.parametrize("status", [0, 299, 499, 999, -1])
def test_a_status_that_nobody_knows_has_a_title_too(status: int) -> None:
    assert title_of(status) == "Error"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.text(max_size=20), st.lists(st.dictionaries(st.text(max_size=3), ANYTHING, max_size=3), max_size=2))
@settings(max_examples=40)
def test_no_content_breaks_its_own_refusal(detail: str, errors: list[dict[str, Any]]) -> None:
    response = problem_response(400, "code", detail, errors=errors)
    body = json.loads(response.content)
    assert (body["status"], body["title"], body["type"]) == (400, "Bad Request", "about:blank")
    assert len(body["errors"]) == len(errors)


@pytest.mark.parametrize("value", [2**63 - 1, 2**64, -(2**70), "\ud800", {"a": ["\udfff", 2**70]}, {2: 3}, object])
def test_a_value_that_json_libraries_refuse_is_told_all_the_same(value: Any) -> None:
    body = json.loads(problem_response(400, "x", "a\ud800b", errors=[{"value": value}]).content)
    assert body["detail"] == "a?b"
    assert "value" in body["errors"][0]


def test_a_refusal_is_not_stored_and_carries_its_headers_and_number() -> None:
    request = RequestFactory().get("/", headers={"X-Request-ID": "abc"})
    name_request(request)
    for response in (
        problem_response(503, "busy", "Wait.", request=request, headers={"Retry-After": "30"}),
        page_response(503, "Wait.", request=request, headers={"Retry-After": "30"}),
    ):
        assert (response["Cache-Control"], response["Retry-After"], response.status_code) == ("no-store", "30", 503)
        assert b"abc" in response.content


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/api/", True), ("/api/v1/claims/", True), ("/v1alpha1/claims:search", True), ("/api", False),
        ("/apis/", False),
        ("/admin/api/", False), ("//api/", False), ("/API/", False), ("", False),
    ],
)  # fmt: skip
def test_programs_get_a_document_and_people_a_page(path: str, api: bool) -> None:
    assert is_api_path(path) is api
    request = RequestFactory().get("/")
    request.path_info = path
    response = refuse(request, 404, "not_found", "Nothing is here.")
    assert response["Content-Type"].startswith("application/problem+json" if api else "text/html")


def test_a_page_shows_words_and_no_markup_of_somebody_else() -> None:
    errors = [{"field": "<b>", "detail": "<script>alert(1)</script>"}, {"detail": "<i>same</i>"}]
    content = page_response(400, "<i>same</i>", errors=errors).content.decode()
    assert "<script>" not in content
    assert "<i>" not in content
    assert content.count("&lt;i&gt;same") == 1, "what the refusal says already is not said again"


@pytest.mark.parametrize(
    ("path", "field"),
    [(None, None), ("", None), (".", None), ("a", "a"), ("a.b", "a.b"), (".a", "a"), ("a.", "a"), ("a..0.b", "a.0.b")],
)
def test_a_path_has_no_empty_steps(path: str | None, field: str | None) -> None:
    assert dotted(path) == field


def test_errors_about_the_whole_are_about_the_place_they_stand_in() -> None:
    detail = {"rows": {0: {"non_field_errors": ["x"]}}, "__all__": ["y"], "a": [{"b": ["z"]}, {}]}
    assert without_root(detail) == {"rows": {"0": {"": ["x"]}}, "": ["y"], "a": [{"b": ["z"]}, {}]}


def told(error: Exception) -> dict[str, Any]:
    handler = ProblemHandler(error, {"request": None, "view": None})  # type: ignore[typeddict-item, arg-type]
    return handler.format_exception(handler.convert_known_exceptions(error))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (exceptions.ParseError(), "parse_error"),
        (exceptions.NotAuthenticated(), "not_authenticated"),
        (exceptions.AuthenticationFailed(), "authentication_failed"),
        (exceptions.PermissionDenied(), "forbidden"),
        (exceptions.PermissionDenied("No.", "own_draft"), "own_draft"),
        (exceptions.NotFound(), "not_found"),
        (exceptions.MethodNotAllowed("PUT"), "method_not_allowed"),
        (exceptions.Throttled(30), "throttled"),
        (exceptions.APIException(), "server_error"),
        (Problem(422, "mismatch", "No."), "mismatch"),
        (bad_parameter("page", "No."), "invalid_parameter"),
        (DomainError("No.", code="of_its_own"), "of_its_own"),
    ],
)
def test_each_refusal_has_a_stable_code(error: Exception, code: str) -> None:
    assert told(error)["code"] == code


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        ("Say it.", [(None, "Say it.")]),
        ({"text": ["Say it."]}, [("text", "Say it.")]),
        ({"non_field_errors": ["Two."], "a": ["One."]}, [(None, "Two."), ("a", "One.")]),
        ({"rows": [{}, {"a": ["One."]}]}, [("rows.1.a", "One.")]),
        ({"rows": {"0": {"non_field_errors": ["One."]}}}, [("rows.0", "One.")]),
    ],
)
def test_each_error_of_a_validation_names_its_place(detail: Any, errors: list[tuple[str | None, str]]) -> None:
    found = told(exceptions.ValidationError(detail))
    assert [(one["field"], one["detail"]) for one in found["errors"]] == errors
    assert found["code"] == "validation_error"


# --- keys of POSTs that come twice ---


def posted(data: Any, key: str | None = "k1", path: str = "/x/", method: str = "POST", **extra: Any) -> Request:
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    request = Request(
        RequestFactory().generic(method, path, data, **{"content_type": "application/json", **headers, **extra})
        if isinstance(data, bytes)
        else RequestFactory().post(path, data, **headers, **extra),
        parsers=[MultiPartParser(), FormParser(), StrictJSONParser()],
    )
    request.user = SimpleNamespace(is_authenticated=True, pk=1)
    return request


def fingerprint(data: Any, **extra: Any) -> str:
    attempt = attempt_of(posted(data, **extra))
    assert attempt is not None
    return attempt.fingerprint


@pytest.mark.parametrize("key", ["a", " a", "~" * 255, "3f0e-…".encode("ascii", "ignore").decode(), "!\"#$%&'"])
def test_a_key_is_printable_ascii(key: str) -> None:
    attempt = attempt_of(posted(b"{}", key=key))
    assert attempt is not None
    assert (attempt.key, attempt.actor_id, attempt.target) == (key, 1, "POST /x/")


@pytest.mark.parametrize("key", ["", " ", "   ", "a" * 256, "é", "a\n", "a\x00", "\t", "a\x7f", "🙂"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(Problem) as caught:
        attempt_of(posted(b"{}", key=key))
    assert (caught.value.status_code, caught.value.code) == (400, "invalid_header")


def test_without_a_key_a_post_or_a_user_nothing_is_kept() -> None:
    assert attempt_of(posted(b"{}", key=None)) is None
    assert attempt_of(posted(b"{}", method="PUT")) is None
    visitor = posted(b"{}")
    visitor.user = AnonymousUser()
    assert attempt_of(visitor) is None


def test_a_long_path_is_kept_in_part() -> None:
    attempt = attempt_of(posted(b"{}", path="/" + "x" * 3_000))
    assert attempt is not None
    assert len(attempt.target) == 2_000


@pytest.mark.parametrize(
    ("data", "extra"),
    [
        (b'{"a": 2}', {}),
        (b'{"a":1}', {}),
        (b"", {}),
        (b'{"a": 1}', {"path": "/y/"}),
        (b'{"a": 1}', {"QUERY_STRING": "a"}),
    ],
)
def test_another_body_path_or_query_is_another_request(data: bytes, extra: dict[str, Any]) -> None:
    assert fingerprint(b'{"a": 1}') == fingerprint(b'{"a": 1}')
    assert fingerprint(data, **extra) != fingerprint(b'{"a": 1}')


FORMS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.lists(st.text("1ab=\n:", max_size=6), min_size=1, max_size=2), min_size=1
)


@given(FORMS, FORMS)
@settings(max_examples=40, deadline=None)
def test_two_forms_are_one_request_where_all_fields_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "1\nb=2"}, {"a": "1", "b": "2"}),
        ({"a": "\na="}, {"a": ["", ""]}),
        ({"a": SimpleUploadedFile("f", b"x\nb=1")}, {"a": SimpleUploadedFile("f", b"x"), "b": "1"}),
        ({"a": SimpleUploadedFile("f", b"x")}, {"a": SimpleUploadedFile("f", b"y")}),
    ],
)
def test_a_line_in_a_value_is_not_taken_for_a_field(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_file_can_be_read_after_its_fingerprint_was_taken() -> None:
    request = posted({"file": SimpleUploadedFile("f.txt", b"content")})
    assert attempt_of(request) is not None
    assert request.data["file"].read() == b"content"


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("headers", [{}, {"ETag": '"1"', "Location": "/x/1/"}])
def test_what_is_kept_is_answered_again_to_the_byte(status: int, headers: dict[str, str]) -> None:
    data = None if status == 204 else {"id": 1, "text": "é"}
    kept = answer_from(Response(data, status=status, headers={**headers, "X-Other": "1"}))
    again = replay(kept)
    assert again.status_code == status
    assert again.content == (b"" if status == 204 else '{"id":1,"text":"é"}'.encode())
    assert again["Idempotent-Replayed"] == "true"
    assert {name: again[name] for name in ("ETag", "Location") if name in again} == headers
    assert "X-Other" not in again
    assert again.has_header("Content-Type") is (status != 204)


def test_an_answer_that_is_no_json_keeps_its_type() -> None:
    kept = answer_from(HttpResponse(b"a,b", content_type="text/csv"))
    assert kept == Answer(200, b"a,b", "text/csv", {})


def test_without_an_attempt_the_act_is_done_each_time() -> None:
    answers = iter([HttpResponse(b"1"), HttpResponse(b"2")])
    store: Any = None
    assert [answer_once(None, store, lambda: next(answers)).content for _ in range(2)] == [b"1", b"2"]
