"""What was searched for, in templates."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from factcheck.search.marks import mark_found
from factcheck.search.query import SearchQuery

register = template.Library()


@register.simple_tag(takes_context=True)
def marked(context: Context, text: object) -> SafeString:
    """`{% marked claim.text %}`: the text with what was searched for in <mark>, where the page has a `search_query`."""
    return mark_found(str(text), context.get("search_query") or SearchQuery())
