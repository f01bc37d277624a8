"""The headers that requests may carry and that answers come with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from factcheck.api.preference import BRIEF, MAX_ROWS, PREFERENCE

_TAG = '"3-5f2a9c0d"'

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "example": _TAG},
    OpenApiParameter.HEADER,
    description="The ETag of your last read. Required for public rows.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "example": _TAG},
    OpenApiParameter.HEADER,
    description="The ETag you have; 304 when it still holds.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[ -~]+$",
        "example": "0b9f6c1e-5a0f-4f3c-8a64-6f1f7f0d2c11",
    },
    OpenApiParameter.HEADER,
    description="Your own name for this request; sent again, it gets the same answer and acts once.",
)
CHANGE_REASON = OpenApiParameter(
    "X-Change-Reason",
    {"type": "string", "maxLength": 2000, "example": "The agency corrected its report."},
    OpenApiParameter.HEADER,
    description="Why, in UTF-8 or percent-encoded; or send `change_reason` in the body. Required for public rows.",
)
PREFER = OpenApiParameter(
    "Prefer",
    {"type": "string", "example": BRIEF},
    OpenApiParameter.HEADER,
    description=f"`{BRIEF}` is answered with the `id` and `version` of what was written, and no more. `{PREFERENCE}` "
    f"has a worker do what is sent as an array, where one may be, up to {MAX_ROWS:,} rows (RFC 7240).",
)


def _answered(name: str, description: str, example: str, codes: list[int], **schema: Any) -> OpenApiParameter:
    told = {"type": "string", **schema, "example": example}
    return OpenApiParameter(name, told, OpenApiParameter.HEADER, description=description, response=codes)


ETAG = _answered(
    "ETag", "Version and digest of this representation: send it back in If-Match or If-None-Match.", _TAG, [200, 201]
)
LOCATION = _answered(
    "Location",
    "The address of what was made.",
    "https://register.example.org/api/v1/claims/7/",
    [201, 202],
    format="uri",
)
LINK = _answered(
    "Link",
    "The next and the previous page (RFC 8288), as `next` and `previous` in the body; left out where there is none.",
    '<https://register.example.org/api/v1/claims/?cursor=eyJvIjoiaWQifQ>; rel="next"',
    [200],
)
REPLAYED = _answered(
    "Idempotent-Replayed",
    "`true` where this is the kept answer to an earlier request with the same Idempotency-Key.",
    "true",
    [200, 201, 202],
    enum=["true"],
)

APPLIED = _answered(
    "Preference-Applied", "The preference that was followed, where it was (RFC 7240).", BRIEF, [200, 201], enum=[BRIEF]
)
LACKS = _answered(
    "X-Report-Lacks",
    "What the form cannot show, such as letters for which there is no font; left out where it shows all.",
    "No font has these letters here: U+16A0.",
    [200],
)

CHALLENGE: dict[str, Any] = {
    "WWW-Authenticate": {
        "description": "How to sign in: with a bearer token.",
        "schema": {"type": "string", "example": "Bearer"},
    }
}
RATE_LIMIT: dict[str, Any] = {
    "RateLimit": {
        "description": "What is left of each quota (`r`), for how many seconds (`t`); not where limits are off.",
        "schema": {"type": "string", "example": '"anonymous";r=599;t=42'},
    },
    "RateLimit-Policy": {
        "description": "The quotas that this request was counted for: so many requests (`q`) in so many seconds (`w`).",
        "schema": {"type": "string", "example": '"anonymous";q=600;w=60'},
    },
}
"""Headers of every answer (draft-ietf-httpapi-ratelimit-headers-11)."""
RETRY_AFTER: dict[str, Any] = {
    "Retry-After": {
        "description": "After how many seconds it is worth asking again.",
        "schema": {"type": "string", "pattern": r"^\d+$", "example": "1"},
    }
}
"""Headers of refusals, which are written by hand: the framework describes those of parameters only."""
BEING_MADE: dict[str, Any] = {
    "description": "A worker makes it and takes longer than a moment: ask for the same address again.",
    "headers": {
        **RETRY_AFTER,
        "Location": {
            "description": "For who is signed in: the export that it will be.",
            "schema": {"type": "string", "format": "uri-reference", "example": "/api/v1/exports/7/"},
        },
        "Refresh": {
            "description": "For browsers, which ask again by themselves.",
            "schema": {"type": "string", "pattern": r"^\d+$", "example": "2"},
        },
    },
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string", "description": "What to do, in words."}},
            }
        },
        "text/html": {"schema": {"type": "string"}},
    },
}
"""The answer of a format that takes a second to write."""
TAKEN_ON: dict[str, Any] = {
    "description": "Where `Prefer: respond-async` was sent with an array: a worker does it, each row by itself.",
    "headers": {
        **RETRY_AFTER,
        "Location": {
            "description": "The job, which tells how far it is.",
            "schema": {"type": "string", "format": "uri-reference", "example": "/api/v1/jobs/7/"},
        },
        "Preference-Applied": {
            "description": "The preference that was followed (RFC 7240).",
            "schema": {"type": "string", "example": PREFERENCE},
        },
    },
}
"""The answer to many rows that a worker does."""
MERGED: dict[str, Any] = {
    "description": "The row was merged into another one, which stays and which you may read: ask there.",
    "headers": {
        "Location": {
            "description": "The address of the row that stays.",
            "schema": {"type": "string", "format": "uri", "example": "https://register.example.org/api/v1/sources/7/"},
        }
    },
}
"""The answer of the address of a twin, to who cannot read the twin itself."""
