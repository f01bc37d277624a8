"""The refusals: their one shape, and what each status means."""

from __future__ import annotations

from typing import Any

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457): the one shape of every refusal.",
    "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank; `code` names the problem."},
        "title": {"type": "string", "description": "The phrase of the status code."},
        "status": {"type": "integer", "description": "The status code."},
        "detail": {"type": "string", "description": "What is wrong and what to do, for people."},
        "code": {"type": "string", "description": "What is wrong, for programs; it does not change."},
        "errors": {
            "type": "array",
            "description": "One entry for each field or parameter.",
            "items": {
                "title": "ProblemEntry",
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "field": {
                        "type": ["string", "null"],
                        "description": "Dotted path, such as evidence.0.url; null for the whole.",
                    },
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body, if it was no JSON.",
                    },
                    "code": {"type": "string", "description": "What is wrong with this field, for programs."},
                    "detail": {"type": "string", "description": "What is wrong with this field, for people."},
                },
            },
        },
        "request_id": {"type": "string", "description": "Name it when you report a fault."},
    },
}
MEANINGS = {
    "400": "The input is refused; `errors` names the fields or parameters.",
    "401": "Log in, or send a token.",
    "403": "Your role does not include this.",
    "404": "Nothing is here that you may see.",
    "405": "This method is not for this address.",
    "406": "No such representation.",
    "409": "The state of the register, or a constraint, is against it.",
    "412": "The row was changed since you read it.",
    "414": "The address is too long.",
    "413": "The body is too large.",
    "415": "Send application/json in UTF-8.",
    "422": "The Idempotency-Key was used for another request.",
    "428": "Send If-Match: the row is public.",
    "429": "Too many requests: ask again after `Retry-After` seconds.",
    "503": "Something that is needed for it cannot answer right now, such as the database.",
}
ANSWERS = {
    "200": "As asked for.",
    "201": "Entered.",
    "202": "Taken on: the address says how far it is.",
    "204": "Done; there is nothing to say.",
    "304": "You have this already.",
}
