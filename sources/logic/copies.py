"""What a copy is, told by its first bytes, and the words in it."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from email.message import Message

import nh3

from factcheck.base.text import without_forbidden

UNKNOWN = "application/octet-stream"
HEAD = 4_096
"""Bytes at the beginning that are enough to tell what a copy is."""
LONGEST_PAGE = 4_000_000
"""Bytes of a text or page that are looked into for its words."""

_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,48}/[a-z0-9][\w.+-]{0,48}", re.ASCII)
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
# Formats that are packed as another one: the sender's more exact word stands.
_WITHIN = {
    "application/zip": re.compile(r"application/(?:vnd\..+|epub\+zip|zip|x-zip.*|wacz)"),
    "application/gzip": re.compile(r"application/(?:gzip|x-gzip|warc|x-tar|gtar)"),
    "application/ogg": re.compile(r"(?:audio|video|application)/ogg"),
    "video/webm": re.compile(r"(?:audio|video)/(?:webm|x-matroska)"),
}
_PAGE = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_BLOCKS = set(
    re.findall(
        r"\w+",
        "address article aside blockquote br caption dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol option p pre section table tbody td tfoot th thead title tr ul",
    )
)
_UNREAD = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"}
_TAG = re.compile(r"<[^>]*>")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def media_type_of(head: bytes, given: str) -> str:
    """The media type of a copy that begins with `head`; what the sender calls it counts where the bytes agree."""
    name = given.partition(";")[0].strip().lower()
    name = name if _MEDIA_TYPE.fullmatch(name) else ""
    if head[4:8] == b"ftyp":
        return name if name.startswith(("video/", "audio/", "image/")) else "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            within = _WITHIN.get(found)
            return name if within is not None and within.fullmatch(name) else found
    texts = any(head.startswith(bom) for bom, _name in _BOMS) or b"\x00" not in head
    if not texts:
        return UNKNOWN if not name or name.startswith("text/") else name
    if _PAGE.match(head):
        return name if name in {"text/html", "application/xhtml+xml"} else "text/html"
    if name and name not in {UNKNOWN, "application/pdf"} and not name.startswith("image/"):
        return name
    if name == "image/svg+xml":
        return name
    return "text/plain" if _is_text(head) else UNKNOWN


def words_of(content: bytes, media_type: str, given: str = "", *, longest: int) -> str:
    """The words in a plain text or HTML page, at most `longest` characters; of other formats none.

    The result is text that the register takes: no control characters, no direction overrides.
    """
    if media_type not in {"text/plain", "text/html", "application/xhtml+xml"}:
        return ""
    text = decoded(content[:LONGEST_PAGE], given)
    if media_type != "text/plain":
        text = _page_words(text)
    text = unicodedata.normalize("NFC", without_forbidden(text.replace("\r\n", "\n").replace("\r", "\n")))
    return text[:longest].strip()


def _page_words(page: str) -> str:
    # By a browser's own rules of parsing: a page that is written badly is read as its readers saw it.
    kept = nh3.clean(
        page.replace("\x00", ""), tags=_BLOCKS, attributes={}, clean_content_tags=_UNREAD, strip_comments=True
    )
    lines = (" ".join(line.split()) for line in html.unescape(_TAG.sub("\n", " ".join(kept.split()))).split("\n"))
    return "\n".join(line for line in lines if line)


def decoded(content: bytes, given: str) -> str:
    """The letters of a text or page, by what its sender said (`given`, a media type), by itself, or as browsers do."""
    for bom, name in _BOMS:
        if content.startswith(bom):
            return content.decode(name, "replace")
    meta = _META.search(content[:HEAD])
    for name in (_charset_in(given), meta[1].decode("ascii", "replace") if meta else "", "utf-8"):
        try:
            return content.decode(name) if name else content.decode("ascii")
        except (LookupError, UnicodeError):
            continue
    try:
        # A long page may have been cut within a character: what is left of it at the end is dropped.
        return codecs.getincrementaldecoder("utf-8")().decode(content, final=len(content) < LONGEST_PAGE)
    except UnicodeDecodeError:
        # What browsers take a page for that is neither UTF-8 nor says what it is.
        return content.decode("cp1252", "replace")


def _charset_in(given: str) -> str:
    header = Message()
    header["Content-Type"] = " ".join(given.split())
    charset = header.get_param("charset")
    return charset if isinstance(charset, str) else ""


def _is_text(head: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
