"""The rows under a page, each as `rows_of` has it drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.helpers import InlineAdminFormSet
from django.template import Library
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from factcheck.admin.sentrows import Rows

register = Library()


@register.filter
def called(shown: Any) -> str:
    """What the row of this form is called."""
    return shown.model_admin.called(shown.original)


@register.simple_tag
def rows(shown: InlineAdminFormSet) -> Rows:
    """What a list of rows draws, and what it sends."""
    # Commands look at all tags, without the pages of the desk.
    found: Rows = import_string("factcheck.admin.sentrows.rows_of")(shown)
    return found
