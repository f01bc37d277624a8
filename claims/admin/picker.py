"""How the nouns are offered in search fields: what tells two of the same name apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count

from claims.admin.labels import short
from claims.models import Attribution, Claim, Dispute, Evidence
from factcheck.admin.picker import Picked, offer_with
from factcheck.base import edtf
from factcheck.base.people import Reader
from factcheck.base.places import country_name
from sources.models import Document, Source


def _together(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _statements(field: str, rows: Sequence[Any], user: Reader) -> Mapping[int, int]:
    """How many statements that stand refer to each of these rows."""
    standing = Attribution.objects.visible_to(user).standing().filter(**{f"{field}__in": rows})
    return dict(standing.order_by().values_list(field).annotate(Count("pk")))


def of_sources(rows: Sequence[Source], user: Reader) -> dict[int, str]:
    counts = _statements("source", rows, user)
    return {
        row.pk: _together(
            "name withheld" if row.withheld else "",
            row.get_kind_display().split(": ")[0],
            country_name(row.country) if row.country else "",
            row.part_of.name if row.part_of is not None else "",
            _counted(counts.get(row.pk, 0), "statement"),
        )
        for row in rows
    }


def of_documents(rows: Sequence[Document], user: Reader) -> dict[int, str]:
    counts = _statements("document", rows, user)
    return {
        row.pk: _together(
            row.publisher.name if row.publisher is not None else "",
            edtf.in_words(row.published_on),
            short(row, "kind"),
            _counted(counts.get(row.pk, 0), "statement"),
        )
        for row in rows
    }


def of_claims(rows: Sequence[Claim], user: Reader) -> dict[int, str]:
    counts = _statements("claim", rows, user)
    return {
        row.pk: _together(
            f"no. {row.pk}",
            short(row, "status"),
            row.dispute.title if row.dispute is not None else "in no dispute",
            _counted(counts.get(row.pk, 0), "statement"),
        )
        for row in rows
    }


def of_evidence(rows: Sequence[Evidence], user: Reader) -> dict[int, str]:
    return {
        row.pk: _together(
            short(row, "kind"),
            edtf.in_words(row.observed_on),
            row.dispute.title if row.dispute is not None else "",
        )
        for row in rows
    }


def of_attributions(rows: Sequence[Attribution], user: Reader) -> dict[int, str]:
    return {
        row.pk: _together(
            short(row, "stance"),
            edtf.in_words(row.said_on),
            row.document.title if row.document is not None else "",
        )
        for row in rows
    }


def of_disputes(rows: Sequence[Dispute], user: Reader) -> dict[int, str]:
    return {row.pk: _together(short(row, "visibility"), edtf.in_words(row.occurred_on), row.place) for row in rows}


offer_with(
    Source,
    Picked(of_sources, "name", near={"name": lambda row: [row.name, *row.aliases]}, related=("part_of",)),
)
offer_with(
    Document,
    Picked(
        of_documents,
        "title",
        near={"title": lambda row: [row.title], "url": lambda row: [row.url]},
        addresses=("url",),
        related=("publisher",),
    ),
)
offer_with(Claim, Picked(of_claims, "text", near={"text": lambda row: [row.text]}, related=("dispute",)))
offer_with(Dispute, Picked(of_disputes, "title", near={"title": lambda row: [row.title, row.question]}))
offer_with(Evidence, Picked(of_evidence, "title", near={"title": lambda row: [row.title]}, related=("dispute",)))
offer_with(Attribution, Picked(of_attributions, related=("document",)))
