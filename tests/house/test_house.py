"""The house rules that no linter knows: what every noun brings along, and what no file may hold.

Each exemption is written with its reason; one that is no longer needed fails as well.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import get_resolver

from factcheck.router import router
from tests import factories

ROOT = Path(__file__).parents[2]
APPS = ("audit", "webhooks", "sources", "claims")
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in APPS
    and not model.__name__.startswith("Historical")
    and not hasattr(model, "instance_type")
]
VIEWS = {name: view for _prefix, view, name in router.registry}
CHILDREN = "is written and read with its parent"
KEPT_FOR_MACHINES = "is bookkeeping of the service itself, which nobody enters or reads by hand"

ROUTE_EXEMPT = {
    "Prepared": KEPT_FOR_MACHINES,
    "StoredDiscount": "is read with its link",
    "StoredState": "is read with its question",
    "EvidenceDocument": CHILDREN,
    "DisputeMember": CHILDREN,
    "IdempotencyKey": KEPT_FOR_MACHINES,
    "HeadStamp": "is read at /trail/stamp.tsr",
    "BulkJob": "is read at jobs/",
    "BulkPiece": "is read at jobs/{id}/results/",
    "WebhookCursor": KEPT_FOR_MACHINES,
    "WebhookCall": "is read at webhooks/{id}/calls/",
    "QuoteCheck": "is read with its attribution",
    "TextPrint": KEPT_FOR_MACHINES,
    "RuleSetting": "is read and set at rules/{code}/",
}
FACTORY_EXEMPT = {
    "Prepared": "comes with an answer",
    "StoredDiscount": "comes with what does not count",
    "StoredState": "comes with every question",
    "EvidenceDocument": "comes with make_evidence(documents=...)",
    "DisputeMember": "comes with make_dispute(members=...)",
    "AuditEntry": "comes with every change",
    "IdempotencyKey": "comes with a request",
    "HeadStamp": "comes from an authority",
    "BulkJob": "comes with a request",
    "BulkPiece": "comes with its job",
    "WebhookCursor": "comes with a delivery",
    "WebhookCall": "comes with a delivery",
    "QuoteCheck": "comes with every quote",
    "TextPrint": "comes with every copy that has words",
}
FACTORIES = {"ClaimRelation": "relation", "EvidenceLink": "link", "RatingScale": "scale", "ImportBatch": "import"}
ADMIN_EXEMPT = {
    "Prepared": KEPT_FOR_MACHINES,
    "StoredDiscount": "is shown with its link",
    "StoredState": "is shown on the page of its question",
    "EvidenceDocument": "is an inline of its evidence",
    "DisputeMember": "is an inline of its dispute",
    "QuoteCheck": "is shown on the page of its attribution",
    "TextPrint": KEPT_FOR_MACHINES,
    "IdempotencyKey": KEPT_FOR_MACHINES,
    "HeadStamp": "is read by programs alone",
    "BulkJob": "is asked for and read by programs alone",
    "BulkPiece": "is asked for and read by programs alone",
    "WebhookCursor": KEPT_FOR_MACHINES,
}
ENVIRONMENT_EXEMPT = {
    "factcheck/env.py": "is the one place; besides environs it tells children the address of the server",
    "manage.py": "names the settings module",
    "factcheck/wsgi.py": "names the settings module",
    "factcheck/asgi.py": "names the settings module",
    "factcheck/backup/engines.py": "hands it on to PostgreSQL's programs",
    "factcheck/backup/rehearsal.py": "hands it on to commands that look at another register",
    "benchmarks/lists.py": "names the settings before Django starts, as manage.py does",
    "benchmarks/reports.py": "names the settings before Django starts, as manage.py does",
    "benchmarks/environment.py": "the same for what is measured and the processes that it starts",
    "tests/engine.py": "starts a command with a database of its own",
}
NAMES_ON_REQUESTS = {
    "user": "is set by Django's middleware",
    "urlconf": "is what Django asks a middleware to set",
    "current_app": "is what Django asks an admin page to set",
    "_messages": "is set by Django's middleware",
    "_cached_user": "is where Django keeps who it is, once that was asked",
    "_force_auth_user": "is asked by Django REST framework, where nobody has to prove it",
    "_force_auth_token": "is asked by Django REST framework, where nobody has to prove it",
    "_stream": "is read by Django's own parser",
    "malformed_content_type": "is a GuardedRequest's own",
}
"""What others hang on requests, or a request of ours has; whatever else is remembered of one has a typed place."""
FORBIDDEN_LOOKUPS = re.compile(r"__(year|month|day|week|hour|regex|iregex)\b")


def route_of(model: Any) -> str | None:
    """The router's name of the noun, if it has one."""
    return next((name for name, view in VIEWS.items() if view.queryset.model is model), None)


