"""The document as a file, and the programs of others that read it, where they are installed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from knox.models import AuthToken

from claims.choices import ExportStatus
from claims.exports.job import run_export
from claims.models import Export
from factcheck.api.bulk.work import run_bulk
from factcheck.audit.models import BulkJob, BulkStatus
from tests import factories
from tests.database import one_at_a_time

HERE = Path(__file__).parent
TOOLS = Path(settings.BASE_DIR, ".node", "node_modules", ".bin")
HOST = "https://register.example.org"
"""Linters warn of a document that names this machine."""


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a generator or compiler, which has to be content."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document of a register at an address of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spectacular_settings, "SERVERS", [{"url": HOST, "description": "This register."}])
        patch.setattr(spectacular_settings, "CONTACT", {**spectacular_settings.CONTACT, "url": HOST})
        return SchemaGenerator().get_schema(public=True)


@pytest.fixture(scope="session")
def document_file(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("openapi") / "openapi.json"
    file.write_text(json.dumps(document, default=str), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def run_node() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs one of the programs of package.json."""

    def run(name: str, *arguments: object, cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
        if shutil.which("node") is None:
            pytest.skip("Node is missing, which runs this program")
        if not (TOOLS / name).exists():
            pytest.skip(f"{name} is missing: make node installs it")
        command = [str(TOOLS / name), *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)

    return run


@pytest.fixture
def made_once(request: pytest.FixtureRequest, document_file: Path) -> Callable[..., Path]:
    """A function that gives the folder that `make` filled from the document and `sources`. Generators and compilers
    take their time: what they made stays in pytest's cache, for the run on the other engine and for the next."""

    def folder(name: str, make: Callable[[Path], None], *sources: Path) -> Path:
        kept = request.config.cache.mkdir(f"openapi-{name}")
        content = b"".join(hashlib.sha256(file.read_bytes()).digest() for file in (document_file, *sources))
        made = kept / hashlib.sha256(content).hexdigest()
        with one_at_a_time(kept / "lock"):
            if not made.exists():
                for older in filter(Path.is_dir, kept.iterdir()):
                    shutil.rmtree(older)
                make(begun := kept / "begun")
                begun.rename(made)
        return made

    return folder


@pytest.fixture
def work(live_register: None, live_server: Any, tmp_path: Path, settings: Any) -> Callable[..., str]:
    """A function that runs a program in a folder of its own, with a worker of the register beside it, and gives what it
    printed."""
    settings.FACTCHECK_BASE_URL = live_server.url
    environment = {"PATH": os.environ["PATH"], "REGISTER": live_server.url}
    for name, role in (("TOKEN", "Researcher"), ("REVIEWER_TOKEN", "Reviewer")):
        environment[name] = AuthToken.objects.create(factories.make_user(f"one-{role}", role))[1]

    def go(*command: object, path: Path | None = None) -> str:
        with (tmp_path / "printed").open("w") as printed:
            program = subprocess.Popen(
                [*map(str, command)],
                cwd=tmp_path,
                env={**environment, "PYTHONPATH": str(path or "")},
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            while program.poll() is None:
                for export in Export.objects.filter(status=ExportStatus.QUEUED):
                    run_export.call(export.pk)
                for job in BulkJob.objects.filter(status=BulkStatus.QUEUED):
                    run_bulk.call(job.pk)
                time.sleep(0.2)
        text = (tmp_path / "printed").read_text()
        assert program.returncode == 0, text[-4_000:]
        return text

    return go
