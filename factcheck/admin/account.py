"""The page of one's own account: where one is logged in, and by what."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from knox.models import AuthToken

from factcheck.accounts.factor import factor_of
from factcheck.accounts.models import Identity, Passkey
from factcheck.accounts.own import end_some, sessions_of
from factcheck.accounts.sessions import told_of
from factcheck.base.http.request_log import client_address

OTHERS = "others"


@never_cache
@require_http_methods(["GET", "POST"])
def account_page(request: HttpRequest) -> HttpResponse:
    """One's own sessions, to end one or all others, and how one logs in."""
    user, here = cast(User, request.user), request.session.session_key
    if request.method == "POST":
        asked = request.POST.get("end", "")
        marks = None if asked == OTHERS else {asked}
        ended = end_some(user, marks=marks, here=here, address=client_address(request))
        messages.success(request, f"Ended: {told_of(ended)}." if ended else "There was none: it had ended already.")
        return HttpResponseRedirect(reverse("account"))
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": "My account",
        "sessions": sessions_of(user, here),
        "has_password": user.has_usable_password(),
        "identity": Identity.objects.filter(user=user, issuer=settings.FACTCHECK_OIDC.issuer).first(),
        "factor": factor_of(user),
        "passkeys": Passkey.objects.filter(factor__user=user).count(),
        "tokens": AuthToken.objects.filter(user=user).exclude(expiry__lte=timezone.now()).count(),
    }
    return TemplateResponse(request, "admin/factcheck/account.html", context)
