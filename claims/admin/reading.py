"""The reading page of a document: its text on the left, and on the right a statement at a time that stands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.admin.attribution import AttributionAdmin, AttributionForm
from claims.admin.labels import quote_label, short
from claims.admin.marked import marked
from claims.models import Attribution, Claim
from factcheck.admin.fields import ProseField
from factcheck.admin.forms import RecordedForm
from factcheck.admin.links import admin_url, with_query
from factcheck.admin.picker import find_named
from factcheck.admin.saving import save_new
from factcheck.audit.access import is_desk, require
from factcheck.base import edtf
from factcheck.base.errors import DomainError
from factcheck.base.places import language_name
from factcheck.base.text import shortened
from factcheck.models.recorded import RecordedModel
from sources.admin.document import FETCH
from sources.models import Document, Snapshot, Source
from sources.models.document import TEXT_OF_A_WORK
from sources.services.article import PASTED, Brought, Reading, keep_brought, read, readings_of
from sources.services.snapshot import stage_text

FIRST = ("quote", "claim", "source", "stance", "said_on")
MORE = (
    "selector",
    "quote_language",
    "translation",
    "translator",
    "capacity",
    "on_behalf_of",
    "relayed_from",
    "joint_with",
    "anonymous",
    "anonymous_reason",
)
KEEPABLE = ("claim", "source", "said_on")
"""What the next statement may take over, where the person ticks it."""
NAMED: dict[str, type[RecordedModel]] = {"claim": Claim, "source": Source}
"""The search fields that can be filled in by words, for who has no scripts."""
SHOWN = 200
LARGEST = 2**63 - 1
SCRIPT = "X-Desk-Script"


class StatementForm(AttributionForm):
    """A statement whose place is the passage that was selected, unless another place is typed."""

    # Not of the type "hidden", whose values a browser does not keep with what was typed.
    selected = forms.CharField(required=False, max_length=25_000, widget=forms.TextInput(attrs={"hidden": True}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("selector") and not self.errors.get("selector"):
            cleaned["selector"] = _selector(cleaned.get("selected", ""))
        return cleaned


def _selector(text: str) -> Any:
    """The selector of a passage that was selected. What is none is left for the model to refuse."""
    if not text:
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = text
    if not isinstance(told, dict):
        return {"type": text[:20]}
    return {"type": "TextQuoteSelector", **{name: value for name, value in told.items() if value}}


@never_cache
@require_http_methods(["GET", "POST"])
def read_view(request: HttpRequest, number: int) -> HttpResponse:
    """The document to be read, and the form of the next statement in it. A POST saves one (or a pasted text, `_keep`);
    what is refused comes back as it was typed."""
    pages = admin.site.get_model_admin(Attribution)
    assert isinstance(pages, AttributionAdmin)
    if not is_desk(request.user) or not admin.site.get_model_admin(Document).has_view_permission(request):
        raise PermissionDenied
    rows = Document.objects.visible_to(request.user).select_related("publisher")
    document = rows.filter(pk=number).first() if number <= LARGEST else None
    if document is None:
        raise Http404
    if request.method != "POST":
        return _page(request, pages, document)
    if "_keep" in request.POST:
        return _keep_text(request, pages, document)
    if not pages.has_add_permission(request):
        raise PermissionDenied
    data, unclear = _named(request)

    def sent() -> RecordedForm:
        form = _form_class(request, pages)(data, instance=Attribution(document=document))
        for name, words in unclear.items():
            form.full_clean()
            form.add_error(name, words)
        return form

    form, row = save_new(pages, request, sent)
    if row is None:
        return _page(request, pages, document, form=form)
    if SCRIPT not in request.headers:
        messages.success(request, f"Saved: {row}")
        kept = {name: data[name] for name in data.getlist("keep") if name in KEEPABLE and data.get(name)}
        here = {name: request.GET[name] for name in ("copy",) if name in request.GET}
        return HttpResponseRedirect(with_query(request.path, {**here, **kept, "new": f"attribution.{row.pk}"}))
    return _page(request, pages, document, saved=row, kept=data)


def _named(request: HttpRequest) -> tuple[QueryDict, dict[str, str]]:
    """The form as it was sent, with the rows that were named by words; and what is unclear, by field."""
    data, unclear = request.POST.copy(), {}
    for name, model in NAMED.items():
        words = data.get(f"{name}_words", "").strip()
        if words:
            row, why = find_named(model, request.user, words)
            if row is None:
                unclear[name] = why
            else:
                data[name] = str(row.pk)
    return data, unclear


def _form_class(request: HttpRequest, pages: AttributionAdmin) -> type[RecordedForm]:
    found: type[RecordedForm] = pages.get_form(request, form=StatementForm, fields=(*FIRST, *MORE))
    return found


def _asking(request: HttpRequest, initial: Mapping[str, str]) -> HttpRequest:
    """The request as if it only asked for the next form, so that what hangs on the claim is offered for that one's."""
    asking = copy(request)
    asking.method, asking.POST, asking.GET = "GET", QueryDict(), QueryDict(urlencode(initial))
    return asking


