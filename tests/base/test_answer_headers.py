"""Headers of answers: content policy, caches, sniffing."""

import pytest
from knox.models import AuthToken

from tests import factories as make

pytestmark = [pytest.mark.urls("tests.base.urls")]


@pytest.mark.parametrize("path", ["/page/", "/nothing/", "/api/nothing/", "/%00/", "/api/schema/"])
def test_policy_allows_nothing_inline_and_no_other_host(anyone, path):
    response = anyone.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_policy_of_the_admin_is_looser_but_allows_no_inline_script(anyone):
    policy = anyone.get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "http" not in policy


def test_swagger_ui_loads_from_here_and_has_no_inline_script(anyone):
    page = anyone.get("/api/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "<script>" not in html
    assert 'src="/static/' in html
    assert "://" not in html.replace("http://www.w3.org", "")
    script = anyone.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")


@pytest.mark.django_db
def test_answers_are_not_shared_between_readers(anyone, api):
    response = anyone.get("/api/v1/sources/")
    assert {"authorization", "cookie", "accept"} <= {name.strip().lower() for name in response["Vary"].split(",")}
    assert response["Cache-Control"] == "no-cache"
    _row, token = AuthToken.objects.create(make.someone("Reader"))
    for known in [{"HTTP_AUTHORIZATION": f"Bearer {token}"}, {"HTTP_COOKIE": "sessionid=abcdefghij"}]:
        assert "private" in anyone.get("/api/v1/sources/", **known)["Cache-Control"]
    assert "no-store" in anyone.get("/page/", HTTP_COOKIE="sessionid=abcdefghij")["Cache-Control"]


def test_refusals_are_not_kept(anyone):
    assert anyone.get("/api/nothing/")["Cache-Control"] == "no-store"
