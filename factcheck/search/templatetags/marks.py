"""What was searched for, in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from factcheck.search.marks import mark_found
from factcheck.search.query import SearchQuery

register = template.Library()


@register.filter
def marked(text: object, query: object) -> SafeString:
    """`{{ claim.text|marked:query }}`: with what was searched for in <mark>, on pages that show what was found."""
    return mark_found(str(text), query if isinstance(query, SearchQuery) else SearchQuery())
