"""Thousands of questions about rows that their reader may not see, and the writes that are tried on them.

All are made from what the service declares: routes, filters, orderings, fields, parts, methods. A new one is asked
about as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from claims.models import Claim, Dispute
from factcheck.api.pagination import orderings
from factcheck.api.sparse import field_names
from factcheck.audit.context import acting
from sources.models import Document
from tests import factories as make
from tests.api.nouns import NOUNS
from tests.api.routes import Route, api_routes

SECRET = "zqother"
OF_SOMEBODY = {"audit", "export", "webhook"}
"""Lists of what was done: one's own exports, and what the desk reads as far as it may."""
FILES = {"pdf", "docx", "xlsx"}
"""Slow to write, of the rows that the other formats are of."""
FORMS = ("{}={}", "{}=!{}", "!{}={}", "{}__in={},7")
READ = "page_size=200&count=true&fields=id"
WORDS = ("source", "document", "claim", "evidence", "title", "note", "quote")


@dataclass
class Hidden:
    """The rows that some readers may not see: the numbers of each noun, and the names by which they go."""

    numbers: dict[str, list[int]]
    claim: Claim
    dispute: Dispute

    def __iter__(self) -> Iterator[int]:
        yield from sorted({number for numbers in self.numbers.values() for number in numbers})


def cite() -> Document:
    """A work of a withheld source, of which the whole desk knows and nobody else."""
    source = make.make_source(f"{SECRET} source", slug=f"{SECRET}-source", withheld=True, withheld_reason="A threat.")
    document = make.make_document(f"{SECRET} document", url=f"https://{SECRET}.example.org/", publisher=source)
    make.make_snapshot(document)
    return document


def hide(public: Claim, member: Any, cited: Document | None = None) -> Hidden:
    """A restricted dispute with a row of each noun in it, joined to a public claim; returns what was made. The work
    that it cites is made as well, where it is not given."""
    newest = {noun: _newest(kind.model) for noun, kind in NOUNS.items()}
    dispute = make.make_dispute(
        f"{SECRET} title",
        slug=SECRET,
        visibility="restricted",
        members=[member],
        question=f"{SECRET} question",
        occurred_on="2025-02-03",
    )
    document = cited or cite()
    source = document.publisher
    question = make.make_question(dispute, text=f"{SECRET} question")
    claim, other = (
        make.make_claim(
            f"{SECRET} claim {number}", dispute=dispute, tags=[SECRET], external_id=f"{SECRET}:{number}", published=True
        )
        for number in (1, 2)
    )
    other.question = question
    other.save()
    make.make_attribution(claim, source=source, document=document, quote=f"{SECRET} quote", said_on="2025-02-03")
    evidence = make.make_evidence(f"{SECRET} evidence", dispute=dispute, documents=[document])
    link = make.make_link(claim, evidence=evidence, note=f"{SECRET} note")
    make.make_assessment(link)
    make.make_premise(link, other, note=f"{SECRET} note")
    make.make_review(claim, publisher=source, title=f"{SECRET} title")
    make.make_inquiry(claim, source=source)
    make.make_relation(claim, public, note=f"{SECRET} note")
    make.make_relation(public, other, kind="refines", note=f"{SECRET} note")
    make.make_corrected(other, reason=f"{SECRET} reason", summary=f"{SECRET} summary")
    verdict = make.make_published(claim, summary=f"{SECRET} summary")
    with acting(actor=member, reason=f"{SECRET} reason"):
        make.make_attribution(claim, source=source)
    make.make_confirmation(verdict, reviewer=member, reason=f"{SECRET} reason")
    make.make_ruleexception("support_gone", claim=claim, reason=f"{SECRET} reason")
    numbers = {
        noun: list(kind.model.objects.filter(pk__gt=newest[noun]).order_by("pk").values_list("pk", flat=True))
        for noun, kind in NOUNS.items()
        if noun not in OF_SOMEBODY
    }
    return Hidden(numbers, claim, dispute)


def _newest(model: type[Model]) -> int:
    return max(model._base_manager.values_list("pk", flat=True), default=0)


def lists() -> list[Route]:
    """Every list of the register."""
    return [
        route
        for route in api_routes().values()
        if route.noun and route.actions.get("get") == "list" and route.noun not in OF_SOMEBODY
    ]


def questions(hidden: Hidden) -> list[str]:
    """Every address at which something of the hidden rows could show."""
    found = [question for route in lists() for question in (*_of_list(route), *_of_filters(route, hidden))]
    found += [*_of_rows(hidden), *_of_all(hidden), *_of_pages(hidden)]
    return list(dict.fromkeys(found))


def _of_list(route: Route) -> Iterator[str]:
    """Every order, counted; every field alone; every part; and what is searched."""
    path, view = route.path(), route.view
    yield from (f"{path}?{READ}&ordering={order}" for order in orderings(view))
    yield from (f"{path}?page_size=200&fields={name}" for name in field_names(view.serializer_class))
    yield from (f"{path}?page_size=200&include={name}" for name in getattr(view, "include_fields", ()))
    if view.searchable:
        yield from (f"{path}?{READ}&search={SECRET}%20{word}" for word in WORDS)
        yield f"{path}?count=true&search={SECRET}"