def keeps_the_rule(model: Any, exempt: dict[str, str], fulfilled: bool) -> None:
    reason = exempt.get(model.__name__)
    assert fulfilled or reason, f"{model.__name__} lacks it, and no exemption says why"
    assert not (fulfilled and reason), f"{model.__name__} has it: take out its exemption"


def named(model: Any) -> str:
    return model.__name__


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_noun_has_a_route(model):
    keeps_the_rule(model, ROUTE_EXEMPT, route_of(model) is not None)


@pytest.mark.parametrize("model", [model for model in OURS if route_of(model)], ids=named)
def test_every_noun_has_a_filter_set_of_its_own(model):
    filters = VIEWS[route_of(model) or ""].filterset_class
    assert filters is not None
    assert filters.base_filters
    assert filters._meta.model is model


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_noun_has_a_factory(model):
    name = FACTORIES.get(model.__name__, model.__name__.lower())
    keeps_the_rule(model, FACTORY_EXEMPT, hasattr(factories, f"make_{name}"))


@pytest.mark.parametrize("model", [model for model in OURS if route_of(model)], ids=named)
@pytest.mark.parametrize("answer", ["list", "detail"])
def test_every_noun_has_golden_answers(model, answer):
    assert (ROOT / "tests" / "api" / "golden" / f"{route_of(model)}-{answer}.desk.json").exists()


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_noun_is_in_the_admin(model):
    get_resolver().url_patterns  # noqa: B018 - the admin is filled when the addresses are read
    keeps_the_rule(model, ADMIN_EXEMPT, admin.site.is_registered(model))


def test_no_exemption_is_for_a_noun_that_is_gone():
    names = {model.__name__ for model in OURS}
    for exempt in (ROUTE_EXEMPT, FACTORY_EXEMPT, ADMIN_EXEMPT, FACTORIES):
        assert set(exempt) <= names


def own_fields(model: Any) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field) and not field.auto_created]


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_field_is_explained_in_a_sentence(model):
    wrong = [
        field.name
        for field in own_fields(model)
        if not re.fullmatch(r"[A-Z].{10,}[.?!;\"”]", str(field.help_text), re.DOTALL)
    ]
    assert wrong == []


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_noun_says_what_it_is(model):
    assert re.match(r"[A-Z].*[.?]", model.__doc__ or "")
    assert "(" not in (model.__doc__ or "")[: len(model.__name__) + 1], "Django's own words, not ours"


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_choice_has_its_label(model):
    for field in own_fields(model):
        for value, label in field.flatchoices:
            assert str(label).strip(), (field.name, value)
            assert str(label) != str(value), (field.name, value)


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_constraint_says_what_to_do(model):
    for constraint in model._meta.constraints:
        assert constraint.violation_error_message != models.BaseConstraint.default_violation_error_message, (
            constraint.name
        )


