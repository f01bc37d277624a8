"""The OpenAPI document, made from the serializers, filters and permissions that answer."""

from factcheck.api.schema.grammar import EDTF, MOMENT, moment_parameter, names_parameter
from factcheck.api.schema.headers import CHANGE_REASON, ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH

__all__ = [
    "CHANGE_REASON",
    "EDTF",
    "ETAG",
    "IDEMPOTENCY_KEY",
    "IF_MATCH",
    "IF_NONE_MATCH",
    "MOMENT",
    "moment_parameter",
    "names_parameter",
]
