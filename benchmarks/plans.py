"""Which filters and orders of the API read too much: `python -m benchmarks.plans --claims 100000`.

Asks the register, as the public and as an editor, for every filter and every order of its lists, and has the database
explain each statement that was sent for it, as it was sent: a page asks for 51 rows. What walks through a big table
or sorts it whole is listed, and the exit code is 1 if it is not among the exceptions.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.registers import ENGINES, KEPT, ROOT, kept_register
from benchmarks.request import Request
from benchmarks.rows import RARE_RATING, RARE_TAG, RARE_WORD, RATINGS

NOUNS = ("claims", "disputes", "sources", "documents", "evidence", "evidence-links", "verdicts", "attributions")
NAMES = "the public reads a withheld name as another one, so that no index has the order, and all sources are sorted"
AT_ONCE = "all sources of a made-up register were entered in one moment, and are sorted by their ids"
EXCEPTIONS: dict[str, str] = {
    **{f"/api/v1/sources/?ordering={sign}name": NAMES for sign in ("", "-")},
    **{
        f"/api/v1/sources/?ordering={order}": AT_ONCE
        for name in ("created_at", "updated_at")
        for order in (f"{name},-id", f"-{name},id")
    },
}
"""What may read more, each with the reason: how its address begins, such as `/api/v1/sources/?alias=`."""
TEXTS = {
    "language": ("az", "xx"),
    "country": ("IS", "XX"),
    "rating": (RARE_RATING, *(code for code, _share in RATINGS)),
    "slug": ("dispute-2", "no-such"),
    "url": ("https://press.example.org/7", "https://press.example.org/none"),
}
"""Values of filters by text: one that is found, one that is not."""


def questions() -> Iterator[Request]:
    """Every filter with each kind of value, every order both ways, and a search that finds little and one that finds
    nothing, of each list."""
    from claims.api.registry import NOUNS as REGISTERED  # noqa: PLC0415 - once the service is set up

    for noun in REGISTERED:
        if noun.prefix in NOUNS:
            for query in _queries(noun.viewset):
                for reader in ("public", "desk"):
                    yield Request(f"/api/v1/{noun.prefix}/{query and '?'}{query}", reader=reader)


def _queries(viewset: Any) -> Iterator[str]:
    from factcheck.api.pagination import orderings  # noqa: PLC0415

    yield ""
    for name, asked in viewset.filterset_class.base_filters.items():
        yield from (f"{name}={value}" for value in values(name, asked))
    yield from (f"ordering={name}" for name in orderings(viewset))
    if viewset.searchable:
        yield from (f"search={word}" for word in (RARE_WORD, "xyzzy"))


def values(name: str, asked: Any) -> tuple[Any, ...]:
    """Values that a filter takes: all of a fixed vocabulary; of others one that is found and one that is not."""
    today = datetime.now(tz=UTC).date()
    days = tuple(today + timedelta(days=later) for later in (-60, -2_000, 2_000))
    match type(asked).__name__:
        case "BooleanFilter" | "PresenceFilter":
            return "true", "false"
        case "ChoiceFilter":
            return tuple(key for key, _label in asked.extra["choices"])
        case "TagFilter":
            return RARE_TAG, "xyzzy"
        case "DateTimeFilter":
            return tuple(f"{day}T00:00:00Z" for day in days)
        case "DateFilter" | "EdtfFilter":
            return days
        case "TextFilter" | "AddressFilter" | "CountryFilter" | "LanguageFilter":
            return TEXTS.get(name, ("x",))
        case "ReferenceFilter":
            return 1, 2
    return (1,)


def read_plans(only: str = "") -> int:
    """Ask all questions of the register that the environment names, print what reads too much, and return how much of
    that is no exception."""
    from benchmarks.product import start  # noqa: PLC0415 - sets the service up

    application, found = start(), 0
    for request in questions():
        if only not in request.path:
            continue
        asked = f"{request.path.removeprefix('/api/v1/')} ({request.reader})"
        for reading in _readings(application, request):
            excepted = next((why for name, why in EXCEPTIONS.items() if request.path.startswith(name)), "")
            found += not excepted
            print(f"{asked}: {reading}{excepted and f' -- {excepted}'}", flush=True)
    return found


def _readings(application: Any, request: Request) -> Iterator[str]:
    from benchmarks.explain import explain  # noqa: PLC0415
    from benchmarks.product import sent  # noqa: PLC0415

    with sent() as statements:
        status, _headers, _body = application.answer(application.prepare(request))
    if status not in {200, 400, 401, 403}:
        yield f"answered {status}"
    for sql, params in statements:
        if sql.lstrip("( ").upper().startswith(("SELECT", "WITH")) and (reading := explain(sql, params)).too_much:
            yield str(reading)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--only", default="", help="ask those with this in their address, such as ordering=")
    parser.add_argument("--no-trail", action="store_true", help="without history and audit entries")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.read:
        return int(read_plans(options.only) > 0)
    broken = False
    for engine in options.engine or ENGINES:
        with kept_register(engine, options.claims, options.keep, trail=not options.no_trail) as register:
            print(f"== {engine}, {options.claims:,} claims", flush=True)
            unlimited = {"FACTCHECK_LOG_LEVEL": "CRITICAL", "FACTCHECK_STATEMENT_TIMEOUT": "0"}
            environment = {**register.environment, **unlimited}
            command = [sys.executable, "-m", "benchmarks.plans", "--read", "--only", options.only]
            broken |= subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
