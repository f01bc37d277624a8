"""A memory that does not grow: one process, many requests of the kinds that a register gets, all answered as they
should be.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.torture.oddities import Reader
from benchmarks.torture.questions import Question
from benchmarks.torture.service import CLIENTS, Goal, Service, bar, clients

CLAIMS = "/api/v1/claims/"
LISTS = ("claims", "sources", "documents", "evidence", "evidence-links", "attributions", "verdicts", "disputes")
PAGES = ("/", "/disputes/", "/claims/", "/sources/", "/verdicts/", "/corrections/", "/verdicts/feed/", "/sitemap.xml")
FILTERS = (
    "language=en",
    "country=AZ",
    "leaning=supported",
    "contested=true",
    "has_evidence=true",
    "has_verdict=false",
    "stance=retracts",
    "updated_after=2020-01-01T00:00:00Z",
    "ordering=-updated_at",
    "include=attributions,evidence,relations,verdict",
)
WORDS = ("footbridge", "goat", "brook", "bolts", "flight", "arrest", "Baku", "raid", "bridge", "xyzzy")
DESK_LISTS = (
    "",
    "claims/claim/",
    "claims/claim/?q=goat",
    "claims/verdict/?current=yes",
    "sources/source/",
    "audit/auditentry/",
    "autocomplete/?app_label=claims&model_name=attribution&field_name=source&term=ba",
)
SPELL, BUSY = 5_000, 250
"""Of so many requests of a client the first 250 have writes among them, which make the register forget its answers; in
the others it remembers."""
SIZES = (20, 50)
SHARES = {
    "detail": 201,
    "list": 100,
    "filter": 140,
    "search": 80,
    "next page": 60,
    "304": 130,
    "by token": 90,
    "page": 125,
    "timeline": 20,
    "matrix": 10,
    "export": 5,
    "report": 2,
    "schema": 1,
    "desk": 5,
    "form": 1,
    "write": 30,
}
"""Of a thousand requests."""


class Asking(Reader):
    """Who asks as people and programs do, and counts what is not as it should be."""

    def __init__(self, service: Service, number: int) -> None:
        super().__init__(service)
        self.chance = random.Random(number)
        self.known |= {"editor": service.bearer}
        self.drafts, self.numbers = list[tuple[int, str]](), count()
        self.claims, self.disputes = self.known_as("claims", "id"), self.known_as("disputes", "slug")
        self.sources = [slug for slug in self.known_as("sources", "slug") if slug]
        self.tags: dict[str, str] = {}
        self.after = ""
        self.mark = f"{number} of {id(service)}"
        self.others = Counter[str]()
        self.kinds: dict[str, Callable[[], object]] = {
            "detail": lambda: self.get("nobody", self.claim()),
            "list": lambda: self.get("nobody", f"/api/v1/{self.chance.choice(LISTS)}/?page_size={self.size()}"),
            "filter": lambda: self.get("nobody", f"{CLAIMS}?{self.filters()}&page_size={self.size()}"),
            "search": lambda: self.get("nobody", self.searched()),
            "next page": self.turn,
            "304": self.ask_again,
            "by token": lambda: self.get("token", self.chance.choice((self.claim(), f"{CLAIMS}?{self.filters()}"))),
            "page": lambda: self.get("nobody", self.page()),
            "timeline": lambda: self.get("nobody", f"{self.dispute()}timeline/"),
            "matrix": lambda: self.get("nobody", f"{self.dispute()}matrix/"),
            "export": lambda: self.get("nobody", f"{CLAIMS}export/{self.chance.choice(('csv', 'ndjson'))}/"),
            "report": lambda: self.get("nobody", f"{self.dispute()}report/{self.chance.choice(('html', 'pdf'))}/"),
            "schema": lambda: self.get("nobody", "/api/schema/"),
            "desk": lambda: self.get("session", f"/admin/{self.chance.choice(DESK_LISTS)}"),
            "form": lambda: self.get("session", f"/admin/claims/claim/{self.chance.choice(self.claims)}/change/"),
            "write": self.write,
        }
        self.names = [name for name, share in SHARES.items() for _time in range(share)]

    # --- what is asked for ---

    def known_as(self, noun: str, name: str) -> list[Any]:
        """What the public reads, by their numbers or short names."""
        body, _headers = self.ask(Question("nobody", "GET", f"/api/v1/{noun}/?page_size=100"))[1:]
        return [row[name] for row in json.loads(body)["results"]]

    def claim(self) -> str:
        return f"{CLAIMS}{self.chance.choice(self.claims)}/"

    def dispute(self) -> str:
        return f"/api/v1/disputes/{self.chance.choice(self.disputes)}/"

    def size(self) -> int:
        return self.chance.choice(SIZES)

    def filters(self) -> str:
        named = (f"dispute={self.chance.choice(self.disputes)}", f"source={self.chance.choice(self.sources)}")
        several = "&".join(sorted(self.chance.sample(FILTERS, 2)))
        return self.chance.choice((*FILTERS, *named, several))

    def searched(self) -> str:
        word = self.chance.choice(WORDS)
        return self.chance.choice((f"{CLAIMS}?search={word}", f"/api/v1/search/?q={word}", f"/claims/?q={word}"))

    def page(self) -> str:
        of_a_row = (
            f"/claims/{self.chance.choice(self.claims)}/",
            f"/disputes/{self.chance.choice(self.disputes)}/",
            f"/sources/{self.chance.choice(self.sources)}/",
        )
        return self.chance.choice((*PAGES, *of_a_row, *of_a_row))

    # --- how ---

    def go(self, nth: int) -> None:
        kind = self.chance.choice(self.names)
        if kind == "write" and nth % SPELL >= BUSY:
            kind = "detail"
        try:
            self.kinds[kind]()
        except (OSError, http.client.HTTPException) as fault:
            self.others[f"{kind}: {fault!r}"] += 1
            self.connection.close()

    def send(self, question: Question, wanted: int) -> tuple[bytes, Any]:
        status, body, headers = self.ask(question)
        if status != wanted:
            self.others[f"{question.method} {question.path}: {status}, not {wanted}"] += 1
        return body, headers

    def get(self, who: str, path: str) -> bytes:
        # As browsers do, and few programs.
        packed = {} if path.startswith("/api/") else {"accept-encoding": "gzip"}
        return self.send(Question(who, "GET", path, headers=packed), 200)[0]

    def turn(self) -> None:
        """The page after the one that was read last, or the first."""
        path = self.after or f"{CLAIMS}?page_size={self.size()}"
        found = json.loads(self.send(Question("nobody", "GET", path), 200)[0]).get("next")
        self.after = urlsplit(found)._replace(scheme="", netloc="").geturl() if found else ""

    def ask_again(self) -> None:
        """What has not changed since it was read: nobody publishes meanwhile."""
        path = self.chance.choice((self.claim(), self.dispute(), CLAIMS))
        if path in self.tags:
            self.send(Question("nobody", "GET", path, headers={"if-none-match": self.tags[path]}), 304)
        else:
            self.tags[path] = self.send(Question("nobody", "GET", path), 200)[1]["ETag"]

    def write(self) -> None:
        """A draft is entered, and the next time changed by who knows its state."""
        said, kind = f"Nothing grows, {self.mark}, {next(self.numbers)}.", {"content-type": "application/json"}
        if not self.drafts:
            body = json.dumps({"dispute": 1, "text": said}).encode()
            headers = {**kind, "idempotency-key": said}
            answer, told = self.send(Question("editor", "POST", CLAIMS, body, headers), 201)
            self.drafts.append((json.loads(answer)["id"], told["ETag"]))
        else:
            number, tag = self.drafts.pop()
            body = json.dumps({"text": said}).encode()
            headers = {**kind, "if-match": tag, "x-change-reason": "It was said otherwise."}
            self.send(Question("editor", "PATCH", f"{CLAIMS}{number}/", body, headers), 200)


def memory(service: Service, requests: int) -> Iterator[Goal]:
    """What the process holds after many requests, beside what it held after the first tenth of them."""
    readers = [Asking(service, number) for number in range(CLIENTS)]
    before = 0

    def work(number: int) -> None:
        for nth in range(*share):
            readers[number].go(nth)
            if number == 0 and nth % 50 == 0:
                bar("memory", nth * CLIENTS, requests)

    each = requests // CLIENTS
    for share in ((0, each // 10), (each // 10, each)):
        before = before or (resident(service) if share[0] else 0)
        with clients(work):
            pass
    bar("memory", requests, requests)
    growth = resident(service) / before
    others = sum((reader.others for reader in readers), Counter[str]())
    for what, number in others.most_common(20):
        sys.stderr.write(f"  {number} x {what}\n")
    yield (
        f"G18 memory after {requests:,} requests",
        f"{growth:.2f} x of {before // 2**20} MiB, {others.total()} not as they should be",
        "at most 1.2 x, 0",
        growth <= 1.2 and not others,
    )


def resident(service: Service) -> int:
    """Bytes in memory, of the process that answers."""
    assert service.process is not None
    pages = int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[1])
    return pages * 4_096
