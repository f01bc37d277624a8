"""Where the desk is after a save, and what stands filled in for the next row."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from claims.models import Attribution, Claim
from factcheck.admin.links import add_url, admin_url
from factcheck.admin.returning import back_to
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of


def filled(user: Any, url: str, **given: Any) -> Any:
    client = client_of(user)
    return client.post(url, {**get(client, url).fields, **given})


def test_a_new_row_is_shown_where_it_belongs_and_marked(ann: Any) -> None:
    dispute = make.make_dispute("The bridge")
    claim, source = make.make_claim("It is so.", dispute=dispute), make.make_source()
    url = add_url(Attribution, claim=claim.pk)
    saved = filled(ann, url, source=source.pk, stance="asserts")
    first = Attribution.objects.latest("pk")
    assert saved.url == f"{admin_url(claim)}?new=attribution.{first.pk}"
    # Opened from the dispute it leads back there, and the dispute offers it.
    back = add_url(Attribution, **back_to(dispute), claim=claim.pk)
    assert back in get(client_of(ann), admin_url(dispute)).links
    saved = filled(ann, back, source=source.pk, stance="denies")
    assert saved.url == f"{admin_url(dispute)}?new=attribution.{Attribution.objects.latest('pk').pk}"
    # The next one is on the same claim, and leads to the same page.
    saved = filled(ann, back, source=source.pk, stance="denies", _addanother="1")
    assert saved.url == add_url(Attribution, claim=claim.pk, **back_to(dispute))
    assert "Save and add another on this claim" in get(client_of(ann), back).text
    saved = filled(ann, add_url(Claim, dispute=dispute.pk), text="It is not so.")
    assert saved.url == f"{admin_url(dispute)}?new=claim.{Claim.objects.latest('pk').pk}"
    # Without a dispute it stands on its own page.
    saved = filled(ann, reverse("admin:claims_claim_add"), text="It may be so.")
    assert saved.url == admin_url(Claim.objects.latest("pk"))


def test_a_changed_row_stays_where_it_is(ann: Any) -> None:
    claim = make.make_claim("It is so.")
    url = f"{admin_url(claim)}?_changelist_filters=language%3Den"
    assert filled(ann, url, context="Then.").url == url
    assert "Save and continue editing" not in get(client_of(ann), url).text


@pytest.mark.parametrize(
    "back", ["", "x", "claims.dispute.0", "claims.dispute.x", "auth.user.1", "https://example.org"]
)
def test_nothing_else_is_gone_back_to(ann: Any, back: str) -> None:
    claim = make.make_claim("It is so.", dispute=make.make_dispute(visibility="internal"))
    saved = filled(ann, add_url(Attribution, claim=claim.pk, back=back), source=make.make_source().pk, stance="asserts")
    assert saved.url.startswith(admin_url(claim))


def test_nobody_is_led_to_what_they_may_not_see(ann: Any, rob: Any) -> None:
    hidden = make.make_dispute(visibility="restricted", members=[rob])
    claim = make.make_claim("It is so.")
    url = add_url(Attribution, claim=claim.pk, **back_to(hidden))
    assert filled(ann, url, source=make.make_source().pk, stance="asserts").url.startswith(admin_url(claim))


def test_only_what_is_known_stands_chosen(ann: Any) -> None:
    said = make.make_attribution()
    relay = get(client_of(ann), add_url(Attribution, claim=said.claim_id, relayed_from=said.pk))
    assert relay.fields["stance"] == "relays"
    for url, field in (("claims_attribution", "stance"), ("sources_source", "kind"), ("claims_evidence", "kind")):
        assert get(client_of(ann), reverse(f"admin:{url}_add")).fields[field] == ""
