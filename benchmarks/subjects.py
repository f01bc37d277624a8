"""Who and what is spoken of in a made-up register: its sources, documents, disputes and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.chance import WORDS, pick, sentence, skewed

Row = dict[str, Any]

BLOCK = 20
"""Claims of one dispute."""
DOCUMENTS = 8
"""Of one dispute."""
DAYS = 700
"""Over so many days the register was filled, to the evening before."""
COUNTRIES = ("AZ", "AZ", "AZ", "RU", "RU", "GB", "FR", "DE", "US", "IS")
LANGUAGES = ("en", "en", "en", "en", "en", "en", "ru", "az")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who and what is spoken of in a register with `claims` claims; `end` is when the last was entered."""

    claims: int
    end: datetime
    author: int
    reviewer: int
    ratings: dict[str, int]

    @property
    def sources(self) -> int:
        return max(self.claims // 20, 50)

    @property
    def disputes(self) -> int:
        return max(self.claims // BLOCK, 1)

    @property
    def last(self) -> int:
        """The last claim of the last dispute."""
        return min(self.disputes * BLOCK, self.claims)

    def entered(self, claim: int) -> datetime:
        """When the claim was entered; what hangs on it follows within two days."""
        return self.end - timedelta(days=DAYS) * (1 - claim / (self.claims + 1)) - timedelta(days=8)

    def stamps(self, claim: int, hours: float = 0) -> Row:
        at = self.entered(claim) + timedelta(hours=hours)
        return {"version": 1, "created_at": at, "updated_at": at}

    def blocks(self, in_each: int) -> Iterator[tuple[int, int, int]]:
        """Number of the row, of the dispute (from 0), and the row's place in it."""
        for number in range(self.disputes * in_each):
            yield number + 1, number // in_each, number % in_each

    def source(self) -> Iterator[Row]:
        for i in range(1, self.sources + 1):
            withheld = self.is_withheld(i)
            yield {
                "id": i,
                "kind": ("organisation", "person", "state_body", "news_outlet")[i % 4],
                "name": f"{WORDS[pick(i, 1, 3_000)].capitalize()} {i}",
                "slug": f"source-{i}",
                "description": sentence(i, 2),
                "country": COUNTRIES[pick(i, 3, len(COUNTRIES))],
                "part_of_id": i - 1 if i % 7 == 0 else None,
                "reliability": "ABCDEF"[pick(i, 4, 6)],
                "withheld": withheld,
                "withheld_reason": "At the request of the source." if withheld else "",
                **self.stamps(1),
            }

    def is_withheld(self, source: int) -> bool:
        return source % 100 == 50

    def document(self) -> Iterator[Row]:
        for i, block, _place in self.blocks(DOCUMENTS):
            yield {
                "id": i,
                "kind": ("article", "statement", "report", "video", "post")[pick(i, 11, 5)],
                "title": sentence(i, 12)[:300],
                "url": f"https://press.example.org/{i}",
                "publisher_id": skewed(i, 13, self.sources) + 1,
                "published_on": str(self.entered(block * BLOCK + 1).date()),
                "language": LANGUAGES[pick(i, 14, len(LANGUAGES))],
                **self.stamps(block * BLOCK + 1),
            }

    def dispute(self) -> Iterator[Row]:
        for i in range(1, self.disputes + 1):
            yield {
                "id": i,
                "title": f"Dispute {i}: {WORDS[pick(i, 21, 3_000)]} and {WORDS[pick(i, 22, 3_000)]}",
                "slug": f"dispute-{i}",
                "question": f"What happened in case {i}?",
                "summary": sentence(i, 23),
                "occurred_on": str(self.entered(i * BLOCK - 10).date()),
                "visibility": self.visibility(i),
                **self.stamps(i * BLOCK - BLOCK + 1),
            }

    def visibility(self, dispute: int) -> str:
        if dispute % 200 == 101:
            return "restricted"
        return "internal" if dispute % 50 == 25 else "public"

    def question(self) -> Iterator[Row]:
        for i in range(1, self.disputes + 1):
            answered = i % 5 == 0
            yield {
                "id": i,
                "dispute_id": i,
                "order": 1,
                "text": f"What happened in case {i}?",
                "exclusive": i % 2 == 0,
                "answer": sentence(i, 31) if answered else "",
                "answer_author_id": self.author if answered else None,
                "answer_reviewer_id": self.reviewer if answered else None,
                "answer_published_at": self.entered(i * BLOCK) + timedelta(days=7) if answered else None,
                **self.stamps(i * BLOCK - BLOCK + 1),
            }
