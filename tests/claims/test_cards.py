"""What other sites show of the register: cards, pictures, citations, oEmbed; and what they may not."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
import typst
from django.test import Client
from pypdf import PdfReader

from claims.pages.card_size import height_of
from claims.reports.content.cards import ClaimCard
from claims.reports.formats.card import _content, _layout
from claims.reports.load.cards import dispute_cards
from claims.services import withdraw_claim
from tests import factories as make
from tests.claims.report_case import ARABIC, HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

BASE = "https://desk.example.org"
FRAMED = "frame-ancestors *"


@pytest.fixture(autouse=True)
def newsroom(settings: Any) -> None:
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_NEWSROOM = BASE, "The <Desk> & Co"


@pytest.fixture
def rain() -> Any:
    return make.make_dispute("Rain in Z", slug="rain", question="Did it rain?")


@pytest.fixture
def decided(rain: Any) -> Any:
    """A decided claim of a public dispute, with letters of every kind."""
    return make.make_published(make.make_claim(f"{HOSTILE} {ARABIC}", dispute=rain, tags=["weather & co"])).claim


def test_a_card_shows_the_newest_verdict_and_its_correction(decided: Any, client: Client) -> None:
    addresses = (f"/claims/{decided.pk}/card/", "/disputes/rain/card/")
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        html5lib.HTMLParser(strict=True).parse(page.content.decode())
        assert FRAMED in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
        assert b"<script" not in page.content
        # It is kept, and comes with the same headers.
        again = client.get(address)
        assert (again.content, FRAMED in again["Content-Security-Policy"]) == (page.content, True)
        assert "X-Frame-Options" not in again
    assert decided.verdicts.get().rating.label in client.get(addresses[0]).content.decode()
    corrected = make.make_corrected(verdict=decided.verdicts.get(), reason="The photograph was older.")
    for address in addresses:
        assert corrected.rating.label in client.get(address).content.decode()
    assert "The photograph was older." in client.get(addresses[0]).content.decode()


def test_no_other_page_is_framed(decided: Any, client: Client) -> None:
    paths = ("/", "/disputes/", "/disputes/rain/", "/claims/", f"/claims/{decided.pk}/", "/nothing/", "/admin/login/")
    for path in (*paths, "/api/v1/", f"/api/v1/claims/{decided.pk}/report/html/", "/oembed/?url=x"):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"] or path.startswith("/admin"), path
        assert answer["X-Frame-Options"] == "DENY", path


def test_a_picture_is_of_the_size_that_messages_want(decided: Any, client: Client) -> None:
    for address in (f"/claims/{decided.pk}/card.png", "/disputes/rain/card.png"):
        answer = client.get(address)
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
        assert client.get(address).content == answer.content
        assert client.get(address)["Content-Type"] == "image/png"


def test_what_is_not_public_has_no_card(decided: Any, ann: Any, reviewer: Any) -> None:
    hidden = make.make_dispute("Closed", slug="closed", visibility="restricted", members=[ann])
    draft = make.make_claim("A draft.")
    withdraw_claim(actor=reviewer, claim=decided, reason="Not ours to judge.")
    for key in (f"claims/{decided.pk}", f"claims/{draft.pk}", f"disputes/{hidden.slug}", "claims/x", "disputes/none"):
        for user in (None, ann):
            client = Client()
            if user is not None:
                client.force_login(user)
            for ending in ("card/", "card.png"):
                assert client.get(f"/{key}/{ending}").status_code == 404, (key, ending, user)
            assert client.get("/oembed/", {"url": f"{BASE}/{key}/"}).status_code == 404
    page = Client().get(f"/claims/{decided.pk}/").content.decode()
    assert "og:image" not in page
    assert "oembed" not in page


def test_oembed_leads_from_an_address_to_the_card(decided: Any, client: Client) -> None:
    page = html5lib.parse(client.get(f"/claims/{decided.pk}/").content.decode(), namespaceHTMLElements=False)
    links = {link.get("type"): link.get("href") for link in page.iter("link")}
    answer = client.get(links["application/json+oembed"].removeprefix(BASE))
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = json.loads(answer.content)
    assert (told["version"], told["type"], told["provider_name"]) == ("1.0", "rich", "The <Desk> & Co")
    frame = next(html5lib.parse(told["html"], namespaceHTMLElements=False).iter("iframe"))
    assert frame.get("src") == f"{BASE}/claims/{decided.pk}/card/"
    assert frame.get("title") == f"{decided.verdicts.get().rating.label}: {decided.text}"
    assert client.get(told["thumbnail_url"].removeprefix(BASE)).status_code == 200
    written = ElementTree.fromstring(client.get(links["text/xml+oembed"].removeprefix(BASE)).content)
    assert {entry.tag: entry.text for entry in written} == {name: str(value) for name, value in told.items()}
    small = client.get("/oembed/", {"url": f"{BASE}/disputes/rain/", "maxwidth": "300", "maxheight": "9999"}).json()
    assert (small["width"], small["height"]) == (300, 440)
    for asked, status in (
        ({"url": "https://elsewhere.example.org/claims/1/"}, 404),
        ({"url": f"{BASE}/"}, 404),
        ({"url": f"{BASE}/disputes/rain/", "format": "yaml"}, 501),
        ({"url": f"{BASE}/disputes/rain/", "maxwidth": "wide"}, 400),
        ({}, 404),
    ):
        assert client.get("/oembed/", asked).status_code == status, asked


def test_a_report_says_how_it_is_cited(decided: Any, client: Client) -> None:
    (item,) = json.loads(client.get(f"/api/v1/claims/{decided.pk}/report/csl/").content)
    day = decided.verdicts.get().published_at
    assert item["URL"] == f"{BASE}/claims/{decided.pk}/"
    assert item["issued"] == {"date-parts": [[day.year, day.month, day.day]]}
    assert item["title"].endswith(f"”: {decided.verdicts.get().rating.label}")
    assert item["author"] == [{"literal": "The <Desk> & Co"}]
    entry = client.get(f"/api/v1/claims/{decided.pk}/report/bibtex/").content.decode()
    assert entry.startswith(f"@misc{{claim-{decided.pk}-{item['version']},\n")
    assert entry.count("{") == entry.count("}")
    assert r"author = {{The <Desk> \& Co}}" in entry
    page = html5lib.parse(client.get(f"/claims/{decided.pk}/").content.decode(), namespaceHTMLElements=False)
    cited = next(line for line in page.iter("p") if line.get("id") == "cite")
    assert item["version"] in (cited.text or "")
    bare = make.make_claim("Nobody judged it.", published=True)
    (item,) = json.loads(client.get(f"/api/v1/claims/{bare.pk}/report/csl/").content)
    assert "issued" not in item


def test_claims_are_listed_and_found_by_topic(decided: Any, client: Client) -> None:
    other = make.make_claim("About something else.", published=True, tags=["other"])
    make.make_claim("A draft.", tags=["other"])
    assert [f"/claims/{key}/" in client.get("/claims/").content.decode() for key in (decided.pk, other.pk)] == [
        True
    ] * 2
    page = client.get("/claims/", {"tag": "weather & co"}).content.decode()
    assert f"/claims/{decided.pk}/" in page
    assert f"/claims/{other.pk}/" not in page
    assert "No published claim is filed under" in client.get("/claims/", {"tag": "none"}).content.decode()
    assert "A draft." not in client.get("/claims/", {"tag": "other"}).content.decode()


def test_where_nothing_is_a_visitor_is_led_on(client: Client) -> None:
    page = client.get("/claims/12345678/")
    assert page.status_code == 404
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.content.decode())
    assert [form.get("action") for form in tree.iter("form")] == ["/"]
    assert "/disputes/" in {link.get("href") for link in tree.iter("a")}
    assert client.get("/api/v1/nothing/")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["不是真的。" * 60, "WWWW MMMM " * 30], ids=["Chinese", "capitals"])
def test_wide_letters_make_a_card_higher(text: str) -> None:
    plain = ClaimCard(1, "abcd efgh " * (len(text) // 10), "")
    assert len(plain.text) == len(text)
    assert height_of(ClaimCard(1, text, ""), 300) > height_of(plain, 300) > height_of(plain, 640)


def test_rivals_stand_before_answers_to_later_questions_and_before_circumstances(rain: Any) -> None:
    first, later = rain.questions.get(), make.make_question(rain, text="When?")
    told = [
        make.make_claim(text, dispute=rain, question=question, published=True).text
        for text, question in (("It was Monday.", later), ("A cloud was seen.", None), ("It rained.", first))
    ]
    make.make_claim("It did not rain.", dispute=rain, question=first, published=True)
    (card,) = dispute_cards([rain])
    assert [claim.text for claim in card.claims] == [told[2], "It did not rain.", told[0]]
    assert card.more_words == "1 other claim"


@pytest.mark.parametrize("length", [10, 90, 400])
def test_nothing_of_a_picture_is_cut_off(rain: Any, length: int) -> None:
    words = ("rain fell " * 40)[:length]
    (card,) = dispute_cards([rain])
    lines = tuple(ClaimCard(number, f"{number} {words}", "en") for number in range(3))
    content = _content(replace(card, question=words, state_sentence=words, claims=lines, more=7), None)
    page = typst.compile(_layout(), format="pdf", sys_inputs={"card": json.dumps(content)})
    heights: dict[str, float] = {}

    def see(text: str, place: Any, *_: Any) -> None:
        if text.strip():
            heights[text.strip()] = place[5]

    PdfReader(io.BytesIO(page)).pages[0].extract_text(visitor_text=see)
    house = next(height for text, height in heights.items() if "Desk" in text)
    last = next(height for text, height in heights.items() if "7 other claims" in text)
    assert last > house + 20
