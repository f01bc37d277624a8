"""The line of the log that each request leaves, and who is looked for at whose cost."""

import json
import logging

import pytest
import structlog
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client

from factcheck.base.http.request_id import name_request
from factcheck.base.http.request_log import NAME, RequestLogMiddleware, client_address
from factcheck.logs import logging_config

pytestmark = pytest.mark.urls("tests.base.urls")


@pytest.fixture
def lines(caplog):
    """The events of the log of requests."""
    caplog.set_level(logging.INFO, logger=NAME)
    return lambda: [record.msg for record in caplog.records if record.name == NAME]


def asking(path="/page/", **meta):
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META.update({"REMOTE_ADDR": "192.0.2.7", **meta})
    name_request(request)
    return request


@pytest.mark.parametrize(("address", "code", "level"), [("/page/?a=1%20b", 200, "info"), ("/nothing/", 404, "warning")])
def test_a_request_that_was_answered_leaves_one_line(anyone, lines, address, code, level):
    response = anyone.get(address, REMOTE_ADDR="192.0.2.7", headers={"X-Request-ID": "abc"})
    (line,) = lines()
    assert response.status_code == code
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "code": code,
        "request": f"GET {address}",
        "event": "request_finished",
        "request_id": "abc",
        "ip": "192.0.2.7",
        "logger": NAME,
        "level": level,
    }


def test_a_request_that_failed_leaves_its_traceback_instead(anyone, lines):
    assert anyone.get("/bug/").status_code == 500
    (line,) = lines()
    assert (line["event"], line["code"], line["request"]) == ("request_failed", 500, "GET /bug/")
    assert line["request_id"]
    assert line["exc_info"]


def test_what_is_refused_in_front_leaves_a_line(anyone, lines):
    answer = anyone.get("/page/?a=%00", REMOTE_ADDR="192.0.2.7")
    (line,) = lines()
    assert (answer.status_code, line["code"], line["request"]) == (400, 400, "GET /page/?a=%00")
    assert (line["ip"], line["request_id"]) == ("192.0.2.7", answer["X-Request-ID"])


@pytest.mark.parametrize("as_json", [True, False])
def test_the_line_is_what_structlog_would_write(caplog, as_json):
    caplog.set_level(logging.INFO, logger=NAME)
    RequestLogMiddleware(lambda _request: HttpResponse())(asking(HTTP_X_REQUEST_ID="abc"))
    with structlog.contextvars.bound_contextvars(request_id="abc", ip="192.0.2.7"):
        structlog.get_logger(NAME).info("request_finished", code=200, request="GET /page/")
    made = logging_config("INFO", json=as_json)["formatters"]["structured"]
    given = {"processors": made["processors"], "foreign_pre_chain": made["foreign_pre_chain"]}
    for record in caplog.records:
        record.msg["timestamp"] = "then"
    ours = made["()"](**given).format(caplog.records[0])
    theirs = structlog.stdlib.ProcessorFormatter(**given).format(caplog.records[1])
    assert json.loads(ours) == json.loads(theirs) if as_json else ours == theirs


def test_what_is_logged_meanwhile_carries_the_id_and_the_address_and_nothing_afterwards():
    seen = []

    def answer(request):
        seen.append(structlog.contextvars.get_contextvars())
        return HttpResponse()

    RequestLogMiddleware(answer)(asking(HTTP_X_REQUEST_ID="abc"))
    assert seen == [{"request_id": "abc", "ip": "192.0.2.7"}]
    assert structlog.contextvars.get_contextvars() == {}


def test_a_stream_that_breaks_is_in_the_log_under_its_request(lines):
    def rows():
        yield b"one"
        raise OSError("gone")

    response = RequestLogMiddleware(lambda _request: StreamingHttpResponse(rows()))(asking(HTTP_X_REQUEST_ID="abc"))
    with pytest.raises(OSError, match="gone"):
        list(response.streaming_content)
    assert [line["event"] for line in lines()] == ["request_finished", "streaming_failed"]
    assert {line["request_id"] for line in lines()} == {"abc"}


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "192.0.2.7"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "192.0.2.7"),
    ],
)
def test_the_address_of_a_client_is_what_our_own_proxy_saw(settings, behind_proxy, forwarded, address):
    settings.FACTCHECK_BEHIND_PROXY = behind_proxy
    assert client_address(asking(HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_below_its_level_the_line_is_not_written(anyone, lines, caplog):
    caplog.set_level(logging.WARNING, logger=NAME)
    anyone.get("/page/")
    assert lines() == []


@pytest.mark.django_db
def test_a_session_is_looked_for_where_one_may_be_only():
    person = get_user_model().objects.create_user("ann", is_staff=True)
    client = Client()
    nobody = client.get("/page/").wsgi_request
    assert not hasattr(nobody, "session")
    assert nobody.user.is_anonymous
    assert hasattr(client.get("/admin/login/").wsgi_request, "session")
    client.force_login(person)
    assert client.get("/page/").wsgi_request.user == person
