"""The middleware of the input layer, under the one name that the settings use."""

from factcheck.base.http.compression import CompressionMiddleware
from factcheck.base.http.cors import CorsMiddleware
from factcheck.base.http.headers import SecurityHeadersMiddleware
from factcheck.base.http.hostile import HostileInputMiddleware
from factcheck.base.http.https import HttpsMiddleware
from factcheck.base.http.measures import MeasuresMiddleware
from factcheck.base.http.net import ExceptionNetMiddleware
from factcheck.base.http.replicas import ReplicaMiddleware
from factcheck.base.http.request_log import RequestLogMiddleware
from factcheck.base.http.session import AuthenticationMiddleware, MessageMiddleware, SessionMiddleware
from factcheck.base.http.shared_cache import SharedCacheMiddleware
from factcheck.base.http.slash import SlashMiddleware

__all__ = [
    "AuthenticationMiddleware",
    "CompressionMiddleware",
    "CorsMiddleware",
    "ExceptionNetMiddleware",
    "HostileInputMiddleware",
    "HttpsMiddleware",
    "MeasuresMiddleware",
    "MessageMiddleware",
    "ReplicaMiddleware",
    "RequestLogMiddleware",
    "SecurityHeadersMiddleware",
    "SessionMiddleware",
    "SharedCacheMiddleware",
    "SlashMiddleware",
]
