"""Every page of the admin: what odd requests are answered. `tests/api/test_every_door.py` says who may open it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import URLResolver, reverse

from claims.models import Claim
from factcheck.admin import RecordedModelAdmin
from factcheck.audit.differences import recorded_models
from factcheck.base.errors import DomainError
from tests import factories as make
from tests.admin_page import answer_to, get
from tests.api.odd import part
from tests.claims.test_admin_forms import ROLES
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

NOUNS = sorted(admin.site._registry, key=lambda model: model._meta.label)
RECORDED = [model for model in NOUNS if isinstance(admin.site._registry[model], RecordedModelAdmin)]
OURS = [model for model in RECORDED if model._meta.app_label in {"claims", "sources"}]
# Rows that are entered on the page of what they belong to.
ON_OTHER_PAGES = {"evidencedocument", "disputemember"}

ODD = (
    "q=" + "+".join("a" * 900),
    "q=%28a%2B%29%2B%24",
    "q=%22%27%5C",
    "text__regex=(a%2B)%2B$",
    "text__iregex=x",
    "id__in=1,9223372036854775808",
    "id__exact=99999999999999999999999999",
    "created_at__gte=0001-01-01T00:00:00%2B14:00",
    "created_at__year=9999",
    "version__gte=1e999",
    "author__password__startswith=a",
    "claim__dispute__title__contains=S",
    "dispute=abc",
    "dispute=99999999999999999999",
    "rating=-1",
    "status=%F0%9F%92%A5",
    "status__exact=draft",
    "source=1%27",
    "tag=x",
    "within=0",
    "withdrawn=maybe",
    "p=99999999999999999999",
    "p=-1",
    "p=x",
    "o=99.-7.x",
    "all=",
    "e=1",
    "_popup=1",
    "_to_field=password",
    "_changelist_filters=%00",
    "_facets=1",
    "before=x",
    "before=99999999999999999999",
    "claim=abc&source=99999999999999999999&document=%31",
    "taken_at=0001-01-01&published_at=x",
)
ODD_KEYS = ("0", "-1", "abc", "1_2", "99999999999999999999", "9" * 400, "１", "1%2F2", "..", "%27")


def test_every_noun_has_pages(register: None) -> None:
    shown = {model._meta.model_name for model in RECORDED}
    assert set(recorded_models()) - shown == ON_OTHER_PAGES


def test_odd_questions_are_answered(rows: dict[str, Any], administrator: Any) -> None:
    client = client_of(administrator)
    client.raise_request_exception = False
    lists = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in NOUNS]
    adds = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_add") for m in NOUNS]
    # Of the claims all is asked on both engines; of every other page one engine asks the one half, one the other.
    claims = {lists[NOUNS.index(Claim)], adds[NOUNS.index(Claim)]}
    for turn, url in enumerate((*lists, at(rows["claim"], "history"), reverse("admin:autocomplete"))):
        for odd in ODD if url in claims else part(ODD, turn, 8):
            assert client.get(f"{url}?{odd}").status_code < 500, f"{url}?{odd}"
    for turn, url in enumerate((*adds, at(rows["claim"]))):
        for odd in ODD[-12:] if url in claims else part(ODD[-12:], turn, 3):
            assert client.get(f"{url}?{odd}").status_code < 500, f"{url}?{odd}"


def test_odd_keys_lead_nowhere(rows: dict[str, Any], administrator: Any) -> None:
    client = client_of(administrator)
    client.raise_request_exception = False
    for turn, model in enumerate(NOUNS):
        start = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for number, page in enumerate(("change", "history", "delete", "publish", "withdraw")):
            for key in ODD_KEYS if model is Claim else part(ODD_KEYS, turn + number, 2):
                assert client.get(f"{start}{key}/{page}/").status_code in {200, 301, 302, 308, 403, 404}


def every_address(patterns: Any, rows: dict[str, Any], before: str = "/admin/") -> Iterator[str]:
    """Every address of the admin, those of Django and of the theme included, with the keys of rows that are there."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern.url_patterns, rows, address)
        elif "(?P" not in address:
            row = rows.get(address.split("/")[3] if address.count("/") > 3 else "")
            of_a_row = re.sub("<(path|str|int):(object_id|id|pk)>", str(row.pk if row else 1), address)
            yield re.sub("<[^>]*>", "1", of_a_row.replace("<str:noun>", "claim").replace("<str:name>", "csv"))


