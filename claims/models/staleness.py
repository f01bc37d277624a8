"""When a published verdict is stale: what it rests on has changed since it was published or last confirmed, its day
has come, or its claim says something else than what it judged."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Exists, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from claims.choices import ClaimStatus, VerdictStatus
from claims.models.claim import Claim, readable_claims
from claims.models.dispute import open_disputes
from factcheck.base.people import Reader
from factcheck.models.statements import Statement, statement_of
from sources.models import Document, Snapshot


def withdrawn_at(claim: str) -> Least:
    """When the withdrawn claim to which `claim` refers was withdrawn, as its history tells, whatever was changed since.

    Where that was erased, or begins later than the claim, it was by its last change.
    """
    changed, history = F(f"{claim}__updated_at"), Claim.history.order_by("history_id")
    before = history.filter(id=OuterRef(OuterRef(claim))).exclude(status=ClaimStatus.WITHDRAWN).reverse()
    since = Coalesce(Subquery(before.values("history_id")[:1]), 0)
    steps = history.filter(id=OuterRef(claim), status=ClaimStatus.WITHDRAWN, history_id__gt=since)
    told = Coalesce(Subquery(steps.values("history_date")[:1]), changed)
    return Least(told, changed, output_field=DateTimeField())


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


def asked_otherwise() -> Q:
    """The condition on verdicts with `looked_at` that two people have since given the question another wording that
    their claim answers."""
    return Q(claim__question__reworded_at__gt=F("looked_at"))


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


LATEST = 100
"""Of each kind of change the front page looks at so many: it has to cost the same whatever the register holds."""


def touched_since(day: date) -> set[int]:
    """The ids of claims of which something that a verdict rests on is among the latest changes of its kind, since this
    day began, or whose verdict was to be looked at again since.

    Each kind is read from the end of an index. What follows from a change is not bounded: a document that many cite is
    stale news to all of them.
    """
    sql, given = _touched(day, timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return {claim for (claim,) in cursor.fetchall()}


@lru_cache(maxsize=10)
def _touched(day: date, _today: date) -> Statement:
    moment = timezone.make_aware(datetime.combine(day, time()))
    said, links = _rows(Claim, "attributions"), _rows(Claim, "evidence_links")
    relations, premises = _rows(Claim, "relations"), _rows(links.model, "premises")
    evidence = links.model.evidence.field.related_model._base_manager
    carriers: Any = _rows(evidence.model, "carriers")
    documents, broken = _latest(Document._base_manager, moment), _latest(Snapshot._base_manager, moment, "broken_since")
    removed = carriers.model.history.filter(
        pk__in=_latest(carriers.model.history, moment, "history_date", 10 * LATEST), history_type="-"
    )
    kept = Snapshot._base_manager.filter(pk__in=broken).values("document")
    verdicts = _rows(Claim, "verdicts").filter(status=VerdictStatus.PUBLISHED)
    refuted = verdicts.filter(pk__in=_latest(verdicts.refuting(), moment, "published_at")).values("claim")
    withdrawn = _latest(Claim._base_manager.filter(status=ClaimStatus.WITHDRAWN), moment)
    ways = (
        (said.filter(pk__in=_latest(said, moment)), "claim"),
        (said.filter(document__in=documents), "claim"),
        (said.filter(document__in=kept), "claim"),
        (links.filter(pk__in=_latest(links, moment)), "claim"),
        (links.filter(evidence__in=_latest(evidence, moment)), "claim"),
        # Each by itself: joined by OR, a planner reads the whole table.
        (links.filter(evidence__in=carriers.filter(pk__in=_latest(carriers, moment)).values("evidence")), "claim"),
        (links.filter(evidence__in=carriers.filter(document__in=documents).values("evidence")), "claim"),
        (links.filter(evidence__in=carriers.filter(document__in=kept).values("evidence")), "claim"),
        (links.filter(evidence__in=removed.values("evidence")), "claim"),
        (premises.filter(pk__in=_latest(premises, moment)), "link__claim"),
        # Whose claims fell, and perhaps others: they are looked at again.
        (premises.filter(claim__in=refuted), "link__claim"),
        (premises.filter(claim__in=withdrawn), "link__claim"),
        (relations.filter(pk__in=_latest(relations, moment)), "claim"),
        (relations.filter(pk__in=_latest(relations, moment)), "other"),
        (Claim._base_manager.filter(question__in=_reworded_after(moment)), "pk"),
        (_due_after(moment), "claim"),
    )
    statements = [statement_of(rows, claim) for rows, claim in ways]
    return " UNION ".join(sql for sql, _given in statements), tuple(one for _sql, given in statements for one in given)


def _latest(rows: Any, moment: datetime, column: str = "updated_at", count: int = LATEST) -> QuerySet[Any]:
    """The keys of the latest of these rows after this moment."""
    return rows.filter(**{f"{column}__gt": moment}).order_by(f"-{column}").values("pk")[:count]


def _reworded_after(moment: datetime) -> QuerySet[Any]:
    questions: Any = Claim._meta.get_field("question").related_model
    return _latest(questions._base_manager, moment, "reworded_at")


def _due_after(moment: datetime) -> QuerySet[Any]:
    """The verdicts whose day has come after this moment, the latest of them."""
    today = timezone.localdate()
    first = timezone.localdate(moment) + timedelta(days=1)
    due = _rows(Claim, "verdicts").filter(review_by__gte=first, review_by__lte=today)
    return due.model._base_manager.filter(pk__in=due.order_by("-review_by").values("pk")[:LATEST])


def _rows(model: type[Model], name: str) -> Any:
    """The rows that hang on `model` under this name; their modules import that of the verdict, not the other way."""
    related: Any = model._meta.get_field(name).related_model
    return related._base_manager
