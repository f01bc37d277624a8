"""One small register in which everything that somebody must not read carries a marker.

A test looks for the markers in the raw bytes of every answer; a marker stands in every field that could tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model

from claims.models import Attribution, Claim, Dispute, Evidence, Premise, Verdict
from claims.services import return_verdict, submit_claim, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from sources.models import Document, Source
from tests import factories as f

WITHHELD = "zqwithheld"
"""Names a withheld source: for the desk only."""
HIDDEN = "zqhidden"
"""Belongs to a restricted dispute: for its members only, whatever their role."""
CITED = "zqcited"
"""A source or document of which outsiders learn only in a restricted dispute; the desk knows all of them."""
INTERNAL = "zqinternal"
"""Published in an internal dispute: for whoever is logged in."""
DRAFT = "zqdraft"
"""Not published, or withdrawn: for the desk only."""
DESK = "zqdesk"
"""A field of a published row that only the desk reads."""
STAFF = "zqstaff"
"""The name of whoever wrote, reviewed or confirmed something: for the desk only, unless the newsroom says otherwise."""

COUNTRY, WIKIDATA = '"KP"', "Q987654321"
"""How a withheld source's country and Wikidata identifier would look in JSON."""
SECRET_TO_PUBLIC = (WITHHELD, HIDDEN, CITED, INTERNAL, DRAFT, DESK, STAFF, COUNTRY, WIKIDATA)
SECRET_TO_READER = (WITHHELD, HIDDEN, CITED, DRAFT, DESK, STAFF, COUNTRY, WIKIDATA)
SECRET_TO_DESK = (HIDDEN,)
TAKEN = datetime(2025, 7, 2, 12, 30, tzinfo=UTC)


@dataclass
class Story:
    """The rows that tests ask for by name."""

    member: Any
    dispute: Dispute
    claim: Claim
    rival: Claim
    draft: Claim
    hidden_dispute: Dispute
    hidden_claim: Claim
    hidden_draft: Claim
    hidden_evidence: Evidence
    loose_evidence: Evidence
    hidden_verdict: Verdict
    internal_dispute: Dispute
    withheld: Source
    withheld_parent: Source
    withheld_document: Document
    outlet: Source
    statement: Attribution
    correction: Verdict
    premise: Premise


def marked(marker: str, *names: str) -> dict[str, str]:
    """A text with the marker for each name."""
    return {name: f"{marker} {name}" for name in names}


def tell() -> Story:
    """Make the register: a public dispute, a restricted and an internal one, drafts and a withheld source."""
    member = f.make_user("zqhidden-member", "Editor", first_name="Mara", last_name="Moss")
    outlet = f.make_source("Public Outlet", kind="news_outlet", country="AZ", website="https://outlet.example.org")
    withheld_parent = f.make_source(f"{WITHHELD} ministry", kind="state_body")
    withheld = f.make_source(
        f"{WITHHELD} name",
        kind="person",
        slug=f"{WITHHELD}-slug",
        country="KP",
        wikidata_id=WIKIDATA,
        website=f"https://{WITHHELD}.example.org/",
        aliases=[f"{WITHHELD} alias"],
        part_of=withheld_parent,
        withheld=True,
        **marked(WITHHELD, "description", "reliability_note", "interests", "withheld_reason"),
    )
    branch = f.make_source("Branch Office", part_of=withheld)
    dispute = f.make_dispute("Why did Z die?", question="Of what did Z die?", occurred_on="2025-06-27")
    claim = f.make_claim(
        "Z died of heart failure.",
        dispute=dispute,
        tags=["deaths"],
        quantity_min=1,
        quantity_max=2,
        quantity_unit="deaths",
        check_reason=f"{DESK} check reason",
    )
    rival = f.make_claim("Z was beaten to death.", dispute=dispute)
    f.make_relation(claim, rival, point="cause", note="One natural, one violent cause.")
    story = Story(
        member=member,
        dispute=dispute,
        claim=claim,
        rival=rival,
        outlet=outlet,
        withheld=withheld,
        withheld_parent=withheld_parent,
        **_voices(claim, outlet, withheld, branch),
        **_unpublished(dispute, claim),
        **_restricted(member, claim),
        internal_dispute=_internal(),
        correction=_corrections(),
        premise=_premise(claim),
    )
    f.make_affiliation(outlet, name="Evening Outlet", part_of=f.make_source("The Old Press"), note="By the imprint.")
    f.make_affiliation(outlet, part_of=withheld, since="2016", until="2017", note=f"{WITHHELD} note")
    f.make_affiliation(withheld, name=f"{WITHHELD} old name", part_of=outlet, note=f"{WITHHELD} note")
    f.make_import(origin=f"{DESK} import.json", counts={"claim": 2}, imported_by=member)
    # Which dispute a member has looked at is for those to see who watch over exports; its names are not.
    f.make_export(member, kind="bundle", format="zip", query=f"/api/v1/disputes/{story.hidden_dispute.pk}/")
    f.make_webhook(f"https://{DESK}.example.org/hook", name=f"{DESK} receiver")
    f.make_published(claim, author=f.someone("Researcher"), reviewer=f.someone("Reviewer"), likelihood="likely")
    f.make_published(rival, code="unproven")
    _steps_back(rival)
    f.make_ruleexception(attribution=story.statement, reason=f"{DESK} reason of an exception")
    f.make_ruleexception("support_gone", claim=story.hidden_claim, reason=f"{HIDDEN} reason of an exception")
    claim.refresh_from_db()
    rival.refresh_from_db()
    # Those whom no test is about did all of it.
    get_user_model().objects.filter(username__startswith="some-").update(last_name=STAFF)
    return story


