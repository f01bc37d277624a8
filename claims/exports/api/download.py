"""The address under which the file of an export is handed out until it expires."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from claims.exports.file import find_export, may_fetch, serve_file


@require_safe
def export_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file behind a signed address: of a copy for the public for everybody, of another for its maker."""
    export = find_export(token)
    if export is None:
        raise Http404
    if not request.user.is_authenticated and not may_fetch(request.user, export):
        return redirect_to_login(request.get_full_path())
    return serve_file(request, export)
