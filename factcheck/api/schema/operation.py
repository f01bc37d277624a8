"""What is said of one operation, from the view that answers it."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema as BaseAutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny

from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.schema import headers, many
from factcheck.api.schema.problems import ANSWERS, MEANINGS, PROBLEM_SCHEMA
from factcheck.api.schema.roles import say_who
from factcheck.api.schema.rows import first_sentence, listed, parts_of_rows, words_of
from factcheck.api.schema.values import REASON, REASONED, describe, named, plain_text, whom_shown
from factcheck.api.serializers import REASON_FIELD, RecordedSerializer
from factcheck.base.http.problem import PROBLEM_MEDIA_TYPE

WRITTEN = {"create", "update", "partial_update"}
SUMMARIES = {
    "list": "List {many}",
    "retrieve": "Read one {one}",
    "create": "Enter {many}",
    "update": "Replace a {one}",
    "partial_update": "Change a {one}",
    "change_many": "Change many {many}",
    "destroy": "Delete a {one}",
}
BINARY: dict[str, Any] = {"type": "string", "format": "binary"}


class AutoSchema(BaseAutoSchema):
    """Tells what the serializers, filters and permissions of the view do; views add words, no shapes."""

    # --- names and words ---

    def get_operation_id(self) -> str:
        """The words of the address and what is done there: claims_list, disputes_report_pdf."""
        noun, *rest = [part.replace("-", "_") for part in self.segments() if not part.startswith("{")] or ["root"]
        method = (self.method or "").lower()
        if rest:
            several = len({m for m in getattr(self.view, "action_map", None) or {} if m != "head"}) > 1
            step = {"get": "list", "post": "create"}.get(method, method)
            many_of_them = ["many"] if self.acts_on_many() else []
            return "_".join([noun, *rest, *([step] if several and self.is_extra() else []), *many_of_them])
        is_list = getattr(self.view, "lists", getattr(self.view, "action", None) == "list")
        read = "list" if is_list else "retrieve"
        change = "partial_update" if self.is_about_one() else "change_many"
        verbs = {"get": read, "post": "create", "put": "update", "patch": change, "delete": "destroy"}
        return f"{noun}_{verbs[method]}"

    @property
    def told_view(self) -> Any:
        """The view, of which the framework knows less than there is."""
        return self.view

    def segments(self) -> list[str]:
        return [part for part in re.sub(self.path_prefix, "", self.path).split("/") if part]

    def get_tags(self) -> list[str]:
        return [(self.segments() or ["root"])[0]]

    def get_summary(self) -> str:
        action = getattr(self.view, "action", None)
        queryset = getattr(self.view, "queryset", None)
        if action in SUMMARIES and queryset is not None:
            meta = queryset.model._meta
            called = getattr(self.view, "called", None) or (meta.verbose_name, meta.verbose_name_plural)
            return SUMMARIES[action].format(one=called[0], many=called[1])
        return first_sentence(str(self.get_description() or ""))

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            if entry := self.format_entry():
                operation["summary"] += f" as {entry.label}"
                operation["description"] += f" {entry.description}"
            words = operation.get("description", "")
            operation["description"] = f"{words}\n\n**Who:** {say_who(self.view, self.method or '')}".strip()
        return operation

    def format_entry(self) -> Any:
        """The format that the address names, where the view has several."""
        return getattr(self.view, "formats", {}).get(self.segments()[-1] if self.segments() else "")

    # --- parameters and headers ---

    def get_override_parameters(self) -> list[Any]:
        parameters, writes = list[Any](super().get_override_parameters()), self.method not in SAFE_METHODS
        parameters += parts_of_rows(self.told_view, self._is_list_view())
        if self.method == "GET" and headers.ETAG not in parameters:
            parameters.append(headers.ETAG)
        if self._is_list_view():
            parameters.append(headers.LINK)
        if writes and self.takes_key():
            parameters += [headers.IDEMPOTENCY_KEY, headers.REPLAYED]
        if getattr(self.view, "action", None) in {"create", "upload", "fetch", "by_external_id"}:
            parameters.append(headers.LOCATION)
        if not hasattr(self.view, "current_object"):
            return parameters
        if not writes:
            parameters += [headers.IF_NONE_MATCH] if self.is_standard() else []
        elif hasattr(self.view, "recorded"):
            parameters += [headers.ETAG] if self.method != "DELETE" else []
            parameters += [headers.PREFER, headers.APPLIED] if self.answers_rows() else []
            parameters.append(headers.CHANGE_REASON)
            parameters += [headers.IF_MATCH] if self.is_about_one() else []
        return parameters

    def takes_key(self) -> bool:
        """Whether a request may carry a key under which it acts once."""
        return self.method == "POST" and hasattr(self.view, "current_object")

    def get_filter_backends(self) -> list[Any]:
        # Filters are for lists alone; drf-spectacular would also show them on actions that happen to return
        # arrays.
        return super().get_filter_backends() if getattr(self.view, "action", "list") in {"list", None} else []

    def get_auth(self) -> list[Any]:
        schemes = super().get_auth()
        open_to_all = self.method in SAFE_METHODS and any(
            isinstance(permission, ModelRolePermissions) for permission in self.view.get_permissions()
        )
        return [*schemes, {}] if open_to_all and {} not in schemes else schemes

    def _get_serializer_field_meta(self, field: Any, direction: Direction) -> dict[str, Any]:
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)
        # A title names an object here; labels are for people's forms.
        meta.pop("title", None)
        if direction == "response" and isinstance(field, serializers.Field) and (words := whom_shown(field)):
            meta["description"] = " ".join(filter(None, (meta.get("description", ""), words)))
        return meta

    # --- shapes ---

    def _map_serializer_field(self, field: Any, direction: Direction, bypass_extensions: bool = False) -> Any:
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if not schema or not isinstance(field, serializers.Field):
            return schema
        return describe(self, field, schema, direction)

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)
        plain = plain_text(schema)
        if plain is not schema:
            schema.clear()
            schema.update(plain)

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> Any:
        schema = super()._map_basic_serializer(made := force_instance(serializer), direction)
        schema.pop("description", None)
        if words := words_of(type(made)):
            schema["description"] = words
        properties = schema.get("properties", {})
        if direction == "response":
            schema["required"] = [name for name in properties if name not in getattr(made, "not_always", ())]
        elif hasattr(self.view, "recorded") and not getattr(made, "takes_refs", False) and made.parent is None:
            properties.setdefault(REASON_FIELD, dict(REASON))
        return schema

    def get_response_serializers(self) -> Any:
        if entry := self.format_entry():
            return {(200, entry.media_type): self.told_view.shapes.get(entry.name, OpenApiTypes.STR), 304: None}
        found = super().get_response_serializers()
        return listed(found, self.view) if getattr(self.view, "action", None) == "list" else found

    def get_serializer_name(self, serializer: serializers.Serializer, direction: Direction) -> str:
        name = super().get_serializer_name(serializer, direction).removesuffix("Serializer")
        return f"Listed{name}" if getattr(serializer, "is_listed", False) else name

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name.removeprefix('Listed')}Page"

    def map_parsers(self) -> list[Any]:
        return [
            name for name in super().map_parsers() if name != "application/merge-patch+json" or self.method == "PATCH"
        ]

    def _get_request_body(self, direction: Direction = "request") -> Any:
        body = super()._get_request_body(direction)
        if direction != "request":
            return body
        if body is None and self.method == "POST" and hasattr(self.view, "recorded"):
            reasoned = {**REASONED, "properties": {REASON_FIELD: REASON}}
            schema = named(self, "ReasonAlone", reasoned)
            return {"content": {"application/json": {"schema": schema}}, "required": False}
        if body and getattr(self.view, "action", None) == "change_many":
            for content in body["content"].values():
                content["schema"] = many.changes(self, content["schema"])
        if body and self.takes_arrays():
            for content in body["content"].values():
                one = content["schema"]
                each = one if getattr(self.view, "rows_stand_in_rows", False) else self._row_request()
                name = one["$ref"].rsplit("/", 1)[-1].removesuffix("Request")
                either = [one, many.rows_of(each)]
                if getattr(self.view, "action", None) == "by_external_id":
                    name, either = f"{name}Called", many.called(self, one)
                shape = {"description": "One, or many.", "oneOf": either}
                content["schema"] = named(self, f"{name}OrMany", shape)
        return body

    def _row_request(self) -> dict[str, Any]:
        """One row among many: what the noun's own serializer takes."""
        return dict(self.resolve_serializer(self.told_view.get_serializer_class(), "request").ref)

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        if (responses := super()._get_response_bodies(direction)) and direction != "response":
            return responses
        if self.acts_on_many():
            for content in responses["200"]["content"].values():
                content["schema"] = {"type": "array", "items": self._listed_row()}
        for code in {"200", "201"} & responses.keys() if self.takes_arrays() else ():
            for content in responses[code].get("content", {}).values():
                one = content["schema"]
                each = self._listed_row()
                name = one["$ref"].rsplit("/", 1)[-1]
                either = [one, {"type": "array", "items": each}]
                shape = {"description": "One where one was sent, as many as were sent otherwise.", "oneOf": either}
                content["schema"] = named(self, f"{name}Entered", shape)
        if self.method == "GET" and self.is_standard() and hasattr(self.view, "current_object"):
            responses.setdefault("304", {"description": "You have this already."})
        if getattr(self.view, "action", None) == "retrieve" and hasattr(self.view, "leads_to"):
            responses["301"] = dict(headers.MERGED)
        for code, response in responses.items():
            response["description"] = response.get("description") or ANSWERS.get(code, "As asked for.")
            for media_type, content in response.get("content", {}).items():
                if not media_type.startswith("text/") and content.get("schema") == {"type": "string"}:
                    content["schema"] = dict(BINARY)
        if getattr(self.format_entry(), "slow", False):
            responses["202"] = headers.BEING_MADE
        if self.is_of_many():
            responses["202"] = dict(headers.TAKEN_ON)
        for code in self.problem_codes():
            responses.setdefault(code, self.problem(code))
        return responses

    def _listed_row(self) -> dict[str, Any]:
        """One row among many, as it is answered."""
        row = listed(self.told_view.get_serializer_class()(), self.view)
        return dict(self.resolve_serializer(row, "response").ref)

    def problem(self, code: str) -> dict[str, Any]:
        schema = named(self, "Problem", PROBLEM_SCHEMA)
        found: dict[str, Any] = {"description": MEANINGS[code], "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}
        if code == "401":
            found["headers"] = headers.CHALLENGE
        elif code in {"429", "503"}:
            found["headers"] = headers.RETRY_AFTER
        return found

    def problem_codes(self) -> list[str]:
        """The statuses that this operation can refuse with."""
        codes = {"400", "401", "404", "405", "406", "414", "429", "503"}
        if any(type(permission) is not AllowAny for permission in self.view.get_permissions()):
            codes.add("403")
        if self.method not in SAFE_METHODS:
            codes |= {"409", "413", "415"}
            if self.takes_key():
                codes.add("422")
            if hasattr(self.view, "recorded"):
                codes |= {"412", "428"} if self.is_about_one() or self.acts_on_many() else set()
        return sorted(codes)

    # --- what kind of operation it is ---

    def answers_rows(self) -> bool:
        """Whether a write is answered with what was written, of which less may be preferred."""
        told = self.get_response_serializers()
        kinds = told.values() if isinstance(told, dict) else [told]
        found = [force_instance(kind) for kind in kinds if self.method != "DELETE"]
        return any(isinstance(getattr(one, "child", one), RecordedSerializer) for one in found)

    def is_standard(self) -> bool:
        return getattr(self.view, "action", None) in {"list", "retrieve"}

    def is_extra(self) -> bool:
        """Whether it is an action of its own, beside list, create and the like."""
        return getattr(self.view, "action", None) not in {None, *SUMMARIES}

    def is_about_one(self) -> bool:
        return bool(getattr(self.view, "detail", False)) or getattr(self.view, "action", None) == "by_external_id"

    def acts_on_many(self) -> bool:
        """Whether the request names many rows that are there."""
        return hasattr(self.view, "recorded") and str(getattr(self.view, "action", "")).endswith("_many")

    def takes_arrays(self) -> bool:
        return hasattr(self.view, "recorded") and getattr(self.view, "action", None) in {"create", "by_external_id"}

    def is_of_many(self) -> bool:
        """Whether the request may be about many rows."""
        return self.acts_on_many() or self.takes_arrays()
