"""Every route of the API, for everybody who might read what is not meant for them.

The walk takes its routes from Django's resolver and looks for the markers of `tests.api.story` in the raw bytes.
"""

from __future__ import annotations

import base64
import re
from itertools import product
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import CharField, JSONField, TextField
from django.utils import timezone

from factcheck.audit.differences import recorded_models
from factcheck.base.fields import EdtfDateField
from tests.api.marks import mark_every_text
from tests.api.nouns import NOUNS, address
from tests.api.routes import Route, api_routes
from tests.api.story import SECRET_TO_DESK, SECRET_TO_PUBLIC, SECRET_TO_READER

pytestmark = pytest.mark.django_db

READERS = {
    "anonymous": SECRET_TO_PUBLIC,
    "reader": SECRET_TO_READER,
    # Who works on the desk but is no member of the restricted dispute.
    "researcher": SECRET_TO_DESK,
    # Who may do everything else, and reads what the researcher reads.
    "superuser": SECRET_TO_DESK,
}
ASKED = ("anonymous", "reader", "superuser")

FOR_THE_DESK = {
    "claim-concerns",
    "dispute-concerns",
    "audit-list",
    "audit-detail",
    *(f"{noun}-history" for noun in NOUNS if noun not in {"audit", "import", "export", "correction", "confirmation"}),
    *(f"webhook-{action}" for action in ("list", "detail", "calls")),
    "snapshot-file",
    "rules",
    "rule",
}
REFUSED = {"anonymous": 401, "reader": 403}
OTHERS = {"anonymous": 403, "reader": 401, "researcher": 401}
"""Who is unknown is asked who they are; who is known, never."""
WRITTEN = ["json"]
"""`tests/api/test_every_export.py` looks at every format."""
NOT_NOUNS = {
    *(
        "api",
        "schema",
        "schema-json",
        "schema-yaml",
        "api-root",
        "search",
        "changes",
        "balance",
        "balance-csv",
        "rules",
        "rule",
    ),
    # `tests/api/test_tokens.py` tries them.
    *("me", "token-list", "token-detail"),
    # `tests/api/test_bulk_jobs.py` tries them.
    *("job-list", "job-detail", "job-results", "job-cancel"),
}
TEXTS = (CharField, TextField, JSONField)
NO_WORDS = {
    # What is known beyond one dispute.
    "hidden": {"affiliation", "document", "snapshot", "source"},
    # What is published with its parent.
    "draft": {"confirmation", "disputemember"},
    "both": {"importbatch", "rating", "ratingscale", "rulesetting", "webhook"},
}
CODES = {"language", "quote_language", "country", "wikidata_id", "media_type", "digest", "code"}
OF_ONE_ROW = {"withdrawn_reason": "attribution", "withheld_reason": "source"}
"""Is found in a row of this noun, and is the same for others."""
ACTS = [("get", ""), ("get", "history/"), ("put", ""), ("patch", ""), ("delete", "")] + [
    ("post", f"{step}/") for step in ("submit", "return", "publish", "withdraw", "correct", "confirm", "silence")
]
ENOUGH = {"reason": "x", "note": "x", "severity": "update"}


@pytest.fixture(scope="module")
def story(story: Any) -> Any:
    return mark_every_text(story)


@pytest.fixture(scope="module")
def people(desk: Any) -> dict[str, Any]:
    superuser = get_user_model().objects.create(username="root", is_superuser=True, is_staff=True)
    return {"anonymous": None, "reader": desk.reader, "researcher": desk.researcher, "superuser": superuser}


def test_a_marker_stands_in_every_text_that_is_hidden_or_not_public(story, desk):
    bare = []
    for name, model in recorded_models().items():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, TEXTS) and not one.choices]
        texts = {one.attname for one in fields if not isinstance(one, EdtfDateField)} - CODES - OF_ONE_ROW.keys()
        seen = model.objects.visible_to(desk.editor)
        for state, rows in {
            "hidden": model.objects.exclude(pk__in=seen.values("pk")),
            "draft": seen.exclude(pk__in=model.objects.public().values("pk")),
        }.items():
            if name in NO_WORDS[state] | NO_WORDS["both"]:
                assert state == "draft" or not rows.exists(), (state, name)
                continue
            told = [vars(row) for row in rows]
            bare += [f"{name}.{text}, {state}" for text in texts if not any("zq" in str(row[text]) for row in told)]
    assert bare == []
    assert story.hidden_dispute.claims.filter(attributions__withdrawn_reason__contains="zqhidden").exists()


