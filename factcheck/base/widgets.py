"""The fields of forms without templates: a page of the desk has hundreds of them, and each would take a dozen."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
"""What a widget says of itself in its context: `name`, `value`, `attrs` and so on."""

ARROW = (
    '<span class="material-symbols-outlined absolute group-[.primary]:text-white pointer-events-none mr-[12px] right-0 '
    "text-base-400 top-0 top-1/2 hover:text-base-700 dark:text-base-500 dark:hover:text-base-200 "
    '-translate-y-1/2">expand_more</span>'
)
WRAPPER = "unfold/widgets/related_widget_wrapper.html"
NAME, FIELD = "@name-of-the-field@", "@the-field@"
"""What stands in a box that was drawn once for the name of a field and the field itself."""
OPTION = "django/forms/widgets/select_option.html"
BESIDE = ("prefix", "prefix_icon", "suffix", "suffix_icon")
"""What stands beside some fields; those are left to their template."""


class WidgetRenderer(DjangoTemplates):
    """Gives the HTML that the templates of plain widgets give; every other template is Django's to render."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == WRAPPER:
            return related_in_box(context)
        plain = PLAIN.get(template_name)
        drawn = plain(context["widget"]) if plain is not None else None
        if drawn is None:
            return super().render(template_name, context, request)
        return mark_safe(drawn)  # noqa: S308 - each part was escaped


def related_in_box(context: dict[str, Any]) -> SafeString:
    """A field that refers to another noun, with the menu of what can be done there: alike but for their names."""
    alike = {name: value for name, value in context.items() if name not in {"name", "rendered_widget"}}
    # Texts, and whether something is so.
    box = _box_of(tuple((name, str(v) if isinstance(v, str | Promise) else bool(v)) for name, v in alike.items()))
    drawn = box.replace(NAME, escaped(context["name"])).replace(FIELD, context["rendered_widget"])
    return mark_safe(drawn)  # noqa: S308 - a template and a field gave it


@lru_cache(maxsize=512)
def _box_of(alike: tuple[tuple[str, Any], ...]) -> str:
    # Ours: the renderer of forms would take the theme's, whose button no keyboard reaches.
    box = render_to_string(WRAPPER, {**dict(alike), "name": NAME, "rendered_widget": FIELD})
    return re.sub(r"\s+", " ", box).strip()


def attributes(attrs: Mapping[str, Any]) -> str:
    """The attributes of a tag, each with a blank before it."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def escaped(value: object) -> str:
    """A value as text within HTML, as a template puts it. `conditional_escape` says the same in five times the time."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value))


def shown(value: object) -> str:
    """A value as a template shows it."""
    return escaped(value if isinstance(value, str) else localize(value))


def input_tag(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def input_in(classes: str) -> Callable[[Widget], str | None]:
    """An input in a box of these classes."""

    def render(widget: Widget) -> str | None:
        if any(widget.get(name) for name in BESIDE):
            return None
        return f'<div class="{classes}">{input_tag(widget)}</div>'

    return render


def textarea_tag(widget: Widget) -> str:
    # A browser drops the first line break: without one of ours, that of a text which begins with an empty line.
    text = shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def select_tag(widget: Widget) -> str | None:
    parts = []
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{shown(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            value, attrs = escaped(option["value"]), attributes(option["attrs"]) if option["attrs"] else ""
            parts.append(f'<option value="{value}"{attrs}>{shown(option["label"])}</option>')
        if group:
            parts.append("</optgroup>")
    return f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>{"".join(parts)}</select>'


def select_in_box(widget: Widget) -> str | None:
    """The drop-down of the theme, with its arrow."""
    tag = select_tag(widget)
    return None if tag is None else f'<div class="grow relative max-w-2xl">{tag}{ARROW}</div>'


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "input")
PLAIN: dict[str, Callable[[Widget], str | None]] = {
    **{f"django/forms/widgets/{name}.html": input_tag for name in _INPUTS},
    "django/forms/widgets/select.html": select_tag,
    "django/forms/widgets/textarea.html": textarea_tag,
    "unfold/widgets/text.html": input_in("max-w-2xl relative w-full"),
    "unfold/widgets/date.html": input_in("flex flex-col max-w-2xl min-w-56 relative w-full"),
    "unfold/widgets/time.html": input_in("flex flex-col max-w-2xl min-w-56 relative w-full"),
    "unfold/widgets/textarea.html": textarea_tag,
    "unfold/widgets/select.html": select_in_box,
}
"""By their templates; those of the theme are its own, without blanks between the tags."""
