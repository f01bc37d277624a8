"""Claims and disputes over REST as they stood at one moment, in the representation that they have now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from claims.models import Claim, Dispute, DisputeMember
from claims.models.parts import ClaimParts, DisputeParts
from claims.reports.load.absent import absent
from claims.reports.load.as_of import Past, under
from claims.reports.load.as_of_rows import by_said_on, rows_at, withdrawn_at
from claims.reports.load.origins import OriginRows, origins_in
from claims.reports.load.question_at import find_states_at, questions_at
from claims.reports.load.questions import states_in
from claims.reports.load.staleness import why_stale
from claims.rules.current_verdict import current_verdict
from claims.rules.question_state import dispute_state
from factcheck.base.people import Reader
from factcheck.models.versions import join, join_many


def claim_then(pk: int, user: Reader, moment: datetime) -> Claim:
    """The claim with its parts as `user` may read them. Raises Absent when there was nothing to read."""
    past = Past(moment, user)
    claim = past.claim(pk)
    if claim is None:
        raise absent(Claim, pk, user, moment)
    past.load({pk: claim}, {pk: claim})
    _show_parts(past)
    return claim


def dispute_then(pk: int, user: Reader, moment: datetime) -> Dispute:
    """The dispute with its claims as `user` may read them. Raises Absent when there was nothing to read."""
    past = Past(moment, user)
    dispute = past.dispute(pk)
    claims = past.claims_of(dispute) if dispute is not None else {}
    readable = past.readable(claims)
    if dispute is None or not (readable or past.desk):
        raise absent(Dispute, pk, user, moment)
    past.load(claims, readable)
    questions = questions_at(past, dispute)
    find_states_at(past, questions, replace(rows_at(past), withdrawn=withdrawn_at(past)))
    origins = _show_parts(past)
    members = past.versions.where(DisputeMember, "dispute", {pk})
    join(members.values(), "user", past.people({row.user_id for row in members.values()}))
    join_many([dispute], "members", {pk: list(members.values())})
    dispute.state = dispute_state(states_in(questions))
    dispute.parts = DisputeParts(list(readable.values()), origins.on_claims(list(readable)), questions)
    return dispute


def _show_parts(past: Past) -> OriginRows:
    """Load beside each claim what `load_parts` loads beside those of today; what was said and shown then."""
    rows = rows_at(past)
    origins = origins_in(rows)
    for row in past.attributions.values():
        # What was found then, not what a look today would find.
        row._state.fields_cache["quote_check"] = rows.quotes.get(row.pk)
    attributions = sorted(past.attributions.values(), key=by_said_on)
    said = under("claim_id", past.visible(attributions))
    links = under("claim_id", past.visible(past.links.values()))
    onward, back = (under(end, past.visible(past.relations.values())) for end in ("claim_id", "other_id"))
    verdicts = under("claim_id", past.verdicts.values())
    reviews = under("claim_id", past.visible(past.reviews.values()))
    asked = sorted(past.inquiries.values(), key=lambda row: (row.asked_on, row.pk), reverse=True)
    inquiries = under("claim_id", past.visible(asked))
    confirmed = under("verdict_id", past.confirmations.values())
    join_many(past.verdicts.values(), "confirmations", confirmed)
    for pk, claim in past.shown.items():
        verdict = current_verdict(verdicts.get(pk, []))
        claim.parts = ClaimParts(
            attributions=said.get(pk, []),
            evidence=links.get(pk, []),
            relations=onward.get(pk, []) + back.get(pk, []),
            verdict=verdict,
            reviews=reviews.get(pk, []),
            inquiries=inquiries.get(pk, []),
            origins=origins.on_claim(pk),
            contradicted_by=list(rows.speakers.contradicting(pk)),
            taken_back=list(rows.speakers.taken_back(pk)),
            stale=why_stale(claim, verdict, rows) if past.desk else (),
        )
    return origins
