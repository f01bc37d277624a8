"""Single sign-on in a real browser, with a provider on this machine: in, on again where a session ended, and out."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session

from claims.models import Dispute
from factcheck.env_oidc import SingleSignOn
from tests import factories as make
from tests.accounts.provider import CLIENT, SECRET, running
from tests.browser.conftest import BROWSER, PATIENCE

pytestmark = BROWSER


def test_in_by_the_provider_again_without_losing_what_was_typed_and_out(
    chromium: Any, live_register: None, live_server: Any, settings: Any
) -> None:
    make.make_user("ann", "Editor", email="ann@example.org")
    dispute = make.make_dispute("The bridge of Aldbury")
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_PASSWORD_LOGIN = live_server.url, False
    with running() as provider:
        settings.FACTCHECK_OIDC = SingleSignOn(provider.address, CLIENT, SECRET, name="Desk ID")
        page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        row = f"/admin/claims/dispute/{dispute.pk}/change/"
        page.goto(live_server.url + row)
        page.get_by_role("link", name="Log in with Desk ID").click()
        page.wait_for_url(live_server.url + row)

        Session.objects.all().delete()
        page.fill("[name=title]", "The bridge of Aldbury, again")
        page.get_by_role("button", name="Save", exact=True).click()
        asked = page.locator(".desk-log-in")
        asked.wait_for()
        assert not asked.locator("[name=password]").count()
        asked.get_by_role("button", name="Log in and save").click()
        asked.get_by_text("You are not logged in yet").wait_for()
        with page.context.expect_page() as opened:
            asked.get_by_role("link", name="Log in with Desk ID in another tab").click()
        opened.value.wait_for_url(f"{live_server.url}/admin/")
        asked.get_by_role("button", name="Log in and save").click()
        page.get_by_text("was changed").first.wait_for()
        assert Dispute.objects.get(pk=dispute.pk).title == "The bridge of Aldbury, again"

        page.evaluate("document.getElementById('logout-form').requestSubmit()")
        out = page.get_by_role("link", name="Log out of Desk ID too")
        out.wait_for()
        assert out.get_attribute("href").startswith(f"{provider.address}/logout?client_id=register")
        assert not faults
