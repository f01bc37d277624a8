"""The key that verifies what the register signs, as a file for OpenSSL."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from factcheck.base.signature import make_public_pem


@require_safe
def signing_key(request: HttpRequest) -> HttpResponse:
    """The public key, as PEM."""
    response = HttpResponse(make_public_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="signing-key.pem"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
