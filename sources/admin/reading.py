"""Article first: a document begun from an address, a text or a file. What is known of it is proposed, and a person
confirms it; nothing is written before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from factcheck.admin.fields import ProseField
from factcheck.admin.forms import RecordedForm
from factcheck.admin.links import add_url
from factcheck.admin.picker import find_named
from factcheck.admin.saving import save_new
from factcheck.audit.access import is_desk
from factcheck.base.errors import DomainError
from factcheck.base.people import Reader
from factcheck.base.text import shortened
from factcheck.base.typed import read_address
from sources.admin.document import DocumentAdmin
from sources.admin.proposing import (
    by_browser,
    is_address,
    note_on,
    of_first_line,
    of_publisher,
    shared_in,
    values_of,
)
from sources.admin.sharing import bookmarklet
from sources.logic.metadata import Proposal
from sources.models import Document, Source
from sources.models.document import TEXT_OF_A_WORK
from sources.services.article import PASTED, Brought, carried, carry, find_document, keep_brought, what_it_says
from sources.services.samewords import find_same_words
from sources.services.snapshot import FETCHER, Staged, stage_copy, stage_fetch, stage_text

FIELDS = ("url", "title", "kind", "publisher", "authors", "published_on", "language")
GONE = "The copy that was brought is of another address, or waited too long: look it up or choose the file again."
NO_COPIES = "Ask a researcher: your role does not take copies."


class BroughtForm(forms.Form):
    """What somebody has of a work: its text, or a file of it, or what was brought before."""

    pasted = ProseField(
        label="Text",
        required=False,
        max_length=TEXT_OF_A_WORK,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "dir": "auto", "class": "max-w-4xl!"}),
        help_text="As it stands there, as much as you need. It is kept as a copy with its fingerprint, and quotes are "
        "checked against it; desk only.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="A saved page, a text, a PDF, a picture. It is kept as a copy.",
    )
    brought = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


@dataclass
class Begun:
    """What was brought of a work so far, and what is known of it."""

    url: str = ""
    pasted: str = ""
    copy: Staged | None = None
    proposals: dict[str, Proposal] = field(default_factory=dict)
    refused: str = ""
    """Why there is no copy, where one was asked for."""

    def propose_publisher(self, user: Reader) -> None:
        """Propose the source of the outlet that is named, or on whose site the work is."""
        self.proposals |= of_publisher(self.proposals, (self.copy and self.copy.final_url) or self.url, user)

    @property
    def texts(self) -> list[str]:
        """The words that were brought."""
        return [text for text in (self.pasted, self.copy.text if self.copy is not None else "") if text]


@never_cache
@require_http_methods(["GET", "POST"])
def begin_view(request: HttpRequest) -> HttpResponse:
    """The page on which an article begins. What its address names only fills it in; a POST looks it up (`_look`), or
    makes the document and leads to where it is read."""
    user, pages = request.user, admin.site.get_model_admin(Document)
    assert isinstance(pages, DocumentAdmin)
    if not (is_desk(user) and pages.has_add_permission(request)):
        raise PermissionDenied
    shared = shared_in(request.GET)
    if request.method != "POST":
        begun = Begun(shared.pop("url", ""), shared.pop("text", ""), proposals=by_browser(shared))
        begun.propose_publisher(user)
        return _page(request, pages, begun, {**values_of(begun.proposals), "url": begun.url})
    data = _split(request.POST)
    brought = BroughtForm(data, request.FILES)
    begun = _brought(request, brought, data.get("url", ""))
    known = find_document(begun.url, user)
    if "_look" in data and known is None and not (begun.copy or begun.pasted or begun.refused):
        _fetch(request, begun)
        known = find_document(begun.copy.final_url, user) if begun.copy is not None else None
    said = what_it_says(begun.copy) if begun.copy is not None else {}
    begun.proposals = {**of_first_line(begun.pasted), **by_browser(shared), **said}
    begun.propose_publisher(user)
    looking = "_look" in data and known is None
    copies = [] if looking or begun.refused else _copies(begun)
    if looking or begun.refused:
        typed = {name: str(data[name]) for name in FIELDS if data.get(name)}
        return _page(request, pages, begun, {**values_of(begun.proposals), **typed})
    return _save(request, pages, data, begun, copies) if known is None else _take(request, known, begun, copies)


def _save(
    request: HttpRequest, pages: DocumentAdmin, data: QueryDict, begun: Begun, copies: list[Brought]
) -> HttpResponse:
    words = data.get("publisher_words", "").strip()
    publisher, unclear = find_named(Source, request.user, words) if words else (None, "")
    if publisher is not None:
        data["publisher"] = str(publisher.pk)

    def sent() -> RecordedForm:
        form = _form_class(request, pages)(data)
        if unclear:
            form.full_clean()
            form.add_error("publisher", unclear)
        return form

    def keep(row: Document) -> None:
        keep_brought(actor=request.user, document=row, copies=copies)

    form, document = save_new(pages, request, sent, keep)
    if document is None:
        return _page(request, pages, begun, {}, form=form)
    messages.success(request, "The document is in the register. Now say who says what.")
    return HttpResponseRedirect(reverse("read-document", args=[document.pk]))


def _take(request: HttpRequest, document: Document, begun: Begun, copies: list[Brought]) -> HttpResponse:
    """Go on with a document that is there already; what was brought of it is kept as a copy."""
    kept = keep_brought(actor=request.user, document=document, copies=copies)
    also = " What you brought is kept as a copy of it." if kept else ""
    messages.info(request, f"This document is in the register already, and is taken as it is.{also}")
    return HttpResponseRedirect(reverse("read-document", args=[document.pk]))


def begun_by(user: Reader) -> dict[str, BoundField | None] | None:
    """What the front page asks for, so that `user` can begin with an article; None where they make no documents."""
    if not user.has_perm("sources.add_document"):
        return None
    brings = user.has_perm("sources.add_snapshot")
    return {"file": BroughtForm(auto_id="begin-%s")["file"] if brings else None}


# --- what is brought ---


def _brought(request: HttpRequest, form: BroughtForm, url: str) -> Begun:
    """What a form brings: a copy from before, the file, the text. A file is kept before any transaction begins."""
    begun = Begun(_address(url), str(form.data.get("pasted", "")))
    if not form.is_valid():
        begun.refused = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return begun
    given = form.cleaned_data
    begun.pasted, begun.copy = given["pasted"], carried(given["brought"], request.user, begun.url)
    file = given["file"]
    if given["brought"] and not (begun.copy or file or "_look" in form.data):
        begun.refused = GONE
        return begun
    if (file or begun.pasted or begun.copy) and not request.user.has_perm("sources.add_snapshot"):
        begun.refused = NO_COPIES
    elif file:
        try:
            begun.copy = stage_copy(file, file.content_type or "", field="file")
        except DomainError as problem:
            begun.refused = problem.message
    return begun


def _fetch(request: HttpRequest, begun: Begun) -> None:
    if not (settings.FACTCHECK_FETCH and begun.url and request.user.has_perm("sources.add_snapshot")):
        return
    try:
        begun.copy = stage_fetch(Document(url=begun.url))
    except DomainError as problem:
        begun.refused = problem.message


def _copies(begun: Begun) -> list[Brought]:
    """What was brought, as files that are kept."""
    copies = []
    if begun.copy is not None:
        copies.append(Brought(begun.copy, FETCHER if begun.copy.final_url else ""))
    if begun.pasted:
        try:
            copies.append(Brought(stage_text(begun.pasted), PASTED))
        except DomainError as problem:
            begun.refused = problem.message
    return copies


def _split(posted: QueryDict) -> QueryDict:
    """The form as it was sent; what the one field of the front page holds is an address, a text, or both."""
    data = posted.copy()
    if paste := data.pop("paste", [""])[-1].strip():
        first, _end, rest = paste.partition("\n")
        data["url"], data["pasted"] = (first.strip(), rest.strip()) if is_address(first) else ("", paste)
    return data


def _address(text: str) -> str:
    found = read_address(text)
    return found if is_address(found) else ""


# --- the page ---


def _form_class(request: HttpRequest, pages: DocumentAdmin) -> type[RecordedForm]:
    found: type[RecordedForm] = pages.get_form(request, fields=FIELDS)
    return found


def _page(
    request: HttpRequest,
    pages: DocumentAdmin,
    begun: Begun,
    initial: Mapping[str, str],
    *,
    form: RecordedForm | None = None,
) -> HttpResponse:
    user = request.user
    form = form or _form_class(request, pages)(initial=dict(initial))
    form.fields["url"].label = "Address"
    filled = values_of(begun.proposals)
    carrying = carry(begun.copy, user, begun.url) if begun.copy is not None else ""
    shown = BroughtForm(initial={"pasted": begun.pasted, "brought": carrying})
    context = {
        **admin.site.each_context(request),
        "title": "Read an article",
        "form": form,
        "adminform": SimpleNamespace(form=form),
        "lines": [(form[name], note_on(form, name, begun.proposals, filled)) for name in FIELDS],
        "outlet": _unknown_outlet(request, form, begun),
        "brought": shown,
        "copy": begun.copy,
        "refused": begun.refused,
        "known": find_document(begun.url, user) if begun.url else None,
        "same_words": find_same_words(begun.texts, user),
        "fetches": settings.FACTCHECK_FETCH and not begun.copy,
        "takes_copies": user.has_perm("sources.add_snapshot"),
        "media": pages.media + form.media,
        "bookmarklet": bookmarklet(),
        "looked": request.method == "POST",
    }
    request.current_app = admin.site.name
    status = 422 if form.errors or begun.refused else 200
    return TemplateResponse(request, "admin/sources/read.html", context, status=status)


def _unknown_outlet(request: HttpRequest, form: RecordedForm, begun: Begun) -> dict[str, str] | None:
    """The outlet that the page names, where it is no source yet."""
    said = begun.proposals.get("outlet")
    if said is None or not said.declared or form["publisher"].value():
        return None
    may = admin.site.get_model_admin(Source).has_add_permission(request)
    url = add_url(Source, _popup=1, name=said.value) if may else ""
    return {"name": shortened(said.value, 100), "origin": said.origin, "url": url}