@pytest.mark.parametrize("name", VIEWS)
def test_no_filter_takes_apart_dates_or_runs_patterns(name):
    filters = VIEWS[name].filterset_class
    for parameter, kind in (filters.base_filters if filters else {}).items():
        assert not FORBIDDEN_LOOKUPS.search(f"{kind.field_name}__{kind.lookup_expr}"), parameter
    for field in getattr(VIEWS[name], "search_fields", None) or ():
        assert field[0] not in "$@=^", field


LEFT_OUT = {"var", "__pycache__", "node_modules"}


@cache
def all_files() -> tuple[Path, ...]:
    """The files of the tree, as git knows them or would."""
    found: list[Path] = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in LEFT_OUT and (not name.startswith(".") or name == ".ci")]
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    return tuple(sorted(path for path in found if path.is_file()))


def files(*suffixes: str, tests: bool) -> Iterator[Path]:
    """Those of them with one of these endings."""
    for path in all_files():
        if (not suffixes or path.suffix in suffixes) and (tests or "tests" not in path.relative_to(ROOT).parts):
            yield path


# Written in halves, so that this file does not name them either.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "npm" + "js.com", "jsdel" + "ivr.net"]
HOSTS += ["un" + "pkg.com", "cdn" + "js.com", "hugging" + "face.co", "proxy.golang" + ".org", "crates" + ".io"]


def test_no_file_names_a_package_host():
    found = [
        f"{path.relative_to(ROOT)} names {host}"
        for path in files(tests=True)
        if path.stat().st_size < 5_000_000
        for text in [path.read_bytes()]
        for host in HOSTS
        if host.encode() in text
    ]
    assert found == []


def reads_environment(path: Path) -> bool:
    names = {"environ", "environb", "getenv", "putenv"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os" and node.attr in names:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and names & {name.name for name in node.names}:
            return True
    return False


def test_the_environment_is_read_in_one_place():
    found = {str(path.relative_to(ROOT)) for path in files(".py", tests=False) if reads_environment(path)}
    found |= {"tests/engine.py"} if reads_environment(ROOT / "tests" / "engine.py") else set()
    assert found == set(ENVIRONMENT_EXEMPT)


def names_on_requests(path: Path) -> Iterator[str]:
    """Every attribute of a `request` that a module sets, or asks for by its name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=value, attr=name, ctx=ast.Store()):
                pass
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr" | "setattr"), args=[value, ast.Constant(value=name), *_]
            ):
                pass
            case _:
                continue
        if re.search(r"\brequest$", ast.unparse(value)):
            yield name


def test_nothing_is_hung_on_a_request():
    known = {*dir(HttpRequest()), *NAMES_ON_REQUESTS}
    ours = [(path, name) for path in files(".py", tests=False) for name in names_on_requests(path)]
    found = [(str(path.relative_to(ROOT)), name) for path, name in ours]
    assert [pair for pair in found if pair[1] not in known] == []
    assert NAMES_ON_REQUESTS.keys() <= {name for _path, name in found}, "what nobody asks for needs no exemption"


@pytest.mark.parametrize("folder", ["factcheck", "sources", "claims", "tests"])
def test_every_module_says_what_lives_in_it(folder):
    bare = [
        str(path.relative_to(ROOT))
        for path in files(".py", tests=True)
        if path.relative_to(ROOT).parts[0] == folder and "migrations" not in path.parts and path.stat().st_size
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert bare == []


@pytest.mark.parametrize("folder", ["factcheck", "sources", "claims"])
def test_no_module_grows_beyond_300_lines(folder):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(".py", tests=False)
        if path.relative_to(ROOT).parts[0] == folder and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


@pytest.mark.parametrize("sheet", sorted(ROOT.glob("*/static/**/*.css")), ids=lambda path: path.name)
def test_no_style_sheet_leaves_a_block_open(sheet: Path) -> None:
    depth = 0
    for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("."):
            assert depth == 0, f"{sheet.name}:{number} begins a rule inside of another one"
        depth += line.count("{") - line.count("}")
    assert depth == 0
