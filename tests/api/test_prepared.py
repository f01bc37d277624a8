"""Answers that are made once: the description of the API, its page, and the list of its nouns."""

import gzip

import pytest
import yaml
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from knox.models import AuthToken

from factcheck import documentation
from tests.factories import make_claim, make_dispute

SCHEMA, ROOT, DOCS = "/api/schema/", "/api/v1/", "/api/docs/"
JSON, YAML = "application/json", "application/yaml"


@pytest.fixture
def few_routes(monkeypatch):
    """The description of a small API, and how often it was made."""
    made = []

    def get_schema(self, request=None, public=False):
        made.append(public)
        return {"openapi": "3.1.0", "info": {"title": "é" * 2_000}, "paths": {}}

    monkeypatch.setattr(SchemaGenerator, "get_schema", get_schema)
    documentation.make_document.cache_clear()
    documentation.make_schema.cache_clear()
    yield made
    documentation.make_document.cache_clear()
    documentation.make_schema.cache_clear()


def test_the_description_is_made_once_for_each_format(few_routes):
    answers = [Client().get(SCHEMA, HTTP_ACCEPT=kind) for kind in (JSON, YAML, JSON, YAML)]
    assert few_routes == [True], "each format is written of the same document"
    assert answers[0].content == answers[2].content
    assert answers[0].json() == yaml.safe_load(answers[1].content)
    assert [answer["Content-Type"] for answer in answers[:2]] == [JSON, f"{YAML}; charset=utf-8"]
    assert answers[0]["Content-Disposition"].endswith('.json"')


@pytest.fixture
def release(few_routes, settings, tmp_path):
    """A folder of data in which nothing is kept yet, and how to begin as a new process does."""

    def begin():
        for made in (documentation.make_document, documentation.make_schema, documentation._place):
            made.cache_clear()

    settings.FACTCHECK_DATA_DIR = tmp_path
    begin()
    yield begin
    documentation._place.cache_clear()


def test_what_is_kept_for_a_release_is_not_made_again(few_routes, release):
    documentation.keep_documents()
    release()
    few_routes.clear()
    for kind in (JSON, YAML, "application/vnd.oai.openapi"):
        plain, packed = (Client().get(SCHEMA, HTTP_ACCEPT=kind, HTTP_ACCEPT_ENCODING=how) for how in ("", "gzip"))
        assert yaml.safe_load(plain.content)["info"]["title"] == "é" * 2_000
        assert gzip.decompress(packed.content) == plain.content
        assert Client().get(SCHEMA, HTTP_ACCEPT=kind, HTTP_IF_NONE_MATCH=packed["ETag"]).status_code == 304
    assert few_routes == []


@pytest.mark.parametrize("what", ["settings", "code"])
def test_what_is_kept_of_another_release_is_not_served(few_routes, release, settings, monkeypatch, what):
    before = documentation.keep_documents()
    if what == "settings":
        settings.SPECTACULAR_SETTINGS = {**settings.SPECTACULAR_SETTINGS, "SERVERS": [{"url": "https://other.example"}]}
    else:
        monkeypatch.setattr(documentation, "PACKAGES", ("factcheck", "sources"))
    release()
    few_routes.clear()
    assert Client().get(SCHEMA).status_code == 200
    assert few_routes == [True]
    after = documentation.keep_documents()
    assert after != before
    assert [path.name for path in after.parent.iterdir()] == [after.name]


@pytest.mark.parametrize(("address", "kind"), [("json", JSON), ("yaml", YAML)])
def test_each_format_has_an_address_of_its_own(few_routes, address, kind):
    answer = Client().get(f"{SCHEMA}{address}/", HTTP_ACCEPT="text/html")
    assert answer["Content-Type"].startswith(kind)
    assert answer.content == Client().get(SCHEMA, HTTP_ACCEPT=kind).content
    assert answer["ETag"]