def _voices(claim: Claim, outlet: Source, withheld: Source, branch: Source) -> dict[str, Any]:
    """Who speaks about the public claim, the withheld source in every place that it can stand in."""
    article = f.make_document(
        "Z dies in raid",
        url="https://outlet.example.org/z",
        publisher=outlet,
        text=f"{DESK} wording",
        authors="A. Writer",
    )
    leak = f.make_document(
        f"{WITHHELD} title",
        url=f"https://{WITHHELD}.example.org/post",
        publisher=withheld,
        authors=f"{WITHHELD} author",
        text=f"{WITHHELD} wording",
    )
    f.make_snapshot(article, taken_at=TAKEN, final_url="https://outlet.example.org/z")
    f.make_snapshot(
        leak,
        taken_at=TAKEN,
        final_url=f"https://{WITHHELD}.example.org/post",
        archive_url=f"https://archive.example.org/{WITHHELD}",
    )
    statement = f.make_attribution(
        claim,
        source=withheld,
        on_behalf_of=f.make_source(f"{WITHHELD} client", slug=f"{WITHHELD}-client"),
        said_on="2025-06-29",
        document=leak,
        quote="His heart failed.",
        translation="His heart failed.",
        selector={"type": "TextQuoteSelector", "exact": f"{WITHHELD} passage"},
        anonymous=True,
        **marked(WITHHELD, "capacity", "translator", "anonymous_reason"),
    )
    f.make_attribution(
        claim, source=outlet, stance="relays", relayed_from=statement, document=article, said_on="2025-07"
    )
    f.make_attribution(
        claim, source=branch, stance="denies", on_behalf_of=withheld, document=leak, capacity=f"{WITHHELD} role"
    )
    gone = f.make_attribution(claim, source=outlet, quote=f"{DRAFT} quote taken back", stance="questions")
    f.make_attribution(claim, source=outlet, stance="relays", relayed_from=gone)
    withdraw(actor=f.someone("Reviewer"), row=gone, reason=f"{DRAFT} reason of a withdrawal")
    f.make_review(
        claim, publisher=outlet, url="https://outlet.example.org/check", title="Checked", rating_text="Unclear"
    )
    f.make_review(
        claim,
        publisher=withheld,
        url=f"https://{WITHHELD}.example.org/check",
        title=f"{WITHHELD} title",
        rating_text="False",
    )
    f.make_inquiry(claim, source=withheld, channel=f"{DESK} {WITHHELD} channel", outcome="answered", answer="No.")
    record = f.make_evidence("Autopsy", kind="forensic", documents=[article, leak], dispute=claim.dispute)
    copy = f.make_evidence("Summary of the autopsy", derived_from=record, documents=[article])
    f.make_assessment(f.make_link(claim, "supports", evidence=record), note=f"{DESK} assessment note")
    f.make_link(claim, "refutes", evidence=copy, strength="weak", note="A summary.")
    return {"withheld_document": leak, "statement": statement}


