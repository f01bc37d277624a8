"""What was reported on a day can be made again later, whatever has changed since."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.choices import Visibility
from claims.models import Claim, Dispute, EvidenceDocument, EvidenceLink, RuleSetting, Verdict
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import correct_verdict, publish_verdict, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.base.errors import Absent
from sources.models import Document
from tests.claims.report_case import make_full_claim, make_rivals
from tests.factories import make_assessment, make_attribution, make_claim, make_dispute, make_published, rating

MONDAY, TUESDAY, FRIDAY = (datetime(2025, 7, day, 12, tzinfo=UTC) for day in (7, 8, 11))
MADE = re.compile(rb"(Made on|Made on</dt><dd>).*?(Version|</dd>)", re.DOTALL)


@pytest.fixture
def rivals(ann: Any, reviewer: Any) -> Dispute:
    """The dispute as the desk entered it on Monday."""
    with time_machine.travel(MONDAY, tick=False):
        dispute = make_rivals(ann, reviewer)
        make_assessment(EvidenceLink.objects.order_by("pk").first(), analyst=ann, rating="VI")
        return dispute


def reports(dispute: Dispute, user: Any, moment: datetime | None = None) -> dict[str, bytes]:
    """The reports of the dispute and its claims that the user may read, as text, without the line that says when it was
    made."""
    dossiers: list[Any] = [load_dispute(dispute, user, moment)]
    dossiers += [load_claim(Claim(pk=pk), user, moment) for pk in dossiers[0].claim_ids]
    return {
        f"{dossier.stem}.{name}": MADE.sub(rb"\1 \2", FORMATS[name].write(dossier))
        for dossier in dossiers
        for name in ("html", "markdown", "csv", "claimreview")
        if name != "claimreview" or any(claim.verdict for claim in dossier.claims)
    }


def change_everything(dispute: Dispute, author: Any, reviewer: Any) -> None:
    """Every kind of change that a desk makes to something published."""
    verdict = Verdict.objects.current().filter(claim__dispute=dispute).order_by("pk").last()
    correction = correct_verdict(
        actor=author,
        verdict=verdict,
        reason="A new file.",
        severity="correction",
        rating=rating("misleading"),
        claim_text=f"{verdict.claim.text} In other words.",
    )
    submit_verdict(actor=author, verdict=correction)
    publish_verdict(actor=reviewer, verdict=correction)
    claims = list(Claim.objects.filter(dispute=dispute, status="published"))
    make_attribution(claims[0], quote="Said on Friday.")
    with acting(actor=reviewer, reason="Found to be wrong."):
        dispute.refresh_from_db()
        dispute.title = "Another title"
        dispute.save()
        question = dispute.questions.get()
        question.exclusive = False
        question.save()
        for claim in claims:
            claim.context += " In other words."
            claim.save()
            for rows in (claim.attributions, claim.evidence_links, claim.relations, claim.reviews, claim.inquiries):
                if row := rows.standing().first():
                    withdraw(actor=reviewer, row=row, reason="Found to be wrong.")
            for link in claim.evidence_links.standing():
                link.bearing, link.evidence.title = "context", f"{link.evidence.title}, seen again"
                link.save()
                link.evidence.save()
            for said in claim.attributions.standing().select_related("source"):
                said.quote, said.source.name = "Other words.", f"{said.source.name} (renamed)"
                said.save()
                said.source.save()
        for document in Document.objects.all():
            document.title, document.retracted_on = "Taken back", "2025-07-11"
            document.save()
        EvidenceDocument.objects.first().delete()
        for code in ("no_evidence", "evidence_not_weighed"):
            RuleSetting(code=code, level="warn", reason="We look closer.").save()
    withdrawn = make_claim("Entered on Friday.", dispute=dispute, published=True)
    withdraw_claim(actor=reviewer, claim=withdrawn, reason="Entered by mistake.")


@pytest.mark.parametrize("who", ["anonymous", "editor"])
def test_a_report_of_a_past_day_equals_the_one_made_on_that_day(rivals, ann, reviewer, request, who):
    user = request.getfixturevalue(who)
    with time_machine.travel(TUESDAY, tick=False):
        on_the_day, concerns = reports(rivals, user), load_dispute(rivals, user).concerns
    with time_machine.travel(FRIDAY, tick=False):
        change_everything(rivals, ann, reviewer)
        now, made_again = reports(rivals, user), reports(rivals, user, TUESDAY)
        assert load_dispute(rivals, user, TUESDAY).concerns == concerns
    assert {one.level for one in concerns} == ({"hint"} if who == "editor" else set())
    assert made_again == on_the_day
    assert set(now) >= set(on_the_day)
    assert all(now[name] != on_the_day[name] for name in on_the_day)


def test_a_report_says_which_moment_it_shows(rivals, anonymous):
    with time_machine.travel(FRIDAY, tick=False):
        text = FORMATS["markdown"].write(load_dispute(rivals, anonymous, TUESDAY)).decode()
        page = FORMATS["html"].write(load_dispute(rivals, anonymous, TUESDAY)).decode()
    said = "11 July 2025, 12:00 UTC, as the register stood on 8 July 2025, 12:00 UTC"
    assert said in text
    assert said in page


def test_before_and_after_a_correction_both_verdicts_are_told(rivals, ann, reviewer, api):
    claim = Claim.objects.get(text__startswith="Both were beaten")
    with time_machine.travel(FRIDAY, tick=False):
        change_everything(rivals, ann, reviewer)
        before = api().get(f"/api/v1/claims/{claim.pk}/?as_of=2025-07-08T12:00Z").json()
        after = api().get(f"/api/v1/claims/{claim.pk}/").json()
    assert before["verdict"]["rating"]["label"] == "Unproven"
    assert after["verdict"]["rating"]["label"] == "Misleading"
    assert after["verdict"]["supersedes"]["id"] == before["verdict"]["id"]
    assert before["text"] == claim.text != after["text"]


@pytest.mark.parametrize("who", ["anonymous", "editor"])
@pytest.mark.parametrize("noun", ["dispute", "claim"])
def test_as_of_now_is_what_is_now(rivals, ann, reviewer, api, request, who, noun):
    """The past is read by other queries than the present; where both must agree, they do."""
    user = request.getfixturevalue(who)
    client = api(None if isinstance(user, AnonymousUser) else user)
    with time_machine.travel(FRIDAY, tick=False):
        change_everything(rivals, ann, reviewer)
        rows = [rivals] if noun == "dispute" else list(Claim.objects.visible_to(user))
        for row in rows:
            address = f"/api/v1/{noun}s/{row.pk}/"
            assert client.get(f"{address}?as_of=2025-07-11T12:00Z").json() == client.get(address).json()


def test_what_the_public_may_no_longer_read_does_not_come_back(rivals, reviewer, editor, anonymous):
    claim = Claim.objects.get(text__startswith="Both were beaten")
    with time_machine.travel(FRIDAY, tick=False):
        withdraw_claim(actor=reviewer, claim=claim, reason="A court forbade it.")
        with pytest.raises(Absent):
            load_claim(claim, anonymous, TUESDAY)
        assert claim.pk not in load_dispute(rivals, anonymous, TUESDAY).claim_ids
        assert claim.pk in load_dispute(rivals, editor, TUESDAY).claim_ids
        with acting(actor=editor, reason="A court forbade it."):
            rivals.refresh_from_db()
            rivals.visibility = Visibility.RESTRICTED
            rivals.save()
        with pytest.raises(Absent):
            load_dispute(rivals, reviewer, TUESDAY)
        assert load_dispute(rivals, editor, TUESDAY).dispute.title == "Deaths in custody"


def test_what_was_a_draft_then_is_not_shown_as_published(rivals, anonymous, editor):
    with time_machine.travel(TUESDAY, tick=False):
        claim = make_claim("Not yet published on Tuesday.", dispute=rivals)
    with time_machine.travel(FRIDAY, tick=False):
        make_published(claim)
        assert claim.pk not in load_dispute(rivals, anonymous, TUESDAY).claim_ids
        assert claim.pk in load_dispute(rivals, anonymous).claim_ids
        with pytest.raises(Absent):
            load_claim(claim, anonymous, TUESDAY)
        assert load_claim(claim, editor, TUESDAY).claim.status.code == "draft"


def test_before_its_first_day_there_is_nothing(rivals, editor, anonymous):
    for user in (editor, anonymous):
        with time_machine.travel(FRIDAY, tick=False), pytest.raises(Absent):
            load_dispute(rivals, user, datetime(2025, 7, 7, 11, 59, tzinfo=UTC))


def test_a_deleted_draft_comes_back_for_the_desk_alone(rivals, editor, reader, api):
    with time_machine.travel(TUESDAY, tick=False):
        claim = make_claim("Deleted on Friday.", dispute=rivals)
        said = make_attribution(claim, quote="Gone with it.")
    with time_machine.travel(FRIDAY, tick=False):
        pk = claim.pk
        said.delete()
        claim.delete()
        address = f"/api/v1/claims/{pk}/"
        found = api(editor).get(f"{address}?as_of=2025-07-08T12:00Z")
        assert found.json()["attributions"][0]["quote"] == "Gone with it."
        report = api(editor).get(f"{address}report/markdown/?as_of=2025-07-08T12:00Z")
        assert b"Gone with it" in report.content
        assert api(editor).get(address).status_code == 404
        for client in (api(), api(reader)):
            assert client.get(f"{address}?as_of=2025-07-08T12:00Z").status_code == 404
            assert client.get(f"{address}report/markdown/?as_of=2025-07-08T12:00Z").status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "editor"])
def test_the_past_takes_as_many_queries_for_ten_claims_as_for_one(register, request, who):
    user = request.getfixturevalue(who)
    user.has_perm("sources.desk")  # read once for each person, and kept
    counts = []
    for number in (1, 10):
        dispute = make_dispute()
        for n in range(number):
            make_full_claim(dispute, n)
        with CaptureQueriesContext(connection) as queries:
            load_dispute(dispute, user, timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 41
