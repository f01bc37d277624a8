"""The pictures of a report: each says what the text says, reads without colour, and is a file of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine

from claims.models import Claim, EvidenceLink
from claims.reports.content.dossier import DisputeDossier
from claims.reports.formats import html
from claims.reports.load.dossier import load_claim, load_dispute
from claims.reports.pictures import balance, history, matrix
from claims.reports.pictures.all import matrix_key, pictures_of
from claims.reports.pictures.lettering import short
from claims.services import correct_verdict, publish_verdict, submit_verdict
from tests.claims.report_case import HOSTILE, make_rivals
from tests.factories import make_assessment, make_claim, make_evidence, make_link, rating

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def dossier(ann: Any, reviewer: Any, anonymous: Any) -> DisputeDossier:
    """The rivals of all reports, rated by an analyst and corrected once more a week later."""
    with time_machine.travel("2025-07-05T12:00:00Z", tick=False):
        dispute = make_rivals(ann, reviewer)
        for link in EvidenceLink.objects.order_by("pk"):
            make_assessment(link, analyst=ann, rating="VI" if link.bearing == "refutes" else "C")
    with time_machine.travel("2025-07-12T12:00:00Z", tick=False):
        first = Claim.objects.get(text__startswith="Both").verdicts.get(status="published")
        verdict = correct_verdict(
            actor=ann, verdict=first, reason="Seen again.", severity="correction", rating=rating("misleading")
        )
        submit_verdict(actor=ann, verdict=verdict)
        publish_verdict(actor=reviewer, verdict=verdict)
        return load_dispute(dispute, anonymous)


def words_in(svg: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_each_picture_is_a_file_with_a_name_and_its_words(dossier: DisputeDossier, anonymous: Any) -> None:
    pictures = {picture.key: picture for picture in pictures_of(dossier)}
    assert list(pictures) == [matrix_key(dossier.questions[0]), "balance", "timeline", "history"]
    for picture in pictures.values():
        root = ElementTree.fromstring(picture.svg)
        assert root.get("role") == "img"
        name, words = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
        assert name is not None
        assert words is not None
        assert root.get("aria-labelledby") == f"{name.get('id')} {words.get('id')}"
        assert words.text == picture.alt
        # Nothing is fetched, nothing runs, and no style of its own that a policy would forbid.
        assert not {node.tag.removeprefix(SVG) for node in root.iter()} & {"image", "script", "style", "foreignObject"}
        names = {name.rpartition("}")[2] for node in root.iter() for name in node.attrib}
        assert not {name for name in names if name.startswith("on") or name in {"style", "src"}}
        assert all(value.startswith("#") for node in root.iter() for name, value in node.items() if "href" in name)
    cells = words_in(pictures[matrix_key(dossier.questions[0])].svg)
    first, second, *_more = (claim.number for claim in dossier.claims)
    assert {"VI", "C", "–", "Claims", str(first), str(second), "Rank, 1: least against", "Court file"} <= set(cells)
    assert any("<script>" in text for text in cells)
    assert {"Contested", "Misleading", "Unproven", "12 July 2025"} <= set(words_in(pictures["history"].svg))
    assert "1 piece" in words_in(pictures["balance"].svg)
    told = f"Claim {first}: for 1 piece (1 strong), against 1 piece (1 weak); claim {second}: for 1 p"
    assert told in pictures["balance"].alt
    assert pictures["history"].alt.startswith("4 verdicts on 2 claims, 2 of them in place of an earlier one.")
    one = load_claim(Claim.objects.get(text__startswith="Both"), anonymous)
    assert [picture.key for picture in pictures_of(one)] == ["balance", "history"]
    assert not [text for text in words_in(pictures_of(one)[0].svg) if text.startswith("Claim")]
    # The page says in tables what its pictures show.
    page = html.write(dossier).decode()
    for part in (
        "for 1 piece; against 1 piece",
        "Verdicts over time</h2>",
        "Correction, from “Unproven” to “Misleading”</td>",
        'aria-labelledby="{0}-picture-name {0}-picture-words"'.format(matrix_key(dossier.questions[0])),
        'aria-labelledby="history-picture-name history-picture-words"',
        "Audit trail</dt>",
        "Fingerprint: <code>sha256:",
    ):
        assert part in page, part
    assert HOSTILE not in page


def test_large_pictures_keep_to_their_page(dossier: DisputeDossier) -> None:
    picture = matrix.picture_of(dossier.questions[0].matrix)
    (first,) = {mark.letters: mark for row in picture.rows for mark in row.marks if mark.letters == "VI"}.values()
    assert (first.side, first.length, first.bar) == ("against", 22, first.x - 22)
    rows = dossier.questions[0].matrix.rows * 20
    many = matrix.picture_of(replace(dossier.questions[0].matrix, rows=rows))
    assert len(many.rows) == matrix.MOST
    assert many.description.startswith(f"The {matrix.MOST} most telling of {len(rows)} pieces of evidence")
    # Many claims stand in bands, one under the other.
    lanes = history.picture_of(dossier.claims * 7)
    assert lanes.width <= history.LABEL + history.LANE * history.ACROSS
    assert len(lanes.heads) == 14
    assert len({y for _x, y, _text in lanes.heads}) == 3


@pytest.mark.usefixtures("register")
def test_a_thousand_pieces_of_evidence_keep_within_the_picture(anonymous: Any) -> None:
    claim = make_claim(published=True)
    make_link(claim, "supports", evidence=make_evidence("One"), strength="strong")
    view = load_claim(claim, anonymous).claim
    tally = replace(view.evidence_for, total=1000, origins=10)
    many = replace(view, evidence=view.evidence * 1000, evidence_for=tally)
    picture = balance.picture_of([many])
    (bar, empty) = picture.lanes[0].bars
    assert [(block.strength, block.width) for block in bar.blocks] == [("strong", "143.5")]
    assert (bar.origins, bar.words, empty.blocks) == ("1.4", "1000 pieces, 10 origins", ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("One two three", ["One two", "three"]),
        ("One two three four five", ["One two", "three…"]),
        ("漢字漢字漢字漢字", ["漢字漢字漢", "字漢字"]),
    ],
)
def test_words_are_cut_to_their_room(text: str, lines: list[str]) -> None:
    assert short(text, 8, 2) == lines
