"""Clients that others' generators make of the document do a day's work against the running service."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.openapi.conftest import HERE, run

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAMS = Path(settings.BASE_DIR, ".venv-clients", "bin")
SETTINGS = Path(settings.BASE_DIR, "clients", "openapi-python-client.yaml")
JOBS = [
    "whole dispute", "verdict by two people", "conflict", "retry", "bulk", "pages", "export", "report", "changes"
]  # fmt: skip


def check(printed: str) -> None:
    assert [line.removeprefix("done: ") for line in printed.splitlines() if line.startswith("done: ")] == JOBS


def needs(*programs: Path | str) -> None:
    """Skip where a program is missing, and say how it is installed."""
    for program in programs:
        if shutil.which(str(program)) is None:
            pytest.skip(f"{Path(program).name} is missing: make clients installs what Python brings, the rest is Java")


def test_openapi_python_client(work, document, document_file, made_once, tmp_path):
    generator, settings = PROGRAMS / "openapi-python-client", tmp_path / "settings.yaml"
    needs(generator)
    # Without the linter that it would run over what it made.
    settings.write_text(SETTINGS.read_text(encoding="utf-8") + "post_hooks: []\n", encoding="utf-8")

    def generate(folder: Path) -> None:
        folder.mkdir()
        done = run(
            generator, "generate", "--path", document_file, "--output-path", folder / "register_client",
            "--meta", "none", "--config", settings, "--fail-on-warning",
        )  # fmt: skip
        assert "WARNING" not in done.stdout

    made = made_once("python-client", generate, settings, HERE / "requirements.lock")
    check(work(PROGRAMS / "python", HERE / "jobs" / "python_client.py", path=made))


def test_its_settings_name_the_media_types_that_there_are(document):
    """It knows JSON by one name, and files by one; what begins with text/ it reads as text."""
    resolved = [
        document["components"]["responses"][body["$ref"].rsplit("/", 1)[-1]] if "$ref" in body else body
        for operations in document["paths"].values()
        for operation in operations.values()
        for body in (operation.get("requestBody", {}), *operation["responses"].values())
    ]
    known = {"application/json", "application/octet-stream", "multipart/form-data"}
    others = {name for body in resolved for name in body.get("content", {}) if not name.startswith("text/")} - known
    told = yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))["content_type_overrides"]
    assert {*told} == others
    assert {name for name, as_ in told.items() if as_ == "application/json"} == {
        name for name in others if name.endswith("+json")
    }


def test_openapi_generator(work, document_file, made_once):
    jars = sorted(PROGRAMS.parent.glob("lib/python*/site-packages/openapi_generator_cli/*.jar"))
    needs("java", PROGRAMS / "python")

    def generate(folder: Path) -> None:
        run(
            "java", "-jar", jars[0], "generate", "-i", document_file, "-g", "python", "-o", folder,
            "--additional-properties=packageName=register_client", "--global-property=apis,models,supportingFiles,"
            "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false",
        )  # fmt: skip

    made = made_once("openapi-generator", generate, HERE / "requirements.lock")
    check(work(PROGRAMS / "python", HERE / "jobs" / "openapi_generator.py", path=made))
