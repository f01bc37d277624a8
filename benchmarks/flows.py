"""How far a flow goes through the code: the files that it enters, and its moves from folder to folder.

`python -m tests.engine sqlite -- python -m benchmarks.flows` asks the demo register for what a desk and its readers ask
for every day. A move is a call from a function in one folder of the project to a function in another, whatever
libraries lie between them; taking up a generator again counts as calling it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

import benchmarks.lists  # noqa: F401 - sets the service up
from claims.exports.job import request_export, run_export
from claims.models import Claim, Dispute, Export
from claims.services.demo import create_people, load_disputes, load_vocabularies

ROOT = Path(__file__).parents[1]
PACKAGES = {"factcheck", "sources", "claims"}
DRIVER = Path("factcheck/base/sqlite3")
"""Taken for a library, as the one for PostgreSQL is: the figures are the same on both engines."""
JSON = "application/json"


@cache
def file_of(code: CodeType) -> Path | None:
    """The file of the project that this function stands in, None for one of a library."""
    if not code.co_filename.startswith(f"{ROOT}/"):
        return None
    path = Path(code.co_filename).relative_to(ROOT)
    return path if path.parts[0] in PACKAGES and path.parent != DRIVER else None


class Trace:
    """Counts what runs while it is the profiler of the process."""

    def __init__(self) -> None:
        self.files: set[Path] = set()
        self.moves: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        here = file_of(frame.f_code) if event == "call" else None
        if here is None:
            return
        self.files.add(here)
        caller = frame.f_back
        while caller is not None and file_of(caller.f_code) is None:
            caller = caller.f_back
        there = file_of(caller.f_code) if caller is not None else None
        if there is not None and there.parent != here.parent:
            self.moves[f"{there.parent} -> {here}:{frame.f_code.co_name}"] += 1


def trace(act: Callable[[], object]) -> Trace:
    """What runs while `act` does."""
    found = Trace()
    sys.setprofile(found)
    try:
        act()
    finally:
        sys.setprofile(None)
    return found


def answered(response: HttpResponseBase) -> None:
    """Take the answer to its end."""
    assert response.status_code < 300, response.status_code
    b"".join(response)


def flows() -> dict[str, Callable[[], object]]:
    """What is asked for, by name, in the order in which it can be."""
    desk, reviewer, public = Client(), Client(), Client()
    people = get_user_model().objects
    researcher = people.get(username="researcher")
    desk.force_login(researcher)
    reviewer.force_login(people.get(username="reviewer"))
    dispute = Dispute.objects.public().earliest("pk")
    ids = list(Claim.objects.values_list("pk", flat=True))
    claim = {"text": "It rained.", "language": "en", "dispute": dispute.pk}
    now = timezone.now().isoformat().replace("+00:00", "Z")

    def publish() -> None:
        latest = Claim.objects.latest("pk")
        answered(reviewer.post(f"/api/v1/claims/{latest.pk}/publish/", content_type=JSON, HTTP_IF_MATCH="*"))

    def export(form: str) -> Callable[[], object]:
        asked = request_export(actor=researcher, kind="list", query="/api/v1/claims/", format=form, ids=ids)
        return lambda: run_export.call(asked.pk)

    return {
        "POST of a claim": lambda: answered(desk.post("/api/v1/claims/", claim, content_type=JSON)),
        "publish": publish,
        "as_of PDF": lambda: answered(desk.get(f"/api/v1/disputes/{dispute.pk}/report/pdf/?as_of={now}")),
        "public page": lambda: answered(public.get(f"/disputes/{dispute.slug}/")),
        **{f"export job of {len(ids)} claims, {form}": export(form) for form in ("csv", "ndjson", "jsonld", "xlsx")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="the N most frequent moves of each flow")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    load_vocabularies()
    create_people()
    load_disputes()
    # What is worked out once for a process is not part of any flow.
    answered(Client().get("/api/v1/claims/"))
    print(f"{'':36}{'files':>6}{'moves':>7}")
    for name, act in flows().items():
        found = trace(act)
        print(f"{name:36}{len(found.files):>6}{found.moves.total():>7}")
        for move, times in found.moves.most_common(options.show):
            print(f"{times:>8} {move}")
    assert not Export.objects.exclude(status="done").exists()


if __name__ == "__main__":
    main()