def _unpublished(dispute: Dispute, claim: Claim) -> dict[str, Any]:
    """Drafts of every noun, the claims in all their states."""
    draft = f.make_claim(dispute=dispute, tags=[f"{DRAFT} tag"], **marked(DRAFT, "text", "context"))
    source = f.make_source(f"{DRAFT} source", slug=f"{DRAFT}-source")
    document = f.make_document(f"{DRAFT} document", url=f"https://{DRAFT}.example.org/", publisher=source)
    f.make_snapshot(document, archive_url=f"https://archive.example.org/{DRAFT}", taken_at=TAKEN)
    f.make_attribution(draft, source=source, document=document, quote=f"{DRAFT} quote")
    evidence = f.make_evidence(f"{DRAFT} evidence", documents=[document])
    f.make_assessment(f.make_link(draft, evidence=evidence, note=f"{DRAFT} note"), note=f"{DRAFT} note")
    f.make_relation(claim, draft, note=f"{DRAFT} note", point="cause")
    f.make_premise(claim.evidence_links.first(), draft, note=f"{DRAFT} note")
    f.make_review(draft, title=f"{DRAFT} title", rating_text=f"{DRAFT} rating")
    f.make_inquiry(draft, question=f"{DRAFT} question", channel=f"{DRAFT} channel")
    f.make_verdict(draft, **marked(DRAFT, "summary", "rationale"))
    waiting = submit_claim(actor=f.someone("Researcher"), claim=f.make_claim(f"{DRAFT} in review", dispute=dispute))
    f.make_relation(waiting, draft, kind="refines", note=f"{DRAFT} note")
    taken_back = f.make_claim(f"{DRAFT} withdrawn", dispute=dispute, published=True)
    withdraw_claim(actor=f.someone("Reviewer"), claim=taken_back, reason=f"{DRAFT} reason")
    f.make_claim(f"{DRAFT} alone", dispute=f.make_dispute(f"{DRAFT} dispute", slug=f"{DRAFT}-dispute"))
    return {"draft": draft}


