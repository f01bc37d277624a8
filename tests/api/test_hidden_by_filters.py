"""What a reader may not know is not told by filters, searches, references and unknown names either."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from django.db import connection

from claims.models import Attribution, Claim, Dispute, Evidence
from sources.models import Source
from tests.api.nouns import NOUNS, address
from tests.api.routes import api_routes
from tests.api.story import CITED, COUNTRY, DESK, DRAFT, HIDDEN, INTERNAL, WIKIDATA, WITHHELD

pytestmark = pytest.mark.django_db

LISTS = [route for route in api_routes().values() if route.noun and route.actions.get("get") == "list"]
NOBODY = "987654321"
KINDS_OF_TEXT = {"TextFilter", "TagFilter", "AddressFilter"}
SECRET_WORDS = (WITHHELD, HIDDEN, CITED, INTERNAL, DRAFT, DESK, WIKIDATA)


def plain(response: Any, sent: str = "") -> Any:
    """The answer without what differs from request to request, or repeats what was sent."""
    text = response.content.decode()
    text = re.sub(r'"request_id":"[^"]*"', "", text)
    return response.status_code, re.sub(rf"\b{re.escape(sent)}\b", "…", text) if sent else text


OUTSIDE = ["anonymous"] if connection.vendor == "sqlite" else ["reader"]
"""Each on one engine: the conditions are the same on both."""


FORMS = ("{}={}", "{}=!{}", "!{}={}", "{}__in={}")
"""How a value can be asked for, and denied."""


def filters_of(route: Any) -> dict[str, Any]:
    return dict(route.view.filterset_class.base_filters) if route.view.filterset_class else {}


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_hidden_rows_filter_like_rows_that_do_not_exist(story, desk, client_of, route, who):
    client = client_of(getattr(desk, who))
    hidden = [
        story.hidden_dispute.slug,
        story.withheld.slug,
        f"{CITED}-source",
        f"{DRAFT}-source",
        *(f"{row.pk}" for row in (story.hidden_dispute, story.hidden_claim, story.draft, story.hidden_evidence)),
    ]
    for name, filter_ in filters_of(route).items():
        if type(filter_).__name__ != "ReferenceFilter":
            continue
        nobody = {
            (digits, form): plain(client.get(f"{route.path()}?{form.format(name, value)}"), value)
            for digits, value in ((True, NOBODY), (False, "nobody"))
            for form in FORMS
        }
        # Each value in two of the forms, in turn.
        for value, form in ((value, form) for nth, value in enumerate(hidden) for form in FORMS[nth % 2 :: 2]):
            model = getattr(filter_.choose_from, "model", Source)
            if value.isdigit() and model.objects.visible_to(getattr(desk, who)).filter(pk=value).exists():
                continue  # a number that another noun's visible row has as well
            given = client.get(f"{route.path()}?{form.format(name, value)}")
            assert plain(given, value) == nobody[value.isdigit(), form], (name, value, form)


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_secret_words_find_nothing(story, desk, client_of, route, who):
    client = client_of(getattr(desk, who))
    words = [word for word in SECRET_WORDS if not (who == "reader" and word == INTERNAL)]
    texts = [name for name, kind in filters_of(route).items() if type(kind).__name__ in KINDS_OF_TEXT]
    queries = [f"search={word}" for word in words if route.view.searchable]
    values = [(name, value) for name in texts for word in words for value in {word, guess(name, word)}]
    queries += [form.format(name, value) for name, value in values for form in ("{}={}", "{}__in={}")]
    for query in queries:
        response = client.get(f"{route.path()}?{query}")
        if route.noun in {"audit", "webhook"} or (route.noun == "export" and who == "anonymous"):
            assert response.status_code in {401, 403}
        elif "external_id" in query.partition("=")[0]:
            assert response.status_code == (401 if who == "anonymous" else 403), query  # for the desk alone
        else:
            assert response.status_code == (400 if "url__in=" in query else 200), query
            assert response.json().get("results", []) == [], query


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_denying_a_secret_word_leaves_what_denying_any_word_leaves(story, desk, client_of, route, who):
    client = client_of(getattr(desk, who))
    texts = [name for name, kind in filters_of(route).items() if type(kind).__name__ in KINDS_OF_TEXT]
    for name in texts:
        for word, form in product((WITHHELD, HIDDEN, CITED), ("{}=!{}", "!{}={}")):
            given = client.get(f"{route.path()}?{form.format(name, guess(name, word))}")
            other = client.get(f"{route.path()}?{form.format(name, guess(name, 'nobody'))}")
            assert rows(given) == rows(other), (name, word, form)


def rows(response: Any) -> Any:
    return response.status_code, [row["id"] for row in response.json().get("results", [])]


def guess(name: str, word: str) -> str:
    """What somebody would try in this filter who suspects a name."""
    if name == "url":
        return f"https://{word}.example.org/post"
    return f"{word}-slug" if name == "slug" else f"{word} {name}"


@pytest.mark.parametrize("path", ["source", "claim", "attribution", "dispute"])
def test_the_country_of_a_withheld_source_finds_nothing(story, client_of, path):
    country, client = COUNTRY.strip('"'), client_of()
    for form in ("{}={}", "{}__in={}", "{}=null,{}"):
        told = rows(client.get(f"{address(path)}?{form.format('country', country)}"))
        assert told == rows(client.get(f"{address(path)}?{form.format('country', 'IS')}")), form
    for form in ("{}=!{}", "!{}={}"):
        told = rows(client.get(f"{address(path)}?{form.format('country', country)}"))
        assert told == rows(client.get(f"{address(path)}?{form.format('country', 'IS')}")), form
    assert client.get(f"{address(path)}?country=AZ").json()["results"] != []


HIDDEN_FROM_AN_EDITOR = {
    Dispute: lambda story: story.hidden_dispute,
    Claim: lambda story: story.hidden_claim,
    Evidence: lambda story: story.hidden_evidence,
    Attribution: lambda story: story.hidden_claim.attributions.first(),
}
"""What a restricted dispute hides of the rows that others refer to; the desk knows all sources, documents, ratings."""


def references() -> list[Any]:
    """Each field of each noun that refers to a row which may be hidden."""
    found = []
    for noun, kind in NOUNS.items():
        view = next(route.view for route in LISTS if route.noun == noun)
        for name, field in view.serializer_class().fields.items():
            model = getattr(getattr(field, "queryset", None), "model", None)
            if model in HIDDEN_FROM_AN_EDITOR and kind.body:
                found.append(pytest.param(noun, name, model, id=f"{noun}.{name}"))
    return found


@pytest.mark.parametrize(("noun", "name", "model"), references())
def test_the_desk_cannot_refer_to_a_hidden_row(story, desk, client_of, noun, name, model):
    hidden = HIDDEN_FROM_AN_EDITOR[model](story)
    client = client_of(desk.editor)
    given = client.post(address(noun), {**NOUNS[noun].body(), name: hidden.pk})
    nobody = client.post(address(noun), {**NOUNS[noun].body(), name: int(NOBODY)})
    assert given.status_code == 400
    assert plain(given, str(hidden.pk)) == plain(nobody, NOBODY)


@pytest.mark.parametrize("route", api_routes().values(), ids=lambda route: route.name)
def test_unknown_parameters_are_refused_by_name(story, desk, client_of, route):
    if "get" not in route.actions or not route.noun:
        pytest.skip("nothing to read here")
    row = NOUNS[route.noun].model.objects.visible_to(*seen_by(desk.administrator, route.noun)).first()
    values = {name: "csv" if name == "format_name" else row.pk for name in route.parameters}
    response = client_of(desk.administrator).get(f"{route.path(**values)}?zq=1")
    assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")
    assert response.json()["errors"][0]["field"] == "zq"


def seen_by(user: Any, noun: str) -> tuple[Any, ...]:
    """What `visible_to` of a noun wants to know."""
    return (user, Dispute.objects.open_to(user)) if noun == "audit" else (user,)


@pytest.mark.parametrize("noun", [noun for noun, kind in NOUNS.items() if kind.body])
def test_unknown_fields_are_refused_by_name(desk, client_of, noun):
    kind = NOUNS[noun]
    client = client_of(desk.administrator)
    created = client.post(address(noun), {**kind.body(), "zq": 1})
    row = (kind.draft or kind.published)(desk.administrator)
    how = {"HTTP_IF_MATCH": f'"{row.version}"', "HTTP_X_CHANGE_REASON": "A test."}
    changed = client.patch(f"{address(noun)}{row.pk}/", {"zq": 1}, **how)
    for response in (created, changed):
        if response.status_code != 405:
            found = {(error["field"], error["code"]) for error in response.json()["errors"]}
            assert (response.status_code, found) == (400, {("zq", "unknown_field")})
