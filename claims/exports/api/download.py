"""The address under which the file of an export is handed out until it expires."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.views.decorators.http import require_safe

from claims.exports.file import export_at, file_response, may_fetch


@require_safe
def export_file(request: HttpRequest, token: str) -> Any:
    """The file behind a signed address: of a copy for the public for everybody, of another for its maker."""
    export = export_at(token)
    if export is None:
        raise Http404
    if not request.user.is_authenticated and not may_fetch(request.user, export):
        return redirect_to_login(request.get_full_path())
    return file_response(request, export)
