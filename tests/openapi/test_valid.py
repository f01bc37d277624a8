"""The OpenAPI document is valid, and the linters of others find nothing in it but what is written down."""

from __future__ import annotations

import json
import re
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.openapi.conftest import HERE

STYLE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def test_it_is_valid(document):
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_spectral_finds_nothing(document_file, run_node):
    done = run_node("spectral", "lint", "-r", HERE / "spectral.yaml", "-F", "hint", "-f", "text", document_file)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]


def test_redocly_finds_nothing(document_file, run_node):
    done = run_node("redocly", "lint", "--config", HERE / "redocly.yaml", "--format=json", document_file)
    found = json.loads(done.stdout)
    assert found["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, done.stdout[-4_000:]


def test_every_operation_is_told_in_one_style(document):
    for operation in operations(document):
        name = operation["operationId"]
        assert STYLE.fullmatch(name), name
        assert 3 < len(operation["summary"]) < 100, name
        assert "**Who:** " in operation["description"], name
        assert len(operation["tags"]) == 1, name
    assert all(tag["description"] for tag in document["tags"])


def test_every_operation_has_an_example(document):
    for operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        contents = [content for body in bodies for content in body.get("content", {}).values()]
        told = [one for one in contents if one["schema"].get("format") != "binary"]
        assert all("example" in one or "examples" in one for one in told), operation["operationId"]


def test_nothing_is_written_for_insiders(document):
    text = json.dumps(document, default=str)
    for word in ("context[", "Serializer", "queryset", "shown_to", "`Meta", "ViewSet"):
        assert word not in text, word


def test_all_that_is_hidden_may_be_null_or_empty(document):
    verdict = document["components"]["schemas"]["Verdict"]["properties"]
    assert verdict["submitted_at"]["type"] == ["string", "null"]


def test_a_row_is_referred_to_by_id_name_object_or_ref(document):
    schemas = document["components"]["schemas"]
    said = schemas["NestedAttributionRequest"]["properties"]
    assert "/IdOrNameOrRef" in json.dumps(said["source"])
    assert "/IdOrRef" in json.dumps(said["document"])
    assert "/IdOrName" in json.dumps(schemas["AttributionRequest"]["properties"]["source"])
    assert [way.get("type") for way in schemas["IdOrNameOrRef"]["anyOf"]][:2] == ["integer", "string"]
    assert "change_reason" in schemas["ClaimRequest"]["properties"]
    assert "change_reason" in schemas["ReasonAlone"]["properties"]
    many = schemas["WholeDisputeOrMany"]["oneOf"]
    assert many[0]["$ref"].endswith("/WholeDisputeRequest")
    assert many[1]["items"]["$ref"].endswith("/DisputeRequest")


def test_formats_have_an_address_each(document):
    for path in document["paths"]:
        assert "format_name" not in path
    answers = document["paths"]["/api/v1/disputes/{key}/report/pdf/"]["get"]["responses"]["200"]["content"]
    assert answers == {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


def test_whoever_is_told_that_they_may_prefer_little_is_answered_with_rows(document):
    """What has no number and version of its own cannot be told by these."""
    schemas = document["components"]["schemas"]

    def names(schema):
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        if "oneOf" in schema:
            return set.intersection(*map(names, schema["oneOf"]))
        return names(schema["items"]) if schema.get("type") == "array" else {*schema.get("properties", {})}

    found = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if {"$ref": "#/components/parameters/Prefer"} not in operation.get("parameters", []):
                continue
            found += 1
            told = [answer for code, answer in operation["responses"].items() if code in {"200", "201"}]
            bodies = [answer["content"]["application/json"]["schema"] for answer in told]
            assert bodies, (method, path)
            assert all({"id", "version"} <= names(body) for body in bodies), (method, path)
    assert found > 100
    assert [name for name in document["components"]["parameters"] if "Prefer" in name] == ["Prefer"]
