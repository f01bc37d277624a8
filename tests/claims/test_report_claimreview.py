"""ClaimReview: what schema.org and the fact-check tools require, and nothing that is not public."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.models import Claim, Dispute
from claims.reports.content.dossier import Dossier
from claims.reports.formats import claimreview
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import withdraw_claim
from tests.claims.report_case import make_rivals
from tests.factories import make_attribution, make_claim, make_document, make_published, make_source

pytestmark = pytest.mark.usefixtures("register")


def written(dossier: Dossier) -> Any:
    return json.loads(claimreview.write(dossier))


@pytest.fixture
def rivals(ann: Any, reviewer: Any) -> Dispute:
    return make_rivals(ann, reviewer)


def test_a_decided_claim_has_all_required_properties(rivals: Dispute, anonymous: Any, settings: Any) -> None:
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_NEWSROOM = "https://desk.example.org", "The Desk"
    claim = Claim.objects.get(text__startswith="One man")
    review = written(load_claim(claim, anonymous))
    assert review.pop("datePublished") == review["correction"].pop("datePublished")
    assert review == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"https://desk.example.org/claims/{claim.pk}/",
        "claimReviewed": "One man died of heart failure.",
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": "The Desk", "url": "https://desk.example.org/"},
        "itemReviewed": {
            "@type": "Claim",
            "@id": f"https://desk.example.org/claims/{claim.pk}/#claim",
            "text": "One man died of heart failure.",
            "datePublished": "2025-06-28",
            "author": {
                "@type": "Organization",
                "name": "Investigative Committee",
                "sameAs": ["https://www.wikidata.org/wiki/Q4201918"],
            },
            "firstAppearance": {
                "@type": "CreativeWork",
                "url": "https://paper.example.org/1?a=1&b=2",
                "name": "Two brothers dead",
                "datePublished": "2025-07-03",
                "archivedAt": "https://archive.example.org/paper/1",
            },
            "isPartOf": {
                "@type": "CreativeWork",
                "name": "Deaths in custody",
                "url": f"https://desk.example.org/disputes/{rivals.slug}/",
            },
        },
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 4,
            "worstRating": 1,
            "bestRating": 5,
            "alternateName": "Mostly supported",
            "ratingExplanation": "The file supports it.",
        },
        "correction": {"@type": "CorrectionComment", "text": "A court published its file."},
    }


def test_a_dispute_is_an_array_of_its_decided_claims(rivals: Dispute, anonymous: Any) -> None:
    make_claim("Not decided.", dispute=rivals, published=True)
    reviews = written(load_dispute(rivals, anonymous))
    assert [review["reviewRating"]["alternateName"] for review in reviews] == ["Mostly supported", "Unproven"]


def test_a_rating_without_a_number_gets_none(rivals: Dispute, anonymous: Any) -> None:
    unproven = written(load_dispute(rivals, anonymous))[1]["reviewRating"]
    assert not {"ratingValue", "bestRating", "worstRating"} & set(unproven)


def test_a_claim_without_a_published_verdict_is_refused(anonymous: Any) -> None:
    with pytest.raises(claimreview.NoPublishedVerdict) as refusal:
        claimreview.write(load_claim(make_claim(published=True), anonymous))
    assert (refusal.value.status, refusal.value.code) == (404, "no_published_verdict")


def test_a_withdrawn_claim_is_no_claim_review_for_the_desk_either(reviewer: Any) -> None:
    claim = make_published().claim
    withdraw_claim(actor=reviewer, claim=claim, reason="A mix-up.")
    with pytest.raises(claimreview.NoPublishedVerdict):
        claimreview.write(load_claim(claim, reviewer))


def test_a_withheld_source_stays_unnamed_even_for_the_desk(reviewer: Any, anonymous: Any) -> None:
    claim = make_published().claim
    source = make_source("Nadia Secret", withheld=True, withheld_reason="Safety.")
    make_attribution(claim, source=source, document=make_document(publisher=source, url="https://secret.example.org/"))
    for user in (reviewer, anonymous):
        item = written(load_claim(claim, user))["itemReviewed"]
        assert "author" not in item
        assert "firstAppearance" not in item


def test_who_denies_a_claim_is_not_its_author(anonymous: Any) -> None:
    claim = make_published().claim
    make_attribution(claim, source=make_source("Denier"), stance="denies", said_on="2024")
    make_attribution(claim, source=make_source("Outlet"), stance="relays", said_on="2024")
    make_attribution(claim, source=make_source("Speaker", kind="person"), capacity="minister", said_on="2025")
    author = written(load_claim(claim, anonymous))["itemReviewed"]["author"]
    assert author == {"@type": "Person", "name": "Speaker", "jobTitle": "minister"}
