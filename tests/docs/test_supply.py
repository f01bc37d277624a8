"""What the register is made of can be listed, and the list is whole."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PROGRAM = ROOT / ".venv-supply" / "bin" / "cyclonedx-py"


def test_the_makefile_lists_and_asks() -> None:
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"sbom", "audit"} <= set(targets)


def test_the_list_names_every_package_of_the_lock(tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip("cyclonedx-py is missing: make sbom installs it")
    file = tmp_path / "sbom.json"
    command = ["make", "--no-print-directory", "sbom", f"SBOM={file}"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr
    written = json.loads(file.read_text())
    assert (written["bomFormat"], written["metadata"]["component"]["name"]) == ("CycloneDX", "factcheck")
    locked = set(
        re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    assert {(part["name"], part["version"]) for part in written["components"]} == locked
