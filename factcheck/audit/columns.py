"""Which columns the rows of history had when a release began: what the digests of entries from before then cover.

A column that was added later is no part of them, whatever the row holds there now. A release that adds columns to
recorded nouns adds here those that were there before.
"""

from __future__ import annotations

ALWAYS = frozenset(
    {
        *("id", "version", "created_at", "updated_at"),
        *("history_id", "history_date", "history_change_reason", "history_type", "history_user_id"),
    }
)
"""Columns that the history of every noun has."""

_FIRST = {
    "assessment": "rating note evidence_id claim_id analyst_id",
    "attribution": (
        "withdrawn_at withdrawn_reason stance said_on quote quote_language translation translator capacity selector "
        "anonymous anonymous_reason claim_id source_id on_behalf_of_id document_id relayed_from_id"
    ),
    "claim": (
        "text context language status tags quantity_min quantity_max quantity_unit check_reason first_published_at "
        "withdrawn_reason dispute_id"
    ),
    "claimrelation": "withdrawn_at withdrawn_reason kind point note claim_id other_id",
    "confirmation": "reason verdict_id reviewer_id",
    "dispute": "title slug question summary occurred_on place exclusive visibility",
    "disputemember": "dispute_id user_id",
    "document": "kind title url authors published_on language text retracted_on publisher_id",
    "evidence": "kind title description observed_on credibility derived_from_id dispute_id",
    "evidencedocument": "evidence_id document_id",
    "evidencelink": "withdrawn_at withdrawn_reason bearing strength note evidence_id claim_id",
    "importbatch": "origin digest format counts problems imported_by_id",
    "inquiry": (
        "withdrawn_at withdrawn_reason asked_on due_on channel question outcome answer answered_on claim_id source_id"
    ),
    "rating": "code label order leaning claimreview_value colour meaning scale_id",
    "ratingscale": "code name description",
    "review": (
        "withdrawn_at withdrawn_reason url title rating_text rating_value rating_best rating_worst reviewed_on "
        "language claim_id publisher_id rating_id"
    ),
    "snapshot": (
        "taken_at final_url archive_url file media_type size digest tool text broken_since document_id taken_by_id"
    ),
    "source": (
        "kind name slug description country website wikidata_id aliases reliability reliability_note interests "
        "withheld withheld_reason part_of_id"
    ),
    "verdict": (
        "summary rationale likelihood confidence status review_note submitted_at published_at correction_reason "
        "correction_severity claim_id rating_id author_id reviewer_id supersedes_id"
    ),
    "webhook": "name url actions active secret_generation secret_shown_at secret_rotated_at",
}
BEFORE: tuple[dict[str, frozenset[str]], ...] = (
    # Before twins led to the row into which they were merged.
    {
        "claim": ALWAYS | frozenset(f"{_FIRST['claim']} question_id reworded_at external_id".split()),
        "document": ALWAYS | frozenset(_FIRST["document"].split()),
        "source": ALWAYS | frozenset(f"{_FIRST['source']} part_of_since".split()),
    },
    # Before claims had an id of another system.
    {"claim": ALWAYS | frozenset(f"{_FIRST['claim']} question_id reworded_at".split())},
    # Before webhooks had owners and were narrowed to disputes and sources.
    {"webhook": ALWAYS | frozenset(_FIRST["webhook"].split())},
    # Before claims knew since when they have their wording.
    {"claim": ALWAYS | frozenset(f"{_FIRST['claim']} question_id".split())},
    {noun: ALWAYS | frozenset(names.split()) for noun, names in _FIRST.items()},
)
"""For each such release, the newest first, the columns of each noun that there was; object types as in the trail."""
