"""Article first: a document begun from an address, a text or a file; by whom, and what hostile input does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from factcheck.audit.models import AuditEntry
from factcheck.base.download import Download
from sources.models import Document, Snapshot
from tests import factories as make
from tests.admin_page import Page
from tests.sources.test_metadata_logic import ARTICLE

BEGIN = "/admin/read/"
TEXT = "Bridge fell at noon\n\nThe bridge fell at noon, the ministry said.\n“It was rust,” said an engineer.\n"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7 }}'


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(ann: Any) -> Client:
    return client_of(ann)


def look(desk: Client, **brought: Any) -> Any:
    return desk.post(BEGIN, {"_look": "1", **brought})


def save(desk: Client, page: Page, **changes: Any) -> Any:
    return desk.post(BEGIN, {**page.fields, "kind": "article", **changes, "_save": "1"})


def upload(content: str = ARTICLE) -> SimpleUploadedFile:
    return SimpleUploadedFile("page.html", content.encode(), "text/html")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked for; each address has the article."""
    asked: list[str] = []

    def download(url: str, target: Any, **_how: Any) -> Download:
        asked.append(url)
        target.write(ARTICLE.encode())
        return Download(url, "text/html")

    monkeypatch.setattr("factcheck.base.download.download", download)
    return asked


def test_a_pasted_text_becomes_a_document_with_a_copy_in_two_steps(desk: Client, ann: Any) -> None:
    answer = look(desk, paste=TEXT)
    page = Page(answer)
    assert (answer.status_code, page.fields["title"], page.fields["kind"]) == (200, "Bridge fell at noon", "")
    assert "Proposed, from the first line of the text." in page.text
    assert not Document.objects.exists()
    saved = save(desk, page, published_on="5.3.2024", language="English", url="www.example.org/x")
    document = Document.objects.get()
    assert saved["Location"] == reverse("read-document", args=[document.pk])
    assert (document.title, document.published_on, document.language) == ("Bridge fell at noon", "2024-03-05", "en")
    assert (document.url, document.text) == ("https://www.example.org/x", "")
    copy = Snapshot.objects.get()
    assert (copy.media_type, copy.tool, copy.taken_by) == ("text/plain", "Text pasted at the desk", ann)
    assert Path(copy.file.path).read_text() == TEXT.strip()
    assert copy.text == TEXT.strip()


def test_an_outlet_that_a_person_chose_is_not_said_to_be_proposed(desk: Client) -> None:
    make.make_source("The Daily", kind="news_outlet")
    page = Page(look(desk, file=upload()))
    other = make.make_source("The Weekly", kind="news_outlet")
    refused = Page(save(desk, page, publisher=str(other.pk), published_on="03/04/2016"))
    assert refused.fields["publisher"] == str(other.pk)
    assert "Proposed: the source called" not in refused.text
    assert "Proposed, from JSON-LD headline." in refused.text


def test_a_page_in_a_file_fills_in_what_it_says_of_itself_and_where(desk: Client) -> None:
    outlet = make.make_source("The Daily", kind="news_outlet")
    page = Page(look(desk, file=upload()))
    assert {name: page.fields[name] for name in ("title", "kind", "authors", "published_on", "language")} == {
        "title": "Bridge fell at noon",
        "kind": "article",
        "authors": "Jane Roe, John Doe",
        "published_on": "2024-03-05",
        "language": "en-GB",
    }
    assert page.fields["publisher"] == str(outlet.pk)
    assert "Proposed: the source called “The Daily”, from JSON-LD publisher." in page.text
    assert "Proposed, from JSON-LD datePublished." in page.text
    # The file itself waits, although no browser sends it twice; what is saved is what the person made of it.
    save(desk, page, title="Why it fell")
    document = Document.objects.get()
    assert (document.title, document.publisher, document.text) == ("Why it fell", outlet, "")
    copy = Snapshot.objects.get(document=document)
    assert Path(copy.file.path).read_bytes() == ARTICLE.encode()
    assert "Subscribe" in copy.text


