"""What was taken back counts no more in the balance and on the page of its source, whatever is known of its date."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import transaction
from django.test import Client

from claims.logic.chains import Spoken, retracted
from claims.models import Attribution
from claims.reports.load.balance import load_balance
from claims.services import withdraw
from tests.factories import make_attribution, make_claim, make_published, make_source, someone

pytestmark = pytest.mark.django_db
DATES = ["", "2024", "2024-02", "2024-02-29", "2024-02-29T14:05Z", "2024-03-01", "2025"]


def test_what_the_database_counts_is_what_the_definition_counts(register: None) -> None:
    one, other = make_source(), make_source()
    for said_on, back_on in product(DATES, DATES):
        claim = make_claim()
        rows = [
            make_attribution(claim, source=one, said_on=said_on),
            make_attribution(claim, source=other, stance="denies", said_on=said_on),
            make_attribution(claim, source=one, stance="retracts", said_on=back_on),
        ]
        spoken = [Spoken(row.pk, row.source_id, row.stance, row.said_on) for row in rows]
        wanted = {row.pk for row in rows} - retracted(spoken).keys()
        counted = Attribution.objects.filter(claim=claim).counting().values_list("pk", flat=True)
        assert set(counted) == wanted, (said_on, back_on)


def test_the_database_counts_as_the_definition_does_whoever_speaks_for_whom(register: None) -> None:
    sources = [*(make_source() for _n in range(3)), make_source(withheld=True, withheld_reason="In danger.")]
    bodies = [None, *sources]
    claim = make_claim()
    rows = [make_attribution(claim, source=one, on_behalf_of=two) for one, two in product(sources, bodies)]
    assert {row.pk: row.told_body for row in rows} == {row.pk: body_told(row) for row in rows}
    for speaker, body in product(sources, bodies):
        with transaction.atomic():
            back = make_attribution(claim, source=speaker, on_behalf_of=body, stance="retracts")
            spoken = [Spoken(row.pk, row.source_id, row.stance, on_behalf_of=body_told(row)) for row in [*rows, back]]
            wanted = {row.id for row in spoken} - retracted(spoken).keys()
            said = Attribution.objects.all()
            assert set(said.counting().values_list("pk", flat=True)) == wanted
            effective = {row.pk for source in sources for row in said.without_idle_retractions(source.pk)}
            assert (back.pk in effective) == bool(retracted(spoken))
            of_one = [said.filter(source=source).counting(source.pk) for source in sources]
            assert {pk for found in of_one for pk in found.values_list("pk", flat=True)} == wanted
            transaction.set_rollback(True)


def body_told(row: Attribution) -> int | None:
    """For whom it was made, unless one of the two is withheld."""
    hidden = row.on_behalf_of is None or row.source.withheld or row.on_behalf_of.withheld
    return None if hidden else row.on_behalf_of_id


def test_who_took_a_claim_back_is_not_told_as_asserting_it(register: None) -> None:
    claim, speaker = make_claim(published=True), make_source("The Speaker")
    make_attribution(claim, source=speaker, said_on="2025-01-01")
    back = make_attribution(claim, source=speaker, stance="retracts", said_on="2025-01-03")
    make_published(claim, code="refuted")
    (row,) = load_balance(None, "source").rows
    assert (row.asserted.claims, row.taken_back.claims, row.statements["asserts"]) == (0, 1, 0)
    page = Client().get(f"/sources/{speaker.slug}/").content.decode()
    assert "It took a statement back on 1 claim" in page
    assert "It asserted" not in page
    # A retraction of nothing took nothing back.
    make_attribution(make_claim(published=True), source=speaker, stance="retracts", said_on="2025-01-03")
    assert "It took a statement back on 1 claim" in Client().get(f"/sources/{speaker.slug}/").content.decode()
    # A retraction that was withdrawn from the register takes nothing back.
    withdraw(actor=someone("Reviewer"), row=back, reason="Misread.")
    assert "It asserted 1 claim" in Client().get(f"/sources/{speaker.slug}/").content.decode()