def test_no_address_fails_whoever_asks_and_whatever_for(rows: dict[str, Any]) -> None:
    addresses = list(every_address(admin.site.get_urls(), rows))
    assert len(addresses) > 150
    for turn, address in enumerate(addresses):
        for number, odd in enumerate(part(ODD, turn, 12)):
            user = make.someone(ROLES[(turn + number) % len(ROLES)])
            # Anything but a refusal is a fault, and says so.
            with contextlib.suppress(Http404, PermissionDenied, SuspiciousOperation, DomainError):
                assert answer_to(user, f"{address}?{odd}").status_code < 500, f"{address}?{odd}"


def test_the_search_of_the_theme_which_knows_no_visibility_is_not_there(rows: dict[str, Any]) -> None:
    for role in ROLES:
        client = client_of(make.someone(role))
        for query in ("", "?s=claim", "?s=so&extended=1", "?s=so&page=x", "?s=so&page=-1"):
            assert client.get(f"/admin/search/{query}").status_code == 404


def test_filters_by_any_field_and_lookup_are_refused(rows: dict[str, Any], editor: Any) -> None:
    client, url = client_of(editor), reverse("admin:claims_claim_changelist")
    for odd in ("text__regex=(", "text__contains=so", "dispute__title__startswith=D", "id__gte=1"):
        assert client.get(f"{url}?{odd}").status_code == 400, odd


def test_a_long_search_is_bounded_and_says_so(rows: dict[str, Any], editor: Any) -> None:
    url = reverse("admin:claims_claim_changelist")
    answer = client_of(editor).get(url, {"q": " ".join("abcdefghijkl")})
    assert "8 words" in answer.content.decode()
    assert answer.status_code < 500


def test_odd_text_in_forms_is_refused_in_the_form(rows: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    client.raise_request_exception = False
    url = reverse("admin:claims_claim_add")
    empty = management(client, url)
    for text in ("\x00", "a\x1bb", "\u202edrow", "x" * 10_001):
        answer = client.post(url, {"text": text, "language": "en", **empty})
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode() or "errornote" in answer.content.decode()
    for quantity in ("1e-999999", "NaN", "Infinity", "9" * 400):
        data = {"text": "So.", "language": "en", "quantity_min": quantity, **empty}
        assert client.post(url, data).status_code == 200


def management(client: Client, url: str) -> dict[str, str]:
    return {name: value for name, value in get(client, url).fields.items() if name.endswith("_FORMS")}


def test_odd_references_are_refused_in_the_form(rows: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    client.raise_request_exception = False
    for value in ("abc", "-1", "99999999999999999999", "9" * 400, "1;2", "kept", "\x00"):
        answer = client.post(at(rows["evidencelink"]), {"claim": value, "evidence": value, "seen_version": value})
        assert answer.status_code == 200, value
        assert "errorlist" in answer.content.decode()


def test_script_in_texts_is_shown_as_text(register: None, editor: Any) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    dispute = make.make_dispute(evil, question=evil, summary=evil)
    claim = make.make_claim(evil, dispute=dispute, context=evil)
    make.make_attribution(claim, quote=evil, source=make.make_source(evil))
    verdict = make.make_submitted(claim, summary=evil, rationale=evil)
    client = client_of(editor)
    for url in (
        at(dispute),
        at(claim),
        at(claim, "history"),
        at(verdict, "review"),
        reverse("admin:index"),
        reverse("admin:claims_claim_changelist"),
        reverse("admin:audit_auditentry_changelist"),
    ):
        text = client.get(url).content.decode()
        assert "<script>alert" not in text, url
        assert "<img src=x" not in text, url
