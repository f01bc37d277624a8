"""A WSGI handler that survives a Content-Type no parser can read."""

from __future__ import annotations

from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class GuardedRequest(WSGIRequest):
    """Django reads the charset while it builds the request, before any middleware: an RFC 2231 charset with a
    NUL or an unknown encoding would drop the connection."""

    malformed_content_type = False
    _host = ""

    def get_host(self) -> str:
        """Checked against the allowed hosts once: several ask."""
        self._host = self._host or super().get_host()
        return self._host

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            cast(Any, super())._set_content_type_params(meta)
        except ValueError:
            self.malformed_content_type = True
            self.content_type, self.content_params = "", {}


class GuardedWSGIHandler(WSGIHandler):
    """Use it as `application` after `django.setup()`."""

    request_class = GuardedRequest

    def get_response(self, request: Any) -> Any:
        """Without the length of a 304, which would be that of the whole answer (RFC 9110, section 8.6)."""
        response = super().get_response(request)
        if response.status_code == 304:
            del response["Content-Length"]
        return response
