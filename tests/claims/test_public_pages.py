"""The public pages: what stands on them, who may read it, and that they are sound documents under a strict policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.pages import correction, dispute, source, verdict
from claims.services import withdraw_claim
from tests import factories as make
from tests.claims.report_case import ARABIC, HOSTILE, make_rivals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LISTS = ("/", "/disputes/", "/verdicts/", "/sources/", "/corrections/", "/method/")
FEEDS = ("/verdicts/feed/", "/corrections/feed/")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://desk.example.org"


@pytest.fixture(autouse=True)
def newsroom(settings: Any) -> None:
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_NEWSROOM = BASE, "The <Desk> & Co"


@pytest.fixture
def outlet() -> Any:
    """An outlet that first denied what it then asserted, on two claims of two disputes; one was decided, twice."""
    paper = make.make_source("Outlet", kind="news_outlet", description=HOSTILE)
    first = make.make_claim("It rained in Z.", published=True, dispute=make.make_dispute("Rain in Z", slug="rain"))
    other = make.make_claim("It was dry in Z.", published=True, dispute=make.make_dispute("Drought in Z"))
    make.make_attribution(first, source=paper, stance="denies", said_on="2025-06-01", quote=ARABIC, quote_language="ar")
    make.make_attribution(first, source=paper, stance="asserts", said_on="2025-07-01")
    speaker = make.make_source("Z", kind="person")
    make.make_attribution(other, source=speaker, on_behalf_of=paper, said_on="2025-07-02", capacity="spokesperson")
    make.make_corrected(first, "contested", "refuted", reason=f"A record turned up. {HOSTILE}", severity="correction")
    return paper


def get(path: str, user: Any = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def locations(path: str) -> list[str]:
    root = ElementTree.fromstring(get(path))
    return [element.text or "" for element in root.iter(f"{SITEMAP}loc")]


def listed() -> Iterator[str]:
    """Every page that a search engine is told of."""
    for part in locations("/sitemap.xml"):
        yield from (address.removeprefix(BASE) for address in locations(part.removeprefix(BASE)))


def test_every_page_is_a_sound_document_under_a_strict_policy(outlet: Any, ann: Any, reviewer: Any) -> None:
    make_rivals(ann, reviewer)
    told = list(listed())
    assert {*LISTS, "/disputes/rain/", "/sources/outlet/"} <= set(told)
    last = {path.split("/")[1]: path for path in told if path not in LISTS}
    pages = (*LISTS, *last.values(), "/sources/outlet/", "/?q=rain", "/?q=nothing+of+this", "/disputes/?state=open")
    for path in pages:
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Security-Policy"]) == (200, POLICY), path
        text = answer.content.decode()
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        assert len(page.findall(".//h1")) == len(page.findall(".//main")) == 1, path
        canonical = page.find(".//link[@rel='canonical']").get("href")
        assert canonical == BASE + ("/?q=nothing+of+this" if "nothing" in path else path)
        assert page.find(".//title").text.strip().endswith(("The <Desk> & Co", "a register of competing claims"))
        assert not [element for element in page.iter() if element.get("style")], path
        assert {element.get("type") for element in page.iter("script")} <= {"application/ld+json"}, path
        loaded = [element.get("src") for element in page.iter() if element.tag in {"img", "script"}]
        loaded += [link.get("href") for link in page.iter("link") if link.get("rel") in {"stylesheet", "icon"}]
        assert all(address is None or address.startswith("/") for address in loaded), path
    assert Client().post("/").status_code == 405


def test_a_claim_page_tells_one_claimreview_of_what_the_public_reads(settings: Any, ann: Any) -> None:
    settings.FACTCHECK_POLICIES = {
        "corrections": "https://desk.example.org/corrections-policy",
        "privacy": "https://x.org",
    }
    text = "He died. </script><script>alert(1)</script> & \u2028 <!--"
    claim = make.make_claim(text, published=True, dispute=make.make_dispute("Death of Z", slug="z"))
    make.make_published(claim)
    undecided = make.make_claim("It rained.", published=True)

    def told(path: str, user: Any = None) -> list[str]:
        return re.findall(r'<script type="application/ld\+json">(.*?)</script>', get(path, user), flags=re.DOTALL)

    (found,) = told(f"/claims/{claim.pk}/")
    assert not set(found) & set("<>&\u2028")
    review = json.loads(found)
    assert (review["@type"], review["claimReviewed"], review["url"]) == (
        "ClaimReview",
        text,
        f"{BASE}/claims/{claim.pk}/",
    )
    assert review["author"]["correctionsPolicy"] == "https://desk.example.org/corrections-policy"
    assert "x.org" not in found
    page = get(f"/claims/{claim.pk}/")
    assert '<meta name="description" content="Contested' in page
    assert 'href="https://x.org">Privacy</a>' in page
    assert told(f"/claims/{undecided.pk}/") == told("/disputes/z/") == []
    assert told(f"/claims/{claim.pk}/", ann) == [], "a desk copy is for no search engine"
    past = Client().get(f"/claims/{claim.pk}/", {"as_of": timezone.now().isoformat()}).content.decode()
    assert "ld+json" not in past
    assert '<meta name="robots" content="noindex">' in past


def test_a_report_asks_from_which_day_on_it_shall_tell_what_changed() -> None:
    claim = make.make_claim("It rained.", published=True)
    asked = get(f"/claims/{claim.pk}/?since=2020-01-01")
    assert 'name="since" value="2020-01-01" required' in asked
    plain = get(f"/claims/{claim.pk}/")
    assert f'<form action="/claims/{claim.pk}/#changes" method="get">' in plain
    assert 'name="since" value="" required' in plain
    assert 'name="as_of" value="" required' in plain
    assert "Look back" not in get("/claims/")


def test_nothing_leaves_that_its_reader_may_not_know(outlet: Any, ann: Any, editor: Any) -> None:
    hidden = make.make_source("zqname", withheld=True, withheld_reason="zqreason", description="zqwho", slug="zqname")
    open_claim = make.make_claim("Open.", published=True)
    make.make_attribution(open_claim, source=hidden)
    make.make_attribution(open_claim, source=outlet, on_behalf_of=hidden, quote="Said for another.")
    speaker, silent = make.make_source("Speaker"), make.make_source("Silent")
    printed = make.make_document(publisher=silent)
    make.make_attribution(open_claim, source=speaker, on_behalf_of=hidden, document=printed)
    inside = make.make_dispute("zqclosed", slug="zqclosed", visibility="restricted", members=[ann])
    secret = make.make_claim("zqsecret", published=True, dispute=inside)
    make.make_attribution(secret, source=make.make_source("zqsource", slug="zqsource"))
    make.make_attribution(secret, source=outlet, quote="zqquote")
    make.make_corrected(secret, reason="zqcorrected")
    draft = make.make_claim("zqdraft")
    gone = make.make_published(make.make_claim("zqgone", published=True)).claim
    withdraw_claim(actor=make.someone("Editor"), claim=gone, reason="Wrong.")
    assert not [path for path in listed() if "zq" in path or path.endswith(f"/{secret.pk}/")]
    for path in (*LISTS[:5], *FEEDS, f"/claims/{open_claim.pk}/", "/sources/outlet/", "/?q=zq"):
        assert "zq" not in re.sub(r'[?]q=zq|Search: zq|value="zq"', "", get(path)), path
    # What stands on the page of the claim is not said to be on no record; nor that something is left out.
    for row in (speaker, silent):
        assert 'class="none">No statement of this source is shown here.<' in get(f"/sources/{row.slug}/")
    for path in ("/", "/disputes/", "/sources/outlet/"):
        assert not re.search("zq(closed|secret|quote|corrected)", get(path, editor)), path
    for path in ("/sources/zqname/", f"/sources/{hidden.pk}/", "/sources/zqsource/", f"/sources/{draft.pk}9999/"):
        assert Client().get(path).status_code == 404
    for path in (f"/claims/{secret.pk}/", f"/claims/{draft.pk}/", f"/claims/{gone.pk}/", f"/disputes/{inside.slug}/"):
        assert Client().get(path).status_code == 404
    assert "zqsecret" in get("/disputes/", ann)
    assert "zqquote" in get("/sources/outlet/", ann)
    assert "Said for another." in get("/sources/outlet/", ann)
    assert "Said for another." not in get("/sources/outlet/")


def test_a_source_has_a_page_of_what_it_says_over_time(outlet: Any) -> None:
    moved = Client().get(f"/sources/{outlet.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, "/sources/outlet/")
    page = " ".join(re.sub(r"<[^>]+>", " ", get("/sources/outlet/")).split())
    for part in (
        "It asserted 1 claim",
        "It denied 1 claim",
        "Refuted 1",
        "Contradicts an earlier position. Earlier (1 June 2025) it denied",
        "Through Z , spokesperson.",
        f"Claim {outlet.attributions.order_by('pk').last().claim_id}",
        ARABIC,
    ):
        assert part in page, part
    assert f'lang="ar" dir="auto">{ARABIC}' in get("/sources/outlet/")
    assert "not withheld" not in page
    only = make.make_attribution(make.make_claim("Passed on.", published=True), stance="relays").source
    assert '<svg class="timeline"' not in get(f"/sources/{only.slug}/")


def test_the_front_page_and_the_search_find_the_way(outlet: Any) -> None:
    home = get("/")
    for part in ("Rain in Z", "It rained in Z.", "Refuted", "Drought in Z", "Open disputes"):
        assert part in home, part
    found = get("/?q=RAIN")
    assert "It rained in Z." in found
    assert "It was dry" not in found
    assert 'href="/sources/outlet/"' in get("/?q=outl")
    assert "Nothing in the register" in get("/?q=rain+dry")
    for words in ("w " * 9, "a" * 201):
        answer = Client().get("/", {"q": words})
        assert answer.status_code == 400
        assert "Search for at most" in answer.content.decode()


def test_disputes_are_listed_by_state(outlet: Any) -> None:
    claim = make.make_claim("It snowed.", published=True, dispute=make.make_dispute("Snow in Z"))
    make.make_link(claim, "supports")
    make.make_published(claim, code="supported", confidence="high")
    assert "Snow in Z" not in get("/disputes/?state=open")
    assert "Drought in Z" in get("/disputes/?state=open")
    assert "Snow in Z" in get("/disputes/?state=settled")
    answer = Client().get("/disputes/?state=closed")
    assert answer.status_code == 400
    assert "open, contested, settled" in answer.content.decode()


def test_a_long_list_comes_a_page_at_a_time(outlet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispute, "SHOWN", 1)
    for module in (correction, verdict, source):
        monkeypatch.setattr(module, "ON_A_PAGE", 1)
    make.make_corrected(make.make_claim("It snowed in Z.", published=True))
    for path, words in (
        ("/disputes/", {"Rain in Z", "Drought in Z"}),
        ("/verdicts/", {"It rained", "It snowed"}),
        ("/corrections/", {"It rained", "It snowed"}),
        ("/sources/", {">Outlet<", ">Z<"}),
    ):
        seen, address = [], path
        while address:
            page = get(address)
            assert f'rel="canonical" href="{BASE}{address}"' in page
            seen += [word for word in words if word in page]
            following = re.search(r'class="next" rel="next" href="([^"]+)"', page)
            address = following.group(1) if following else ""
        assert sorted(seen) == sorted(words), path
        for nonsense in ("x", "0", "9" * 30):
            assert Client().get(f"{path}?after={nonsense}").status_code == 404


def test_a_page_takes_the_same_queries_for_one_and_for_many(outlet: Any) -> None:
    paths = (*LISTS[:5], "/sources/outlet/", "/?q=Z", "/verdicts/feed/", "/sitemap.xml", "/sitemap-claims-0.xml")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            get(path)
        return len(seen)

    before = {path: queries(path) for path in paths}
    for number in range(2):
        claim = make.make_claim(f"Also in Z, {number}.", published=True, dispute=make.make_dispute(f"Z {number}"))
        make.make_attribution(claim, source=outlet)
        make.make_attribution(claim, source=make.make_source(f"Z {number}", part_of=make.make_source()))
        make.make_corrected(claim)
    assert {path: queries(path) for path in paths} == before


def test_a_feed_reader_reads_the_verdicts(outlet: Any) -> None:
    for path in FEEDS:
        feed = feedparser.parse(get(path).encode())
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        assert len(feed.entries) == 1
        assert feed.feed.author_detail.name == "The <Desk> & Co"
    (entry,) = feedparser.parse(get("/verdicts/feed/").encode()).entries
    assert entry.title == "Refuted: It rained in Z."
    assert entry.tags[0].term == "refuted"
    assert entry.link.startswith(f"{BASE}/claims/")
    assert re.fullmatch(r"tag:desk\.example\.org,[\d-]{10}:verdict/\d+", entry.id)
    assert "<script>" not in entry.summary
    first = Client().get("/verdicts/feed/")
    assert Client().get("/verdicts/feed/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_search_engine_is_told_of_every_page_and_its_last_change(outlet: Any) -> None:
    claim = make.make_claim("Old.", dispute=make.make_dispute("Old", slug="old"), published=True)
    assert get("/robots.txt").splitlines()[-1] == f"Sitemap: {BASE}/sitemap.xml"

    def last(page: str) -> str:
        root = ElementTree.fromstring(get(f"/sitemap-{page.split('/')[1]}-0.xml"))
        found = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in root}
        return found[BASE + page] or ""

    before = last(f"/claims/{claim.pk}/")
    claim_changed = make.make_published(claim).published_at
    assert last(f"/claims/{claim.pk}/") >= max(before, claim_changed.isoformat(timespec="seconds"))
    # What is done to a draft shows nowhere.
    make.make_attribution(make.make_claim("A draft.", dispute=claim.dispute))
    assert last("/disputes/old/") == last(f"/claims/{claim.pk}/")
    # That evidence depends on a claim shows in the page, and that this no longer holds.
    link, ground = make.make_link(claim), make.make_claim("It is genuine.", published=True)
    for days, act in ((1, partial(make.make_premise, link)), (2, partial(make.make_published, code="refuted"))):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            act(claim=ground)
            now = timezone.now().isoformat(timespec="seconds")
        assert last(f"/claims/{claim.pk}/") == last("/disputes/old/") == now
    for path in (
        "/sitemap-claims-9.xml",
        "/sitemap-pages-1.xml",
        "/sitemap-x-0.xml",
        f"/sitemap-claims-{'9' * 30}.xml",
    ):
        assert Client().get(path).status_code == 404


def test_the_logo_and_the_scale_are_those_of_the_settings(settings: Any, tmp_path: Any) -> None:
    assert Client().get("/logo.svg").status_code == 404
    settings.FACTCHECK_LOGO = tmp_path / "logo.svg"
    settings.FACTCHECK_LOGO.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    answer = Client().get("/logo.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert Client().get("/logo.png").status_code == 404
    assert '<img src="/logo.svg" alt=""' in get("/")
    assert "Mostly supported" in get("/method/")
    make.make_rating(scale=make.make_scale("own"), label="Zutreffend")
    settings.FACTCHECK_RATING_SCALE = "own"
    assert "Zutreffend" in get("/method/")
    assert "Mostly supported" not in get("/method/")


def test_the_address_by_id_leads_to_the_same_moment() -> None:
    dispute = make.make_claim(published=True, dispute=make.make_dispute()).dispute
    for asked in ("", "?as_of=1999-01-01", "?since=2020-01-01&as_of=2021-01-01"):
        moved = Client().get(f"/disputes/{dispute.pk}/{asked}")
        assert (moved.status_code, moved["Location"]) == (301, f"/disputes/{dispute.slug}/{asked}")
