"""Pages that change what somebody logs in with are for who logged in, or proved who they are, a short while ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from factcheck.accounts.sessions import proved_lately


def proof_needed(view: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a page of the admin, for who logged in or proved who they are a short while ago."""

    @wraps(view)
    def asked(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return ask_for_proof(request) or view(self, request, *args, **kwargs)

    return asked


def ask_for_proof(request: HttpRequest) -> HttpResponse | None:
    """Where a proof is asked for, if one is due."""
    if proved_lately(request):
        return None
    return HttpResponseRedirect(f"{reverse('again')}?{urlencode({'next': request.get_full_path()})}")