def test_an_outlet_that_is_no_source_is_named_and_not_chosen(desk: Client) -> None:
    for _turn in range(2):
        make.make_source("The Daily", kind="news_outlet")
    page = Page(look(desk, file=upload()))
    assert page.fields["publisher"] == ""
    assert "The page names “ The Daily ” (JSON-LD publisher). No one source is called so." in page.text
    assert "/admin/sources/source/add/?_popup=1&name=The+Daily" in page.links


def test_the_same_words_are_known_again_without_an_address(desk: Client) -> None:
    words = "The bridge fell at noon, the ministry said, and nobody knows why it did."
    save(desk, Page(look(desk, paste=f"Bridge\n\n{words}")))
    document = Document.objects.get()
    again = Page(look(desk, paste=f"BRIDGE\n{words.replace(', ', ' ,  ')}\n"))
    assert "These words are in the register already" in again.text
    assert reverse("read-document", args=[document.pk]) in again.links
    assert "These words" not in Page(look(desk, paste=f"Bridge\n\nNot so: {words}")).text
    # Another outlet may have published the same.
    save(desk, again, title="The same, elsewhere")
    assert Document.objects.count() == 2


def test_the_same_few_words_say_nothing(desk: Client) -> None:
    save(desk, Page(look(desk, paste="Page\nNot found")))
    assert "These words" not in Page(look(desk, paste="Page\nNot found")).text


def test_the_outlet_is_known_by_the_site_on_which_a_work_stands(desk: Client) -> None:
    outlet = make.make_source("Daily Herald", kind="news_outlet", website="https://herald.example.net/")
    page = Page(look(desk, url="www.herald.example.net/2024/bridge", pasted=TEXT))
    assert page.fields["publisher"] == str(outlet.pk)
    assert "Proposed: the source “Daily Herald”, whose site is herald.example.net." in page.text
    # One that has its page on the site of others is not taken for their owner.
    make.make_source("A guest", website="https://posts.example.net/guest")
    assert Page(look(desk, url="https://posts.example.net/x", pasted=TEXT)).fields["publisher"] == ""
    # Two with one site: nobody is chosen.
    make.make_source("The Herald", website="http://www.herald.example.net")
    assert Page(look(desk, url="https://herald.example.net/x", pasted=TEXT)).fields["publisher"] == ""


def test_the_outlet_is_known_by_what_it_published_there(desk: Client) -> None:
    outlet, other = make.make_source("Daily Herald"), make.make_source("Somebody")
    for number in range(2):
        assert Page(look(desk, url="https://herald.example.net/x", pasted=TEXT)).fields["publisher"] == ""
        make.make_document(f"{number}", url=f"https://www.herald.example.net/{number}", publisher=outlet)
    page = Page(look(desk, url="https://herald.example.net/x", pasted=TEXT))
    assert page.fields["publisher"] == str(outlet.pk)
    assert "who published what is known of herald.example.net" in page.text
    make.make_document("3", url="https://herald.example.net/3", publisher=other)
    assert Page(look(desk, url="https://herald.example.net/x", pasted=TEXT)).fields["publisher"] == ""


def test_an_address_is_fetched_once_where_that_is_on(desk: Client, web: list[str], settings: Any) -> None:
    settings.FACTCHECK_FETCH = True
    page = Page(look(desk, paste="https://example.org/bridge?utm_source=x"))
    assert page.fields["title"] == "Bridge fell at noon"
    save(desk, page)
    assert len(web) == 1
    copy = Snapshot.objects.select_related("document").get()
    assert copy.document.url == copy.final_url == web[0]
    assert copy.tool == "Register of competing claims"


