"""Every line of docs/clients.md, run as one program in each language against the running register."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.openapi.conftest import HERE, TOOLS

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(settings.BASE_DIR, "docs", "clients.md")
CLIENTS = Path(settings.BASE_DIR, "clients")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
SHOWN = {
    "A whole dispute": "who-sank-the-ship",
    "A verdict by two people": "supported",
    "Two who change one row": "1 2 At night.",
    "Sent twice, done once": "true",
    "Many at once": "25 1.text",
    "More than that, by a worker": "39 1 7.text",
    "What another system keeps too": "1 2",
    "All pages": "70 A torpedo hit it.",
    "An export by a worker": "69",
    "A report into a file": "%PDF-",
    "What changed": "(?s).*verdict.published verdicts false.*",
}
"""What each job prints, as a pattern."""


def program(language: str, tell: str) -> str:
    """The blocks of one language, each followed by a line that tells which job is done."""
    first, *rest = SECTION.split(GUIDE.read_text(encoding="utf-8"))
    parts = [block(first, language)]
    for title, text in zip(rest[::2], rest[1::2], strict=True):
        parts += [block(text, language), tell.format(f"done: {title}")]
    return "\n".join(parts)


def block(text: str, language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(found)


def check(printed: str) -> None:
    told = re.findall(r"(.*?)\n?^done: ([^\n]+)\n", printed, re.DOTALL | re.MULTILINE)
    assert [title for _said, title in told] == list(SHOWN)
    for said, title in told:
        assert re.fullmatch(SHOWN[title].lower(), said.lower()), (title, said)


def test_python(work, tmp_path):
    guide = tmp_path / "guide.py"
    guide.write_text(program("python", "print({!r})"))
    check(work(sys.executable, guide, path=CLIENTS / "python" / "src"))


def test_typescript(work, document_file, made_once, run_node, tmp_path):
    source = tmp_path / "guide.ts"
    source.write_text(program("ts", "console.log({!r});"))
    package = CLIENTS / "typescript"

    def build(folder: Path) -> None:
        shutil.copytree(package, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
        (folder / "node_modules").symlink_to(TOOLS.parent)
        shutil.copy(source, folder / "src")
        (folder / "src" / "example.ts").write_text(block((package / "README.md").read_text(), "ts"))
        made = run_node("openapi-typescript", document_file, "-o", folder / "src" / "schema.ts")
        assert made.returncode == 0, made.stderr
        compiled = run_node("tsc", "-p", folder)
        assert compiled.returncode == 0, compiled.stdout[-3_000:]

    own = (package / name for name in ("src/index.ts", "package.json", "tsconfig.json", "README.md"))
    sources = (source, HERE / "package.json", *own)
    check(work("node", made_once("typescript", build, *sources) / "dist" / "guide.js"))
