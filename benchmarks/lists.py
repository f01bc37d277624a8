"""Lists, filters and details on a large register, as ratios to the plain first page of claims."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402

from claims.models import Attribution, Claim, Dispute, Evidence, EvidenceLink, Rating, Verdict  # noqa: E402
from claims.services.demo import create_people, load_vocabularies  # noqa: E402
from sources.models import Document, Source  # noqa: E402

BASE = "/api/v1/claims/"
ADDRESSES = [
    BASE,
    BASE + "?include=attributions,evidence,relations,verdict,reviews,inquiries",
    BASE + "?dispute=dispute-2&rating=contested",
    BASE + "?source=source-7",
    BASE + "?country=AZ",
    BASE + "?tag=t3",
    BASE + "?has_evidence=false",
    BASE + "?has_verdict=false",
    BASE + "?leaning=supported",
    BASE + "?search=word500",
    BASE + "777/",
    "/api/v1/sources/",
    "/api/v1/sources/?search=499",
    "/api/v1/sources/?ordering=name",
    "/api/v1/documents/",
    "/api/v1/evidence/",
    "/api/v1/evidence/?linked=false",
    "/api/v1/evidence-links/",
    "/api/v1/attributions/?source=source-7",
    "/api/v1/verdicts/?current=true",
    "/api/v1/disputes/",
    "/api/v1/disputes/dispute-400/",
    "/api/v1/disputes/dispute-400/report/html/",
]
FOR_THE_DESK = ["/admin/", "/admin/claims/claim/", "/admin/claims/claim/777/change/", "/admin/claims/verdict/"]


def fill(claims: int) -> None:
    """A register of that many claims, written past the history: it is about reading."""
    load_vocabularies()
    create_people()
    random.seed(1)
    now = timezone.now()
    few = max(claims // 20, 500)

    def add(model: Any, rows: Any) -> None:
        models.QuerySet.bulk_create(models.QuerySet(model), list(rows), batch_size=2_000)

    with transaction.atomic():
        add(Source, (Source(id=i, kind="organisation", name=f"Source {i}", slug=f"source-{i}",
                            country="AZ" if i % 2 else "RU") for i in range(1, few + 1)))  # fmt: skip
        add(Document, (Document(id=i, kind="article", title=f"Document {i}", publisher_id=i % few + 1)
                       for i in range(1, 4 * few + 1)))  # fmt: skip
        add(Dispute, (Dispute(id=i, title=f"Dispute {i}", slug=f"dispute-{i}", question="?")
                      for i in range(1, few + 1)))  # fmt: skip
        add(Claim, (Claim(id=i, dispute_id=i % few + 1, text=f"Claim {i} on word{i % 977}.", tags=[f"t{i % 50}"],
                          status="published" if i % 10 else "draft", first_published_at=now if i % 10 else None)
                    for i in range(1, claims + 1)))  # fmt: skip
        add(Attribution, (Attribution(claim_id=i % claims + 1, source_id=random.randint(1, few), stance="asserts",
                                      said_on="2025-07-01", document_id=random.randint(1, 4 * few))
                          for i in range(2 * claims)))  # fmt: skip
        add(Evidence, (Evidence(id=i, kind="document", title=f"Evidence {i}") for i in range(1, claims + 1)))
        add(EvidenceLink, (EvidenceLink(evidence_id=i, claim_id=(i * 7) % claims + 1,
                                        bearing=random.choice(["supports", "refutes"]))
                           for i in range(1, claims + 1) if i % 5))  # fmt: skip
        author, reviewer = User.objects.get(username="editor"), User.objects.get(username="reviewer")
        ratings = list(Rating.objects.all())
        add(Verdict, (Verdict(claim_id=i, rating=random.choice(ratings), rationale="x", status="published",
                              author=author, reviewer=reviewer, published_at=now)
                      for i in range(1, claims + 1) if i % 10 and i % 3))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seconds(client: Client, address: str, times: int = 3) -> float:
    """The median of some answers; the first, which warms up, is not counted."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        answer = client.get(address)
        taken.append(time.perf_counter() - start)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(taken[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    claims = parser.parse_args().claims
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    fill(claims)
    public, desk = Client(), Client()
    desk.force_login(User.objects.get(username="editor"))
    unit = seconds(public, BASE)
    print(f"{connection.vendor}, {claims:,} claims; 1.0 = {unit * 1000:.1f} ms on this machine in this run")
    print(f"{'public':>8} {'desk':>8}  address")
    for address in tqdm(ADDRESSES + FOR_THE_DESK, disable=None, leave=False):
        as_public = "" if address in FOR_THE_DESK else f"{seconds(public, address) / unit:.1f}"
        tqdm.write(f"{as_public:>8} {seconds(desk, address) / unit:>8.1f}  {address}")


if __name__ == "__main__":
    main()
