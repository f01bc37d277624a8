"""Where the desk asks for an export: of a list with its filters, of selected rows, or a bundle."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from rest_framework.exceptions import APIException

from claims.choices import ExportKind
from claims.exporting.job import request_export
from claims.exporting.listing import listing
from claims.exporting.making import BUNDLE, formats_of
from claims.exporting.nouns import Noun, noun_of
from claims.exporting.record import words_of
from claims.exporting.stream import stream_response
from claims.exporting.subject import split, with_ids
from claims.exports.lists import LIST_FORMATS
from factcheck.audit.admin import RecordedModelAdmin
from factcheck.audit.admin.links import admin_url
from factcheck.audit.admin.lists import ListExtension
from factcheck.audit.admin.steps import button
from factcheck.base.errors import DomainError

REFUSALS = (DomainError, APIException)
LABELS = {
    ExportKind.LIST: "Export the list",
    ExportKind.REPORT: "Export the report",
    ExportKind.BUNDLE: "Make a bundle",
}
SAYS = {
    ExportKind.LIST: "All rows that the list shows you with these filters, made in the background. Its page shows how "
    "far it is and hands out the file.",
    ExportKind.REPORT: "The report, made in the background.",
    ExportKind.BUNDLE: "A ZIP file with the report in several forms, its data as CSV and NDJSON, the kept copies of "
    "the documents and a manifest by which it can be verified. It is made in the background.",
}


def ask_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """A page that says what will be made; only its POST asks for it."""
    given = request.POST if request.method == "POST" else request.GET
    kind, query, name = (given.get(field, "")[:10_000] for field in ("kind", "query", "format"))
    if kind not in LABELS or name not in formats_of(kind):
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            export = request_export(
                actor=request.user, kind=kind, query=query, format=name, desk="public" not in request.POST
            )
        except REFUSALS as refusal:
            refused = words_of(refusal)
        else:
            return HttpResponseRedirect(admin_url(export))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": LABELS[ExportKind(kind)],
        "says": SAYS[ExportKind(kind)],
        "kind": kind,
        "query": query,
        "format": name,
        "refused": refused,
        "public": kind != ExportKind.LIST,
        "back": _safe(query),
        "opts": model_admin.opts,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/claims/export_ask.html", context, status=400 if refused else 200)


def stream_view(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """A list of the admin, with its filters, as a download that is made while it is read."""
    entry: Any = LIST_FORMATS.get(name)
    if entry is None or entry.write is None:
        raise Http404
    query = request.GET.get("query", "")
    address, ids = split(query)
    try:
        rows = listing(address, request.user, ids=ids)
    except APIException as refusal:
        # Pages of the admin know the refusals of the domain.
        raise DomainError(words_of(refusal)) from refusal
    return stream_response(entry, rows, query, empty=request.method == "HEAD")


def selected_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The formats in which the selected rows can be taken out."""
    query = request.GET.get("query", "")[:10_000]
    address, ids = split(query)
    noun = _noun_at(address)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Export selected",
        "count": len(ids or ()),
        "links": list_links(query, noun),
        "back": address,
        "opts": model_admin.opts,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/claims/export_selected.html", context)


def _safe(address: str) -> str:
    """The address, where it is a page of the admin."""
    return address if address.startswith("/admin/") else reverse("admin:index")


def _noun_at(address: str) -> Noun:
    """The noun whose list in the admin has this address."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        raise Http404 from None
    noun = noun_of(getattr(getattr(view, "model_admin", None), "model", None))
    if noun is None:
        raise Http404
    return noun


def list_links(query: str, noun: Noun) -> list[tuple[str, str, bool]]:
    """For each format that these rows have: its label, where `query` is had in it, and whether it comes at once."""
    return [
        (
            entry.label,
            f"{reverse('admin:claims_export_stream', args=[entry.name])}?{urlencode({'query': query})}"
            if entry.write is not None
            else ask_url(ExportKind.LIST, query, entry.name),
            entry.write is not None,
        )
        for entry in LIST_FORMATS.values()
        if entry.fits(noun.prefix)
    ]


def ask_url(kind: str, query: str, name: str) -> str:
    """The page on which such an export is asked for."""
    return f"{reverse('admin:claims_export_ask')}?{urlencode({'kind': kind, 'query': query, 'format': name})}"


def bundle_url(noun: str, pk: int) -> str:
    """The page on which the bundle of a dispute or claim is asked for."""
    return ask_url(ExportKind.BUNDLE, f"/admin/claims/{noun}/{pk}/change/", BUNDLE)


class ExportOfLists(ListExtension):
    """A menu above every list whose rows the API has, and an action on the selected ones."""

    def buttons(self, model_admin: Any, request: HttpRequest) -> list[dict[str, Any]]:
        noun = noun_of(model_admin.model)
        if noun is None or "_popup" in request.GET:
            return []
        items = [
            button(label, url, icon="download" if at_once else "hourglass_top")
            for label, url, at_once in list_links(request.get_full_path(), noun)
        ]
        return [button("Export", icon="ios_share", items=items)]

    def actions(self, model_admin: Any, request: HttpRequest) -> dict[str, Any]:
        if noun_of(model_admin.model) is None or "_popup" in request.GET:
            return {}
        name = "export_selected"
        return {name: (_export_selected, name, f"Export selected {model_admin.opts.verbose_name_plural}")}


def _export_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    address = request.get_full_path()
    if request.POST.get("select_across") != "1":
        # One page of a list at most.
        chosen = [int(pk) for pk in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME) if pk.isdecimal()]
        address = with_ids(request.path, sorted(chosen))
    return HttpResponseRedirect(f"{reverse('admin:claims_export_selected')}?{urlencode({'query': address})}")


RecordedModelAdmin.extension = ExportOfLists()
