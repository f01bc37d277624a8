"""What counts as evidence against `docs/definitions.md`: whatever hangs on the links, looked at one by one."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim, EvidenceLink, Premise, Verdict
from claims.reports.load.origins import load_origins
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
EXAMPLES = int(os.environ.get("EXAMPLES", "12" if connection.vendor == "sqlite" else "5"))
RATINGS = ("supported", "mostly_refuted", "refuted")


class Ground(NamedTuple):
    """A claim on which evidence may depend: its status, and the ratings of its verdicts, each replacing the last."""

    status: str
    ratings: list[str]
    draft: str


class Leaning(NamedTuple):
    """A link: whether it is withdrawn, whether it is the claim's own assertion, and on which claims it depends; each
    by its place, and whether that premise was withdrawn."""

    withdrawn: bool
    own: bool
    premises: dict[int, bool]


GROUND = st.builds(
    Ground,
    st.sampled_from(["published", "published", "withdrawn", "draft"]),
    st.lists(st.sampled_from(RATINGS), max_size=2),
    st.sampled_from(["", "refuted"]),
)
LINK = st.builds(Leaning, st.booleans(), st.booleans(), st.dictionaries(st.integers(0, 2), st.booleans(), max_size=2))
WORLD = st.tuples(st.tuples(GROUND, GROUND, GROUND), st.lists(LINK, min_size=1, max_size=4))


def plain(row: Any) -> Any:
    """Store the row without rules and history: only reading is tested here."""
    QuerySet.bulk_create(QuerySet(type(row)), [row])
    return row


def enter_ground(told: Ground, people: tuple[Any, Any]) -> Claim:
    now = timezone.now()
    reason = {"withdrawn_reason": "x"} if told.status == "withdrawn" else {}
    claim = plain(Claim(text="x", status=told.status, first_published_at=now, **reason))
    content: dict[str, Any] = {"claim": claim, "rationale": "x", "author": people[0]}
    last = None
    for code in told.ratings:
        correction = {"correction_reason": "x", "correction_severity": "update"} if last else {}
        published = {"status": "published", "published_at": now, "reviewer": people[1], "supersedes": last}
        last = plain(Verdict(rating=make.rating(code), **content, **published, **correction))
    if told.draft:
        plain(Verdict(rating=make.rating(told.draft), status="draft", **content))
    return claim


def holds(ground: Ground) -> bool:
    """A claim fails when it is withdrawn, or its last published verdict says "refuted" and nothing milder."""
    return ground.status != "withdrawn" and ground.ratings[-1:] != ["refuted"]


def counts(link: Leaning, grounds: tuple[Ground, ...]) -> bool:
    depends = [grounds[place] for place, withdrawn in link.premises.items() if not withdrawn]
    return not link.withdrawn and not link.own and all(map(holds, depends))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=WORLD)
def test_a_link_counts_as_the_definition_says(world: Any) -> None:
    grounds, told = world
    people, now = (make.someone("Researcher"), make.someone("Reviewer")), timezone.now()
    claims = [enter_ground(ground, people) for ground in grounds]
    about = plain(Claim(text="x", status="published", first_published_at=now))
    wanted = {}
    for link in told:
        gone = {"withdrawn_at": now} if link.withdrawn else {}
        evidence = make.make_evidence()
        fields: dict[str, Any] = {"bearing": "supports", "own_assertion": link.own, **gone}
        row = plain(EvidenceLink(claim=about, evidence=evidence, **fields))
        for place, withdrawn in link.premises.items():
            plain(Premise(link=row, claim=claims[place], **({"withdrawn_at": now} if withdrawn else {})))
        wanted[row.pk] = counts(link, grounds)
    counting = set(EvidenceLink.objects.counting().filter(claim=about).values_list("pk", flat=True))
    assert counting == {pk for pk, counted in wanted.items() if counted}
    reasons = {row.pk: row.discounted for row in EvidenceLink.objects.standing().filter(claim=about).with_undercut()}
    assert {pk for pk, reason in reasons.items() if not reason} == counting
    assert load_origins([about.pk], people[0]).on_claim(about.pk).evidence["supports"].total == len(counting)