def test_every_route_is_a_noun_or_named_here():
    unknown = [route.name for route in api_routes().values() if route.noun not in NOUNS and route.name not in NOT_NOUNS]
    assert unknown == []
    assert set(api_routes()) >= NOT_NOUNS | FOR_THE_DESK


def pages(client: Any, path: str) -> list[Any]:
    """All pages from `path` on; the positions in their addresses are decoded into the answers."""
    answers = [client.get(path)]
    while answers[-1].status_code == 200 and (link := answers[-1].json().get("next")):
        assert len(answers) < 100
        parts = urlsplit(link)
        cursor = parse_qs(parts.query)["cursor"][0].split(":")[0]
        answers[-1].content += base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        answers.append(client.get(f"{parts.path}?{parts.query}"))
    return answers


def found_in(response: Any, secrets: tuple[str, ...], *, sent: str = "") -> list[str]:
    """The markers in the body and headers of an answer, what was sent itself left out."""
    text = response.getvalue().decode() + str(dict(response.headers))
    text = text.replace(sent, "") if sent else text
    return [secret for secret in secrets if secret in text]


def keys(route: Route) -> list[dict[str, Any]]:
    """The values for the path of a route: every row there is, whoever may read it."""
    if not route.parameters:
        return [{}]
    if route.parameters == ("format_name",):
        return [{"format_name": "ndjson"}]
    if route.name in {"token-detail", "job-detail", "job-results", "job-cancel"}:
        return [{"pk": 1}]
    if route.name == "rule":
        return [{"code": "said_before_event"}]
    model = NOUNS[route.noun].model
    rows = list(model.objects.values_list("pk", flat=True))
    if hasattr(model, "slug") and route.view.__dict__.get("slug_field"):
        rows += list(model.objects.values_list("slug", flat=True))
    name = next(name for name in route.parameters if name != "format_name")
    formats = [{"format_name": name} for name in WRITTEN] if "format_name" in route.parameters else [{}]
    return [{name: row, **fmt} for row in rows for fmt in formats]


def queries(route: Route, moment: str) -> list[str]:
    """How a reading route is asked: as it is, and where it knows the past, as it was a moment ago."""
    if route.name.endswith("-diff"):
        return ["?from=2020-01-01"]
    # Whatever is derived from a dossier reads the past by the same loader as the timeline; who may read what of it is
    # chosen in Python, on one engine as on the other.
    past = {"claim-detail", "dispute-detail", "dispute-timeline"}
    return ["", f"?as_of={moment}"] if route.name in past and connection.vendor == "sqlite" else [""]


# Who may do everything reads what the researcher reads; of the others one engine shows two, the other the third.
@pytest.mark.parametrize("who", ["anonymous", "researcher"] if connection.vendor == "sqlite" else ["reader"])
def test_every_reading_route_keeps_what_is_not_for_its_reader(story, people, client_of, who):
    moment = quote(timezone.now().isoformat())
    leaks, strangest = [], 0
    client = client_of(people[who])
    for route in api_routes().values():
        if "get" not in route.actions or route.name.startswith("schema"):
            continue
        for values, query in product(keys(route), queries(route, moment)):
            response = client.get(route.path(**values) + query)
            strangest = max(strangest, response.status_code)
            if who in {"anonymous", "reader"} and route.name in FOR_THE_DESK:
                assert response.status_code in {REFUSED[who], 404}, route.path(**values)
            assert response.status_code != OTHERS[who], route.path(**values)
            leaks += [f"{who} reads {mark} at {route.path(**values)}" for mark in found_in(response, READERS[who])]
    assert not leaks, "\n".join(leaks)
    assert strangest < 500


