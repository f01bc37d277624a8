"""The dispute that the tests of reports share: rivals with one of everything, in four scripts, and hostile texts."""

from __future__ import annotations

from typing import Any

from claims.models import Claim, Dispute
from claims.services import correct_verdict, publish_verdict, submit_verdict
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_inquiry,
    make_link,
    make_published,
    make_relation,
    make_review,
    make_snapshot,
    make_source,
    make_verdict,
    rating,
)

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) **bold** `code` | =1+1"
ARABIC = "لم يُعلن بعد سبب الوفاة الثانية."
RUSSIAN = "Причина второй смерти устанавливается."
MARKUP = r"#let x = $a^2$ *b* _i_ @ref <label> \ `raw` // c /* d */ = head - + \u{41} #panic() ' \" ~ --"
HEBREW = "משרד המשפטים אמר כי המקרה נבדק."
GEORGIAN = "საქართველოს მთავრობა"
ARMENIAN = "Հայաստանի կառավարություն"
ENDLESS = "x" * 400
AZERBAIJANI = "İşgəncə və qətl faktı üzrə cinayət işi başlanıb."


def make_full_claim(dispute: Dispute | None, number: int = 1) -> Claim:
    """A published claim with one of everything that a report shows."""
    claim = make_claim(f"Claim {number} of many.", dispute=dispute)
    paper = make_document(publisher=make_source(part_of=make_source()))
    make_snapshot(paper)
    said = make_attribution(claim, document=paper)
    make_attribution(claim, stance="relays", relayed_from=said, document=paper, on_behalf_of=make_source())
    base = make_evidence("Base")
    make_link(claim, "supports", evidence=make_evidence("Derived", documents=[paper], derived_from=base))
    make_link(claim, "refutes")
    make_published(claim)
    make_relation(claim, make_claim(published=True))
    make_review(claim)
    make_inquiry(claim)
    return claim


def make_rivals(author: Any, reviewer: Any) -> Dispute:
    """Three rivals: one with a corrected verdict and all that a report can show, one hostile, one still a draft."""
    dispute = make_dispute(
        "Deaths in custody",
        question="What caused the deaths?",
        summary="Two men died.",
        occurred_on="2025-06",
        place="Yekaterinburg",
        exclusive=True,
    )
    heart = make_claim(
        "One man died of heart failure.", dispute=dispute, quantity_min=1, quantity_max=1, quantity_unit="death"
    )
    beaten = make_claim(
        f"Both were beaten to death. {HOSTILE}", dispute=dispute, context=HOSTILE, tags=["=cmd|' /C calc'!A0"]
    )
    make_claim("A claim nobody has published.", dispute=dispute)
    _fill(heart)
    first = make_published(heart, author=author, reviewer=reviewer, code="contested", summary="Still open.")
    second = correct_verdict(
        actor=author,
        verdict=first,
        reason="A court published its file.",
        severity="correction",
        rating=rating("mostly_supported"),
        summary="The file supports it.",
        likelihood="likely",
        confidence="moderate",
    )
    submit_verdict(actor=author, verdict=second)
    publish_verdict(actor=reviewer, verdict=second)
    make_attribution(beaten, source=make_source(HOSTILE), quote=HOSTILE, capacity="@SUM(A1)")
    make_link(beaten, "supports", evidence=make_evidence(HOSTILE, description="-2+3"), note=HOSTILE)
    make_published(beaten, author=author, reviewer=reviewer, code="unproven", summary=HOSTILE, rationale=HOSTILE)
    make_relation(heart, beaten, kind="excludes", point="cause", note="One cause or the other.")
    make_verdict(beaten, author=author, summary="Only the desk reads this.")
    return dispute


def _fill(claim: Claim) -> None:
    paper = make_document(
        "Two brothers dead",
        publisher=make_source("The Paper", kind="news_outlet"),
        authors="M. Writer",
        url="https://paper.example.org/1?a=1&b=2",
        published_on="2025-07-03",
        language="en",
    )
    make_snapshot(paper, archive_url="https://archive.example.org/paper/1")
    committee = make_source("Investigative Committee", kind="state_body", country="RU", wikidata_id="Q4201918")
    said = make_attribution(
        claim,
        source=committee,
        on_behalf_of=make_source("The State"),
        capacity="spokesperson",
        said_on="2025-06-28",
        quote=RUSSIAN,
        quote_language="ru",
        translation="The cause of the second death is being established.",
        translator="V. Translator",
    )
    relay = make_attribution(
        claim,
        source=make_source("A Wire"),
        stance="relays",
        relayed_from=said,
        said_on="2025-06",
        anonymous=True,
        anonymous_reason="Not allowed to speak",
    )
    make_attribution(
        claim,
        source=paper.publisher,
        stance="relays",
        relayed_from=relay,
        document=paper,
        selector={"type": "PageSelector", "page": "12"},
        said_on="2025-07-03",
    )
    make_attribution(claim, source=make_source("Prokurorluq"), stance="denies", quote=AZERBAIJANI, quote_language="az")
    make_attribution(claim, source=make_source("A Doctor"), stance="questions", quote=ARABIC, quote_language="ar")
    file = make_evidence("Court file", kind="official_record", documents=[paper], credibility=2, observed_on="2025-07")
    make_link(claim, "supports", evidence=file, strength="strong", note="It names the cause.")
    make_link(claim, "refutes", evidence=make_evidence("Letter about the file", derived_from=file), strength="weak")
    make_link(claim, "context", evidence=make_evidence("Weather", kind="data"))
    make_review(
        claim,
        publisher=make_source("Other Checkers"),
        url="https://checkers.example.org/1",
        title="We looked at it",
        rating_text="Half true",
        rating_value=3,
        rating_worst=1,
        rating_best=5,
        reviewed_on="2025-07-02",
    )
    make_inquiry(
        claim,
        source=committee,
        channel="e-mail",
        due_on="2025-07-03",
        outcome="answered",
        answer="We have nothing to add.",
        answered_on="2025-07-03",
    )
