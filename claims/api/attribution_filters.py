"""What attributions can be filtered by over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from claims.api.child import WithdrawableFilterSet
from claims.choices import QuoteState, Stance
from claims.logic.wording import QUOTE_WARNINGS
from claims.models import Attribution
from claims.models.attribution import AttributionQuerySet
from claims.models.quoted import warned_of
from factcheck.api import filters
from factcheck.audit.access import is_desk
from sources.api.source import sources_by_name
from sources.models import Document
from sources.models.source import named_to


def body_told(request: Request) -> Q:
    """For whom a withheld source spoke could tell who it is."""
    return named_to(request.user, "source__")


def quote_told(request: Request) -> Q:
    """Of whose quote the reader is told anything: of no withheld source, spoken for or of whoever published it."""
    if is_desk(request.user):
        return Q()
    told = body_told(request)
    for source in ("on_behalf_of", "document__publisher"):
        told &= Q(**{source: None}) | named_to(request.user, f"{source}__")
    return told


class AttributionFilterSet(WithdrawableFilterSet):
    source = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    country = filters.CountryFilter(field_name="source__country", told=body_told)
    on_behalf_of = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug", told=body_told)
    document = filters.ReferenceFilter(queryset=Document.objects.all())
    stance = filters.ChoiceFilter(choices=Stance)
    said_on, said_after, said_before = filters.edtf_range("said_on")
    anonymous = filters.BooleanFilter()
    relayed = filters.PresenceFilter(field_name="relayed_from")
    joint = filters.PresenceFilter(field_name="joint_with")
    quoted = filters.PresenceFilter(field_name="quote")
    quote_state = filters.ChoiceFilter(field_name="quote_check__state", choices=QuoteState, told=quote_told)
    quote_warned = filters.BooleanFilter(method="by_warned")
    quote_warning = filters.ChoiceFilter(
        choices=tuple(QUOTE_WARNINGS.items()), told=quote_told, where=lambda _asked, codes: warned_of(codes)
    )

    class Meta:
        model = Attribution
        fields: tuple[str, ...] = ()

    def by_warned(self, queryset: AttributionQuerySet, name: str, value: bool) -> QuerySet[Any]:
        quoted = queryset.filter(quote_check__isnull=False)
        found = queryset.warned() if value else quoted.filter(quote_check__warnings=[])
        return found.filter(quote_told(self.request))
