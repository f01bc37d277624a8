"""What counts as evidence against `docs/definitions.md`: whatever hangs on the links, looked at one by one."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim, Evidence, EvidenceLink, Premise, Verdict
from claims.reports.load.origins import load_origins
from claims.rules.counting import Linked, find_discounts
from claims.services.discount import refresh_discounts
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
    by its place, and whether that premise was withdrawn. With it the set of which it is part, and of its evidence from
    how many links before it that derives, and whether it says why it is independent."""

    withdrawn: bool
    own: bool
    premises: dict[int, bool]
    set_name: str = ""
    back: int = 0
    independent: bool = False


GROUND = st.builds(
    Ground,
    st.sampled_from(["published", "published", "withdrawn", "draft"]),
    st.lists(st.sampled_from(RATINGS), max_size=2),
    st.sampled_from(["", "refuted"]),
)
RARELY = st.sampled_from([False, False, False, True])
LINK = st.builds(
    Leaning,
    RARELY,
    RARELY,
    st.dictionaries(st.integers(0, 2), st.booleans(), max_size=1),
    st.sampled_from(["", "", "one set", "another"]),
    st.integers(0, 2),
    RARELY,
)
WORLD = st.tuples(st.tuples(GROUND, GROUND, GROUND), st.lists(LINK, min_size=1, max_size=7))


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


def repeats_own(links: list[Leaning], place: int) -> bool:
    """Whether one goes from the piece back to an own assertion that stands, past nothing that is independent."""
    link = links[place]
    before = place - link.back
    if link.independent or not link.back or before < 0:
        return False
    return (links[before].own and not links[before].withdrawn) or repeats_own(links, before)


def falls(link: Leaning, grounds: tuple[Ground, ...]) -> bool:
    return any(not holds(grounds[one]) for one, withdrawn in link.premises.items() if not withdrawn)


def repeats_fallen(links: list[Leaning], place: int, grounds: tuple[Ground, ...]) -> bool:
    """Whether one goes from the piece back to a standing one whose premise falls, past nothing that is independent."""
    link = links[place]
    before = place - link.back
    if link.independent or not link.back or before < 0:
        return False
    fallen = falls(links[before], grounds) and not links[before].withdrawn
    return fallen or repeats_fallen(links, before, grounds)


def counts_alone(links: list[Leaning], place: int, grounds: tuple[Ground, ...]) -> bool:
    link = links[place]
    apart = not link.own and not repeats_own(links, place) and not repeats_fallen(links, place, grounds)
    return not link.withdrawn and apart and not falls(link, grounds)


def counts(links: list[Leaning], place: int, grounds: tuple[Ground, ...]) -> bool:
    name = links[place].set_name
    parts = [one for one, link in enumerate(links) if one == place or (name and link.set_name == name)]
    return all(counts_alone(links, one, grounds) for one in parts)


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
    wanted, pieces = {}, []
    for number, link in enumerate(told):
        gone = {"withdrawn_at": now} if link.withdrawn else {}
        origin = pieces[number - link.back] if 0 < link.back <= number else None
        reason = "x" if link.independent else ""
        evidence = plain(Evidence(kind="document", title="x", derived_from=origin, independent_because=reason))
        pieces.append(evidence)
        fields: dict[str, Any] = {"bearing": "supports", "own_assertion": link.own, "set_name": link.set_name, **gone}
        row = plain(EvidenceLink(claim=about, evidence=evidence, **fields))
        for place, withdrawn in link.premises.items():
            plain(Premise(link=row, claim=claims[place], **({"withdrawn_at": now} if withdrawn else {})))
        wanted[row.pk] = counts(told, number, grounds)
    refresh_discounts([about.pk])
    counting = set(EvidenceLink.objects.counting().filter(claim=about).values_list("pk", flat=True))
    assert counting == {pk for pk, counted in wanted.items() if counted}
    reasons = {row.pk: row.discounted for row in EvidenceLink.objects.standing().filter(claim=about).with_discount()}
    assert {pk for pk, reason in reasons.items() if not reason} == counting
    editor = make.someone("Editor")
    origins = load_origins([about.pk], editor).on_claim(about.pk)
    sets = Counter(told[number].set_name for number, pk in enumerate(wanted) if pk in counting)
    assert origins.evidence["supports"].total == sets.pop("", 0) + len(sets)
    # The rule on plain values, of which the past is told.
    failing = set(Premise.objects.failing().values_list("link", flat=True))
    links = [
        Linked(
            *(row.pk, row.claim_id, row.evidence_id, row.own_assertion, row.pk in failing, row.set_name),
            stands=row.withdrawn_at is None,
        )
        for row in EvidenceLink.objects.filter(claim=about)
    ]
    follows = {row.pk: row.derived_from_id for row in pieces if not row.independent_because}
    found = find_discounts(links, follows)
    assert {pk: found[pk] for pk in reasons} == reasons
