"""Settings of the REST framework and of the description of the API."""

from typing import Any


def rest_framework(*, behind_proxy: bool) -> dict[str, Any]:
    """How requests to the API are read, who is let in, and how it answers."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "factcheck.api.authentication.TokenAuthentication",
            "rest_framework.authentication.SessionAuthentication",
        ],
        # Deny by default: a view that names no permission answers nobody.
        "DEFAULT_PERMISSION_CLASSES": ["factcheck.api.permissions.DenyAll"],
        "DEFAULT_PARSER_CLASSES": ["factcheck.api.parsers.StrictJSONParser"],
        "DEFAULT_RENDERER_CLASSES": ["factcheck.api.renderers.JSONRenderer"],
        "DEFAULT_CONTENT_NEGOTIATION_CLASS": "factcheck.api.negotiation.ContentNegotiation",
        "DEFAULT_FILTER_BACKENDS": ["factcheck.api.filters.StrictFilterBackend"],
        "DEFAULT_PAGINATION_CLASS": "factcheck.api.pagination.SignedCursorPagination",
        "PAGE_SIZE": 50,
        "DEFAULT_SCHEMA_CLASS": "factcheck.api.schema.operation.AutoSchema",
        # One representation at one address, named by Accept: no `?format=`, no description by OPTIONS.
        "URL_FORMAT_OVERRIDE": None,
        "DEFAULT_METADATA_CLASS": "factcheck.api.metadata.NoMetadata",
        # Errors of a list are told by the number of the row.
        "LIST_SERIALIZER_ERRORS_AS_DICT": True,
        "EXCEPTION_HANDLER": "factcheck.api.exceptions.exception_handler",
        "TEST_REQUEST_DEFAULT_FORMAT": "json",
        "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        # Without a proxy of ours X-Forwarded-For is what the client likes it to be.
        "NUM_PROXIES": 1 if behind_proxy else 0,
    }


def spectacular(base_url: str) -> dict[str, Any]:
    """What the OpenAPI document says of the whole, at this public address."""
    return {
        "TITLE": "Register of competing claims",
        "DESCRIPTION": "Who said what, what speaks for and against it, and what the desk decided, when and why.",
        "VERSION": "1",
        "OAS_VERSION": "3.1.0",
        "SCHEMA_PATH_PREFIX": r"/api/v1",
        "COMPONENT_SPLIT_REQUEST": True,
        # Vocabularies have their own names; their meanings stand beside them.
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "PREPROCESSING_HOOKS": ["factcheck.api.schema.document.name_formats"],
        "POSTPROCESSING_HOOKS": ["factcheck.api.schema.document.complete"],
        "SERVERS": [{"url": base_url, "description": "This register."}],
        "LICENSE": {"name": "MIT", "identifier": "MIT"},
        "CONTACT": {"name": "The desk of this register", "url": base_url},
        "SERVE_INCLUDE_SCHEMA": False,
        "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
        # Swagger UI comes from our own static files: no reader's address goes to a third party.
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    }
