"""When what a page shows may have changed last, as far as anybody may know: told to search engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from claims.choices import ClaimStatus
from claims.models import Attribution, Claim, Dispute, EvidenceLink, Premise, Verdict
from claims.reports.load.source import sources_known_to
from factcheck.models.recorded import RecordedModel


def _public(model: type[RecordedModel]) -> QuerySet[Any]:
    return model.objects.visible_to(AnonymousUser())


NOUNS: dict[str, Callable[[], QuerySet[Any]]] = {
    "disputes": lambda: _public(Dispute),
    "claims": lambda: _public(Claim),
    "sources": lambda: sources_known_to(AnonymousUser()),
}
"""The rows that have a page which anybody may read."""


def with_last_change(noun: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, each with the moment of the last change that may show in its page (`changed`)."""
    return _DATED[noun](rows)


def _claims(rows: QuerySet[Any]) -> QuerySet[Any]:
    return _dated(rows, _last(Verdict.objects.published(), "published_at", claim=OuterRef("pk")), *_within("claim"))


def _disputes(rows: QuerySet[Any]) -> QuerySet[Any]:
    return _dated(
        rows,
        # A claim that was withdrawn shows as a gap.
        _last(Claim.objects.all(), "updated_at", dispute=OuterRef("pk"), first_published_at__isnull=False),
        _last(_public(Verdict), "published_at", claim__dispute=OuterRef("pk")),
        *_within("claim__dispute"),
    )


def _within(page: str) -> Iterator[Subquery]:
    """The last change of what is said and shown on the claims of a page that were ever published, and of what that
    depends on: whether evidence counts shows there, whoever may read the claim on which it depends."""
    shown = {page: OuterRef("pk"), "claim__first_published_at__isnull": False}
    on_link = {f"link__{path}": value for path, value in shown.items()}
    behind = {f"premise_of__{path}": value for path, value in on_link.items()}
    yield _last(Attribution.objects.all(), "updated_at", **shown)
    yield _last(EvidenceLink.objects.all(), "updated_at", **shown)
    yield _last(Premise.objects.all(), "updated_at", **on_link)
    yield _last(Verdict.objects.published(), "published_at", **{f"claim__{path}": row for path, row in behind.items()})
    yield _last(Claim.objects.filter(status=ClaimStatus.WITHDRAWN), "updated_at", **behind)


def _sources(rows: QuerySet[Any]) -> QuerySet[Any]:
    return _dated(rows, _last(_public(Attribution), "updated_at", source=OuterRef("pk")))


_DATED: dict[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    "disputes": _disputes,
    "claims": _claims,
    "sources": _sources,
}


def _last(rows: QuerySet[Any], field: str, **where: Any) -> Subquery:
    """The newest moment in this field among the rows; they are those of one page, found by an index."""
    return Subquery(rows.filter(**where).order_by(f"-{field}").values(field)[:1])


def _dated(rows: QuerySet[Any], *changes: Subquery) -> QuerySet[Any]:
    return rows.annotate(changed=Greatest("updated_at", *(Coalesce(last, F("updated_at")) for last in changes)))
