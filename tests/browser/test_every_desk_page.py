"""Every page of the desk, with rows of every noun: nothing on it shuts anybody out, and nothing is cut off.

Each page is looked at in one of four ways in turn, wide or narrow, light or dark, and the first of its rows; with
EVERY_LOOK=1 in all of them, all rows, and forms of new rows too.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from claims.models import Claim, Dispute, Verdict
from claims.services.demo import create_people, load_disputes
from sources.models import Source
from tests import factories as make
from tests.browser.conftest import BROWSER, barriers
from tests.browser.test_desk_day import PASSWORD, Desk

pytestmark = BROWSER
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
EVERY = bool(os.environ.get("EVERY_LOOK"))
ALIKE = [] if EVERY else ["#result_list tbody tr:nth-child(n+3)", ".inline-related.has_original:nth-of-type(n+3)"]
"""Rows that are drawn as those above them."""


@pytest.fixture
def desk(chromium: Any, live_register: None, live_server: Any) -> Desk:
    create_people()
    load_disputes()
    user = make.make_user("root", "Editor", first_name="Root", last_name="Boss", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return Desk(chromium, live_server.url, user)


def pages(desk: Desk) -> list[str]:
    """What the menu leads to, lists (of the others each third), and a form of each noun: of its first
    row, and (or, where there is none) of a new one."""
    menu = desk.page.locator("#nav-sidebar-inner a[href^='/admin/']")
    found = menu.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    found += [
        reverse("notices"),
        reverse("read"),
        reverse("admin:claims_claim_history", args=[1]),
        f"{reverse('admin:claims_claim_publish_chosen')}?of=1012,1013,1014",
        reverse("admin:claims_claim_publish", args=[1012]),
    ]
    first, second = Source.objects.order_by("pk")[:2]
    merging = reverse("admin:sources_source_merge", args=[first.pk])
    found += [merging, f"{merging}?into={second.pk}"]
    for place, model in enumerate(admin.site._registry):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        forms = [reverse(f"{name}_change", args=[row.pk])] if row is not None else []
        forms += [reverse(f"{name}_add")] if EVERY or row is None else []
        # One template draws all lists.
        found += [*([reverse(f"{name}_changelist")] if EVERY or place % 3 == 0 else []), *forms]
    return list(dict.fromkeys([*found, reverse("second-factor"), reverse("account"), reverse("again")]))


def test_no_page_of_the_desk_shuts_anybody_out(desk: Desk) -> None:
    page, wrong = desk.page, []
    for place, path in enumerate(pages(desk)):
        for width, scheme in LOOKS if EVERY else [LOOKS[place % len(LOOKS)]]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if page.goto(desk.address + path).status == 403:
                continue
            found = barriers(page, but=ALIKE)
            rules = sorted({one["id"] for one in found})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                rules.append("cut off at the side")
            if rules:
                wrong.append((path, width, scheme, rules, [
                    node["html"][:200] for one in found for node in one["nodes"][:2]
                ]))  # fmt: skip
    assert wrong == []
    assert [fault for fault in desk.faults if "403" not in fault] == []


def test_a_row_of_a_list_takes_little_of_a_phone_and_rows_of_a_form_fit_beside_the_menu(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 844})
    for model in (Claim, Dispute, Verdict, Source):
        desk.go(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        page.locator("#result_list.desk-brief").wait_for()
        tall = page.evaluate("[...document.querySelectorAll('#result_list tbody tr')].map((one) => one.offsetHeight)")
        assert len(tall) > 5
        assert max(tall) < 120, "a name of three lines, and what marks it"
        cut = "[...document.querySelectorAll('h1, h1 a')].some((one) => one.scrollWidth > one.clientWidth)"
        assert not page.evaluate(cut)
    page.set_viewport_size({"width": 1280, "height": 900})
    for tab in ("evidence_links", "relations", "relations_to"):
        desk.go(f"{reverse('admin:claims_claim_change', args=[1])}#{tab}")
        page.locator(f"#{tab}-data").wait_for()
        rows = page.locator(f"#{tab}-data")
        assert rows.evaluate("(one) => one.scrollWidth - one.parentElement.clientWidth") <= 0, tab


def test_the_tour_is_gone_through_by_keys_ended_and_begun_again(desk: Desk) -> None:
    page = desk.page
    page.locator("#desk-tour-offer").wait_for()
    desk.go("/admin/tour/")
    page.locator("[data-tour=begin]").focus()
    page.keyboard.press("Enter")
    for place in range(1, 5):
        page.locator(".desk-tour:focus", has_text=f"Step {place} of 4").wait_for()
        assert page.locator(".desk-tour-here").is_visible(), f"step {place} points at nothing"
        assert [one["id"] for one in barriers(page)] == []
        if place == 3:
            page.keyboard.press("Escape")
            page.locator(".desk-tour").wait_for(state="detached")
            desk.go("/admin/tour/")
            page.get_by_role("button", name="Go on where you were").click()
            page.locator(".desk-tour", has_text="Step 3 of 4").wait_for()
        page.get_by_role("button", name="Next" if place < 4 else "Done", exact=True).press("Enter")
    page.locator(".desk-tour").wait_for(state="detached")
    desk.go("/admin/")
    assert not page.locator("#desk-tour-offer").is_visible(), "it was taken"
    assert desk.faults == []


def test_what_opens_above_a_page_shuts_nobody_out(desk: Desk) -> None:
    page, wrong = desk.page, []
    claim = reverse("admin:claims_claim_change", args=[1012])

    def panel() -> None:
        page.locator("#id_source + .select2-container .select2-selection").focus()
        page.keyboard.press("Enter")
        page.locator(".select2-search__field").last.fill("The Aldbury Mirror")
        page.locator(".desk-pick-create").click()
        page.frame_locator(".desk-side iframe").locator("#id_name").wait_for()

    def conflict() -> None:
        page.evaluate("document.querySelector('[name=seen_version]').value = '0'")
        page.fill("#id_text", "Another wording of it.")
        page.keyboard.press("Control+s")
        page.locator("#desk-errors, .desk-refused, .desk-errors").first.wait_for()

    opened = {
        "search": (claim, lambda: page.keyboard.press("Control+k"), "#desk-find[open]"),
        "keys": (reverse("admin:index"), lambda: page.keyboard.press("?"), "#desk-keys[open]"),
        "help": (claim, lambda: page.locator(".desk-help-open").click(), "#desk-help:popover-open"),
        "word": (claim, page.locator(".desk-words button").first.click, ".desk-word:popover-open"),
        "panel": (reverse("admin:claims_attribution_add"), panel, ".desk-side[open]"),
        "comments": (
            claim,
            page.locator(".desk-together summary").first.click,
            ".desk-together details[open]",
        ),
        "conflict": (claim, conflict, "#id_text"),
    }
    for place, (name, (path, act, mark)) in enumerate(opened.items()):
        for width, scheme in LOOKS if EVERY else [LOOKS[place % len(LOOKS)]]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            desk.go(path)
            act()
            page.locator(mark).first.wait_for()
            wrong += [(name, width, scheme, one["id"], one["nodes"][0]["html"][:200]) for one in barriers(page)]
    assert wrong == []