def _restricted(member: Any, public: Claim) -> dict[str, Any]:
    """A restricted dispute with every noun in it, and all that joins it to the public claim."""
    dispute = f.make_dispute(
        f"{HIDDEN} title",
        members=[member],
        slug=f"{HIDDEN}-slug",
        visibility="restricted",
        occurred_on="2025-01-01",
        **marked(HIDDEN, "question", "summary", "place"),
    )
    claim, draft = (
        f.make_claim(dispute=dispute, tags=[f"{HIDDEN} tag"], quantity_unit=f"{HIDDEN} units", **marked(HIDDEN, *names))
        for names in [("text", "context", "check_reason"), ("text", "context")]
    )
    source = f.make_source(f"{CITED} source", slug=f"{CITED}-source", country="FJ", aliases=[f"{CITED} alias"])
    document = f.make_document(f"{CITED} document", url=f"https://{CITED}.example.org/", publisher=source)
    f.make_snapshot(document, archive_url=f"https://archive.example.org/{CITED}", taken_at=TAKEN)
    for row in (claim, draft):
        said = f.make_attribution(row, source=source, document=document, **marked(HIDDEN, "quote", "capacity"))
        f.make_attribution(row, source=source, stance="relays", relayed_from=said)
        f.make_review(row, publisher=source, **marked(HIDDEN, "title", "rating_text"))
        f.make_inquiry(row, source=source, **marked(HIDDEN, "question", "channel"))
    evidence = f.make_evidence(dispute=dispute, documents=[document], **marked(HIDDEN, "title", "description"))
    # Gathered for no dispute: known to the desk until it is linked, to this dispute alone.
    loose = f.make_evidence(documents=[document], **marked(CITED, "title", "description"))
    for piece in (evidence, loose):
        f.make_assessment(f.make_link(claim, "supports", evidence=piece, note=f"{HIDDEN} note"), note=f"{HIDDEN} note")
        f.make_link(draft, "refutes", evidence=piece, note=f"{HIDDEN} note")
    # What a member joins to a public claim: the public must not learn of the hidden end.
    with acting(actor=member, reason=f"{HIDDEN} reason"):
        link = f.make_link(public, "context", evidence=evidence, note=f"{HIDDEN} note")
        f.make_assessment(link, analyst=member, note=f"{HIDDEN} note")
        f.make_relation(public, claim, kind="refines", note=f"{HIDDEN} note")
        f.make_premise(public.evidence_links.first(), claim, note=f"{HIDDEN} note")
        f.make_relation(draft, public, kind="supports", note=f"{HIDDEN} note")
    derived = f.make_evidence("Derived finding", derived_from=evidence)
    f.make_link(public, "context", evidence=derived)
    verdict = f.make_published(
        claim, author=f.someone("Researcher"), reviewer=member, **marked(HIDDEN, "summary", "rationale")
    )
    f.make_verdict(draft, **marked(HIDDEN, "summary", "rationale"))
    with acting(actor=member, reason=f"{HIDDEN} reason"):
        f.make_attribution(claim, source=source)
    f.make_confirmation(verdict, reviewer=f.make_user("zqhidden-second", "Reviewer"), reason=f"{HIDDEN} reason")
    claim.refresh_from_db()
    return {
        "hidden_dispute": dispute,
        "hidden_claim": claim,
        "hidden_draft": draft,
        "hidden_evidence": evidence,
        "loose_evidence": loose,
        "hidden_verdict": verdict,
    }


def _corrections() -> Verdict:
    """One correction that everybody reads, and one each that is restricted, internal or on a withdrawn claim."""
    shown = f.make_corrected(
        f.make_claim("Y was paid.", dispute=f.make_dispute("Who paid Y?", question="Was Y paid?"), published=True),
        reason="The bank has published its books.",
        summary="The books do not show it.",
    )
    for marker, visibility in ((HIDDEN, "restricted"), (INTERNAL, "internal"), (DRAFT, "public")):
        people = [f.someone("Researcher"), f.someone("Reviewer")]
        dispute = f.make_dispute(
            f"{marker} corrected", slug=f"{marker}-corrected", visibility=visibility, question=f"{marker} question"
        )
        claim = f.make_claim(f"{marker} corrected text", dispute=dispute)
        f.make_corrected(claim, reason=f"{marker} reason", **marked(marker, "summary", "rationale"))
        if marker == DRAFT:
            withdraw_claim(actor=people[1], claim=Claim.objects.get(pk=claim.pk), reason=f"{DRAFT} reason")
    f.make_confirmation(f.make_stale(f.make_claim("W was there.")))
    return shown


def _premise(claim: Claim) -> Premise:
    """What a piece of evidence on the public claim depends on, which everybody reads."""
    link = claim.evidence_links.filter(bearing="supports").first()
    return f.make_premise(link, f.make_claim("The record is genuine.", published=True), note="It came by post.")


def _internal() -> Dispute:
    dispute = f.make_dispute(f"{INTERNAL} title", slug=f"{INTERNAL}-slug", visibility="internal")
    claim = f.make_claim(f"{INTERNAL} text", dispute=dispute)
    f.make_attribution(claim, source=f.make_source(f"{INTERNAL} source"), quote=f"{INTERNAL} quote")
    f.make_published(claim, rationale=f"{INTERNAL} rationale")
    return dispute


def _steps_back(claim: Claim) -> None:
    """A draft verdict that came back from review, with the reviewer's note."""
    author = f.someone("Researcher")
    verdict = submit_verdict(
        actor=author, verdict=f.make_verdict(claim, author=author, **marked(DRAFT, "summary", "rationale"))
    )
    return_verdict(actor=f.someone("Reviewer"), verdict=verdict, note=f"{DRAFT} note of the reviewer")
