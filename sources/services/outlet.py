"""Which source an address belongs to."""

from __future__ import annotations

from django.db.models import QuerySet

from factcheck.base.likeness import host_of
from factcheck.base.people import Reader
from factcheck.models.merged import standing_ones
from factcheck.search.near import find_on_host
from sources.models import Document, Source

ENOUGH = 2
"""So many known works of one publisher, and none of another, say whose site it is."""


def outlet_at(url: str, user: Reader) -> tuple[Source, str] | None:
    """The one source that has its site where this address leads, or that published all known works there; and how that
    is known, in words."""
    host = host_of(url)
    if not host:
        return None
    rows = Source.objects.visible_to(user)
    owners = standing_ones(_with_site(rows, host), rows)
    if owners:
        return (owners[0], f"whose site is {host}") if len(owners) == 1 else None
    works = Document.objects.visible_to(user).filter(merged_into=None).select_related("publisher")
    found = [row.publisher for row in find_on_host(works, host, lambda row: row.url)]
    publishers = standing_ones([one for one in found if one is not None], rows)
    if len(found) < ENOUGH or None in found or len(publishers) != 1:
        return None
    return publishers[0], f"who published what is known of {host}"


def _with_site(rows: QuerySet[Source], host: str) -> list[Source]:
    """The sources whose website is the beginning of this host: one with a path may be a guest there."""
    homes = [
        f"{scheme}://{www}{host}{end}" for scheme in ("https", "http") for www in ("", "www.") for end in ("", "/")
    ]
    return list(rows.filter(website__in=homes)[:3])