def test_every_list_keeps_it_in_every_order_and_with_everything_included(story, people, client_of):
    leaks = []
    # Which rows are whose is asked of the database, by the walk above on both engines; the places between pages and
    # what is included are written in Python.
    for who in ASKED if connection.vendor == "sqlite" else ["reader"]:
        client, secrets = client_of(people[who]), READERS[who]
        for route in api_routes().values():
            if route.actions.get("get") != "list":
                continue
            view = route.view
            orders = list(getattr(view, "ordering_fields", None) or ())
            included = ",".join(getattr(view, "include_fields", ()))
            queries = [f"page_size=3&ordering={order}" for order in orders]
            queries += ["page_size=200"] + [f"page_size=200&include={included}"] * bool(included)
            for query in queries:
                for response in pages(client, f"{route.path()}?{query}"):
                    leaks += [f"{who} reads {mark} at {route.name}?{query}" for mark in found_in(response, secrets)]
    assert not leaks, "\n".join(leaks)


def test_every_row_that_is_hidden_is_hidden_by_its_address_too(story, people, client_of):
    for who in ASKED:
        client = client_of(people[who])
        hidden = [
            f"{address('dispute')}{story.hidden_dispute.pk}/",
            f"{address('dispute')}{story.hidden_dispute.slug}/",
            f"{address('claim')}{story.hidden_claim.pk}/",
            f"{address('claim')}{story.hidden_draft.pk}/",
            f"{address('evidence')}{story.hidden_evidence.pk}/",
            f"{address('evidence')}{story.loose_evidence.pk}/",
            f"{address('verdict')}{story.hidden_verdict.pk}/",
            *(
                f"{address(noun)}{row.pk}/"
                for noun, rows in {
                    "attribution": story.hidden_claim.attributions,
                    "review": story.hidden_claim.reviews,
                    "inquiry": story.hidden_claim.inquiries,
                    "assessment": story.hidden_claim.assessments,
                    "evidence-link": story.hidden_evidence.links,
                    "relation": story.hidden_claim.relations_to,
                }.items()
                for row in rows.all()
            ),
        ]
        for path in hidden:
            missing = re.sub(r"[^/]+/$", "987654321/", path)
            assert client.get(path).status_code == 404, (who, path)
            for method, step in ACTS:
                answers = [getattr(client, method)(at + step, ENOUGH) for at in (path, missing)]
                assert {answer.status_code for answer in answers} <= {400, 401, 403, 404, 405}, (who, path, step)
                assert refusal(answers[0]) == refusal(answers[1]), (who, path, step)


def refusal(response: Any) -> Any:
    """A refusal without what differs from request to request."""
    return {name: value for name, value in response.json().items() if name != "request_id"}


def test_a_member_reads_the_restricted_dispute(story, client_of):
    client = client_of(story.member)
    whole = client.get(f"{address('dispute')}{story.hidden_dispute.slug}/")
    assert whole.status_code == 200
    assert {claim["id"] for claim in whole.json()["claims"]} >= {story.hidden_claim.pk, story.hidden_draft.pk}
    public = client.get(f"{address('claim')}{story.claim.pk}/").json()
    assert len(public["relations"]) == 4
    assert story.hidden_evidence.pk in {link["evidence"]["id"] for link in public["evidence"]}


def test_the_desk_reads_the_name_that_is_withheld(story, desk, client_of):
    source = client_of(desk.researcher).get(f"{address('source')}{story.withheld.pk}/").json()
    assert (source["name"], source["country"]) == (story.withheld.name, "KP")
    shown = client_of().get(f"{address('source')}{story.withheld.pk}/").json()
    assert shown["name"] == "Source withheld"


def test_a_withheld_source_is_sorted_where_its_shown_name_belongs(story, client_of):
    names = [
        row["name"] for row in client_of().get(f"{address('source')}?ordering=name&page_size=200").json()["results"]
    ]
    assert names == sorted(names)
    assert "Source withheld" in names
