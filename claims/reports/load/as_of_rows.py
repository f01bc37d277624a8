"""The rows of a dossier as they stood at one moment: what `Rows.of` reads from the register, read from its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from claims.choices import ClaimStatus
from claims.logic.pieces import Kinship
from claims.logic.voices import Voices
from claims.models import Attribution, Claim, Dispute, Question
from claims.reports.load.absent import absent
from claims.reports.load.as_of import Past, under
from claims.reports.load.question_at import find_states_at, questions_at, rivalry_at
from claims.reports.load.rows import Rows
from claims.reports.load.speakers import Speakers, statement
from claims.services.quotecheck import check_quotes
from factcheck.base.people import Reader
from sources.models import Snapshot


class DisputeAt(NamedTuple):
    """A dispute as it stood: its questions with their states, those of its claims that the reader may read, and what
    hung on them."""

    dispute: Dispute
    questions: list[Question]
    claims: list[Claim]
    rows: Rows


def dispute_at(pk: int, user: Reader, moment: datetime) -> DisputeAt:
    """The dispute as it stood, as far as `user` may know of it.

    Raises Absent when there was nothing that they could read then and may read now.
    """
    past = Past(moment, user)
    dispute = past.dispute(pk)
    claims = past.claims_of(dispute) if dispute is not None else {}
    readable = past.readable(claims)
    if dispute is None or not (readable or past.desk):
        raise absent(Dispute, pk, user, moment)
    past.load(claims, readable)
    questions = questions_at(past, dispute)
    rows = rows_at(past)
    find_states_at(past, questions, replace(rows, withdrawn=withdrawn_at(past)))
    return DisputeAt(dispute, questions, list(readable.values()), rows)


def claim_at(pk: int, user: Reader, moment: datetime) -> tuple[Claim, Rows]:
    """The claim as it stood, and what hung on it. Raises Absent as `dispute_at` does."""
    past = Past(moment, user)
    claim = past.claim(pk)
    if claim is None:
        raise absent(Claim, pk, user, moment)
    past.load({pk: claim}, {pk: claim})
    return claim, rows_at(past)


def rows_at(past: Past) -> Rows:
    """What hung on the claims that `past` has loaded, under the ids and in the order of `Rows.of`."""
    links = _standing(past.links.values())
    linked = {link.evidence_id for link in links}
    relations = _standing(past.relations.values())
    carriers = [row for row in past.carriers.values() if row.evidence_id in linked]
    verdicts = [row for row in past.verdicts.values() if row.claim_id in past.shown | past.others]
    on_claims = under("claim_id", relations), under("other_id", relations)
    return Rows(
        attributions=under("claim_id", sorted(_standing(past.attributions.values()), key=by_said_on)),
        speakers=_speakers(past),
        links=under("claim_id", links),
        premises=under("link_id", _standing(past.premises.values())),
        kinship=Kinship(
            derived_from={pk: row.derived_from_id for pk, row in past.evidence.items()},
            carriers=under_carrier(past),
            independent=frozenset(pk for pk, row in past.evidence.items() if row.independent_because),
        ),
        titles={pk: past.evidence[pk].title for pk in past.readable_evidence if pk in past.evidence},
        carriers={pk: [row.document for row in rows] for pk, rows in under("evidence_id", carriers).items()},
        snapshots=under("document_id", sorted(past.snapshots.values(), key=_newest_first)),
        verdicts=under("claim_id", verdicts),
        relations={pk: [*on_claims[0].get(pk, ()), *on_claims[1].get(pk, ())] for pk in {*on_claims[0], *on_claims[1]}},
        reviews=under("claim_id", _standing(past.reviews.values())),
        inquiries=under("claim_id", sorted(_standing(past.inquiries.values()), key=lambda row: (row.asked_on, row.pk))),
        assessments=under("claim_id", (row for row in past.assessments.values() if row.evidence_id in linked)),
        confirmations=under("verdict_id", past.confirmations.values()),
        quotes=check_quotes(past.attributions.values(), past.documents, past.snapshots.values()),
        carried={pk: at for pk, at in past.carried.items() if pk in linked},
        withdrawn=withdrawn_at(past) if past.desk else {},
        bodies=past.sources,
        affiliations=past.affiliations,
        moment=past.moment,
    )


def _speakers(past: Past) -> Speakers:
    said = sorted([*past.attributions.values(), *past.said_beside.values()], key=by_said_on)
    voices = Voices(map(statement, said))
    known = past.shown | past.others
    rivalry = rivalry_at(past, known)

    def near(of: Callable[[int], list[int]]) -> dict[int, list[Claim]]:
        found = {pk: [known[other] for other in of(pk) if other in known] for pk in past.shown}
        return {pk: [row for row in rows if row.status != ClaimStatus.WITHDRAWN] for pk, rows in found.items()}

    return Speakers(voices, near(rivalry.of), past.sources, near(rivalry.repeats))


def under_carrier(past: Past) -> dict[int, list[int]]:
    """The documents of each piece of evidence that they join to others."""
    found: dict[int, list[int]] = {}
    for row in past.carriers.values():
        if past.evidence[row.evidence_id].joined_by_documents:
            found.setdefault(row.evidence_id, []).append(row.document_id)
    return found


def _standing(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.withdrawn_at is None]


def withdrawn_at(past: Past) -> dict[int, list[Any]]:
    """What stood no more on the claims, under its claim."""
    found: dict[int, list[Any]] = {}
    for rows, ends in (
        (past.attributions, ("claim_id",)),
        (past.links, ("claim_id",)),
        (past.relations, ("claim_id", "other_id")),
    ):
        for row in rows.values():
            for end in ends if row.withdrawn_at is not None else ():
                found.setdefault(getattr(row, end), []).append(row)
    for row in past.premises.values():
        if row.withdrawn_at is not None and row.link.withdrawn_at is None:
            found.setdefault(row.link.claim_id, []).append(row)
    return found


def by_said_on(row: Attribution) -> tuple[bool, str, int]:
    """In order of time, what has no date last, as `Attribution.objects.by_said_on`."""
    return row.said_on == "", row.said_on, row.pk


def _newest_first(row: Snapshot) -> tuple[float, int]:
    return -row.taken_at.timestamp(), -row.pk
