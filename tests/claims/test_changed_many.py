"""`updated_after` where a claim has more changes than are told one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from claims.api import changed_since
from claims.api.claim import ClaimViewSet
from claims.api.dispute import DisputeViewSet
from claims.models import Claim, Dispute, Question
from claims.services import withdraw_claim
from factcheck.audit.context import acting
from tests.claims.test_changed_since import found_since
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_question,
    make_relation,
    make_source,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_no_change_is_passed_over_where_one_claim_has_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed_since, "MOST", 3)
    quiet, talked, related, other = (make_claim(f"Claim {name}.", published=True) for name in "abcd")
    moment = timezone.now()
    speaker = make_source()
    for _n in range(6):
        make_attribution(talked, source=speaker)
    make_relation(related, other)
    models.QuerySet(Claim).update(updated_at=moment - timedelta(days=1))
    found = found_since(ClaimViewSet, AnonymousUser(), moment)
    assert found >= {talked.pk, related.pk, other.pk}
    assert quiet.pk not in found
    monkeypatch.setattr(changed_since, "MOST", 1)
    # More than is told one by one: rather too many claims than too few.
    assert found_since(ClaimViewSet, AnonymousUser(), moment) == {quiet.pk, talked.pk, related.pk, other.pk}


def test_what_was_withdrawn_or_deleted_is_a_change_of_what_shows_it() -> None:
    dispute = make_dispute("Bridge", exclusive=True)
    one, other = (make_claim(f"Claim {name}.", dispute=dispute, published=True) for name in "ab")
    elsewhere = make_dispute("Ferry")
    make_claim("A ferry.", dispute=elsewhere, published=True)
    question = make_question(elsewhere)
    make_relation(one, other)
    old = timezone.now() - timedelta(days=1)
    for model in (Claim, Dispute, Question):
        models.QuerySet(model).update(updated_at=old)
    moment = timezone.now()
    withdraw_claim(actor=someone("Editor"), claim=one, reason="Wrong.")
    assert other.pk in found_since(ClaimViewSet, AnonymousUser(), moment)
    assert found_since(DisputeViewSet, AnonymousUser(), moment) == {dispute.pk}
    with acting(actor=someone("Editor"), reason="Asked twice."):
        question.delete()
    assert found_since(DisputeViewSet, AnonymousUser(), moment) == {dispute.pk, elsewhere.pk}