def _of_filters(route: Route, hidden: Hidden) -> Iterator[str]:
    """Every filter with what the hidden rows have, asked for and denied."""
    path = route.path()
    for name, filter_ in (route.view.filterset_class.base_filters if route.view.filterset_class else {}).items():
        match type(filter_).__name__:
            case "ReferenceFilter":
                values: Any = [SECRET, f"{SECRET}-source", *_numbers(filter_, hidden)]
            case "NumberFilter" | "IdFilter" | "DecimalFilter":
                values = [*hidden][:3]
            case "BooleanFilter" | "PresenceFilter":
                yield from (f"{path}?{READ}&{name}={value}" for value in ("true", "false"))
                continue
            case "ChoiceFilter":
                values = [key for key, _label in filter_.extra["choices"]][:4]
            case "DateTimeFilter" | "DateFilter" | "EdtfFilter":
                yield from (f"{path}?{READ}&{name}={value}" for value in ("2025-02-03", "2025-02-03T00:00:00Z"))
                continue
            case _:
                values = [
                    SECRET,
                    f"{SECRET}:1",
                    f"{SECRET}-source",
                    f"{SECRET} source",
                    f"https://{SECRET}.example.org/",
                ]
        yield from (f"{path}?{READ}&{form.format(name, value)}" for value in values for form in FORMS)


def _numbers(filter_: Any, hidden: Hidden) -> list[int]:
    model = getattr(filter_.choose_from, "model", None)
    return next((hidden.numbers[noun][:2] for noun in hidden.numbers if NOUNS[noun].model is model), [*hidden][:2])


def _of_rows(hidden: Hidden) -> Iterator[str]:
    """Each hidden row by its number and its name, and all that stands below it."""
    for route in api_routes().values():
        if "get" not in route.actions or route.noun in OF_SOMEBODY or not route.parameters:
            continue
        of = route.noun or route.name.partition("-")[0]
        keys: list[Any] = [*hidden.numbers.get(of, ())][:4]
        keys += {"dispute": [SECRET], "source": [f"{SECRET}-source"]}.get(of, [])
        if {*route.parameters} & {"pk", "key"}:
            formats = [name for name in getattr(route.view, "formats", ()) if name not in FILES] or [""]
            for key in keys:
                for name in formats if "format_name" in route.parameters else [""]:
                    yield route.path(pk=key, key=key, format_name=name)
        elif route.parameters == ("format_name",):
            yield from (route.path(format_name=name) for name in ("csv", "ndjson"))


def _of_all(hidden: Hidden) -> Iterator[str]:
    """What is asked of no single list: the search of all, who asks, the feed, jobs, tokens and the sums."""
    words = [SECRET, *(f"{SECRET}%20{word}" for word in WORDS), "died", "heart%20failure"]
    yield from (f"/api/v1/search/?q={word}&limit=50" for word in words)
    for route in lists():
        if route.view.searchable:
            yield f"/api/v1/search/?q={SECRET}&noun={route.path().removeprefix('/api/v1/').strip('/')}"
    yield from (f"/api/v1/{path}/" for path in ("me", "jobs", "tokens", "exports", "balance", "rules", "changes"))
    yield from (f"/api/v1/jobs/{number}/" for number in [*hidden][:3])
    yield from (f"/api/v1/changes/?since={since}&page_size=200" for since in ("0", "2025-01-01T00:00:00Z"))
    yield from ("/api/v1/balance/csv/", "/api/v1/rules/support_gone/", "/api/v1/")


def _of_pages(hidden: Hidden) -> Iterator[str]:
    """The public pages and those of the desk."""
    yield from ("/", "/disputes/", "/claims/", "/sources/", "/corrections/", "/sitemap.xml")
    for word in (SECRET, f"{SECRET}+claim"):
        yield from (f"/{noun}/?q={word}" for noun in ("disputes", "claims", "sources"))
    yield from (f"/disputes/{SECRET}/", f"/sources/{SECRET}-source/")
    for noun, numbers in hidden.numbers.items():
        meta = NOUNS[noun].model._meta
        if noun in {"dispute", "claim", "source", "document"}:
            yield from (f"/{noun}s/{number}/" for number in numbers[:1])
        if NOUNS[noun].model in admin.site._registry and numbers:
            at = f"admin:{meta.app_label}_{meta.model_name}"
            yield f"{reverse(f'{at}_changelist')}?q={SECRET}"
            yield from (reverse(f"{at}_{page}", args=[numbers[0]]) for page in ("change", "history", "delete"))


def writes(hidden: Hidden) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and body of every write that could be tried on a hidden row, by every door."""
    for route in api_routes().values():
        numbers = hidden.numbers.get(route.noun, ())
        if route.parameters != ("pk",) or not numbers:
            continue
        for method in sorted({*route.actions} - {"get"}):
            body = (
                NOUNS[route.noun].change if method in {"put", "patch"} else {"into": 1} if "merge" in route.name else {}
            )
            yield method, route.path(pk=numbers[0]), body
    for noun, numbers in hidden.numbers.items():
        at = f"admin:{NOUNS[noun].model._meta.label_lower.replace('.', '_')}"
        if NOUNS[noun].model in admin.site._registry and numbers:
            yield from (("post", reverse(f"{at}_{page}", args=[numbers[0]]), {}) for page in ("change", "delete"))
