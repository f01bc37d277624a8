"""Claims and disputes over REST as they stood at one moment, in the representation that they have now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.models import Claim, Dispute, DisputeMember
from claims.reports.load.as_of import Past, under
from claims.reports.load.as_of_rows import NOTHING, by_said_on, rows_at, state_at
from claims.reports.load.assemble import current_verdict
from claims.reports.load.origins import Heard, heard_in
from claims.reports.load.staleness import why_stale
from factcheck.base.errors import Absent
from factcheck.models.versions import join


def claim_then(pk: int, user: Any, moment: datetime) -> Claim:
    """The claim with its parts as `user` may read them. Raises Absent when there was nothing to read."""
    past = Past(moment, user)
    claim = past.claim(pk)
    if claim is None:
        raise Absent(NOTHING)
    past.load({pk: claim}, {pk: claim})
    _show_parts(past)
    return claim


def dispute_then(pk: int, user: Any, moment: datetime) -> Dispute:
    """The dispute with its claims as `user` may read them. Raises Absent when there was nothing to read."""
    past = Past(moment, user)
    dispute = past.dispute(pk)
    claims = past.claims_of(dispute) if dispute is not None else {}
    readable = past.readable(claims)
    if dispute is None or not (readable or past.desk):
        raise Absent(NOTHING)
    past.load(claims, readable)
    heard = _show_parts(past)
    members = past.versions.where(DisputeMember, "dispute", {pk})
    join(members.values(), "user", past.people({row.user_id for row in members.values()}))
    dispute._prefetched_objects_cache = {"members": list(members.values())}  # type: ignore[attr-defined]
    dispute.state = state_at(past, dispute)  # type: ignore[attr-defined]
    dispute.shown_claims = list(readable.values())  # type: ignore[attr-defined]
    dispute.shown_origins = heard.on_claims(list(readable))  # type: ignore[attr-defined]
    return dispute


def _show_parts(past: Past) -> Heard:
    """Attach to each claim what `load_parts` attaches to the claims of today; what was said and shown then."""
    rows = rows_at(past)
    heard = heard_in(rows)
    for row in past.attributions.values():
        # What was found then, not what a look today would find.
        row._state.fields_cache["quote_check"] = rows.quotes.get(row.pk)
    attributions = sorted(past.attributions.values(), key=by_said_on)
    said = under("claim_id", past.visible(attributions))
    links = under("claim_id", past.visible(past.links.values()))
    told, back = (under(end, past.visible(past.relations.values())) for end in ("claim_id", "other_id"))
    verdicts = under("claim_id", past.verdicts.values())
    reviews = under("claim_id", past.visible(past.reviews.values()))
    asked = sorted(past.inquiries.values(), key=lambda row: (row.asked_on, row.pk), reverse=True)
    inquiries = under("claim_id", past.visible(asked))
    confirmed = under("verdict_id", past.confirmations.values())
    for pk, verdict in past.verdicts.items():
        verdict._prefetched_objects_cache = {"confirmations": confirmed.get(pk, [])}
    for pk, claim in past.shown.items():
        claim.shown_attributions = said.get(pk, [])
        claim.shown_links = links.get(pk, [])
        claim.shown_relations = told.get(pk, []) + back.get(pk, [])
        claim.shown_verdict = current_verdict(verdicts.get(pk, []))
        claim.shown_reviews = reviews.get(pk, [])
        claim.shown_inquiries = inquiries.get(pk, [])
        claim.shown_origins = heard.on_claim(pk)
        claim.shown_stale = why_stale(claim, claim.shown_verdict, rows) if past.desk else ()
    return heard
