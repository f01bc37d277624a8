"""The identity provider, asked by Authlib, which checks state, PKCE, signature, issuer, audience, nonce and times.

Imported where single sign-on is on: its packages are an extra.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from factcheck.accounts.identity import Refused, Told, claim_of, told_by
from factcheck.base.errors import Busy

logger = logging.getLogger(__name__)

STATE = "sso"
WAIT = 5
"""Seconds for each answer of the provider."""
KEPT = 3_600
"""Seconds for which its addresses and keys are kept: a key that it has given up opens nothing for longer."""
LEEWAY = 60
"""Seconds by which its clock may be wrong."""
SIGNATURES = [f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)]
"""Whatever the provider says that it could do: never `none`, and nothing that a public key could sign."""
BASIC, POST = "client_secret_basic", "client_secret_post"
FAULTS = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError, RuntimeError)
"""What is raised where the provider, or who says to come from it, sends what is not as it should be."""


class Provider(DjangoOAuth2App):
    """One identity provider, as it describes itself below its address."""

    def load_server_metadata(self) -> dict[str, Any]:
        """What it says of itself. Raises ValueError where that is not of this issuer, or leads to an address in the
        clear."""
        told: dict[str, Any] = super().load_server_metadata()
        issuer = settings.FACTCHECK_OIDC.issuer
        if told.get("issuer") != issuer:
            raise ValueError(f"the provider calls itself {told.get('issuer')!r}, not {issuer!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(told[name]).scheme not in {"https", urlsplit(issuer).scheme}:
                raise ValueError(f"{name} is no https address")
        told["id_token_signing_alg_values_supported"] = SIGNATURES
        methods = told.get("token_endpoint_auth_methods_supported", [BASIC])
        told["token_endpoint_auth_method"] = BASIC if BASIC in methods else POST
        return told


def provider() -> Provider:
    return _provider(settings.FACTCHECK_OIDC, int(time.time()) // KEPT)


@lru_cache(maxsize=2)
def _provider(given: Any, hour: int) -> Provider:
    return Provider(
        DjangoIntegration(STATE),
        STATE,
        client_id=given.client_id,
        client_secret=given.client_secret,
        server_metadata_url=f"{given.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": " ".join(given.scopes), "code_challenge_method": "S256", "default_timeout": WAIT},
    )


def send_there(request: HttpRequest, *, again: bool = False) -> HttpResponse:
    """To the provider, with a state, a nonce and a challenge that this session remembers; `again` lets it ask for the
    log-in there also of who is logged in. Raises Busy."""
    forget_states(request)
    asked = {"prompt": "login", "max_age": 0} if again else {}
    try:
        sent: HttpResponse = provider().authorize_redirect(request, address_of_return(), **asked)
    except (RequestException, *FAULTS) as error:
        raise _out_of_reach(error) from error
    return sent


def take_answer(request: HttpRequest) -> Told:
    """Whom the provider sends, who left this browser for it and comes back the first time.

    Raises Refused, and Busy where the provider does not answer.
    """
    given = settings.FACTCHECK_OIDC
    if "error" in request.GET:
        forget_states(request)
        raise Refused(f"{given.name} let nobody in, or you broke it off. Try again.", why="The provider said no.")
    try:
        # Each is checked by the library; without `aud` here it would be content with another audience.
        wanted = {
            "iss": {"essential": True, "value": given.issuer},
            "aud": {"essential": True, "value": given.client_id},
        }
        token = provider().authorize_access_token(request, claims_options=wanted, leeway=LEEWAY)
        return told_by(_with_more({**token["userinfo"]}, token))
    except RequestException as error:
        raise _out_of_reach(error) from error
    except FAULTS as error:
        logger.warning("Single sign-on was refused: %s", error)
        raise Refused(
            f"What came back from {given.name} is not what it should be, too old, or was used before. Log in again.",
            why=f"The answer was not valid ({getattr(error, 'error', '') or type(error).__name__}).",
        ) from error


def address_of_log_out() -> str:
    """Where somebody logs out of the provider too; empty where it has no such place."""
    try:
        place = provider().load_server_metadata().get("end_session_endpoint", "")
    except (RequestException, *FAULTS):
        return ""
    if not place or urlsplit(place).scheme not in {"https", "http"}:
        return ""
    back = f"{settings.FACTCHECK_BASE_URL}{reverse('admin:login')}"
    asked = {"client_id": settings.FACTCHECK_OIDC.client_id, "post_logout_redirect_uri": back}
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


def address_of_return() -> str:
    return f"{settings.FACTCHECK_BASE_URL}{reverse('sso-return')}"


def forget_states(request: HttpRequest) -> None:
    """Nothing that was sent out earlier may come back."""
    for name in [name for name in request.session.keys() if name.startswith(f"_state_{STATE}_")]:  # noqa: SIM118
        del request.session[name]


def _with_more(claims: dict[str, Any], token: dict[str, Any]) -> dict[str, Any]:
    """With what some providers tell at their userinfo endpoint alone."""
    given = settings.FACTCHECK_OIDC
    wanted = ["email", *([given.roles_claim] if given.roles else [])]
    missing = any(claim_of(claims, name) is None for name in wanted)
    if not missing or "userinfo_endpoint" not in provider().load_server_metadata():
        return claims
    more = provider().userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise ValueError("the userinfo is of somebody else")
    return {**more, **claims}


def _out_of_reach(error: Exception) -> Busy:
    logger.warning("The identity provider cannot be asked: %s", error)
    name = settings.FACTCHECK_OIDC.name
    return Busy(f"{name} cannot be reached, or is not set up as this register expects. Try again in a moment.")