def test_nothing_is_fetched_where_that_is_off_nor_by_opening_the_page(
    desk: Client, web: list[str], settings: Any
) -> None:
    page = Page(look(desk, paste="example.org/bridge"))
    assert page.fields["url"] == "example.org/bridge"
    save(desk, page, title="The bridge")
    settings.FACTCHECK_FETCH = True
    desk.get(BEGIN, {"url": "https://example.org/other"})
    save(desk, page, title="Another", url="https://example.org/another")
    assert web == []
    assert {row.url for row in Document.objects.all()} == {"https://example.org/bridge", "https://example.org/another"}
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://localhost/x", "http://169.254.169.254/latest/"])
def test_only_public_addresses_are_ever_asked(desk: Client, settings: Any, address: str) -> None:
    settings.FACTCHECK_FETCH = True
    answer = look(desk, paste=address)
    page = Page(answer)
    assert answer.status_code == 422
    assert "There is no copy." in page.text
    assert page.fields["url"] == address


def test_a_document_that_is_there_is_taken_and_not_made_again(desk: Client) -> None:
    known = make.make_document("Known", url="https://www.example.org/bridge/")
    page = desk.get(BEGIN, {"url": "https://example.org/bridge?utm_source=feed"}).content.decode()
    assert reverse("read-document", args=[known.pk]) in page
    where = reverse("read-document", args=[known.pk])
    for brought in (
        {"_look": "1", "paste": "https://example.org/bridge?fbclid=1#top"},
        {"_look": "1", "paste": f"https://example.org/bridge\n{TEXT}"},
        {"_save": "1", "url": "example.org/bridge", "title": "Again", "kind": "report", "pasted": TEXT},
    ):
        assert desk.post(BEGIN, brought)["Location"] == where
    known.refresh_from_db()
    assert (Document.objects.count(), known.title, known.kind) == (1, "Known", "article")
    # The same text twice is one copy.
    assert Snapshot.objects.get().document == known


def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(desk: Client, settings: Any) -> None:
    typed = {"title": "T", "kind": "", "published_on": "03/04/2016", "url": "javascript:alert(1)", "pasted": TEXT}
    answer = desk.post(BEGIN, {**typed, "publisher_words": "Nobody", "_save": "1"})
    page = Page(answer)
    assert answer.status_code == 422
    assert "3 April 2016 or 4 March 2016" in page.text
    assert "http:// or https://" in page.text
    assert "None has exactly this name" in page.text
    assert {name: page.fields[name] for name in typed if name != "pasted"} == {
        name: value for name, value in typed.items() if name != "pasted"
    }
    assert page.fields["pasted"].replace("\r\n", "\n").strip() == TEXT.strip()
    settings.FACTCHECK_SNAPSHOT_MAX_BYTES = 10
    answer = desk.post(BEGIN, {"title": "T", "kind": "article", "pasted": TEXT, "_save": "1"})
    assert "larger than 10 bytes" in Page(answer).text
    assert Page(answer).fields["title"] == "T"
    assert not Document.objects.exists()


def test_without_scripts_the_outlet_is_named_by_its_name_or_number(desk: Client) -> None:
    outlet = make.make_source("The Daily", kind="news_outlet")
    for number, words in enumerate(("the daily", str(outlet.pk)), 1):
        desk.post(BEGIN, {"title": f"T{number}", "kind": "article", "publisher_words": words, "_save": "1"})
        assert Document.objects.get(title=f"T{number}").publisher == outlet


