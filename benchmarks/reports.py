"""What a reader gets of a report: its length, what it says twice, its weight, and where the first finding stands.

`python -m tests.engine sqlite -- python -m benchmarks.reports` counts it for every public dispute of the demo;
`--large` adds an invented dispute of 30 claims and 400 pieces of evidence. Where Chromium and playwright are there,
each page is opened in a wide and in a narrow window.

* A sentence ends in a full stop, a question mark, an exclamation mark or an ellipsis and has five words or more; a
  line is any paragraph, item, fact or quotation of five words or more. Counted is the share of the words of the report
  that stand in a sentence, or a line, that was printed before. Headings, the cells of tables and the imprint count as
  words alone: they name what stands elsewhere.
* A finding is the state of a question in a sentence, or the rating of a verdict.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import django
import html5lib  # type: ignore[import-untyped]
from pypdf import PdfReader

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import AnonymousUser, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import models  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from claims.models import (  # noqa: E402
    Assessment,
    Attribution,
    Claim,
    Dispute,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Question,
    Rating,
    Verdict,
)
from claims.reports.content.dossier import DisputeDossier  # noqa: E402
from claims.reports.formats.catalogue import FORMATS  # noqa: E402
from claims.reports.load.dossier import load_dispute  # noqa: E402
from claims.services.demo import create_people, load_disputes, load_vocabularies  # noqa: E402
from sources.models import Document, Source  # noqa: E402

LEAST = 5
WINDOWS = ((1280, 800), (390, 844))
_ENDS = re.compile(r"(?<=[.!?…])[”’\")»]*\s+(?=[^a-z])")
_STOP = re.compile(r"[.!?…][”’\")»]*$")
_FIRST = """() => {
    const found = [...document.querySelectorAll(".state, .rating")].map(it => it.getBoundingClientRect());
    const top = found.length ? Math.min(...found.map(it => it.top)) + scrollY : -1;
    return [Math.round(top), document.documentElement.scrollWidth, document.documentElement.scrollHeight];
}"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of one report; `file` is the report as HTML, with its style inside."""

    name: str
    pages: int
    words: int
    sentences: float
    lines: float
    finding: int
    weight: int
    page_seconds: float
    pdf_seconds: float
    twice: tuple[str, ...]
    file: bytes


