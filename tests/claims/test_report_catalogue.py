"""A format that is in the catalogue is in every place where a report is taken from: each place is looked at here."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from django.test import Client
from django.urls import reverse

from claims.choices import ExportKind
from claims.exports import bundle
from claims.exports.api.export import NAMES
from claims.exports.render import BUNDLE, get_formats
from claims.models import Claim
from claims.reports.formats.catalogue import FORMATS
from tests.claims.test_dispute_admin import client_of
from tests.claims.test_export_admin import export_links
from tests.factories import make_claim, make_dispute, make_published, make_user

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"/report/(\w+)/")


@pytest.fixture
def claim(register: None) -> Claim:
    """A published claim with a verdict: of no other is there every format."""
    return make_published(make_claim(dispute=make_dispute("Rain", slug="rain"))).claim


def route(claim: Claim) -> set[str]:
    addresses = {name: f"/api/v1/claims/{claim.pk}/report/{name}/" for name in FORMATS}
    return {name for name, address in addresses.items() if Client().get(address).status_code == 200}


def documented(_claim: Claim) -> set[str]:
    schema = Client().get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
    found = set(FORMATS)
    for noun in ("disputes", "claims"):
        start = f"/api/v1/{noun}/{{key}}/report/"
        told = {path.split("/")[-2]: methods["get"] for path, methods in schema["paths"].items() if start in path}
        for name, operation in told.items():
            assert set(operation["responses"]["200"]["content"]) == {FORMATS[name].media_type}
            assert FORMATS[name].description in operation["description"]
        found &= set(told)
    return found


def refused(claim: Claim) -> set[str]:
    detail = Client().get(f"/api/v1/claims/{claim.pk}/report/odt/").json()["detail"]
    return set(detail.partition("Choose from: ")[2].rstrip(".").split(", "))


def menu(name: str, row: Any) -> set[str]:
    client = client_of(make_user("zoe", "Researcher"))
    return set(LINK.findall(str(export_links(client, reverse(f"admin:claims_{name}_change", args=[row.pk])))))


def page(path: str) -> set[str]:
    return set(LINK.findall(Client().get(path).content.decode()))


def command() -> tuple[set[str], str]:
    parser = ArgumentParser()
    load_command_class("claims", "export_report").add_arguments(parser)
    (action,) = (action for action in parser._actions if action.dest == "format")
    return set(action.choices or ()) - {BUNDLE}, " ".join(parser.format_help().split())


def labels() -> set[str]:
    text = Client().get("/method/").content.decode()
    return {name for name, entry in FORMATS.items() if entry.label in text}


PLACES: dict[str, Callable[[Claim], set[str]]] = {
    "the route of the API": route,
    "the API documentation": documented,
    "the refusal of an unknown format": refused,
    "the admin's menu of a dispute": lambda claim: menu("dispute", claim.dispute),
    "the admin's menu of a claim": lambda claim: menu("claim", claim),
    "the page of a dispute": lambda _claim: page("/disputes/rain/"),
    "the page of a claim": lambda claim: page(f"/claims/{claim.pk}/"),
    "the page on method": lambda _claim: labels(),
    "export_report --format": lambda _claim: command()[0],
    "jobs": lambda _claim: set(get_formats(ExportKind.REPORT)),
    "the record of exports": lambda _claim: set(NAMES) & set(FORMATS),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_format_is_in_every_place(claim: Claim, place: str) -> None:
    assert PLACES[place](claim) == set(FORMATS), place


def test_the_command_says_what_each_format_is_for() -> None:
    help_text = command()[1]
    assert [name for name, entry in FORMATS.items() if f"{name}: {entry.description}" not in help_text] == []


def test_a_bundle_holds_the_formats_that_are_marked_for_it() -> None:
    assert set(bundle.REPORTS) == {name for name, entry in FORMATS.items() if entry.bundled}


def test_no_page_of_the_documentation_lists_the_formats_by_hand() -> None:
    """What is listed twice is listed wrongly the day after: the pages name examples, and where the list is."""
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if sum(bool(re.search(rf"\b{name}\b", line)) for name in FORMATS) > 3
    ]
    assert found == []
