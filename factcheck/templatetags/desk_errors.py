"""What is wrong with a form, in one list at its top: each line leads to its field, in whatever tab or fold that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.template import Context, Library
from django.utils.text import capfirst

register = Library()


@register.inclusion_tag("admin/factcheck/error_summary.html", takes_context=True)
def error_summary(context: Context) -> dict[str, Any]:
    """The errors of the page's form and of the rows below it, as (id of the field, what it is called, words)."""
    page = context.get("adminform")
    lines = list(_of_form(page.form, "")) if page is not None else []
    for inline in context.get("inline_admin_formsets") or ():
        lines += _of_rows(inline)
    return {"lines": lines}


def _of_form(form: Any, where: str, row_id: str = "") -> Iterator[tuple[str, str, str]]:
    for name, errors in form.errors.items():
        words = " ".join(map(str, errors))
        if name != NON_FIELD_ERRORS and name in form.fields:
            bound = form[name]
            yield bound.id_for_label or bound.auto_id, f"{where}{capfirst(bound.label)}", words
        elif row_id:
            yield row_id, where.removesuffix(": "), words


def _of_rows(inline: Any) -> Iterator[tuple[str, str, str]]:
    rows = inline.formset
    title, group = capfirst(str(inline.opts.verbose_name_plural)), f"{rows.prefix}-group"
    for error in rows.non_form_errors():
        yield group, title, str(error)
    for place, form in enumerate(rows.forms, 1):
        yield from _of_form(form, f"{title}, row {place}: ", group)