def texts(page: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a report in HTML, each with the name of its element: without contents, pictures and imprint."""
    yield from _texts(html5lib.parse(page, namespaceHTMLElements=False).find(".//main"))


def _texts(parent: Any) -> Iterator[tuple[str, str]]:
    for child in parent:
        name = str(child.tag).rpartition("}")[2]
        if name in {"svg", "nav"}:
            continue
        if name in {"p", "caption", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4"}:
            for line_break in child.iter("br"):
                line_break.text = "\n"
            yield name, "".join(child.itertext())
        else:
            yield from _texts(child)


def lines_of(page: bytes) -> list[str]:
    """The paragraphs, items, facts and quotations of a report in HTML, of five words or more."""
    return [line for name, text in texts(page) if name in {"p", "dd"} for line in _lines(text)]


def sentences(lines: Iterable[str]) -> list[str]:
    """The sentences of five words or more in these lines."""
    return [part for line in lines for part in _ENDS.split(line) if _STOP.search(part) and _long(part)]


def repeated(parts: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """How many words stand in a part that was there before, and which parts these are."""
    seen: set[str] = set()
    words, twice = 0, []
    for part in parts:
        if part in seen:
            words += len(part.split())
            twice.append(part)
        seen.add(part)
    return words, tuple(twice)


def count(dossier: DisputeDossier, address: str) -> Figures:
    """The figures of one report."""
    start = time.process_time()
    pdf = FORMATS["pdf"].write(dossier)
    pdf_seconds = time.process_time() - start
    file = FORMATS["html"].write(dossier)
    found = list(texts(file))
    lines = lines_of(file)
    words = sum(len(text.split()) for _name, text in found)
    said_twice, twice = repeated(sentences(lines))
    start = time.process_time()
    page = Client().get(address).content
    return Figures(
        name=address.strip("/").partition("/")[2],
        pages=len(PdfReader(io.BytesIO(pdf)).pages),
        words=words,
        sentences=said_twice / words,
        lines=repeated(lines)[0] / words,
        finding=_page_of(pdf, dossier),
        weight=len(page),
        page_seconds=time.process_time() - start,
        pdf_seconds=pdf_seconds,
        twice=twice,
        file=file,
    )


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if _long(line):
            yield " ".join(line.split())


def _long(text: str) -> bool:
    return len(text.split()) >= LEAST


def _page_of(pdf: bytes, dossier: DisputeDossier) -> int:
    """The page of the PDF on which the first finding stands, 0 for none."""
    ratings = {claim.verdict.rating.label for claim in dossier.claims if claim.verdict}
    found = {"".join(text.split()) for text in {question.sentence for question in dossier.questions} | ratings if text}
    for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, start=1):
        shown = "".join(page.extract_text().split())
        if any(text in shown for text in found):
            return number
    return 0


def seen(pages: Iterable[bytes]) -> Iterator[list[tuple[int, int, int]]]:
    """For each page and window: how far down the first finding stands, the width and the height, in pixels; nothing
    where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the rest does without it
    except ImportError:
        return
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for page in pages:
            found = []
            for width, height in WINDOWS:
                tab = browser.new_page(viewport={"width": width, "height": height})
                tab.set_content(page.decode())
                found.append(tuple(tab.evaluate(_FIRST)))
                tab.close()
            yield found
        browser.close()


def invent(claims: int = 30, pieces: int = 400) -> Dispute:
    """A long dispute, written past the history: three questions, each piece of evidence on two claims or one."""
    random.seed(12)
    now = timezone.now()
    dispute = Dispute.objects.create(
        title="Invented: the long dispute", question="What happened at the bridge?", summary="Wholly invented."
    )

    def add(model: Any, rows: Any) -> list[Any]:
        return list(models.QuerySet.bulk_create(models.QuerySet[Any](model), list(rows)))

    questions = add(
        Question, (Question(dispute=dispute, order=n, text=f"What happened on day {n}?") for n in range(2, 5))
    )
    sources = add(
        Source, (Source(kind="organisation", name=f"Invented body {n}", slug=f"invented-body-{n}") for n in range(60))
    )
    works = add(
        Document,
        (Document(kind="article", title=f"Invented report {n} on the bridge", publisher=random.choice(sources))
         for n in range(80)),
    )  # fmt: skip
    rows = add(
        Claim,
        (Claim(dispute=dispute, question=questions[n % 3], text=f"In the {n + 1}th account {n + 3} lamps went out.",
               status="published", first_published_at=now) for n in range(claims)),
    )  # fmt: skip
    evidence = add(
        Evidence,
        (Evidence(kind="document", title=f"Invented letter {n} about the lamps", credibility=1 + n % 6,
                  description=f"Letter {n} tells of {n} lamps, by whom they were lit and how long they burned.")
         for n in range(pieces)),
    )  # fmt: skip
    add(EvidenceDocument, (EvidenceDocument(evidence=row, document=random.choice(works)) for row in evidence))
    links = [
        EvidenceLink(evidence=row, claim=claim, bearing=random.choice(["supports", "refutes"]),
                     strength=random.choice(["weak", "moderate", "strong"]),
                     note=f"Letter {place} was written in sight of what claim {claim.pk} tells.")
        for place, row in enumerate(evidence)
        for claim in random.sample(rows, 1 + place % 2)
    ]  # fmt: skip
    add(EvidenceLink, links)
    add(
        Attribution,
        (Attribution(claim=claim, source=random.choice(sources), stance=random.choice(["asserts", "denies"]),
                     said_on="2025-07-01", document=random.choice(works)) for claim in rows for _ in range(5)),
    )  # fmt: skip
    people = {name: User.objects.get(username=name) for name in ("editor", "reviewer", "researcher")}
    add(
        Assessment,
        (Assessment(evidence=link.evidence, claim=link.claim, analyst=people["researcher"],
                    rating=random.choice(["VI", "I", "N", "C", "VC"])) for link in links),
    )  # fmt: skip
    ratings = list(Rating.objects.all())
    add(
        Verdict,
        (Verdict(claim=claim, rating=random.choice(ratings), status="published", published_at=now,
                 author=people["editor"], reviewer=people["reviewer"], claim_text=claim.text,
                 summary=f"The letters on claim {claim.pk} go both ways.",
                 rationale=f"Of the letters on claim {claim.pk} no two were written by one hand.")
         for claim in rows if claim.pk % 4),
    )  # fmt: skip
    call_command("refresh_states", verbosity=0)
    return dispute


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also a dispute of 30 claims and 400 pieces of evidence")
    parser.add_argument("--show", action="store_true", help="print each sentence that is said twice")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    load_vocabularies()
    create_people()
    load_disputes()
    if options.large:
        invent()
    figures = [
        count(load_dispute(dispute, AnonymousUser()), f"/disputes/{dispute.slug}/")
        for dispute in Dispute.objects.public().order_by("pk")
    ]
    windows = list(seen(row.file for row in figures)) or [[]] * len(figures)
    print("pages  words  twice: sentences  lines  finding: page  px wide  narrow     kB  CPU: page    PDF  report")
    for row, places in zip(figures, windows, strict=True):
        tops = [str(top) for top, _width, _height in places] or ["?", "?"]
        print(
            f"{row.pages:>5} {row.words:>6} {row.sentences:>17.1%} {row.lines:>6.1%} {row.finding:>14}"
            f" {tops[0]:>8} {tops[1]:>7} {row.weight / 1000:>6.0f} {row.page_seconds:>10.2f} {row.pdf_seconds:>6.2f}"
            f"  {row.name}"
        )
        for sentence in row.twice if options.show else ():
            print(f"        {sentence}")


if __name__ == "__main__":
    main()
