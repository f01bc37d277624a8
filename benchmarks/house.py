"""Counts what the shape of the code comes to: `python -m benchmarks.house`.

Python of the three packages without migrations, and the tests beside it. Each figure stands next to its bound where
the project has one; the exit code is 1 when one is out of bounds.
"""

from __future__ import annotations

import argparse
import ast
import io
import statistics
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

PACKAGES = ("factcheck", "sources", "claims")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, in words, and whether it keeps its bound."""

    name: str
    value: str
    bound: str = ""
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python, parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


def modules(root: Path, *folders: str) -> list[Module]:
    """The modules in these folders, without migrations."""
    found = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                found.append(Module(path, text, ast.parse(text)))
    return found


def functions(code: list[Module]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for module in code:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def parameter_types(code: list[Module]) -> list[ast.expr]:
    """The annotations of all parameters but *args and **kwargs, which hand on what a library asks for."""
    return [
        parameter.annotation
        for function in functions(code)
        for parameter in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if parameter.annotation is not None
    ]


def comments(code: list[Module]) -> int:
    """How many comments there are; what only speaks to a tool does not count."""
    found = 0
    for module in code:
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
            if token.type == tokenize.COMMENT and not token.string.startswith(("# type:", "# noqa", "# fmt:")):
                found += 1
    return found


def circle() -> list[str]:
    """Modules that import each other in a circle when they run; empty where there is none.

    What is imported for types alone never runs, and a row may name the type of what is loaded beside it.
    """
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True)
    names = [name for name in graph.modules if ".migrations" not in name]
    try:
        TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in names}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def figures(root: Path) -> Iterator[Figure]:
    """Every figure of the tree at `root`."""
    code, tests = modules(root, *PACKAGES), modules(root, "tests")
    lines = sorted(module.lines for module in code)
    spans = sorted((function.end_lineno or 0) - function.lineno + 1 for function in functions(code))
    yield Figure("modules", f"{len(code)}, {sum(lines)} lines")
    yield Figure("lines of a module", f"median {statistics.median(lines):g}, most {lines[-1]}", "300", lines[-1] <= 300)
    yield Figure("lines of a function", f"90 % below {spans[len(spans) * 9 // 10]}, most {spans[-1]}")
    asked = parameter_types(code)
    bare = sum(isinstance(found, ast.Name) and found.id == "Any" for found in asked)
    yield Figure("bare Any", f"{bare} of {len(asked)}, {bare / len(asked):.1%}", "5 %", bare < 0.05 * len(asked))
    ignored = sum(module.text.count("# type: ignore") for module in code)
    yield Figure("type: ignore", str(ignored), "29", ignored < 30)
    yield Figure("comments in 100 lines", f"{100 * comments(code) / sum(lines):.1f}")
    ratio = sum(module.lines for module in tests) / sum(lines)
    yield Figure("lines of tests a line", f"{ratio:.2f}", "0.8 at least", ratio >= 0.8)
    round_trip = circle()
    yield Figure("circle", " -> ".join(round_trip) or "none", "none", not round_trip)


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    found = list(figures(Path(__file__).parents[1]))
    for figure in found:
        bound = f"  (bound: {figure.bound}{'' if figure.kept else ', BROKEN'})" if figure.bound else ""
        print(f"{figure.name:24}{figure.value}{bound}")
    return 0 if all(figure.kept for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
