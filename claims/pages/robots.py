"""What search engines read: where they may go, and every public page with the day on which it last changed.

Django's own sitemaps turn pages by counting rows from the first, read all rows to date their index, and take the host
from the request; these turn them by id, read what one file holds, and keep to the lasting addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.pages.changed import NOUNS, with_last_change
from claims.reports.answers import kept_answer
from claims.services.prepared import REGISTER
from factcheck.base.http.address import public_url

BLOCK = 10_000
"""How many ids a file covers; the format allows 50,000 addresses."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The doors for people who work here and for programs are none for search engines."""
    address = public_url(reverse("sitemap"))
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /api/", f"Sitemap: {address}", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of all files that list pages."""
    return kept_answer(request, REGISTER, "0", "sitemap", _index)


def _index() -> HttpResponse:
    parts = [("pages", 0)]
    for noun, rows in NOUNS.items():
        readable, last = rows().order_by("pk"), rows().order_by("-pk").values_list("pk", flat=True).first()
        # The first row of each block answers for all, however many they are.
        blocks = range(last // BLOCK + 1) if last is not None else ()
        parts += [(noun, block) for block in blocks if _in_block(readable, block).exists()]
    # Undated: to date them is to read every row, and each part dates its own.
    entries = [(reverse("sitemap-part", kwargs={"noun": noun, "block": block}), None) for noun, block in parts]
    return _xml("sitemapindex", "sitemap", entries)


@require_safe
def sitemap_part(request: HttpRequest, noun: str, block: int) -> HttpResponse:
    """The pages of one noun with the ids of this block."""
    if noun == "pages" and block == 0:
        pages = ("home", "disputes", "verdicts", "sources", "corrections", "method")
        return _xml("urlset", "url", [(reverse(name), None) for name in pages])
    if noun not in NOUNS or block > 2**63 // BLOCK - 1:
        raise Http404
    return kept_answer(request, REGISTER, str(block), f"sitemap-{noun}", lambda: _part(noun, block))


def _in_block(rows: QuerySet[Any], block: int) -> QuerySet[Any]:
    return rows.filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK)


def _part(noun: str, block: int) -> HttpResponse:
    rows = _in_block(with_last_change(noun, NOUNS[noun]()), block).order_by("pk")
    key = "pk" if noun == "claims" else "slug"
    entries = [(f"/{noun}/{value}/", last) for value, last in rows.values_list(key, "changed")]
    if not entries:
        raise Http404
    return _xml("urlset", "url", entries)


def _xml(root: str, entry: str, entries: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    lines = [f"{_XML}<{root} {_NAMESPACE}>"]
    for path, last in entries:
        when = f"<lastmod>{last.isoformat(timespec='seconds')}</lastmod>" if last is not None else ""
        lines.append(f"<{entry}><loc>{escape(public_url(path))}</loc>{when}</{entry}>")
    lines.append(f"</{root}>\n")
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")