def test_who_asks_for_the_api_is_led_on():
    answer = Client().get("/api/")
    assert (answer.status_code, answer["Location"]) == (302, ROOT)
    root = Client().get(ROOT).json()
    assert {name: root[name].removeprefix(settings.FACTCHECK_BASE_URL) for name in ("schema", "docs", "balance")} == {
        "schema": SCHEMA,
        "docs": DOCS,
        "balance": "/api/v1/balance/",
    }


@pytest.mark.parametrize("address", [ROOT, SCHEMA, DOCS])
@pytest.mark.parametrize("accepted", ["gzip, deflate", ""])
def test_who_has_it_already_is_told_so_and_nothing_else(few_routes, address, accepted):
    client = Client(HTTP_ACCEPT_ENCODING=accepted)
    first = client.get(address)
    again = client.get(address, HTTP_IF_NONE_MATCH=f'"other", {first["ETag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "Accept-Encoding" in again["Vary"]
    assert client.get(address, HTTP_IF_NONE_MATCH='"other"').status_code == 200


@pytest.mark.parametrize("address", [ROOT, SCHEMA])
def test_it_is_compressed_for_who_can_unpack_it(few_routes, address):
    plain = Client().get(address, HTTP_ACCEPT=JSON)
    packed = Client().get(address, HTTP_ACCEPT=JSON, HTTP_ACCEPT_ENCODING="br;q=0.1, gzip;q=0.5")
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) == int(packed["Content-Length"]) < len(plain.content) / 2
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]


def test_a_tag_that_is_none_is_refused_in_words():
    refusal = Client().get(ROOT, HTTP_IF_NONE_MATCH="garbage")
    assert refusal.status_code == 400
    assert refusal["Content-Type"] == "application/problem+json"


def test_all_addresses_are_at_the_public_host_by_whatever_name_it_was_asked(settings, editor):
    settings.ALLOWED_HOSTS, settings.FACTCHECK_BASE_URL = ["inner.example"], "https://register.example.org"
    token = AuthToken.objects.create(editor)[1]
    client = Client(headers={"Host": "inner.example", "Authorization": f"Bearer {token}"})
    dispute = make_dispute("Bridge")
    for number in range(2):
        make_claim(f"It fell {number} times.", dispute=dispute, published=True)
    page = client.get("/api/v1/claims/?page_size=1")
    feed = client.get("/api/v1/changes/?since=0").json()
    made = client.post("/api/v1/tokens/", {"name": "x"}, "application/json")
    entered = client.post("/api/v1/claims/", {"text": "It stands."}, "application/json")
    export = client.post(
        "/api/v1/exports/", {"kind": "list", "format": "csv", "query": "/api/v1/claims/"}, "application/json"
    )
    told = [
        *client.get(ROOT).json().values(),
        page.json()["next"],
        page["Link"].strip("<"),
        feed["next"],
        feed["results"][0]["address"],
        client.get("/api/v1/search/?q=fell").json()["results"][0]["address"],
        client.get("/api/v1/questions/").json()["results"][0]["matrix"],
        client.get(f"/api/v1/disputes/{dispute.pk}/matrix/").json()["claims"][0]["address"],
        *(answer["Location"] for answer in (made, entered, export)),
    ]
    assert [address for address in told if not address.startswith("https://register.example.org/api/v1/")] == [
        "https://register.example.org/api/schema/", "https://register.example.org/api/docs/",
    ]  # fmt: skip
    # What is under the public host is reached under this one as well; a host that is not named reaches nothing.
    assert client.get(page.json()["next"].partition("example.org")[2]).status_code == 200
    assert Client(headers={"Host": "elsewhere.example"}).get(ROOT).status_code == 400


def test_the_script_of_the_page_is_each_visitors_own():
    """It holds the token against forged forms."""
    one, two = (Client().get(f"{DOCS}?script=") for _ in range(2))
    assert one.content != two.content
    assert Client().get(DOCS).content == Client().get(DOCS).content
