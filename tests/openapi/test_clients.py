"""Clients that others' generators make of the document do a day's work against the running service."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from knox.models import AuthToken

from claims.choices import ExportStatus
from claims.exports.job import run_export
from claims.models import Export
from tests import factories
from tests.openapi.conftest import HERE, TOOLS

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAMS = Path(settings.BASE_DIR, ".venv-clients", "bin")
JOBS = [
    "whole dispute", "verdict by two people", "conflict", "retry", "bulk", "pages", "export", "report", "changes"
]  # fmt: skip


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a generator or compiler, which has to be content."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done


def needs(*programs: Path | str) -> None:
    """Skip where a program is missing, and say how it is installed."""
    for program in programs:
        if shutil.which(str(program)) is None:
            pytest.skip(f"{Path(program).name} is missing: make clients installs what Python brings, the rest is Java")


@pytest.fixture
def work(live_register: None, live_server: Any, tmp_path: Path, settings: Any) -> Callable[..., None]:
    """A function that runs a program of jobs, with a worker beside it, until each job is done."""
    settings.FACTCHECK_BASE_URL = live_server.url
    tokens = {
        f"TOKEN_{role.upper()}": AuthToken.objects.create(factories.make_user(f"one-{role}", role))[1]
        for role in ("Researcher", "Reviewer")
    }

    def go(*command: object, path: Path | None = None) -> None:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(path or ""), **tokens}
        with (tmp_path / "printed").open("w") as printed:
            program = subprocess.Popen(
                [*map(str, command), live_server.url, str(tmp_path)],
                env=environment,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            while program.poll() is None:
                for export in Export.objects.filter(status=ExportStatus.QUEUED):
                    run_export.call(export.pk)
                time.sleep(0.2)
        text = (tmp_path / "printed").read_text()
        assert program.returncode == 0, text[-4_000:]
        assert [line.removeprefix("done: ") for line in text.splitlines() if line.startswith("done: ")] == JOBS

    return go


def test_openapi_python_client(work, document_file, made_once):
    generator, settings = PROGRAMS / "openapi-python-client", HERE / "python_client.yaml"
    needs(generator)

    def generate(folder: Path) -> None:
        folder.mkdir()
        done = run(
            generator, "generate", "--path", document_file, "--output-path", folder / "register_client",
            "--meta", "none", "--config", settings, "--fail-on-warning",
        )  # fmt: skip
        assert "WARNING" not in done.stdout

    made = made_once("python-client", generate, settings, HERE / "requirements.lock")
    work(PROGRAMS / "python", HERE / "jobs" / "python_client.py", path=made)


def test_typescript(work, document_file, made_once, run_node):
    program = HERE / "jobs" / "work.ts"

    def compile_it(folder: Path) -> None:
        folder.mkdir()
        shutil.copy(program, folder)
        (folder / "package.json").write_text('{"type": "commonjs"}')
        (folder / "node_modules").symlink_to(TOOLS.parent)
        made = run_node("openapi-typescript", document_file, "-o", folder / "schema.d.ts")
        assert made.returncode == 0, made.stderr
        options = (
            "--strict --skipLibCheck --noUncheckedIndexedAccess --module node16 --moduleResolution node16 "
            "--target es2022 --types node"
        )
        compiled = run_node("tsc", *options.split(), "work.ts", cwd=folder)
        assert compiled.returncode == 0, compiled.stdout[-3_000:]

    work("node", made_once("typescript", compile_it, program, HERE / "package.json") / "work.js")


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
    work(PROGRAMS / "python", HERE / "jobs" / "openapi_generator.py", path=made)