# --- the text ---


class TextForm(forms.Form):
    """The words of a document of which there are none yet."""

    pasted = ProseField(max_length=TEXT_OF_A_WORK)


def _keep_text(request: HttpRequest, pages: AttributionAdmin, document: Document) -> HttpResponse:
    form = TextForm(request.POST)
    try:
        require(request.user, "sources.add_snapshot", "add a copy")
        if form.is_valid():
            staged = stage_text(form.cleaned_data["pasted"])
            keep_brought(actor=request.user, document=document, copies=[Brought(staged, PASTED)])
            messages.success(request, "The text is kept as a copy of the document.")
            return HttpResponseRedirect(request.path)
        refused = " ".join(str(error) for errors in form.errors.values() for error in errors)
    except DomainError as problem:
        refused = problem.message
    return _page(request, pages, document, refused=refused, pasted=request.POST.get("pasted", ""))


def _reading(request: HttpRequest, document: Document, readings: list[tuple[str, str]]) -> Reading | None:
    keys = [key for key, _words in readings]
    asked = request.GET.get("copy", "")
    key = asked if asked in keys else next(iter(keys), None)
    try:
        return read(document, key) if key is not None else None
    except Snapshot.DoesNotExist:
        return None


# --- the page ---


def _page(
    request: HttpRequest,
    pages: AttributionAdmin,
    document: Document,
    *,
    form: RecordedForm | None = None,
    saved: RecordedModel | None = None,
    kept: QueryDict | None = None,
    refused: str = "",
    pasted: str = "",
) -> HttpResponse:
    user = request.user
    readings = readings_of(document)
    reading = _reading(request, document, readings)
    said = Attribution.objects.visible_to(user).standing().filter(document=document)
    rows = list(said.select_related("source", "claim", "quote_check").order_by("-pk")[: SHOWN + 1])
    # Without scripts the address of the page says what is taken over; a form that was sent says it itself.
    ticked = set(request.POST.getlist("keep") if request.method == "POST" else request.GET).intersection(KEEPABLE)
    initial = _kept(request.GET if kept is None else kept, ticked)
    if form is None and pages.has_add_permission(request):
        form = _form_class(_asking(request, initial), pages)(initial=initial, instance=Attribution(document=document))
    context = {
        **admin.site.each_context(request),
        "title": "Read",
        "subtitle": shortened(str(document), 80),
        "document": document,
        "published": edtf.in_words(document.published_on),
        "language": language_name(document.language) if document.language else "",
        "adminform": SimpleNamespace(form=form),
        "form": form,
        "first": [(form[name], name if name in KEEPABLE else "", name in NAMED) for name in FIRST] if form else [],
        "more": [form[name] for name in MORE if name in form.fields] if form else [],
        "more_open": form is not None and any(form.errors.get(name) or form[name].value() for name in MORE),
        "reason": form["change_reason"] if form is not None and pages.asks_reason(request, None) else None,
        "ticked": ticked,
        "readings": [(with_query("", {"copy": key}), words, reading and key == reading.key) for key, words in readings],
        "reading": reading,
        "text": marked(reading, rows) if reading is not None else None,
        "statements": [_line(row, saved) for row in rows[:SHOWN]],
        "more_statements": len(rows) > SHOWN,
        "count": min(len(rows), SHOWN),
        "saved": saved,
        "refused": refused,
        "pasted": pasted,
        "takes_copies": user.has_perm("sources.add_snapshot"),
        "fetch": admin_url(document, "fetch") if FETCH.offered(user, document) else "",
        "media": pages.media + form.media if form is not None else pages.media,
    }
    request.current_app = admin.site.name
    status = 422 if refused or (form is not None and form.errors) else 200
    return TemplateResponse(request, "admin/claims/read.html", context, status=status)


def _kept(data: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """What the next statement takes over of this one."""
    found = {name: str(data.get(name) or "") for name in KEEPABLE if name in names}
    return {
        name: value
        for name, value in found.items()
        if value and (name == "said_on" or (value.isascii() and value.isdecimal() and len(value) <= 18))
    }


def _line(row: Attribution, saved: RecordedModel | None) -> dict[str, Any]:
    return {
        "row": row,
        "url": admin_url(row),
        "stance": short(row, "stance").lower(),
        "quote_state": quote_label(row),
        "new": saved is not None and saved.pk == row.pk,
    }
