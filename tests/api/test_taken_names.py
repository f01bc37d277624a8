"""What stands once in the register does not tell, where it is refused, of a row that the caller may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint

from claims.models import Dispute
from claims.services.restriction import hide_known_slugs
from factcheck.audit.context import acting, recording
from factcheck.audit.differences import history_models
from factcheck.audit.history import record_rows
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from factcheck.base.slug import is_secret
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from tests import factories as make
from tests.claims.test_dispute_admin import client_of

pytestmark = pytest.mark.usefixtures("register")
LIST = "/api/v1/disputes/"
SECRET = r"-[0-9a-f]{12}"


def answer(client: Any, **body: Any) -> tuple[int, str]:
    """Status and words of a request for a new dispute, which is undone, without what differs each time."""
    sent = client.post(LIST, {"question": "Is it so?", **body})
    told = sent.json()
    if sent.status_code == 201:
        with acting(reason="Undone."):
            Dispute.objects.get(pk=told["id"]).delete()
        return 201, told["slug"]
    return sent.status_code, str(told["errors"])


def hidden(how: str, ann: Any, **fields: Any) -> Dispute:
    """A dispute that its member Ann restricts, from the start or later."""
    start = "restricted" if how == "from the start" else how
    with acting(actor=ann, reason="Made."):
        dispute = make.make_dispute(visibility=start, members=[ann], **fields)
        if start != "restricted":
            dispute.visibility = "restricted"
            dispute.save()
    return dispute


@pytest.mark.parametrize("how", ["from the start", "public", "internal"])
@pytest.mark.parametrize("body", [{"slug": "zq-plan", "title": "Other"}, {"title": "Zq plan"}], ids=["slug", "title"])
def test_a_restricted_dispute_holds_no_name_that_is_guessed(
    ann: Any, rob: Any, api: Callable[..., Any], how: str, body: dict[str, Any]
) -> None:
    free = answer(api(rob), **body)
    by_title = hidden(how, ann, title="Zq plan")
    by_slug = hidden(how, ann, title="Nothing", slug="zq-plan")
    assert re.fullmatch(f"zq-plan{SECRET}", by_title.slug)
    assert re.fullmatch(f"zq-plan{SECRET}", by_slug.slug)
    assert answer(api(rob), **body) == free == (201, "zq-plan")


def test_the_refusal_of_a_name_is_about_a_dispute_that_can_be_read(ann: Any, rob: Any, api: Any) -> None:
    make.make_dispute("Zq plan", visibility="internal")
    status, words = answer(api(rob), title="Other", slug="zq-plan")
    assert status == 400
    assert "already" in words
    assert answer(api(rob), title="Zq plan") == (201, "zq-plan-2")
    assert api(rob).get(f"{LIST}zq-plan/").status_code == 200


def test_no_change_of_a_restricted_dispute_makes_its_name_known(ann: Any, rob: Any, api: Any) -> None:
    dispute = hidden("from the start", ann, title="Zq plan")
    before = dispute.slug
    for body in ({"slug": "zq-other"}, {"slug": ""}, {"title": "Zq title", "slug": "zq-other"}):
        changed = api(ann).patch(f"{LIST}{dispute.pk}/", body)
        assert changed.status_code == 200, changed.content
        assert is_secret(changed.json()["slug"])
    kept = api(ann).patch(f"{LIST}{dispute.pk}/", {"title": "Zq again"}).json()["slug"]
    assert kept == changed.json()["slug"] != before
    assert answer(api(rob), title="Zq other") == (201, "zq-other")
    assert api(ann).get(f"{LIST}{kept}/").status_code == 200
    assert api(rob).get(f"{LIST}{kept}/").status_code == 404


def test_an_update_of_many_rows_hides_their_names(ann: Any) -> None:
    rows = [make.make_dispute(f"Zq {word}") for word in ("one", "two")]
    with acting(actor=ann, reason="Closed."):
        Dispute.objects.filter(pk__in=[row.pk for row in rows]).update(visibility="restricted")
    assert all(is_secret(slug) for slug in Dispute._base_manager.values_list("slug", flat=True))


def test_a_dispute_that_is_opened_may_have_a_plain_name_again(ann: Any, api: Any) -> None:
    dispute = hidden("from the start", ann, title="Zq plan")
    opened = api(ann).patch(f"{LIST}{dispute.pk}/", {"visibility": "internal"}).json()
    assert opened["slug"] == dispute.slug
    assert api(ann).patch(f"{LIST}{dispute.pk}/", {"slug": "zq-plan"}).json()["slug"] == "zq-plan"


def test_the_admin_hides_the_name_too(ann: Any) -> None:
    client, page = client_of(ann), "/admin/claims/dispute/add/"
    form = client.get(page).context["adminform"].form
    body = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    sent = {**body, "title": "Zq plan", "question": "Is it so?", "slug": "zq-plan", "visibility": "restricted"}
    inlines = client.get(page).context["inline_admin_formsets"]
    for inline in inlines:
        for field in inline.formset.management_form:
            sent[field.html_name] = field.value()
        sent[f"{inline.formset.prefix}-TOTAL_FORMS"] = 0
    assert client.post(page, sent).status_code == 302
    assert re.fullmatch(f"zq-plan{SECRET}", Dispute._base_manager.get().slug)


def test_names_of_the_release_before_are_hidden_on_record(ann: Any, rob: Any, api: Any) -> None:
    closed = hidden("from the start", ann, title="Zq plan")
    opened = make.make_dispute("Zq open")
    with recording():
        super(RecordedQuerySet, Dispute._base_manager.filter(pk=closed.pk)).update(slug="zq-plan")
        closed.refresh_from_db()
        record_rows([closed], "~")
    assert answer(api(rob), title="Zq plan") == (201, "zq-plan-2")
    hide_known_slugs()
    assert answer(api(rob), title="Zq plan") == (201, "zq-plan")
    last = AuditEntry.objects.of(closed).order_by("-id").first()
    assert set(last.changes) == {"slug"}
    assert not [row for row in verify(history_models()) if isinstance(row, Break)]
    entries = AuditEntry.objects.count()
    hide_known_slugs()
    assert AuditEntry.objects.count() == entries
    opened.refresh_from_db()
    assert opened.slug == "zq-open"


ELSEWHERE = {
    "Dispute.slug": "that of a restricted dispute is not guessed (decision 0029)",
    "Source.slug": "the desk, which alone writes, reads all sources",
    "Document.document_url_once": "the desk, which alone writes, reads all documents",
    "RatingScale.code": "everybody reads the scales",
    "Rating.rating_code_once": "everybody reads the scales",
    "RuleSetting.code": "the desk reads all settings",
    "Claim.claim_external_id_alone": "the desk reads all claims that stand alone",
}
"""What stands once in the whole register, and why a refusal tells no hidden row."""
WITHIN = {
    "Review.review_once",
    "EvidenceDocument.evidence_document_once",
    "EvidenceLink.evidence_link_once",
    "Assessment.assessment_once",
    "Verdict.verdict_one_first",
    "Verdict.verdict_superseded_once",
    "DisputeMember.dispute_member_once",
    "ClaimRelation.relation_once",
    "Question.question_order_once",
    "Claim.claim_external_id_once",
    "Premise.premise_once",
}
"""What stands once for each row that a request names, and that the caller therefore has to see."""


def test_every_name_that_stands_once_was_thought_of() -> None:
    found = set()
    for model in apps.get_models():
        if not issubclass(model, RecordedModel):
            continue
        name = model.__name__
        found |= {f"{name}.{field.name}" for field in model._meta.fields if field.unique and not field.primary_key}
        found |= {f"{name}.{one.name}" for one in model._meta.constraints if isinstance(one, UniqueConstraint)}
    assert found == set(ELSEWHERE) | WITHIN


@pytest.mark.parametrize("noun", ["sources", "documents"])
def test_the_row_that_holds_a_name_can_be_read_by_who_is_refused(ann: Any, rob: Any, api: Any, noun: str) -> None:
    claim = make.make_claim(dispute=hidden("from the start", ann))
    if noun == "sources":
        row = make.make_source("Zq mole", slug="zq-mole", withheld=True, withheld_reason="Safety.")
        make.make_attribution(claim, source=row)
        body = {"kind": "person", "name": "Zq mole", "slug": "zq-mole"}
    else:
        row = make.make_document(url="https://example.org/zq")
        evidence = make.make_evidence(dispute=claim.dispute, documents=[row])
        make.make_link(claim, evidence=evidence)
        body = {"kind": "article", "title": "Zq", "url": "https://example.org/zq"}
    assert api(rob).post(f"/api/v1/{noun}/", body).status_code == 400
    assert api(rob).get(f"/api/v1/{noun}/{row.pk}/").status_code == 200
