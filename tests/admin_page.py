"""A page of the admin as a browser sees it that runs no script but the one which puts rows together: its words, its
form, and the form sent back."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.urls import resolve

DESK = "/admin/find/"
"""Open to the same people as the front page, and answered sooner."""


class Page(HTMLParser):
    """Reads the fields of the main form as they would be sent, and the text of the page."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status = response.status_code
        self.errors = [str(e) for e in (response.context or {}).get("errors") or []] if response.context else []
        self.fields: dict[str, str] = {}
        self.named: set[str] = set()
        """All that the form has a place for, also what is empty or not ticked."""
        self.forms: list[tuple[str, set[str]]] = []
        """For each form of the page its method and what can be filled in."""
        self.links: list[str] = []
        self.buttons: list[str] = []
        """What the buttons that send a form stand for."""
        self._words: list[str] = []
        self._blank: dict[str, str] = {}
        """What the form of a new row holds, if it holds anything."""
        self._places: set[str] = set()
        """All that it has a place for."""
        self._rows = ""
        """The list of rows in hand that are sent as their values."""
        self._sent: dict[str, str] = {}
        self._owners: dict[str, set[str]] = {}
        self._pages: dict[str, str] = {}
        """Where the pages of such rows are."""
        self._form = self._select = self._textarea = self._skipped = ""
        self.feed(response.content.decode())
        for prefix, sent in self._sent.items():
            for place, row in enumerate(json.loads(sent)):
                self._put_together(prefix, place, row)

    def _put_together(self, prefix: str, place: int, row: dict[str, Any]) -> None:
        """As `rows.js` does."""
        begin = f"{prefix}-__prefix__-"
        blank = {name.removeprefix(begin): value for name, value in self._blank.items() if name.startswith(begin)}
        for name in sorted(one.removeprefix(begin) for one in self._places if one.startswith(begin)):
            value = row["fields"].get(name, blank.get(name, False))
            if isinstance(value, list):
                self._words += [words for _key, words in value]
                value = value[0][0] if value else ""
            elif isinstance(value, str) and name in row["fields"]:
                self._words.append(value)
                value = re.sub(r"\r?\n", "\r\n", value)
            own = f"{prefix}-{place}-{name}"
            self.named.add(own)
            self._owners[prefix].add(own)
            if value is not False:
                self.fields[own] = "on" if value is True else str(value)
        self._words += [row["title"], *(re.sub(r"<[^>]+>", " ", one) for one in row.get("shown", ()))]
        if prefix in self._pages:
            self.links.append(self._pages[prefix].replace("__key__", str(row["pk"])))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value if value is not None else name for name, value in given}
        name = attrs.get("name", "")
        if tag == "option":
            if self._select and "selected" in attrs:
                self._into(self._select)[self._select] = attrs.get("value", "")
        elif tag == "form":
            self._form = attrs.get("id", "-")
            self.forms.append((attrs.get("method", "get"), set()))
        elif tag == "a" and attrs.get("href"):
            if "/__key__/" in attrs["href"]:
                self._pages[self._rows] = attrs["href"]
            else:
                self.links.append(attrs["href"])
        elif tag == "button" and self._form and attrs.get("value"):
            self.buttons.append(attrs["value"])
        elif tag in {"script", "style", "template"}:
            self._skipped = tag
            if "data-rows" in attrs:
                self._rows = attrs["data-rows"]
                self._sent[self._rows] = ""
                self._owners[self._rows] = self.forms[-1][1]
        elif tag in {"input", "select", "textarea"} and self._form and name:
            self._handle_field(tag, name, attrs)

    def _handle_field(self, tag: str, name: str, attrs: dict[str, str]) -> None:
        if attrs.get("type") not in {"hidden", "submit", "button"}:
            self.forms[-1][1].add(name)
        if not self._form.endswith("_form"):
            return
        (self._places if "__prefix__" in name else self.named).add(name)
        into = self._into(name)
        if tag == "textarea":
            self._textarea = name
            into[name] = ""
        elif tag == "select":
            self._select = name
            if "multiple" not in attrs:
                into[name] = ""
        elif tag == "input" and attrs.get("type") not in {"submit", "button", "file"}:
            box = attrs.get("type") in {"checkbox", "radio"}
            if not box or "checked" in attrs:
                into[name] = attrs.get("value", "on" if box else "")

    def _into(self, name: str) -> dict[str, str]:
        return self._blank if "__prefix__" in name else self.fields

    def handle_startendtag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, given)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # A browser drops the line break that stands right after the tag, and sends line ends as CR LF.
            into = self._into(self._textarea)
            data = data.removeprefix("\n") if not into[self._textarea] else data
            into[self._textarea] += data.replace("\r\n", "\n").replace("\n", "\r\n")
        if self._skipped == "script" and self._rows and self._rows in self._sent and not self._sent[self._rows]:
            self._sent[self._rows] = data
        if not self._skipped:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag == self._skipped:
            self._skipped = ""


def get(client: Client, url: str) -> Page:
    """The page at `url`."""
    return Page(client.get(url))


def send(client: Client, url: str, changes: dict[str, Any] | None = None, page: Page | None = None) -> Page:
    """Open the form at `url` (or take `page`), change some fields, send all of it, and follow where that leads."""
    page = page or get(client, url)
    return Page(client.post(url, {**page.fields, **(changes or {})}, follow=True))


def new_row(page: Page, prefix: str, **values: Any) -> dict[str, Any]:
    """The fields that a browser adds when a row of the inline `prefix` is added and filled in."""
    total = int(page.fields[f"{prefix}-TOTAL_FORMS"])
    fields = {f"{prefix}-{total}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": str(total + 1), **fields}


def answer_to(user: Any, url: str, data: dict[str, Any] | None = None, session: Any = None) -> Any:
    """What the view at `url` answers, not drawn yet: to draw a page takes ten times as long as to decide what is on it.
    With `data` it is sent a form."""
    path = url.partition("?")[0]
    request = RequestFactory().get(url) if data is None else RequestFactory().post(url, data)
    request.user, request.resolver_match = user, resolve(path)
    request.session = {} if session is None else session
    request._messages = FallbackStorage(request)
    request._dont_enforce_csrf_checks = True
    match = request.resolver_match
    return match.func(request, *match.args, **match.kwargs)


def drawn(response: TemplateResponse) -> Page:
    """The page of an answer that was not drawn yet."""
    response.context = response.context_data
    return Page(response.render())
