"""Form fields that read dates, languages and addresses as people type them, and say how they were understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse

from factcheck.audit.access import is_desk
from factcheck.base import edtf
from factcheck.base.places import language_name, validate_language
from factcheck.base.text import normalise_url, validate_http_url
from factcheck.base.typed import Unclear, read_address, read_date, read_language

LONGEST_TYPED = 60


def _date_in_words(text: str) -> str:
    start, _end = edtf.parse(text)
    return f"{edtf.in_words(text)}{', which is still to come' if start > datetime.now(UTC) else ''}"


def _language_in_words(tag: str) -> str:
    validate_language(tag)
    return f"{language_name(tag)} ({tag})"


def _address_in_words(url: str) -> str:
    found = normalise_url(url)
    validate_http_url(found)
    return found


@dataclass(frozen=True)
class Kind:
    """How a kind of entry is read, and shown as it was understood."""

    read: Callable[[str], str]
    in_words: Callable[[str], str]


def _read_day(text: str) -> str:
    found = read_date(text)
    if not edtf.is_day(found):
        raise Unclear("Give the day, such as 17 July 2014, 28.9.2016 or 2014-07-17.")
    return found


KINDS = {
    "day": Kind(_read_day, edtf.in_words),
    "date": Kind(read_date, _date_in_words),
    "language": Kind(read_language, _language_in_words),
    "address": Kind(read_address, _address_in_words),
}


class TypedField(forms.CharField):
    """A line that is read as `kind` says. What cannot be read, or in two ways, is refused with what to type instead."""

    kind = ""

    def to_python(self, value: object) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str) or not text or text in self.empty_values:
            return text
        try:
            return KINDS[self.kind].read(text)
        except Unclear as unclear:
            raise ValidationError(str(unclear), code="unclear") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-understood": self.kind}


class TypedDateField(TypedField):
    kind = "date"


class TypedDayField(forms.DateField):
    """A day, read in the same way, beside the calendar that writes it."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (text := value.strip()):
            try:
                value = _read_day(text)
            except Unclear as unclear:
                raise ValidationError(str(unclear), code="unclear") from None
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-understood": "day"}


class TypedLanguageField(TypedField):
    kind = "language"


class TypedAddressField(TypedField):
    kind = "address"


def understood_view(request: HttpRequest) -> HttpResponse:
    """How an entry of this kind is understood: in words, or what is wrong with it."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None or not is_desk(request.user):
        raise PermissionDenied
    text = request.GET.get("text", "").strip()
    if not text:
        return JsonResponse({"words": "", "refused": ""})
    try:
        return JsonResponse({"words": kind.in_words(kind.read(text)), "refused": ""})
    except Unclear as unclear:
        return JsonResponse({"words": "", "refused": str(unclear)})
    except ValidationError as error:
        return JsonResponse({"words": "", "refused": " ".join(error.messages)})
