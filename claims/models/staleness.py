"""When a published verdict is stale: what it rests on has changed since it was published or last confirmed, its day
has come, or its claim says something else than what it judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from claims.choices import ClaimStatus
from claims.models.claim import Claim, readable_claims, withdrawn_at
from claims.models.dispute import open_disputes
from factcheck.base.people import Reader
from sources.models import Document, Snapshot


def looked_at(confirmations: QuerySet[Any]) -> Coalesce:
    """The moment at which a verdict was last looked at: its newest confirmation, or else its publication."""
    # By groups: a plain aggregate cannot stand in a subquery.
    newest = confirmations.filter(verdict=OuterRef("pk")).order_by().values("verdict")
    return Coalesce(Subquery(newest.annotate(newest=Max("created_at")).values("newest")), F("published_at"))


def due() -> Q:
    """The condition on verdicts with `looked_at` that the day has come by which they were to be looked at again, and
    nobody has since: days are those of the register's time zone."""
    return Q(review_by__lte=timezone.localdate(), looked_at__date__lt=F("review_by"))


def reworded() -> Q:
    """The condition on verdicts that their claim says something else than what they judged."""
    return ~Q(claim_text="") & ~Q(claim_text=F("claim__text"))


def changed_since_looked_at(user: Reader | None) -> Q:
    """The condition on verdicts with `looked_at` that something they rest on has changed since, as far as `user` may
    know of it; without a user, whatever it is. `claims.logic.staleness` tells the same rule in words.

    One Exists for each way that leads from the claim to a row, along indexed columns: a verdict costs the rows of its
    own claim, however large the register is. What was withdrawn is a change; what is behind it bears no more.
    """
    at = OuterRef("looked_at")
    said, links = _rows(Claim, "attributions"), _rows(Claim, "evidence_links")
    onward, back = _rows(Claim, "relations"), _rows(Claim, "relations_to")
    carriers: Any = _rows(links.model.evidence.field.related_model, "carriers")
    removed = carriers.model.history.filter(history_type="-", history_date__gt=at)
    on_claim, stands = {"claim": OuterRef("claim")}, {"withdrawn_at": None}
    linked = {"evidence__links__claim": OuterRef("claim"), "evidence__links__withdrawn_at": None}
    known, far, near = Q(), Q(), Q()
    if user is not None:
        # What joins the claim to a dispute that this user may not know of did not happen for them.
        known = Q(evidence__dispute=None) | open_disputes(user, "evidence__dispute__")
        far, near = readable_claims(user, "other__"), readable_claims(user, "claim__")
    snapshots = Snapshot._base_manager.filter(broken_since__gt=at)
    kept_of_evidence = Q(
        document__carries__evidence__links__claim=OuterRef("claim"),
        document__carries__evidence__links__withdrawn_at=None,
    )
    if user is not None:
        kept_of_evidence &= Q(document__carries__evidence__dispute=None) | open_disputes(
            user, "document__carries__evidence__dispute__"
        )
    premises = _rows(links.model, "premises").filter(link__claim=OuterRef("claim"), link__withdrawn_at=None)
    if user is not None:
        gathered = Q(link__evidence__dispute=None) | open_disputes(user, "link__evidence__dispute__")
        premises = premises.filter(gathered, readable_claims(user, "claim__"))
    conditions = (
        premises.filter(updated_at__gt=at),
        premises.filter(_fell_after(at, OuterRef(at)), withdrawn_at=None),
        said.filter(updated_at__gt=at, **on_claim),
        links.filter(known, updated_at__gt=at, **on_claim),
        onward.filter(far, updated_at__gt=at, **on_claim),
        back.filter(near, updated_at__gt=at, other=OuterRef("claim")),
        links.filter(known, evidence__updated_at__gt=at, **on_claim, **stands),
        said.filter(document__updated_at__gt=at, **on_claim, **stands),
        carriers.filter(known, Q(updated_at__gt=at) | Q(document__updated_at__gt=at), **linked),
        removed.filter(known, **linked),
        snapshots.filter(document__attributions__claim=OuterRef("claim"), document__attributions__withdrawn_at=None),
        snapshots.filter(kept_of_evidence),
    )
    found = Q()
    for rows in conditions:
        found |= Q(Exists(rows))
    return found


def _fell_after(moment: Any, within: Any) -> Q:
    """The condition on premises that their claim was refuted or withdrawn after this moment, which a query within that
    of the premises calls `within`."""
    verdicts: Any = Claim._meta.get_field("verdicts").related_model
    refuted = verdicts.objects.current().refuting().filter(claim=OuterRef("claim"), published_at__gt=within)
    # Its last change comes first: that is cheaper to ask than its history.
    withdrawn = Q(claim__status=ClaimStatus.WITHDRAWN, claim__updated_at__gt=moment)
    return Q(Exists(refuted)) | (withdrawn & Q(GreaterThan(withdrawn_at("claim"), moment)))


def touched_after(moment: datetime) -> QuerySet[Any]:
    """The ids of the claims of which something that a verdict rests on has changed after this moment, or whose verdict
    was to be looked at again since.

    Asked from the rows that changed, not from each claim: cheap while they are few, whatever the register holds.
    """
    said, links = _rows(Claim, "attributions"), _rows(Claim, "evidence_links")
    relations, premises = _rows(Claim, "relations"), _rows(links.model, "premises")
    carriers: Any = _rows(links.model.evidence.field.related_model, "carriers")
    removed = carriers.model.history.filter(history_type="-", history_date__gt=moment).values("evidence")
    documents = Document._base_manager.filter(updated_at__gt=moment).values("pk")
    broken = Snapshot._base_manager.filter(broken_since__gt=moment).values("document")
    carried = carriers.filter(Q(updated_at__gt=moment) | Q(document__in=documents) | Q(document__in=broken))
    evidence = links.model.evidence.field.related_model._base_manager.filter(updated_at__gt=moment)
    claims = [
        rows.order_by().values("claim")
        for rows in (
            said.filter(updated_at__gt=moment),
            said.filter(document__in=documents),
            said.filter(document__in=broken),
            links.filter(updated_at__gt=moment),
            links.filter(evidence__in=evidence.values("pk")),
            links.filter(evidence__in=carried.values("evidence")),
            links.filter(evidence__in=removed),
            links.filter(pk__in=premises.filter(updated_at__gt=moment).values("link")),
            links.filter(pk__in=premises.filter(_fell_after(moment, moment)).values("link")),
            relations.filter(updated_at__gt=moment),
            _due_after(moment),
        )
    ]
    return claims[0].union(*claims[1:], relations.filter(updated_at__gt=moment).order_by().values("other"))


def _due_after(moment: datetime) -> QuerySet[Any]:
    """The verdicts whose day has come after this moment."""
    today = timezone.localdate()
    first = timezone.localdate(moment) + timedelta(days=1)
    return _rows(Claim, "verdicts").filter(review_by__gte=first, review_by__lte=today)


def _rows(model: type[Model], name: str) -> Any:
    """The rows that hang on `model` under this name; their modules import that of the verdict, not the other way."""
    related: Any = model._meta.get_field(name).related_model
    return related._base_manager
