"""Who asks for too much is refused, and everybody is told how much they may ask for.

The headers are those of draft-ietf-httpapi-ratelimit-headers-11. This stands before answers that a process remembers,
which no throttle of a view would ever see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from factcheck.accounts.quota import Counter, Left, Policy, address_key, session_key, token_key
from factcheck.base.http.problem import is_api_path, refuse
from factcheck.base.http.request_log import client_address

ANONYMOUS, TOKEN, EXPENSIVE, LOGIN, PAGES = NAMES = ("anonymous", "token", "expensive", "login", "pages")
"""The names of the policies, as settings and headers have them."""
WHOSE = {
    ANONYMOUS: "without a token, from one address",
    TOKEN: "with one token",
    EXPENSIVE: "for reports, exports and tables, which are made anew",
    LOGIN: "to log in, or with a token that is not known, from one address",
    PAGES: "for pages, from one address or in one session",
}
LOGIN_PAGES = {"/admin/login/", "/admin/password/"}
"""Where people log in, and ask for a mail with a link by which they can."""
UNCOUNTED = {"/healthz", "/readyz", "/metrics"}
"""What programs ask that watch over the register: a desk that is busy must not look as if it were down."""
SSO_PAGE = "/admin/sso/"
"""From where they are sent to the identity provider."""
MOST = 10_000
"""So many tokens and sessions are remembered."""
LEFT = "factcheck.ratelimit"
"""Where the environment of a request holds what is left; no header can have a name with a dot."""
COUNTED = "factcheck.counted"
"""Where it holds what was counted before Django."""
COUNTING = "factcheck.counting"
"""Where it holds how others who ask the same are to be counted."""


class Counting(NamedTuple):
    """How whoever asks this without token and session is counted."""

    of: Callable[[bytes], list[Left]] | None = None
    told: bool = False
    """Whether the answer tells them what is left."""

    def __call__(self, address: str) -> list[Left]:
        return self.of(address_key(address)) if self.of is not None else []


class RateLimitMiddleware:
    """Counts requests to the API, attempts to log in, and pages.

    A view names in `expensive` the methods, or actions, that cost far more than others: they are counted a second time,
    unless they are answered from memory.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.policies = {name: Policy(name, quota) for name, quota in settings.FACTCHECK_RATES.items() if quota}
        if not self.policies:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.counter = Counter()
        self.known: set[bytes] = set()
        """Tokens and sessions that were let in here. Whoever invents any gets no quota by that, and takes none of
        others."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        of_api = is_api_path(request.path_info)
        at_login = request.path_info == SSO_PAGE or (request.method == "POST" and request.path_info in LOGIN_PAGES)
        if not of_api and not at_login:
            return self.answer_page(request)
        who = self.who(request) if of_api else address_key(client_address(request))
        name = TOKEN if who in self.known else ANONYMOUS if of_api else LOGIN
        strange = of_api and "HTTP_AUTHORIZATION" in request.META and name != TOKEN
        # What a strange token counts as turns out with the answer.
        told = self.count(LOGIN, who, asks=0) if strange else self.counted(request, name, who)
        response = refusal(request, told)
        if response is None:
            told = request.META[LEFT] = [] if strange else told
            response = self.get_response(request)
            if strange:
                told += self.introduce(request, who, response.status_code)
            elif response.status_code == 401:
                self.known.discard(who)
        for header, value in headers_for(told):
            response[header] = value
        return response

    def answer_page(self, request: HttpRequest) -> HttpResponseBase:
        """A page, counted for the session that was let in, or else for the address."""
        if request.path_info in UNCOUNTED:
            return self.get_response(request)
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        session = session_key(cookie) if cookie else b""
        who = session if session in self.known else address_key(client_address(request))
        response = refusal(request, self.counted(request, PAGES, who))
        if response is not None:
            return response
        response = self.get_response(request)
        # As far as the page asked who it is; to ask for this alone would cost a statement.
        user = getattr(request, "_cached_user", None)
        if user is not None and session:
            (self.know if user.is_authenticated else self.known.discard)(session)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Count what is expensive, before it is begun."""
        method = "get" if request.method == "HEAD" else (request.method or "").lower()
        act = getattr(view, "actions", {}).get(method, method)
        if LEFT not in request.META or act not in getattr(getattr(view, "cls", None), "expensive", ()):
            return None
        found = self.count(EXPENSIVE, self.who(request))
        request.META[LEFT] += found
        return refusal(request, found)

    def counted(self, request: HttpRequest, name: str, who: bytes) -> list[Left]:
        """What is left after this request, which may have been counted before Django."""
        request.META[COUNTING] = Counting(partial(self.count, name), told=name != PAGES)
        found: list[Left] | None = request.META.get(COUNTED)
        return found if found is not None else self.count(name, who)

    def count(self, name: str, who: bytes, asks: int = 1) -> list[Left]:
        """What is left of this policy after so many requests more; nothing where it is off."""
        policy = self.policies.get(name)
        return [self.counter.count(policy, who, asks)] if policy is not None else []

    def who(self, request: HttpRequest) -> bytes:
        """Whose request it is: of a token, once it was let in, else of an address."""
        header = request.META.get("HTTP_AUTHORIZATION")
        key = token_key(header) if header is not None else b""
        return key if key in self.known else address_key(client_address(request))

    def introduce(self, request: HttpRequest, address: bytes, status: int) -> list[Left]:
        """Count a request with a token that was strange, now that it has this answer."""
        if not (200 <= status < 300 or status == 304):
            # Only views ask for tokens: a 404 tells nothing of one.
            return self.count(LOGIN if status == 401 else ANONYMOUS, address)
        key = token_key(request.META["HTTP_AUTHORIZATION"])
        self.know(key)
        return self.count(TOKEN, key)

    def know(self, key: bytes) -> None:
        """Remember a token or session that was let in."""
        if len(self.known) >= MOST:
            self.known.clear()
        self.known.add(key)


def headers_for(told: list[Left]) -> list[tuple[str, str]]:
    """What an answer says of the quotas that it was counted for."""
    if not told:
        return []
    policies = ", ".join(left.policy.item for left in told)
    return [("RateLimit-Policy", policies), ("RateLimit", ", ".join(left.item for left in told))]


def refusal(request: HttpRequest, told: list[Left]) -> HttpResponseBase | None:
    """The 429 where a quota is used up."""
    left = next((left for left in told if left.refused), None)
    if left is None:
        return None
    detail = (
        f"{left.policy.quota} requests a minute are answered {WHOSE[left.policy.name]}. Ask again in {left.seconds} s."
    )
    return refuse(request, 429, "throttled", detail, headers={"Retry-After": str(left.seconds)})
