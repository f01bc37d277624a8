"""Beside the rows of `tests.api.story`: of each noun one that is hidden and one that is not public, with a marker in
every text that they have."""

from __future__ import annotations

from claims.models import Dispute, Question
from claims.services import draft_answer, publish_answer, withdraw
from tests import factories as f
from tests.api.story import CITED, DRAFT, HIDDEN, TAKEN, Story, marked


def mark_every_text(story: Story) -> Story:
    """The same story, in which somebody has filled in all fields."""
    _fill(HIDDEN, story.hidden_dispute)
    _answer(story.hidden_dispute.questions.first(), HIDDEN)
    _fill(DRAFT, story.dispute)
    alone = f.make_dispute(f"{DRAFT} full", slug=f"{DRAFT}-full", **marked(DRAFT, "question", "summary", "place"))
    _answer(alone.questions.get(), DRAFT)
    site = f"https://{DRAFT}-full.example.org/"
    source = f.make_source(
        f"{DRAFT} full", website=site, **marked(DRAFT, "description", "reliability_note", "interests")
    )
    document = f.make_document(f"{DRAFT} full", url=site, publisher=source, **marked(DRAFT, "authors", "text"))
    f.make_snapshot(document, final_url=site, archive_url=site, taken_at=TAKEN, **marked(DRAFT, "tool", "text"))
    return story


def _fill(marker: str, dispute: Dispute) -> None:
    """A claim of the dispute with a row of each noun that hangs on it."""
    names = ("text", "context", "quantity_unit", "check_reason")
    claim = f.make_claim(dispute=dispute, external_id=f"{marker}-full", **marked(marker, *names))
    names = ("quote", "translation", "translator", "capacity", "anonymous_reason")
    selector = {"type": "TextQuoteSelector", "exact": f"{marker} passage"}
    # The desk knows all documents, also those of disputes that it does not know.
    page = f.make_document(f"{CITED if marker == HIDDEN else marker} page")
    of_one = {"document": page, "selector": selector, "anonymous": True}
    f.make_attribution(claim, **of_one, **marked(marker, *names))
    gone = f.make_attribution(claim, quote=f"{marker} taken back")
    withdraw(actor=f.someone("Editor"), row=gone, reason=f"{marker} reason")
    names = ("title", "description", "independent_because")
    evidence = f.make_evidence(dispute=dispute if marker == HIDDEN else None, **marked(marker, *names))
    f.make_link(claim, evidence=evidence, **marked(marker, "note", "set_name"))
    url = f"https://{marker}-full.example.org/check"
    f.make_review(claim, url=url, **marked(marker, "title", "rating_text"))
    f.make_inquiry(claim, outcome="answered", **marked(marker, "question", "channel", "answer"))
    f.make_verdict(claim, **marked(marker, "summary", "rationale", "review_note"))


def _answer(question: Question | None, marker: str) -> None:
    """An answer that is published, and another one that waits with a new wording of the question."""
    assert question is not None
    author = f.someone("Reviewer")
    draft_answer(actor=author, question=question, text=f"{marker} answer")
    publish_answer(actor=f.someone("Editor"), question=question)
    draft_answer(actor=author, question=question, text=f"{marker} draft", question_text=f"{marker} new question")
