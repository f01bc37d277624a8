"""Who of the desk wrote, reviewed or confirmed something is told outside by one setting, in every door alike.

That no route, list, report, page or feed tells it, the walks show that look for the markers of `tests.api.story`; here
is what the setting changes, and that the desk reads all of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from claims.models import Claim
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.announcement import announcement
from tests.api.nouns import address
from tests.api.story import STAFF

pytestmark = pytest.mark.django_db
OUTSIDE = ["anonymous"] if connection.vendor == "sqlite" else ["reader"]


@pytest.fixture(scope="module")
def people(desk: Any) -> dict[str, Any]:
    return {"anonymous": None, "reader": desk.reader, "researcher": desk.researcher}


def test_no_announcement_names_anybody(story: Any) -> None:
    told = [message for entry in AuditEntry.objects.all() if (message := announcement(entry)) is not None]
    assert told
    assert STAFF not in str(told)


def told_to(client: Any, user: Any, claim: Claim, client_of: Any) -> dict[str, bool]:
    """In which doors a name of the desk stands."""
    verdict = claim.verdicts.current().get()
    dossier = load_claim(claim, user or AnonymousUser())
    doors = {name: FORMATS[name].write(dossier).decode() for name in ("html", "markdown", "json", "csv")}
    doors["api"] = client_of(user).get(f"{address('verdict')}{verdict.pk}/").content.decode()
    doors["list"] = client_of(user).get(f"/api/v1/verdicts/export/csv/?claim={claim.pk}").getvalue().decode()
    doors["confirmation"] = client_of(user).get(address("confirmation")).content.decode()
    doors["page"] = client.get(f"/claims/{claim.pk}/").content.decode()
    doors["api of corrections"] = client_of(user).get(address("correction")).content.decode()
    doors["corrections"] = client.get("/corrections/").content.decode()
    return {name: STAFF in text for name, text in doors.items()}


@pytest.mark.parametrize("public", [False, True])
def test_one_setting_decides_for_all_doors(
    story: Any, client_of: Any, client: Any, settings: Any, public: bool
) -> None:
    settings.FACTCHECK_PUBLIC_NAMES = public
    assert set(told_to(client, None, story.claim, client_of).values()) == {public}


def test_what_leaves_the_register_by_itself_names_them_by_the_same_setting(
    story: Any, client_of: Any, client: Any, settings: Any, desk: Any
) -> None:
    claim = story.claim.pk
    for public in (False, True):
        settings.FACTCHECK_PUBLIC_NAMES = public
        feeds = [client.get(f"/{name}/feed/").content.decode() for name in ("corrections", "verdicts")]
        review = client_of().get(f"{address('claim')}{claim}/report/claimreview/").json()
        assert [STAFF in feed for feed in feeds] == [public, public]
        assert STAFF in review.get("contributor", {}).get("name", "") or not public
        assert ("editor" in review) == public
        # It is published from the desk too: what the desk reads there are logins as well.
        assert "editor" not in client_of(desk.researcher).get(f"{address('claim')}{claim}/report/claimreview/").json()


def test_the_desk_always_reads_the_names_and_everybody_their_own(
    story: Any, desk: Any, client_of: Any, client: Any
) -> None:
    client.force_login(desk.researcher)
    assert set(told_to(client, desk.researcher, story.claim, client_of).values()) == {True}


def test_no_login_is_told_even_where_names_are(story: Any, client_of: Any, settings: Any) -> None:
    settings.FACTCHECK_PUBLIC_NAMES = True
    verdict = story.claim.verdicts.current().get()
    get_user_model().objects.filter(pk=verdict.author_id).update(first_name="", last_name="")
    answer = client_of().get(f"{address('verdict')}{verdict.pk}/").json()
    assert answer["author"] == {"id": None, "label": "Desk"}
    assert answer["reviewer"] == {"id": None, "label": STAFF}


# --- for whom a withheld source spoke ---


def test_for_whom_a_withheld_source_spoke_is_withheld_with_it(story: Any, desk: Any, client_of: Any) -> None:
    """The walks look for the name of this client too (`tests.api.story`): here that the desk reads it."""
    row = story.statement
    path = f"{address('attribution')}{row.pk}/"
    assert client_of(desk.researcher).get(path).json()["on_behalf_of"]["id"] == row.on_behalf_of_id
    assert client_of().get(path).json()["on_behalf_of"] is None
    assert client_of().get(f"{address('source')}{row.on_behalf_of_id}/").status_code == 404


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_finds_it_by_asking_for_whom_it_spoke(story: Any, people: Any, client_of: Any, who: str) -> None:
    outlet, row = story.outlet, story.statement
    type(row)._base_manager.filter(pk=row.pk)._update([(row._meta.get_field("on_behalf_of"), None, outlet.pk)])
    asked = f"{address('attribution')}?on_behalf_of={outlet.pk}"
    assert client_of(people[who]).get(asked).json()["results"] == []
    assert [found["id"] for found in client_of(people["researcher"]).get(asked).json()["results"]] == [row.pk]
    page = client_of(people[who]).get(f"/sources/{outlet.slug}/").content.decode()
    assert row.quote not in page
