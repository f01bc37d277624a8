"""The client of a register of competing claims: `Register("https://register.example.org", token="…")`."""

from factcheck_client import types
from factcheck_client.problems import (
    Busy,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    NotLoggedIn,
    NotNow,
    Problem,
)
from factcheck_client.register import ExportFailed, Exports, JobFailed, Jobs, Register
from factcheck_client.rows import Rows

__all__ = [
    "Busy",
    "Conflict",
    "ExportFailed",
    "Exports",
    "FieldError",
    "Forbidden",
    "Invalid",
    "JobFailed",
    "Jobs",
    "NotFound",
    "NotLoggedIn",
    "NotNow",
    "Problem",
    "Register",
    "Rows",
    "types",
]
