"""The rows under a page, each as `rows_of` has it drawn."""

from __future__ import annotations

from django.contrib.admin.helpers import InlineAdminFormSet
from django.template import Library

from factcheck.admin.sentrows import Rows, rows_of

register = Library()


@register.simple_tag
def rows(shown: InlineAdminFormSet) -> Rows:
    """What a list of rows draws, and what it sends."""
    return rows_of(shown)
