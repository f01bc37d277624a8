"""Which representation an answer has."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class ContentNegotiation(DefaultContentNegotiation):
    """That of the framework. What nearly every program sends is answered before it is taken apart."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        if not format_suffix and request.META.get("HTTP_ACCEPT", "*/*") in {"*/*", first.media_type}:
            return first, str(first.media_type)
        return super().select_renderer(request, renderers, format_suffix)
