"""Links and labels for the lists and panels of the admin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from factcheck.base.desk_address import url_of
from factcheck.base.widgets import escaped

EMPTY = mark_safe('<span class="desk-faint">–</span>')


def admin_url(row: models.Model, page: str = "change") -> str:
    """The address of the row's page."""
    return url_of(type(row), row.pk, page)


def list_url(model: type[models.Model], **filters: Any) -> str:
    """The address of the list of `model`, filtered."""
    return with_query(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), filters)


def add_url(model: type[models.Model], **initial: Any) -> str:
    """The address of the form for a new row, with some fields filled in."""
    return with_query(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"), initial)


def with_query(url: str, parameters: dict[str, Any]) -> str:
    return f"{url}?{urlencode(parameters)}" if parameters else url


def link_to(row: models.Model | None, text: object = None) -> SafeString:
    """A link to the row's page, under its own name or `text`."""
    if row is None:
        return EMPTY
    words = escaped(row if text is None else text)
    return mark_safe(f'<a href="{admin_url(row)}" class="desk-link">{words}</a>')  # noqa: S308 - it was escaped


def safe_link(url: str, text: str = "") -> SafeString:
    """A link to the outside, only if it is one of the web: anything else is shown as text."""
    if not url:
        return EMPTY
    if urlsplit(url).scheme not in {"http", "https"}:
        return format_html("{}", url)
    return format_html(
        '<a href="{}" rel="noreferrer noopener nofollow" target="_blank" class="desk-link desk-break">{}</a>',
        url,
        text or url,
    )


def badge(text: object, tone: str = "plain") -> SafeString:
    """A small label; `tone` is plain, good, bad, warn, info or faint."""
    return mark_safe(f'<span class="desk-badge desk-{tone}">{escaped(text)}</span>')  # noqa: S308 - it was escaped


def swatch(text: object, colour: str) -> SafeString:
    """A label with a dot in the colour of a rating; the word says all that the colour does."""
    return format_html(
        '<span class="desk-badge desk-plain"><span class="desk-dot" style="background:{}"></span>{}</span>',
        colour,
        text,
    )
