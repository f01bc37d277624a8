"""The types of the Python client are those of the present document, and it knows each noun."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from django.conf import settings
from factcheck_client import Register, Rows

from factcheck.router import router
from tests.api.described import present_document

CLIENT = Path(settings.BASE_DIR, "clients", "python")


def test_the_types_are_those_of_the_document() -> None:
    spec = importlib.util.spec_from_file_location("make_types", CLIENT / "make_types.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    kept = (CLIENT / "src" / "factcheck_client" / "types.py").read_text(encoding="utf-8")
    assert kept == maker.types_of(present_document()), "make python-client writes them anew"


def test_every_noun_has_its_rows() -> None:
    with Register("https://register.example.org") as register:
        known = {rows.noun for rows in vars(register).values() if isinstance(rows, Rows)}
    assert known == {noun for noun, _view, _name in router.registry}
