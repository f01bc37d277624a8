"""One line of a form of the desk: the markup of the theme, which draws each field with eight templates."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from unfold.widgets import CHECKBOX_LABEL_CLASSES, LABEL_CLASSES

from factcheck.base.widgets import escaped

register = Library()

LINE = "field-line flex flex-col grow group group/line px-3 py-2.5"
COMPRESSED_LINE = (
    "border-b border-base-200 border-dashed min-h-[59px] group-[.last]/row:border-b-0 lg:border-l lg:flex-row "
    "lg:items-center dark:border-base-800 lg:first:border-l-0"
)
COMPRESSED_LABEL = "lg:min-w-56 lg:w-56 lg:h-[38px] lg:flex lg:items-center lg:self-start lg:leading-[38px] lg:*:m-0"
REQUIRED = '<span class="text-red-600 dark:text-red-500">*</span>'
READ_ONLY = "unfold/helpers/field_readonly_value.html"
CHECKBOX = "unfold/helpers/fieldset_row_checkbox.html"


@register.simple_tag(takes_context=True)
def form_line(context: Context) -> SafeString:
    """The fields of `line`, beside each other."""
    line, page = context["line"], context.get("adminform")
    compressed = bool(page is not None and getattr(page.model_admin, "compressed_fields", False))
    classes = ["form-row", "field-row", "group/row"]
    if len(line.fields) > 1:
        classes += ["grid", f"lg:grid-cols-{len(line.fields)}"]
    if not line.has_visible_field:
        classes.append("hidden")
    if context["forloop"]["last"]:
        classes.append("last")
    fields = "".join(_field(field, context, compressed=compressed) for field in line)
    return mark_safe(f'<div class="{" ".join(classes)}">{fields}</div>')  # noqa: S308 - each part was escaped


def _field(field: Any, context: Context, *, compressed: bool) -> str:
    bound = field.field
    errors = field.errors() if not field.is_readonly and bound.errors else ""
    name = "" if field.is_readonly else f" field-{bound.name}"
    classes = f"{LINE}{name}{' errors' if errors else ''}{f' {COMPRESSED_LINE}' if compressed else ''}"
    if getattr(field, "is_checkbox", False):
        # Few, and put together otherwise.
        within = render_to_string(CHECKBOX, {"field": field, "adminform": context.get("adminform")})
        return f'<div class="{classes}">{within}</div>'
    label = field.label_tag() if field.is_readonly else _label(bound)
    beside = f' class="{COMPRESSED_LABEL}"' if compressed else ""
    shown = _read_only(field, context) if field.is_readonly else str(bound)
    told = bound["help_text"] if field.is_readonly else bound.help_text
    # As the theme does: the texts of help are the developers' own.
    # Under the name that the field itself gives for what describes it.
    named = "" if field.is_readonly or not bound.auto_id else f' id="{bound.auto_id}_helptext"'
    told = f'<div class="leading-relaxed mt-2 text-xs"{named}>{told}</div>' if told else ""
    refused = f'<div class="mt-2 text-red-600 text-xs dark:text-red-500">{errors}</div>' if errors else ""
    return (
        f'<div class="{classes}"><div{beside}>{label}</div>'
        f'<div class="grow relative">{shown}{told}{refused}</div></div>'
    )


def _label(bound: BoundField) -> str:
    field = bound.field
    classes = " ".join(CHECKBOX_LABEL_CLASSES if bound.widget_type == "checkbox" else LABEL_CLASSES)
    words = f"{escaped(bound.label)}{REQUIRED if field.required else ''}"
    css = f' class="{classes}{" required" if field.required else ""}"'
    belongs = field.widget.id_for_label(field.widget.attrs.get("id") or bound.auto_id)
    target = f' for="{belongs}"' if belongs else ""
    return f"<label{target}{css}>{words}</label>"


def _read_only(field: Any, context: Context) -> str:
    if getattr(field, "is_file", False):
        return render_to_string(READ_ONLY, {"field": field, "form_classes": context.get("form_classes")})
    contents = field.contents()
    words = "-" if contents in {"", "None"} else escaped(contents)
    width = "max-w-4xl" if getattr(field, "is_json", False) else "max-w-2xl"
    return f'<div class="readonly break-words {width} *:rounded-default">{words}</div>'
