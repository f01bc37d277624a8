"""The doors by which the last act of an example comes: each sends it and says what was refused, or None."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from claims.models import Attribution, Claim, ClaimRelation, Dispute, Evidence, EvidenceLink, Premise, Review, Verdict
from claims.services import draft_verdict, publish_verdict, submit_verdict
from factcheck.audit.context import acting
from factcheck.base.errors import DomainError
from factcheck.models.recorded import RecordedModel
from sources.models import Document, Source
from tests import factories as f
from tests.admin_page import get, send
from tests.api.nouns import address
from tests.claims.test_dispute_admin import client_of

Refusal = tuple[str, str]
"""The code of the rule, or its words where a door tells no code, and the field."""
MODELS: dict[str, type[RecordedModel]] = {
    "relation": ClaimRelation,
    "attribution": Attribution,
    "source": Source,
    "document": Document,
    "evidence": Evidence,
    "evidence-link": EvidenceLink,
    "premise": Premise,
    "review": Review,
    "dispute": Dispute,
    "claim": Claim,
}
SECTIONS = {"relation": "relations", "source": "sources", "document": "documents", "evidence": "evidence"}
REASON = {"HTTP_X_CHANGE_REASON": "A test."}


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """The body with the years that it names by a word."""
    today = timezone.localdate()
    years = {"{this}": str(today.year), "{next}": str(today.year + 1)}
    return {name: years.get(value, value) if isinstance(value, str) else value for name, value in body.items()}


def by_service(noun: str, body: dict[str, Any]) -> Refusal | None:
    """A plain save; of a verdict the service that publishes it."""
    try:
        if noun == "verdict":
            publish_verdict(actor=f.someone("Reviewer"), verdict=submitted(body))
        else:
            model: Any = MODELS[noun]
            columns = {field.name: field.attname for field in model._meta.concrete_fields}
            with acting(reason="A test."):
                model(**{columns[name]: value for name, value in body.items()}).save()
    except DomainError as error:
        return error.code, error.field or ""
    return None


def by_api(noun: str, body: dict[str, Any]) -> Refusal | None:
    """One row in a request; of a verdict the request that publishes it."""
    if noun == "verdict":
        verdict = submitted(body)
        return _answer(client("Reviewer").post(f"/api/v1/verdicts/{verdict.pk}/publish/", {}, format="json"))
    return _answer(client().post(address(noun), body, format="json", **REASON))


def by_bulk(noun: str, body: dict[str, Any]) -> Refusal | None:
    """A list of rows in a request, or the verdict that was chosen in a list of the admin."""
    if noun == "verdict":
        return by_action(body)
    return _answer(client().post(address(noun), [body], format="json", **REASON), "0")


def by_nested(noun: str, body: dict[str, Any]) -> Refusal | None:
    """A whole dispute in one request, of which the row is a part."""
    whole: dict[str, Any] = {"title": "Entered whole", "question": "What?"}
    if noun == "attribution":
        # Nested, a statement is on a claim of the same request.
        old = Claim.objects.get(pk=body["claim"])
        whole["occurred_on"] = old.dispute.occurred_on if old.dispute is not None else ""
        row = {name: value for name, value in body.items() if name not in {"claim", "relayed_from"}}
        others = list(Attribution.objects.filter(claim=old))
        said = [{"ref": f"s{o.pk}", "source": o.source_id, "stance": o.stance, "said_on": o.said_on} for o in others]
        if "relayed_from" in body:
            row["relayed_from"] = {"ref": f"s{body['relayed_from']}"}
        whole["claims"] = [{"text": "It is so.", "attributions": [*said, row]}]
        return _answer(client().post("/api/v1/disputes/", whole, format="json"), f"claims.0.attributions.{len(said)}")
    if noun == "claim":
        whole["claims"] = [
            {"text": "Others.", "quantity_min": 10, "quantity_max": 50, "quantity_unit": "deaths"},
            {name: value for name, value in body.items() if name not in {"dispute", "question"}},
        ]
        return _answer(client().post("/api/v1/disputes/", whole, format="json"), "claims.1")
    if noun == "evidence-link":
        names = ("bearing", "set_name")
        others = EvidenceLink.objects.filter(claim=body["claim"]).order_by("pk").values(*names)
        rows = [*others, {name: body[name] for name in names}]
        whole["claims"] = [{"ref": "c", "text": "It is so."}]
        whole["evidence"] = [
            {"kind": "document", "title": "A record", "links": [{"claim": {"ref": "c"}, **row}]} for row in rows
        ]
        return _answer(client().post("/api/v1/disputes/", whole, format="json"), f"evidence.{len(others)}.links.0")
    if noun == "dispute":
        return _answer(client().post("/api/v1/disputes/", {**body, "claims": []}, format="json"))
    whole[SECTIONS[noun]] = [body]
    return _answer(client().post("/api/v1/disputes/", whole, format="json", **REASON), f"{SECTIONS[noun]}.0")


def by_admin(noun: str, body: dict[str, Any]) -> Refusal | None:
    """The form of a new row, or the page on which a verdict is reviewed."""
    if noun == "verdict":
        url = reverse("admin:claims_verdict_review", args=[submitted(body).pk])
        desk = client_of(f.someone("Reviewer"))
        answer = desk.post(url, {**get(desk, url).fields, "act": "publish"})
        return (unescape(answer.content.decode()), "") if answer.status_code == 400 else None
    model = MODELS[noun]
    before = model._base_manager.count()
    desk = client_of(f.someone("Editor"))
    # What programs need not say is chosen at the desk.
    chosen = {name: model._meta.get_field(name).get_default() for name in model.chosen_at_desk}
    page = send(desk, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"), _form(chosen | body))
    return None if model._base_manager.count() > before else (page.text, "")


def _form(body: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends: the same names, all of it text."""
    return {name: str(value) for name, value in body.items()}


def by_action(body: dict[str, Any]) -> Refusal | None:
    verdict = submitted(body)
    url = reverse("admin:claims_verdict_changelist")
    desk = client_of(f.someone("Reviewer"))
    chosen = desk.post(url, {"action": "review_selected", "_selected_action": [str(verdict.pk)]})
    answer = desk.post(chosen["Location"], {**get(desk, chosen["Location"]).fields, "act": "publish"})
    return (unescape(answer.content.decode()), "") if answer.status_code == 400 else None


def client(role: str = "Editor") -> APIClient:
    made = APIClient()
    made.force_authenticate(f.someone(role))
    return made


def submitted(body: dict[str, Any]) -> Verdict:
    """The verdict of an example, in review."""
    author = f.someone("Researcher")
    content = {name: value for name, value in body.items() if name not in {"claim", "code"}}
    content = {"summary": "In short.", "rationale": "Because the evidence says so.", **content}
    draft = draft_verdict(actor=author, claim=body["claim"], rating=f.rating(body["code"]), **content)
    return submit_verdict(actor=author, verdict=draft)


def _answer(answer: Any, prefix: str = "") -> Refusal | None:
    if answer.status_code < 300:
        return None
    told = answer.json()
    assert answer.status_code in {400, 409}, told
    [error] = told["errors"]
    assert not prefix or error["field"].startswith(f"{prefix}."), error
    assert error["detail"] in told["detail"]
    return error["code"], error["field"].removeprefix(f"{prefix}.")
