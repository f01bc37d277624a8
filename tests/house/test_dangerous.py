"""What the register's own code and scripts never do, read in the code itself: run text, unpack objects, use broken
digests, put what was typed into a page as markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("factcheck", "claims", "sources")
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
UNPACKS = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}
TEMPLATES = {"Template", "Engine"}
FORMATS = {"format", "format_map", "format_html"}
BROKEN = {"md5", "sha1", "MD5", "SHA1"}
# Codes of apps are HMAC-SHA-1 by their standard, in which SHA-1 holds; lists of breached passwords name them by SHA-1.
BROKEN_EXEMPT = {"factcheck/accounts/factor.py", "factcheck/accounts/breached.py"}
# Each formats texts that stand in the code: SQL of its own, words of a mail, of a filter, what the base class formats.
FORMATS_EXEMPT = {
    "factcheck/logs.py",
    "factcheck/audit/partitions.py",
    "factcheck/audit/migrations/0003_smaller_entries.py",
    "factcheck/backup/engines.py",
    "factcheck/accounts/invitation.py",
    "claims/admin/claim_filters.py",
}
# Only files with one of the words are parsed.
WORDS = re.compile(
    rf"\b({'|'.join({*RUNS_TEXT, *UNPACKS, *TEMPLATES, *BROKEN, *FORMATS, 'shell', 'system', 'popen', 'random'})})\b"
)


ALGORITHMS = re.compile(r"\bhashlib\.\w+|\bEd25519PrivateKey\b|\bpyrage\b|\bSHA1\b")
WORDS_FOR = {"Ed25519PrivateKey": "ed25519", "pyrage": "x25519", "hashlib.sha1": "sha1", "SHA1": "hmacsha1"}
"""What the page calls what the code calls otherwise."""
MARKUP = re.compile(
    r"\b(?:innerHTML|outerHTML)\s*\+?=(?!=)|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment"
    r"|\beval\(|new Function\(|setHTMLUnsafe"
)


def offences(code: str) -> Iterator[tuple[str, str]]:
    """Which of the four rules a module breaks, and by what."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and (text := formatted_by(node)) is not None and not is_constant(text):
            yield "formats", ast.unparse(text)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNS_TEXT:
            yield "runs", node.func.id
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            yield "runs", "shell"
        elif isinstance(node, ast.Attribute):
            if node.attr in {"system", "popen"} and ast.unparse(node.value) == "os":
                yield "runs", node.attr
            if node.attr in BROKEN:
                yield "digests", node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {name.name for name in node.names}
            modules = {node.module or ""} if isinstance(node, ast.ImportFrom) else names
            tops = {module.split(".")[0] for module in modules}
            yield from (("unpacks", name) for name in tops & UNPACKS)
            if tops & {"django", "jinja2"}:
                yield from (("unpacks", name) for name in names & TEMPLATES)
            yield from (("digests", name) for name in (names & BROKEN) | (tops & {"random"}))


def formatted_by(call: ast.Call) -> ast.expr | None:
    """The text that this call puts values into, if it does."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in FORMATS:
        return call.func.value
    return call.args[0] if isinstance(call.func, ast.Name) and call.func.id == "format_html" and call.args else None


def is_constant(text: ast.expr) -> bool:
    """Whether it stands in the code: as it is, or as a constant of a module by its name in capitals."""
    while isinstance(text, ast.Subscript):
        text = text.value
    return isinstance(text, ast.Constant) or (isinstance(text, ast.Name) and text.id.isupper())


def code_files(kind: str) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (ROOT / folder).rglob(kind)


@cache
def scripts() -> list[tuple[Path, str]]:
    return [(path, path.read_text()) for path in code_files("*.js")]


@cache
def found() -> list[tuple[str, str, str]]:
    all_found = []
    for path in code_files("*.py"):
        code, file = path.read_text(), path.relative_to(ROOT).as_posix()
        if WORDS.search(code):
            all_found += [(rule, file, what) for rule, what in offences(code)]
    return all_found


def test_no_text_is_run_and_no_shell_is_asked() -> None:
    """Other programs get a list of arguments."""
    assert not [one for one in found() if one[0] == "runs"]


def test_nothing_that_comes_in_becomes_an_object_or_a_template() -> None:
    assert not [one for one in found() if one[0] == "unpacks"]


def test_no_text_that_comes_in_says_how_others_are_formatted() -> None:
    files = {file for rule, file, _what in found() if rule == "formats"}
    assert files == FORMATS_EXEMPT


def test_digests_and_chance_are_of_the_kind_that_nobody_guesses() -> None:
    files = {file for rule, file, _what in found() if rule == "digests"}
    assert files == BROKEN_EXEMPT


def test_every_algorithm_stands_among_the_keys_and_digests() -> None:
    told = (ROOT / "docs" / "security.md").read_text().partition("## Keys and digests")[2].partition("\n## ")[0]
    told = told.lower().replace("-", "")
    used = {name for path in code_files("*.py") for name in ALGORITHMS.findall(path.read_text())}
    assert used >= {"hashlib.sha256", "hashlib.blake2b", "Ed25519PrivateKey", "pyrage"}
    missing = [name for name in used if WORDS_FOR.get(name, name.removeprefix("hashlib.").lower()) not in told]
    assert missing == []


def test_scripts_put_in_as_markup_only_what_the_server_wrote() -> None:
    """Words that somebody typed are put in as `textContent`. `rows.js` takes the form of a new row and what the server
    shows of one that is not changed, `drafts.js` what stands in it, and all of them pages that the server answers."""
    found = {path.name: len(MARKUP.findall(text)) for path, text in scripts()}
    assert {name: count for name, count in found.items() if count} == {
        "drafts.js": 3,
        "mark.js": 1,
        "read.js": 2,
        "rows.js": 2,
        "together.js": 4,
    }


def test_messages_between_windows_are_of_one_origin() -> None:
    for path, text in scripts():
        heard = text.count('addEventListener("message"')
        assert heard == text.count("event.origin !== window.location.origin || event.source !== "), path.name
        assert text.count("postMessage(") == len(re.findall(r"postMessage\([^;]*, window\.location\.origin\);", text))
    assert any("postMessage(" in text for _path, text in scripts())


def test_no_script_sets_what_a_text_names() -> None:
    """`thing[name] = value` with a name that came in could change what all objects have."""
    for path, text in scripts():
        assert not re.search(r"[\w)\]]\[(?![\"'`]?[\d\"'`])[^\]\n]*\]\s*(?:[-+*/|&?]{0,2})=(?![=>])", text), path.name
        assert not re.search(r"__proto__|\bsetPrototypeOf\b|\bjQuery\.extend|\$\.extend", text), path.name


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("eval(text)", "runs"),
        ("run(line, shell=True)", "runs"),
        ("os.system(line)", "runs"),
        ("import pickle", "unpacks"),
        ("from django.template import Template", "unpacks"),
        ("given.format(name=name)", "formats"),
        ("format_html(given, name)", "formats"),
        ("hashlib.md5(text)", "digests"),
        ("from hashlib import sha1", "digests"),
        ("from random import choice", "digests"),
    ],
)
def test_what_is_looked_for_is_found(code: str, rule: str) -> None:
    assert [found_rule for found_rule, _what in offences(code)] == [rule]
    assert WORDS.search(code)
