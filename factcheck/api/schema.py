"""OpenAPI 3: what every route shares, and the problems that each can answer with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema as BaseAutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import SAFE_METHODS, AllowAny

from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.serializers import MAX_BULK, REASON_FIELD
from factcheck.base.http.problem import PROBLEM_MEDIA_TYPE

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
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    # No type: text or null, which OpenAPI 3.0 and 3.1 write differently.
                    "field": {"description": "Dotted path, such as evidence.0.url; null for the whole."},
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
    "429": "Too many requests.",
    "503": "The database cannot answer right now.",
}

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of your last read. Required for public rows.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you have; 304 when it still holds."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Your own name for this request; sent again, it gets the same answer and acts once.",
)
CHANGE_REASON = OpenApiParameter(
    "X-Change-Reason",
    {"type": "string", "maxLength": 2000},
    OpenApiParameter.HEADER,
    description=f"Why, in UTF-8 or percent-encoded; or send `{REASON_FIELD}` in the body. Required for public rows.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Version and digest of this representation.",
)

WRITTEN = {"create", "update", "partial_update"}


class AutoSchema(BaseAutoSchema):
    """Adds the shared headers, `include`, array bodies on create, and the problem answers."""

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = list(super().get_override_parameters())
        if not hasattr(self.view, "current_object"):
            return parameters
        if self.method in {"GET", "HEAD"}:
            parameters += [IF_NONE_MATCH, ETAG] if self.is_standard() else []
            parameters += self.include_parameters()
        elif hasattr(self.view, "recorded"):
            parameters += [ETAG] if getattr(self.view, "action", None) in WRITTEN else []
            parameters.append(CHANGE_REASON)
            parameters.append(IDEMPOTENCY_KEY) if self.method == "POST" else None
            parameters.append(IF_MATCH) if self.is_about_one() else None
        return parameters

    def get_auth(self) -> list[Any]:
        schemes = super().get_auth()
        open_to_all = self.method in SAFE_METHODS and any(
            isinstance(permission, ModelRolePermissions) for permission in self.view.get_permissions()
        )
        return [*schemes, {}] if open_to_all and {} not in schemes else schemes

    def include_parameters(self) -> list[OpenApiParameter]:
        fields = getattr(self.view, "include_fields", ())
        if not fields or getattr(self.view, "action", None) not in {"list", "retrieve"}:
            return []
        text = f"Parts to add to the answer, separated by commas: {', '.join(fields)}."
        return [OpenApiParameter("include", str, description=text)]

    def get_filter_backends(self) -> list[Any]:
        # Filters are for lists alone; drf-spectacular would also show them on actions that happen to return
        # arrays.
        return super().get_filter_backends() if getattr(self.view, "action", "list") in {"list", None} else []

    def map_parsers(self) -> list[Any]:
        names = super().map_parsers()
        return [name for name in names if name != "application/merge-patch+json" or self.method == "PATCH"]

    def _get_request_body(self, direction: Direction = "request") -> Any:
        body = super()._get_request_body(direction)
        if body and direction == "request" and self.takes_arrays():
            for content in body["content"].values():
                one = content["schema"]
                content["schema"] = {
                    "oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_BULK}]
                }
        return body

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        responses = super()._get_response_bodies(direction)
        if direction != "response":
            return responses
        if "201" in responses and self.takes_arrays():
            for content in responses["201"].get("content", {}).values():
                one = content["schema"]
                content["schema"] = {"oneOf": [one, {"type": "array", "items": one}]}
        if self.method == "GET" and self.is_standard() and hasattr(self.view, "current_object"):
            responses.setdefault("304", {"description": "You have this already."})
        for code in self.problem_codes():
            responses.setdefault(code, self.problem(code))
        return responses

    def problem(self, code: str) -> dict[str, Any]:
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM_SCHEMA, object="Problem")
        self.registry.register_on_missing(component)
        return {"description": MEANINGS[code], "content": {PROBLEM_MEDIA_TYPE: {"schema": component.ref}}}

    def problem_codes(self) -> list[str]:
        """The statuses that this operation can refuse with."""
        codes = {"400", "401", "404", "405", "406", "414", "503"}
        if any(type(permission) is not AllowAny for permission in self.view.get_permissions()):
            codes.add("403")
        if self.view.get_throttles():
            codes.add("429")
        if self.method not in SAFE_METHODS:
            codes |= {"409", "413", "415"}
            if hasattr(self.view, "recorded"):
                codes |= {"422"} if self.method == "POST" else set()
                codes |= {"412", "428"} if self.is_about_one() else set()
        return sorted(codes)

    def is_standard(self) -> bool:
        return getattr(self.view, "action", None) in {"list", "retrieve"}

    def is_about_one(self) -> bool:
        return bool(getattr(self.view, "detail", False))

    def takes_arrays(self) -> bool:
        return hasattr(self.view, "recorded") and getattr(self.view, "action", None) == "create"


class ReferenceExtension(OpenApiSerializerFieldExtension):
    """A Reference is written as an id or an object and read as an object."""

    target_class = "factcheck.api.reference.Reference"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: BaseAutoSchema, direction: Direction) -> dict[str, Any]:
        identity = {"type": "integer", "format": "int64", "minimum": 1}
        if direction == "request":
            shape = {"type": "object", "required": ["id"], "properties": {"id": identity}}
            return {"oneOf": [identity, shape]}
        if self.target.may_lack_id:
            told = "The row; null where the reader may not know which it is."
            identity = {**identity, "type": ["integer", "null"], "description": told}
        return {
            "type": "object",
            "required": ["id", "label"],
            "properties": {"id": identity, "label": {"type": "string", "description": "The row in words."}},
        }


class TokenScheme(KnoxTokenScheme):
    """Our own class is told as the one that it stands on."""

    target_class = "factcheck.api.authentication.TokenAuthentication"
