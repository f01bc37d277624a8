"""What a copy is, told by its bytes and not by its sender, and the words that are looked into."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base.text import forbidden_character
from sources.logic.copies import LONGEST_PAGE, UNKNOWN, media_type_of, words_of

PDF, PNG, JPEG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\x00", b"\xff\xd8\xff\xe0\x00"
ZIP, MP4, WEBP = b"PK\x03\x04\x14\x00", b"\x00\x00\x00\x18ftypmp42", b"RIFF\x24\x00\x00\x00WEBPVP8 "
PAGE = b"<!DOCTYPE html><html><body><p>Words</p></body></html>"


@pytest.mark.parametrize(
    ("head", "given_type", "media_type"),
    [
        (PDF, "application/pdf", "application/pdf"),
        (PDF, "text/html", "application/pdf"),
        (PDF, "", "application/pdf"),
        (PNG, "image/jpeg", "image/png"),
        (JPEG, "image/jpeg", "image/jpeg"),
        (b"GIF89a\x00", "", "image/gif"),
        (WEBP, "image/png", "image/webp"),
        (MP4, "video/mp4", "video/mp4"),
        (MP4, "audio/mp4", "audio/mp4"),
        (MP4, "text/html", "video/mp4"),
        (ZIP, "application/epub+zip", "application/epub+zip"),
        (ZIP, "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (ZIP, "text/html", "application/zip"),
        (b"\x1f\x8b\x08", "application/warc", "application/warc"),
        (b"\x1f\x8b\x08", "image/png", "application/gzip"),
        (PAGE, "text/html; charset=utf-8", "text/html"),
        (PAGE, "text/plain", "text/html"),
        (PAGE, "application/xhtml+xml", "application/xhtml+xml"),
        (b"  <!-- saved -->\n<HTML>", "", "text/html"),
        (b"Plain words.", "", "text/plain"),
        (b"Plain words.", "text/csv", "text/csv"),
        (b"{}", "application/json", "application/json"),
        (b"<svg/>", "image/svg+xml", "image/svg+xml"),
        (b"no picture", "image/png", "text/plain"),
        (b"no document", "application/pdf", "text/plain"),
        (b"\x00\x01\x02", "text/plain", UNKNOWN),
        (b"\x00\x01\x02", "", UNKNOWN),
        (b"\x00\x01\x02", "application/x-thing", "application/x-thing"),
        (b"\x01\x02", "", UNKNOWN),
        (b"", "", "text/plain"),
        (b"words", "not a type", "text/plain"),
        (b"words", "text/html\r\nX: y", "text/plain"),
    ],
)
def test_the_bytes_decide_what_a_copy_is(head: bytes, given_type: str, media_type: str) -> None:
    assert media_type_of(head, given_type) == media_type


@given(st.binary(max_size=64), st.text(max_size=40))
def test_whatever_comes_a_media_type_is_one_word_that_is_safe_in_a_header(head: bytes, given_type: str) -> None:
    found = media_type_of(head, given_type)
    kind, slash, name = found.partition("/")
    assert slash == "/"
    assert kind
    assert name
    assert found.isascii()
    assert not set(found) & set(" ;,\r\n\"'<>")


@pytest.mark.parametrize("content", [PDF, PNG, JPEG, ZIP, MP4])
def test_other_formats_have_no_words(content: bytes) -> None:
    assert words_of(content, media_type_of(content, ""), longest=100) == ""


@pytest.mark.parametrize(
    ("content", "given_type", "words"),
    [
        ("Причина смерти".encode(), "", "Причина смерти"),
        ("Причина".encode("cp1251"), "text/plain; charset=windows-1251", "Причина"),
        ("İşgəncə".encode("utf-16"), "", "İşgəncə"),
        (codecs.BOM_UTF8 + "café".encode(), "text/plain; charset=latin-1", "café"),
        ("café".encode("latin-1"), "text/plain; charset=iso-8859-1", "café"),
        ("café".encode("cp1252"), "text/plain; charset=unknown-9", "café"),
        (b"one\r\ntwo\rthree", "", "one\ntwo\nthree"),
        (b"  around  ", "", "around"),
        (b"a\x00b\x1bc", "", "abc"),
        ("a\u202eb".encode(), "", "ab"),
        ("cafe\u0301".encode(), "", "café"),
    ],
)
def test_plain_text_is_read_in_the_alphabet_that_it_is_in(content: bytes, given_type: str, words: str) -> None:
    assert words_of(content, "text/plain", given_type, longest=100) == words


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One <b>word</b></p>", "One word"),
        ("<p>He&nbsp;said &amp; left</p>", "He said & left"),
        ("<title>Title</title><body>Body", "Title\nBody"),
        ("<script>alert(1)</script><p>Words</p>", "Words"),
        ("<style>p{}</style><p>Words</p><!-- hidden -->", "Words"),
        ("<p>broken <div>page", "broken\npage"),
        ("<iframe>inner</iframe><template>t</template>Words", "Words"),
        ("<p>&lt;b&gt; is a tag</p>", "<b> is a tag"),
    ],
)
def test_a_page_is_read_as_its_readers_saw_it(page: str, words: str) -> None:
    assert words_of(page.encode(), "text/html", longest=1_000) == words


def test_a_page_says_its_alphabet_itself() -> None:
    page = '<meta charset="windows-1251"><p>Причина</p>'.encode("cp1251")
    assert words_of(page, "text/html", longest=100) == "Причина"


def test_a_long_page_that_is_cut_within_a_character_is_read_up_to_it() -> None:
    page = "é".encode() * (LONGEST_PAGE // 2) + b"x"
    assert words_of(b"x" + page, "text/plain", longest=10) == "x" + "é" * 9
    assert words_of(b"x" + page, "text/plain", longest=LONGEST_PAGE).count("é") == LONGEST_PAGE // 2 - 1


@pytest.mark.parametrize("longest", [0, 1, 5, 100])
def test_no_more_is_read_than_is_kept(longest: int) -> None:
    assert len(words_of(b"word " * 1_000, "text/plain", longest=longest)) <= longest


@given(st.binary(max_size=300), st.sampled_from(["text/plain", "text/html"]), st.text(max_size=30))
def test_no_bytes_make_text_that_the_register_refuses(content: bytes, media_type: str, given_type: str) -> None:
    found = words_of(content, media_type, given_type, longest=200)
    assert forbidden_character(found) is None
    assert len(found) <= 200