def test_what_an_address_shares_is_text_and_fills_the_form_in_alone(desk: Client) -> None:
    before = AuditEntry.objects.count()
    names = ("title", "text", "outlet", "authors", "published", "language")
    for shared in (
        dict.fromkeys((*names, "url"), HOSTILE),
        {"url": "javascript:alert(document.domain)"},
        {"url": "data:text/html,<script>alert(1)</script>", "title": "T"},
        {"text": "https://example.org/shared?utm_source=phone", "title": "T"},
        {"published": "2024-03-05T10:00:00Z", "language": "en_GB", "authors": "Jane Roe", "title": "T"},
    ):
        answer = desk.get(BEGIN, shared)
        page = Page(answer)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        ways = [link for link in page.links if link.startswith(("javascript:", "data:"))]
        # The bookmark, which says nothing of what was sent.
        assert len(ways) == 1
        assert "alert" not in ways[0]
    assert page.fields["published_on"] == "2024-03-05"
    assert page.fields["language"] == "en-GB"
    assert "Proposed, from the page, as your browser sent it." in page.text
    shared = Page(desk.get(BEGIN, {"text": "https://example.org/shared", "title": "T"}))
    assert shared.fields["url"] == "https://example.org/shared"
    assert (AuditEntry.objects.count(), Document.objects.count()) == (before, 0)


def test_a_copy_that_waits_is_of_use_to_who_brought_it_alone(desk: Client, rob: Any) -> None:
    page = Page(look(desk, file=upload()))
    for fields, who in (({"brought": "x"}, desk), ({}, client_of(rob))):
        answer = save(who, page, title="Typed", **fields)
        assert answer.status_code == 422
        again = Page(answer)
        assert "choose the file again" in again.text
        assert (again.fields["title"], again.fields["brought"]) == ("Typed", "")
    assert not Document.objects.exists()
    # Who knows that there is none saves without it.
    save(desk, again)
    assert Document.objects.get().title == "Typed"
    assert not Snapshot.objects.exists()


def test_a_copy_of_another_address_is_not_kept_for_this_one(desk: Client, web: list[str], settings: Any) -> None:
    settings.FACTCHECK_FETCH = True
    first, other = f"https://example.org/{'a' * 1_500}", "https://example.org/b"
    page = Page(look(desk, paste=first))
    assert save(desk, page, url=other).status_code == 422
    page = Page(desk.post(BEGIN, {**page.fields, "url": other, "_look": "1"}))
    save(desk, page)
    assert web == [first, other]
    assert Snapshot.objects.get().final_url == Document.objects.get().url == other
    # The same address, written otherwise, is the same.
    page = Page(look(desk, paste="https://example.org/c"))
    save(desk, page, url="EXAMPLE.org/c")
    assert Snapshot.objects.count() == 2


def test_a_form_of_another_site_saves_nothing(ann: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann)
    assert strict.post(BEGIN, {"title": "T", "kind": "article", "_save": "1"}).status_code == 403
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("Researcher", 302), ("Reviewer", 302), ("Editor", 302), ("Administrator", 302), ("Reader", 403)],
)
def test_every_role_of_the_desk_begins_with_an_article(register: None, role: str, status: int) -> None:
    user = make.make_user("somebody", role)
    user.is_staff = True
    user.save()
    client = client_of(user)
    assert client.get(BEGIN).status_code == (200 if status == 302 else 403)
    sent = {"title": "T", "kind": "article", "pasted": TEXT, "_save": "1"}
    assert client.post(BEGIN, sent).status_code == status
    assert Document.objects.count() == (status == 302)


def test_nobody_begins_without_a_log_in_and_the_address_is_kept_over_it(register: None) -> None:
    answer = Client().get(BEGIN, {"url": "https://example.org/a"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))
    assert "example.org" in answer["Location"]
    assert Client().post(BEGIN, {"title": "T", "_save": "1"}).status_code == 302
    assert not Document.objects.exists()


def test_the_share_menu_of_a_phone_is_told_of_the_page(client: Client) -> None:
    told = client.get(f"{BEGIN}desk.webmanifest").json()
    assert told["share_target"] == {
        "action": BEGIN,
        "method": "GET",
        "params": {"title": "title", "text": "text", "url": "url"},
    }


def test_the_front_page_begins_an_article(desk: Client) -> None:
    page = Page(desk.get("/admin/"))
    assert page.named == {"csrfmiddlewaretoken", "paste", "file"}
    assert ("post", {"paste", "file"}) in page.forms
