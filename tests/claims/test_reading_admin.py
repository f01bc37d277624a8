"""The reading page of a document: statements that are made out of its passages, by every role, without and with
scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from claims.admin.marked import marked
from claims.models import Attribution
from sources.models import Document, Snapshot
from sources.services import keep_copy
from sources.services.article import read, readings_of
from tests import factories as make
from tests.admin_page import Page
from tests.claims.test_dispute_admin import client_of
from tests.sources.test_metadata_logic import ARTICLE

SCRIPT = {"X-Desk-Script": "1"}
LINES = [f"Witness number {number} said that it rained at {number} o'clock." for number in range(1, 11)]
TEXT = "\n".join(["The <b>weather</b> & more", *LINES])


def at(document: Document) -> str:
    return reverse("read-document", args=[document.pk])


@pytest.fixture
def document(register: None) -> Document:
    return make.make_document("The weather", text=TEXT)


@pytest.fixture
def desk(ann: Any) -> Client:
    return client_of(ann)


def selected(words: str, text: str = TEXT) -> str:
    start = text.index(words)
    end = start + len(words)
    return json.dumps({"exact": words, "prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]})


def state(**fields: Any) -> dict[str, Any]:
    given = {"stance": "asserts", "_save": "1", **fields}
    return {name: getattr(value, "pk", value) for name, value in given.items()}


def test_ten_statements_are_made_of_one_document_without_leaving_its_page(desk: Client, document: Document) -> None:
    claim = make.make_claim("It rained.")
    for number, line in enumerate(LINES, 1):
        source = make.make_source(f"Witness {number}", kind="witness")
        sent = state(claim=claim, source=source, quote=line, selected=selected(line), said_on=f"{number}.3.2024")
        answer = desk.post(at(document), sent, headers=SCRIPT)
        page = Page(answer)
        assert answer.status_code == 200, page.errors
        assert f"Saved: Witness {number} asserts: It rained." in page.text
        # The next one begins with nothing chosen.
        assert {page.fields[name] for name in ("claim", "source", "stance", "quote", "said_on", "selected")} == {""}
    said = list(Attribution.objects.select_related("quote_check").order_by("pk"))
    assert [row.quote for row in said] == LINES
    assert [row.said_on for row in said[:2]] == ["2024-03-01", "2024-03-02"]
    for row in said:
        assert row.document == document
        assert row.quote_check.state == "verified"
        place = {name: words for name, words in json.loads(selected(row.quote)).items() if words}
        assert row.selector == {"type": "TextQuoteSelector", **place}
    html = answer.content.decode()
    assert "The &lt;b&gt;weather&lt;/b&gt; &amp; more" in html
    for row in said:
        assert f'<mark id="said-{row.pk}">{row.quote.replace(chr(39), "&#x27;")}</mark>' in html
        assert f"#said-{row.pk}" in page.links


def test_the_number_of_questions_does_not_grow_with_the_statements(
    desk: Client, document: Document, django_assert_max_num_queries: Any
) -> None:
    def ask(most: int) -> int:
        with django_assert_max_num_queries(most) as asked:
            desk.get(at(document))
        return len(asked)

    make.make_attribution(document=document, quote=LINES[0])
    ask(200)
    few = ask(200)
    for line in LINES[1:]:
        make.make_attribution(document=document, quote=line)
    ask(200)
    assert ask(few) <= few


def test_without_scripts_rows_are_named_by_words_and_the_page_is_opened_again(desk: Client, document: Document) -> None:
    claim, source = make.make_claim("It rained."), make.make_source("Bellingcat")
    assert {"claim_words", "source_words"} <= Page(desk.get(at(document))).named
    # What is typed counts, since a list without scripts keeps what stands in it.
    other = make.make_claim().pk
    sent = state(
        claim=other,
        claim_words=str(claim.pk),
        source_words="bellingcat",
        quote=LINES[2],
        selector="p. 12",
        keep="claim",
    )
    answer = desk.post(at(document), sent, follow=True)
    page = Page(answer)
    row = Attribution.objects.get()
    relay = Page(desk.get(reverse("admin:claims_attribution_change", args=[row.pk])))
    assert f"{at(document)}#said-{row.pk}" in relay.links
    assert (row.claim, row.source, row.selector) == (claim, source, {"type": "PageSelector", "page": "12"})
    assert "Saved: Bellingcat asserts: It rained." in page.text
    # What the person ticked is taken over, nothing else.
    assert (page.fields["claim"], page.fields["source"], page.fields["stance"]) == (str(claim.pk), "", "")
    assert page.fields["keep"] == "claim"
    # And what is not ticked any more is not.
    sent = state(source=source, claim=claim)
    again = Page(desk.post(f"{at(document)}?claim={claim.pk}", sent, headers=SCRIPT))
    assert (again.fields["claim"], "keep" in again.fields) == ("", False)
    # By the place where the quote was found.
    assert f'<mark id="said-{row.pk}">' in answer.content.decode()


def test_what_is_refused_comes_back_as_it_was_typed_with_the_reason_at_its_field(
    desk: Client, document: Document
) -> None:
    claim = make.make_claim()
    make.make_source("Bellingcat")
    typed = state(
        claim=claim, source_words="Belingcat", said_on="03/04/2016", quote="Its words", translation="Some", stance=""
    )
    answer = desk.post(at(document), {**typed, "keep": "claim"}, headers=SCRIPT)
    page = Page(answer)
    assert answer.status_code == 422
    for words in ("3 April 2016 or 4 March 2016", "None has exactly this name", "is “Bellingcat”", "field is required"):
        assert words in page.text
    kept = {name: page.fields[name] for name in ("claim", "said_on", "quote", "translation", "keep")}
    assert kept == {
        "claim": str(claim.pk),
        "said_on": "03/04/2016",
        "quote": "Its words",
        "translation": "Some",
        "keep": "claim",
    }
    assert not Attribution.objects.exists()


def test_rules_refuse_here_as_on_every_page(desk: Client, document: Document, editor: Any) -> None:
    public, source = make.make_claim(published=True), make.make_source()
    refused = desk.post(at(document), state(claim=public, source=source), headers=SCRIPT)
    assert refused.status_code == 422
    assert "Ask an editor" in Page(refused).text
    assert client_of(editor).post(at(document), state(claim=public, source=source), headers=SCRIPT).status_code == 200
    older = desk.post(at(document), state(claim=make.make_claim(), source=source, stance="hedges"), headers=SCRIPT)
    assert older.status_code == 422
    assert Attribution.objects.count() == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "no JSON",
        "[1, 2]",
        '"text"',
        "[" * 20_000,
        '{"exact": 5}',
        '{"exact": "x", "onclick": "alert(1)"}',
        '{"exact": {"a": "b"}}',
        '{"type": "PageSelector", "exact": "x"}',
        json.dumps({"exact": "x" * 11_000}),
        json.dumps({"exact": "a\u202eb"}),
        '{"prefix": "x"}',
    ],
)
def test_a_place_that_is_none_is_refused(desk: Client, document: Document, hostile: str) -> None:
    sent = state(claim=make.make_claim(), source=make.make_source(), selected=hostile)
    answer = desk.post(at(document), sent, headers=SCRIPT)
    assert answer.status_code == 422
    assert not Attribution.objects.exists()


def test_the_next_statement_is_offered_what_its_own_claim_has(desk: Client, document: Document) -> None:
    claim = make.make_claim("It rained.")
    origin = make.make_attribution(claim)
    sent = state(claim=claim, source=make.make_source())
    fresh = desk.post(at(document), sent, headers=SCRIPT).content.decode()
    kept = desk.post(at(document), {**sent, "keep": "claim"}, headers=SCRIPT).content.decode()
    # Every statement can be searched for, or those of the claim that is kept are listed.
    assert f'<option value="{origin.pk}">' not in fresh
    assert 'data-field-name="relayed_from"' in fresh
    assert f'<option value="{origin.pk}">' in kept


def test_what_a_hostile_form_sends_is_no_server_error(desk: Client, document: Document) -> None:
    odd = "9" * 400
    for fields in (
        {"claim": odd, "source": "x"},
        {"claim_words": odd, "source_words": "\x00"},
        {"claim_words": "a " * 5_000, "source_words": "%_"},
        {"keep": ["claim", "document", "__class__"], "claim": "kept"},
        {"_keep": "1", "pasted": "x"},
        {"document": "1", "selected": "{}"},
    ):
        assert desk.post(at(document), state(**fields), headers=SCRIPT).status_code in {302, 400, 422}
    for asked in ("copy=copy-x", "copy=copy-99999999999999999999", "claim=x&source=-1", f"claim={odd}", "new=x.1"):
        assert desk.get(f"{at(document)}?{asked}").status_code == 200
    assert desk.get("/admin/read/99999999999999999999/").status_code == 404
    assert desk.get("/admin/read/999999/").status_code == 404


def test_passages_over_each_other_are_marked_and_every_letter_stays(document: Document) -> None:
    claim = make.make_claim()
    quotes = (f"{LINES[0]}\n{LINES[1]}", "it rained at 1 o'clock.", LINES[1], "Witness number 1 said", "number 2")
    rows = [make.make_attribution(claim, document=document, quote=quote) for quote in quotes]
    wanted = Attribution.objects.select_related("quote_check").filter(pk__in=[row.pk for row in rows])
    reading = read(document, "text")
    shown = marked(reading, wanted)
    html = str(shown.article)
    plain = html.replace("</p>\n", "\n").replace("</p>", "")
    for tag in ("mark", "p"):
        plain = "".join(part.partition(">")[2] if n else part for n, part in enumerate(plain.split(f"<{tag}")))
    plain = plain.replace("</mark>", "").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")
    assert plain.replace("&amp;", "&") == reading.text
    assert html.count("<mark") == html.count("</mark>")
    assert shown.marks


def test_a_quote_is_marked_in_another_text_than_the_one_in_which_it_was_found(document: Document) -> None:
    row = make.make_attribution(document=document, quote=f"{LINES[3]} {LINES[4]}")
    other = TEXT.replace("said that", "said  that").replace(LINES[0], "")
    copy = keep_copy(actor=None, document=document, content=_file(other), media_type="text/plain")
    rows = Attribution.objects.select_related("quote_check").filter(pk=row.pk)
    shown = marked(read(document, f"copy-{copy.pk}"), rows)
    assert shown.marks == {row.pk}
    assert str(shown.article).count("<mark") == 2


def test_a_long_text_with_many_statements_is_marked_in_one_go(document: Document) -> None:
    lines = [f"Paragraph {number} of a long text, with words that stand nowhere else." for number in range(6_000)]
    document.text = "\n".join(lines)
    document.save()
    claim = make.make_claim()
    rows = [make.make_attribution(claim, document=document, quote=line) for line in lines[::300]]
    wanted = Attribution.objects.select_related("quote_check").filter(pk__in=[row.pk for row in rows])
    assert marked(read(document, "text"), wanted).marks == {row.pk for row in rows}


def test_the_article_stands_alone_on_its_page_and_the_rest_is_folded(desk: Client, document: Document) -> None:
    copy = keep_copy(actor=None, document=document, content=_file(ARTICLE), media_type="text/html")
    assert [key for key, _words in readings_of(document)] == [f"copy-{copy.pk}", "text"]
    reading = read(document, f"copy-{copy.pk}")
    assert reading.text == copy.text
    assert reading.paragraphs[reading.first] == "Bridge fell at noon"
    assert reading.paragraphs[reading.end - 1].startswith("The haulier denied")
    html = desk.get(at(document)).content.decode()
    assert html.index("Before the article on its page") < html.index("All the news") < html.index("It was rust")
    assert html.index("After the article on its page") < html.index("Subscribe to our letters now!")
    assert "Witness number 1" in desk.get(f"{at(document)}?copy=text").content.decode()


def test_a_broken_copy_is_not_read(document: Document) -> None:
    copy = keep_copy(actor=None, document=document, content=_file("It was so."), media_type="text/plain")
    copy.broken_since = copy.taken_at
    copy.save(past_tense="found_broken")
    assert [key for key, _words in readings_of(document)] == ["text"]


def test_a_text_is_kept_for_a_document_that_has_none(desk: Client) -> None:
    document = make.make_document("No text", url="https://example.org/x")
    row = make.make_attribution(document=document, quote=LINES[0])
    assert "There is no text of this document" in Page(desk.get(at(document))).text
    refused = desk.post(at(document), {"_keep": "1", "pasted": "  "})
    assert refused.status_code == 422
    assert desk.post(at(document), {"_keep": "1", "pasted": TEXT}).status_code == 302
    copy = Snapshot.objects.get(document=document)
    assert (copy.text, copy.tool) == (TEXT, "Text pasted at the desk")
    row.refresh_from_db()
    assert row.quote_check.state == "verified"


def test_statements_on_claims_that_one_may_not_see_are_not_told(desk: Client, document: Document, rob: Any) -> None:
    dispute = make.make_dispute("Secret", visibility="restricted", members=[rob])
    make.make_attribution(make.make_claim("It snowed.", dispute=dispute), document=document, quote=LINES[4])
    html = desk.get(at(document)).content.decode()
    assert "It snowed." not in html
    assert "<mark" not in html
    assert "It snowed." in client_of(rob).get(at(document)).content.decode()


@pytest.mark.parametrize("role", ["Researcher", "Reviewer", "Editor", "Administrator"])
def test_every_role_of_the_desk_states(document: Document, role: str) -> None:
    client = client_of(make.someone(role))
    assert client.get(at(document)).status_code == 200
    sent = state(claim=make.make_claim(), source=make.make_source(), quote=LINES[0], selected=selected(LINES[0]))
    assert client.post(at(document), sent).status_code == 302
    assert Attribution.objects.count() == 1


def test_nobody_else_reads_it(document: Document, reader: Any) -> None:
    reader.is_staff = True
    reader.save()
    assert client_of(reader).get(at(document)).status_code == 403
    sent = state(claim=make.make_claim(), source=make.make_source())
    assert client_of(reader).post(at(document), sent).status_code == 403
    assert Client().get(at(document)).status_code == 302
    assert Client().post(at(document), sent).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.someone("Researcher"))
    assert strict.post(at(document), sent).status_code == 403
    assert not Attribution.objects.exists()


def test_the_page_of_a_document_leads_to_its_text(desk: Client, document: Document) -> None:
    page = Page(desk.get(reverse("admin:sources_document_change", args=[document.pk])))
    assert at(document) in page.links


def _file(text: str) -> Any:
    return ContentFile(text.encode())
