"""The rows of a made-up register of any size: each is a function of its number alone, so that every run has the same.

A dispute has twenty claims in a row, and what hangs on them lies beside each other as well, as it does where a desk
works on one dispute after the other. Per claim there are 2 attributions, 1.8 bearings of evidence, 0.8 pieces of
evidence with a document each, and about 1.1 verdicts; nine claims in ten are published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.chance import pick, sentence, skewed
from benchmarks.subjects import BLOCK, DOCUMENTS, LANGUAGES, Row, Subjects

ATTRIBUTIONS, LINKS, EVIDENCE = 40, 36, 16
"""Of one dispute."""
OFTEN = 60
"""So many more statements has the last claim of the last dispute."""
ANSWERING = (16, 1, 16, 3)
"""How many of the claims of a dispute answer its question, in turn: many contradict each other, one may settle it."""
COMMON_WORD, MID_WORD, RARE_WORD = "harbour", "sluice", "quoin"
"""In a sixth, in one in 120, and in the rare claims."""
RARE = 20
"""So many claims, spread over the register, are rare, however large it is: what finds them finds as many in each."""
COMMON_TAG, RARE_TAG = "t0", "rare"
RATINGS = (
    *(("supported", 400), ("refuted", 250), ("mostly_supported", 120), ("contested", 90), ("unproven", 80)),
    *(("mostly_refuted", 40), ("misleading", 20)),
)
"""How many of 1,000 verdicts say so."""
RARE_RATING = "outdated"
STANCES = ("asserts", "asserts", "asserts", "alleges", "suggests", "denies", "denies", "disputes", "relays", "retracts")


@dataclass(frozen=True, slots=True)
class Rows(Subjects):
    """All rows of a register, a generator for each noun: those of `Subjects`, the claims, and what hangs on them."""

    # --- claims ---

    def is_published(self, claim: int) -> bool:
        return claim % 10 != 0

    def dispute_of(self, claim: int) -> int | None:
        """One in a hundred stands alone."""
        return None if claim % 100 == 99 else (claim - 1) // BLOCK + 1

    def is_rare(self, claim: int) -> bool:
        step = max(self.claims // RARE, 1)
        return claim % step == 7 % step

    def text_of(self, claim: int) -> str:
        words = [word for word, one_in in ((COMMON_WORD, 6), (MID_WORD, 120)) if pick(claim, len(word), one_in) == 0]
        words += [RARE_WORD] if self.is_rare(claim) else []
        return " ".join([sentence(claim, 41)[:-1], *words, f"in case {claim}."])

    def claim(self) -> Iterator[Row]:
        for i in range(1, self.claims + 1):
            dispute = self.dispute_of(i)
            tags = list(dict.fromkeys(f"t{skewed(i, 42 + nth, 200)}" for nth in range(1 + i % 3)))
            published = self.is_published(i)
            yield {
                "id": i,
                "dispute_id": dispute,
                "question_id": dispute if (i - 1) % BLOCK < ANSWERING[(i - 1) // BLOCK % 4] else None,
                "text": self.text_of(i),
                "context": sentence(i, 45) if i % 3 == 0 else "",
                "language": LANGUAGES[pick(i, 46, len(LANGUAGES))],
                "status": "published" if published else "draft",
                "tags": [*tags, RARE_TAG] if self.is_rare(i) else tags,
                "first_published_at": self.entered(i) + timedelta(days=3) if published else None,
                **self.stamps(i),
            }

    def relation(self) -> Iterator[Row]:
        kinds = ("contradicts", "contradicts", "excludes", "refines")
        for i, block, place in self.blocks(4):
            first = block * BLOCK + 1 + 4 * place
            if first + 1 <= self.claims:
                yield {
                    "id": i,
                    "claim_id": first,
                    "other_id": first + 1,
                    "kind": kinds[place],
                    "note": sentence(i, 51),
                    **self.stamps(first + 1, 1),
                }

    def speech(self, number: int) -> tuple[int, int]:
        """Of which claim an attribution speaks, and its source."""
        claim = (number - 1) // ATTRIBUTIONS * BLOCK + 1 + pick(number, 61, BLOCK)
        return claim, skewed(number, 62, self.sources) + 1

    def statements(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Number of the statement, of the dispute (from 0), its place in that, its claim and its source."""
        for i, block, place in self.blocks(ATTRIBUTIONS):
            yield i, block, place, *self.speech(i)
        for place in range(OFTEN):
            i = self.disputes * ATTRIBUTIONS + 1 + place
            yield i, self.disputes - 1, ATTRIBUTIONS + place, self.last, skewed(i, 62, self.sources) + 1

    def attribution(self) -> Iterator[Row]:
        for i, block, place, claim, source in self.statements():
            if claim > self.claims:
                continue
            quoted = i % 2 == 0
            # One claim in a hundred is spoken of again after its verdict, which is stale since.
            late = place == 0 and block % 5 == 0
            yield {
                "id": i,
                "claim_id": claim,
                "source_id": source,
                "stance": STANCES[pick(i, 63, len(STANCES))],
                "said_on": str((self.entered(claim) - timedelta(days=pick(i, 64, 90))).date()),
                "quote": sentence(i, 65) if quoted else "",
                "quote_language": LANGUAGES[pick(i, 66, len(LANGUAGES))] if quoted else "",
                "capacity": "Spokesperson" if i % 4 == 0 else "",
                "on_behalf_of_id": skewed(i, 67, self.sources) + 1 if i % 20 == 0 else None,
                "document_id": block * DOCUMENTS + 1 + pick(i, 68, DOCUMENTS),
                "selector": {"type": "PageSelector", "page": str(1 + i % 30)} if i % 10 == 0 else None,
                **self.stamps(claim, 24 * 7 if late else 2),
            }

    # --- what bears on them ---

    def evidence(self) -> Iterator[Row]:
        kinds = ("document", "official_record", "testimony", "imagery", "data", "expert", "forensic", "physical")
        for i, block, place in self.blocks(EVIDENCE):
            yield {
                "id": i,
                "kind": kinds[pick(i, 71, len(kinds))],
                "title": sentence(i, 72)[:300],
                "description": sentence(i, 73),
                "observed_on": str(self.entered(block * BLOCK + 1).date()),
                "credibility": 1 + pick(i, 74, 6),
                "derived_from_id": i - 1 if place % 8 == 7 else None,
                "dispute_id": block + 1 if i % 10 == 0 else None,
                **self.stamps(block * BLOCK + 1, 1),
            }

    def carrier(self) -> Iterator[Row]:
        for i, block, _place in self.blocks(EVIDENCE):
            document = block * DOCUMENTS + 1 + pick(i, 81, DOCUMENTS)
            yield {"id": i, "evidence_id": i, "document_id": document, **self.stamps(block * BLOCK + 1, 1)}

    def link(self) -> Iterator[Row]:
        for i, block, place in self.blocks(LINKS):
            # 89 has no divisor in common with the 320 pairs: no pair comes twice, and every claim is reached.
            pair = (place * 89 + block * 7) % (BLOCK * EVIDENCE)
            claim = block * BLOCK + 1 + pair % BLOCK
            if claim <= self.claims:
                yield {
                    "id": i,
                    "evidence_id": block * EVIDENCE + 1 + pair // BLOCK,
                    "claim_id": claim,
                    "bearing": ("supports", "supports", "refutes", "context")[pick(i, 91, 4)],
                    "strength": ("weak", "moderate", "strong")[pick(i, 92, 3)],
                    "note": sentence(i, 93) if i % 2 else "",
                    "own_assertion": i % 20 == 0,
                    **self.stamps(claim, 3),
                }

    def verdict(self) -> Iterator[Row]:
        number = 0
        for claim in range(1, self.claims + 1):
            chance = pick(claim, 101, 100)
            first = None
            for step in self.verdict_steps(claim, chance):
                number += 1
                yield {"id": number, "claim_id": claim, "supersedes_id": first, **self.decision(claim, step, number)}
                first = number

    def verdict_steps(self, claim: int, chance: int) -> tuple[str, ...]:
        """A first verdict, a correction of it, or a draft where nothing is decided."""
        if self.is_published(claim):
            return ("draft",) if chance >= 88 else ("published", "correction") if chance < 18 else ("published",)
        return ("draft",) if chance < 30 else ()

    def decision(self, claim: int, step: str, number: int) -> Row:
        draft, correction = step == "draft", step == "correction"
        hours = 5 * 24 if correction else 4 * 24
        return {
            "rating_id": self.rating_of(number, claim),
            "summary": sentence(number, 102),
            "rationale": " ".join(sentence(number, salt) for salt in range(103, 107)),
            "likelihood": "likely" if number % 3 == 0 else "",
            "confidence": ("low", "moderate", "high")[pick(number, 107, 3)],
            "status": "draft" if draft else "published",
            "author_id": self.author,
            "reviewer_id": None if draft else self.reviewer,
            "submitted_at": None if draft else self.entered(claim) + timedelta(hours=hours - 1),
            "published_at": None if draft else self.entered(claim) + timedelta(hours=hours),
            "claim_text": "" if draft else self.text_of(claim),
            "review_by": (self.end + timedelta(days=number % 400 - 20)).date() if number % 100 == 0 else None,
            "correction_reason": "New findings." if correction else "",
            "correction_severity": "correction" if correction else "",
            **self.stamps(claim, hours),
        }

    def rating_of(self, number: int, claim: int) -> int:
        if self.is_rare(claim):
            return self.ratings[RARE_RATING]
        chance = pick(number, 108, 1_000)
        for code, share in RATINGS:
            if (chance := chance - share) < 0:
                return self.ratings[code]
        raise AssertionError("the shares are 1,000 in all")

    def review(self) -> Iterator[Row]:
        for i in range(1, self.claims // 10 + 1):
            claim = 10 * i - 3
            yield {
                "id": i,
                "claim_id": claim,
                "publisher_id": skewed(i, 111, self.sources) + 1,
                "url": f"https://check.example.org/{i}",
                "title": sentence(i, 112)[:300],
                "rating_text": "Mostly false",
                "reviewed_on": str(self.entered(claim).date()),
                "language": "en",
                **self.stamps(claim, 4),
            }

    def inquiry(self) -> Iterator[Row]:
        for i in range(1, self.claims // 20 + 1):
            claim = 20 * i - 7
            yield {
                "id": i,
                "claim_id": claim,
                "source_id": skewed(i, 121, self.sources) + 1,
                "asked_on": self.entered(claim).date(),
                "question": sentence(i, 122),
                "outcome": "answered" if i % 2 else "declined",
                "answer": sentence(i, 123) if i % 2 else "",
                **self.stamps(claim, 5),
            }

    def premise(self) -> Iterator[Row]:
        """One bearing in a hundred depends on another claim of the dispute."""
        number = 0
        for link in self.link():
            claim = link["claim_id"] + (1 if link["claim_id"] % BLOCK else -1)
            if link["id"] % 100 == 1 and claim <= self.claims:
                number += 1
                yield {"id": number, "link_id": link["id"], "claim_id": claim, **self.stamps(claim, 6)}
