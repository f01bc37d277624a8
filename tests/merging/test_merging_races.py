"""Two people at once, and what is kept ready for readers."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from claims.api.preparing import PREPARED, differences, member_of_desk
from claims.choices import Audience
from claims.models import Attribution
from claims.services.prepared import generation, keep
from factcheck.audit.context import acting
from factcheck.base.errors import Conflict, DomainError
from sources.models import Source
from sources.services import merge
from tests import factories as make
from tests.api.test_races import at_once


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_of_two_merges_the_wrong_way_round_at_once_one_is_told(live_register: None) -> None:
    one, two, editor = make.make_source(), make.make_source(), make.someone("Editor")
    said = make.make_attribution(source=one)

    def merging(twin: int, into: int) -> str:
        rows = Source.objects.in_bulk([twin, into])
        try:
            merge(actor=editor, twin=rows[twin], into=rows[into], reason="Entered twice.")
        except Conflict as told:
            return told.message
        return ""

    told = at_once(lambda: merging(one.pk, two.pk), lambda: merging(two.pk, one.pk))
    [stays] = Source.objects.filter(merged_into=None)
    assert sorted(map(bool, told)) == [False, True]
    assert "use that one" in "".join(told)
    said.refresh_from_db()
    assert said.source == stays
    call_command("verify_audit", stdout=StringIO())


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_is_entered_while_its_source_is_merged_is_never_the_twins(live_register: None) -> None:
    twin, into, editor = make.make_source(), make.make_source(), make.someone("Editor")
    claim = make.make_claim()
    known = Source.objects.get(pk=twin.pk)

    def entering() -> bool:
        try:
            Attribution(claim=claim, source=known, stance="asserts").save()
        except DomainError:
            return False
        return True

    entered, _into = at_once(entering, lambda: merge(actor=editor, twin=twin, into=into, reason="Entered twice."))
    assert Attribution.objects.filter(source=into).count() == int(entered)
    assert not Attribution.objects.filter(source=twin).exists()


@pytest.mark.django_db
def test_what_is_kept_ready_says_the_same_as_what_is_built_after_a_merge(register: None, editor: Any) -> None:
    claims = [make.make_claim(published=True, dispute=make.make_dispute()) for _turn in range(2)]
    twin, into, other, stays = make.make_source(), make.make_source(), make.make_document(), make.make_document()
    evidence = make.make_evidence(documents=[other, stays])
    with acting(reason="As found."):
        make.make_attribution(claims[0], source=twin, document=other)
        make.make_link(claims[1], evidence=evidence)
    draft = make.make_claim(dispute=claims[0].dispute)
    make.make_attribution(draft)

    def keep_all() -> None:
        for audience, reader in ((Audience.PUBLIC, AnonymousUser()), (Audience.DESK, member_of_desk())):
            assert reader is not None
            for view in PREPARED:
                ids = list(view.queryset.model.objects.values_list("pk", flat=True))
                assert keep(view.prepared_noun, audience, view().build_forms(ids, reader), generation())

    for one, stayed in ((twin, into), (other, stays), (draft, claims[0])):
        keep_all()
        merge(actor=editor, twin=one, into=stayed, reason="Entered twice.")
        assert list(differences()) == []
