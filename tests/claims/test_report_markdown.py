"""The Markdown report: the same content, and no data that turns into markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from markdown_it import MarkdownIt

from claims.reports.formats import markdown
from claims.reports.load.dossier import load_claim, load_dispute
from tests.claims.report_case import ARABIC, AZERBAIJANI, RUSSIAN, make_rivals
from tests.factories import make_claim

GOLDEN = Path(__file__).parent / "golden" / "report.md"


def rendered(text: str) -> str:
    """As the most permissive renderer shows it: raw HTML let through."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)


@pytest.mark.parametrize(
    "value",
    [
        "<b>bold</b>",
        "**bold** _em_ `code` ~~gone~~",
        "[x](javascript:alert(1)) ![x](y)",
        "# heading",
        "- list",
        "+ list",
        "1. list",
        "12) list",
        "> quote",
        "===",
        "---",
        "    code",
        "\tcode",
        "```\ncode\n```",
        "|a|b|\n|-|-|\n|1|2|",
        "&lt;b&gt; &#60; &copy;",
        "a\\*b",
        "<https://example.org>",
    ],
)
def test_text_comes_out_of_a_renderer_as_it_went_in(value: str) -> None:
    page = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(markdown.text(value))
    shown = "".join(
        {"text": child.content, "text_special": child.content, "softbreak": "\n"}.get(child.type, f"<{child.type}>")
        for token in page
        if token.type == "inline"
        for child in token.children or []
    )
    assert shown == "\n".join(line.strip() for line in value.strip().split("\n"))
    assert {token.type for token in page} == {"paragraph_open", "inline", "paragraph_close"}


def test_words_with_inner_underscores_stay_readable() -> None:
    assert markdown.text("one_two and a-b, 5.5 #tag") == "one_two and a-b, 5.5 #tag"


@pytest.fixture
def report(ann: Any, reviewer: Any, anonymous: Any) -> str:
    return markdown.write(load_dispute(make_rivals(ann, reviewer), anonymous)).decode()


def test_the_report_holds_everything_that_was_said_and_decided(report: str) -> None:
    for part in (
        "# Deaths in custody",
        "**What caused the deaths?**",
        "Yekaterinburg, June 2025",
        f"> {RUSSIAN}",
        f"> {AZERBAIJANI}",
        f"> {ARABIC}",
        "> The cause of the second death is being established.\n\nTranslated from Russian by V. Translator.",
        ", spokesperson, for **The State**",
        "Back to the origin: The Paper ← A Wire ← Investigative Committee\n",
        "·\u00a03 July 2025 ·\u00a0\\[1\\], page 12\n",
        "“[Two brothers dead](https://paper.example.org/1?a=1&b=2)”, ",
        "Not named there: Not allowed to speak.\n",
        "- **Confidence in this:** Moderate",
        "**For**, strong | It names the cause.",
        "on the cause: One cause or the other.",
        "- **Other Checkers**, 2 July 2025: [We looked at it](https://checkers.example.org/1)\n\n  > Half true\n",
        "  Rated 3 on a scale from 1 (worst) to 5 (best).",
        "  **Answered**, 3 July 2025:\n\n  > We have nothing to add.\n",
        "### Earlier verdicts, since replaced",
        "from “Contested” to “Mostly supported”. A court published its file.",
        "- **Number stated:** 1 death\n",
        "- **Mostly supported:** ",
        "<https://archive.example.org/paper/1>",
        "<https://paper.example.org/1?a=1&b=2>",
    ):
        assert part in report, part


def test_the_report_reads_as_the_golden_one(ann: Any, reviewer: Any, anonymous: Any, settings: Any) -> None:
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_NEWSROOM = "https://desk.example.org", "The Desk"
    with time_machine.travel("2025-07-05T12:00:00Z", tick=False):
        dossier = load_dispute(make_rivals(ann, reviewer), anonymous)
    # Ids, and with them the version, differ from one database to the next; the audit trail has salt in it.
    written = markdown.write(dossier).decode().replace(dossier.version, "0123456789abcdef")
    places = {str(pk): str(place) for place, pk in enumerate(dossier.claim_ids, start=1)}
    written = re.sub(r"(?<=laim )\d+", lambda found: places.get(found[0], found[0]), written)
    assert dossier.imprint.head_entry > 0
    trail = f"Entry {dossier.imprint.head_entry}, `{dossier.imprint.head_hash}`"
    written = written.replace(trail, f"Entry 1, `{'0' * 64}`")
    assert written == GOLDEN.read_text(encoding="utf-8")


def test_hostile_data_is_text(report: str) -> None:
    page = rendered(report)
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "**bold**" in page


def test_the_public_copy_has_no_draft(report: str) -> None:
    assert "Only the desk reads this." not in report
    assert "nobody has published" not in report


def test_the_desk_copy_says_what_is_not_published(ann: Any, reviewer: Any) -> None:
    report = markdown.write(load_dispute(make_rivals(ann, reviewer), reviewer)).decode()
    for part in (
        "**Desk copy",
        "**Draft: this claim is not published.**",
        "Unpublished verdict: draft",
        "Only the desk",
    ):
        assert part in report, part


@pytest.mark.usefixtures("register")
def test_a_claim_without_anything_is_still_a_report(anonymous: Any) -> None:
    report = markdown.write(load_claim(make_claim("It rained.", published=True), anonymous)).decode()
    assert report.startswith("# It rained.\n\nNo verdict yet\n\n")
