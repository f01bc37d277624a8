"""The middleware of the input layer, under the one name that the settings use."""

from factcheck.base.http.headers import SecurityHeadersMiddleware
from factcheck.base.http.hostile import HostileInputMiddleware
from factcheck.base.http.net import ExceptionNetMiddleware
from factcheck.base.http.slash import SlashMiddleware

__all__ = [
    "ExceptionNetMiddleware",
    "HostileInputMiddleware",
    "SecurityHeadersMiddleware",
    "SlashMiddleware",
]
