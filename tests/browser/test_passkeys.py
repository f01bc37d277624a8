"""A passkey in a real browser, whose key is virtual: added, shown at the log-in and where a session ended, missed,
removed; and a browser that knows none."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session

from claims.models import Dispute
from factcheck.accounts.models import Passkey, SecondFactor
from tests import factories as make
from tests.browser.conftest import BROWSER
from tests.browser.test_desk_day import PASSWORD, Desk

pytestmark = BROWSER
PAGE = "/admin/second-factor/"
KEY = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}


def test_a_key_is_added_shown_after_the_password_and_where_a_session_ended_and_removed(
    chromium: Any, live_register: None, live_server: Any, settings: Any
) -> None:
    settings.FACTCHECK_BASE_URL = live_server.url
    user = make.make_user("ann", "Editor")
    user.set_password(PASSWORD)
    user.save()
    dispute = make.make_dispute("The bridge of Aldbury")
    desk = Desk(chromium, live_server.url, user)
    page = desk.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    told = {**KEY, "isUserVerified": True, "automaticPresenceSimulation": True}
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": told})["authenticatorId"]

    desk.go(PAGE)
    page.fill("[name=name]", "blue key")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("not shown again").wait_for()
    codes = page.locator(".desk-codes code").all_inner_texts()
    page.get_by_role("link", name="I have them: go on").click()
    page.get_by_text("Passkey “blue key”").wait_for()
    page.fill("[name=name]", "the same key")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("set up already").wait_for()

    page.evaluate("document.getElementById('logout-form').requestSubmit()")
    page.get_by_text("Logged out").first.wait_for()
    row = f"/admin/claims/dispute/{dispute.pk}/change/"
    desk.go(row)
    page.fill("[name=username]", "ann")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.get_by_role("button", name="Show a passkey").click()
    page.wait_for_url(live_server.url + row)

    with page.expect_response(lambda answer: "/near/" in answer.url):
        page.fill("[name=title]", "The bridge of Aldbury, again")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    asked = page.locator(".desk-log-in")
    asked.locator("[name=username]").fill("ann")
    asked.locator("[name=password]").fill(PASSWORD)
    asked.get_by_role("button", name="Log in and save").click()
    asked.get_by_text("leave it empty to show a passkey").wait_for()
    asked.get_by_role("button", name="Log in and save").click()
    page.get_by_text("was changed").first.wait_for()
    assert Dispute.objects.get(pk=dispute.pk).title == "The bridge of Aldbury, again"
    assert Passkey.objects.get().sign_count > 1

    desk.go(PAGE)
    page.get_by_role("button", name="Remove “blue key”").click()
    page.get_by_text("The password alone is asked from now on.").wait_for()
    assert not SecondFactor.objects.exists()
    desk.go(PAGE)
    page.fill("[name=name]", "green key")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("not shown again").wait_for()
    assert page.locator(".desk-codes code").all_inner_texts() != codes
    devices.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    desk.go(PAGE)
    page.get_by_role("button", name="Remove “green key”").click()
    page.get_by_text("No passkey came").wait_for()
    assert Passkey.objects.get().name == "green key"
    assert [fault for fault in desk.faults if "401" not in fault] == []

    page.add_init_script("delete window.PublicKeyCredential")
    desk.go(PAGE)
    page.get_by_text("That takes a browser that knows passkeys").wait_for()
    assert not page.locator("[name=name]").is_visible()
    page.get_by_role("button", name="Remove “green key”").click()
    page.get_by_text("This field is required").wait_for()
