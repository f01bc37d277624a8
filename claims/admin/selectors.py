"""The place in a work, as a desk writes it: a page, a time, or the words as printed."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms

_PAGE = re.compile(r"(?:p|pp|page|pages)\.?\s*(\S.*)", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*[-–]\s*(\d{1,2}:\d{2}(?::\d{2})?))?")


def selector_of(text: str) -> dict[str, str] | None:
    """The selector that a line of text stands for.

    >>> selector_of("p. 12"), selector_of("00:01:30-00:02:00")["type"], selector_of("It was so.")["exact"]
    ({'type': 'PageSelector', 'page': '12'}, 'TimeSelector', 'It was so.')
    """
    text = text.strip()
    if not text:
        return None
    if found := _TIME.fullmatch(text):
        end = {"end": found[2]} if found[2] else {}
        return {"type": "TimeSelector", "start": found[1], **end}
    if (found := _PAGE.fullmatch(text)) and len(text) <= 40:
        return {"type": "PageSelector", "page": found[1]}
    return {"type": "TextQuoteSelector", "exact": text}


def text_of(selector: object) -> str:
    """The line of text for a selector; words before and after a quote are not part of it."""
    if not isinstance(selector, dict):
        return ""
    if selector.get("type") == "PageSelector":
        return f"p. {selector.get('page', '')}"
    if selector.get("type") == "TimeSelector":
        return "-".join(filter(None, (selector.get("start"), selector.get("end"))))
    return str(selector.get("exact", ""))


class SelectorField(forms.CharField):
    """One line of text for a selector; left alone, the stored one stays with all its parts."""

    stored: Any = None

    def __init__(
        self,
        *args: Any,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: object) -> Any:
        if isinstance(value, dict):
            self.stored = value
            return text_of(value)
        return value

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.stored = form.initial.get(field_name)
        return super().get_bound_field(form, field_name)

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if isinstance(self.stored, dict) and text_of(self.stored).strip() == text:
            return self.stored
        return selector_of(text)

    def has_changed(self, initial: object, data: object) -> bool:
        return text_of(initial).strip() != str(data or "").strip()
