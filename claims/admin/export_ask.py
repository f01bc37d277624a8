"""Where the desk asks for an export: of a list with its filters, of selected rows, or a bundle."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.admin import ModelAdmin, helpers
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from rest_framework.exceptions import APIException

from claims.api.registry import Noun
from claims.choices import ExportKind
from claims.exports.job import request_export
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import get_listing
from claims.exports.lists.nouns import get_noun
from claims.exports.lists.stream import stream_list
from claims.exports.record import describe_error
from claims.exports.render import BUNDLE, get_formats
from claims.exports.target import add_ids, split_ids
from factcheck.admin import RecordedModelAdmin
from factcheck.admin.exportable import find_model_admin
from factcheck.admin.links import admin_url
from factcheck.admin.lists import ListExtension
from factcheck.admin.steps import button
from factcheck.base.errors import DomainError

PROBLEMS = (DomainError, APIException)
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


def ask_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A page that says what will be made; only its POST asks for it."""
    given = request.POST if request.method == "POST" else request.GET
    kind, query, name = (given.get(field, "")[:10_000] for field in ("kind", "query", "format"))
    if kind not in LABELS or name not in get_formats(kind):
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            export = request_export(
                actor=request.user, kind=kind, query=query, format=name, desk="public" not in request.POST
            )
        except PROBLEMS as problem:
            refused = describe_error(problem)
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
        "back": _make_safe(query),
        "opts": model_admin.opts,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/claims/export_ask.html", context, status=400 if refused else 200)


def stream_view(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """A list of the admin, with its filters, as a download that is made while it is read."""
    entry = LIST_FORMATS.get(name)
    if entry is None or entry.write is None:
        raise Http404
    query = request.GET.get("query", "")
    address, ids = split_ids(query)
    try:
        listing = get_listing(address, request.user, ids=ids)
    except APIException as problem:
        # Pages of the admin know the refusals of the domain.
        raise DomainError(describe_error(problem)) from problem
    return stream_list(entry, listing, query, empty=request.method == "HEAD")


def selected_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The formats in which the selected rows can be taken out."""
    query = request.GET.get("query", "")[:10_000]
    address, ids = split_ids(query)
    noun = _find_noun(address)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Export selected",
        "count": len(ids or ()),
        "links": make_list_links(query, noun),
        "back": address,
        "opts": model_admin.opts,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/claims/export_selected.html", context)


def _make_safe(address: str) -> str:
    """The address, where it is a page of the admin."""
    return address if address.startswith("/admin/") else reverse("admin:index")


def _find_noun(address: str) -> Noun:
    """The noun whose list in the admin has this address. Raises Http404 where there is none that can be exported."""
    model_admin = find_model_admin(urlsplit(address).path)
    noun = get_noun(model_admin.model) if model_admin is not None else None
    if noun is None:
        raise Http404
    return noun


def make_list_links(query: str, noun: Noun) -> list[tuple[str, str, bool]]:
    """For each format that these rows have: its label, where `query` is had in it, and whether it comes at once."""
    return [
        (
            entry.label,
            f"{reverse('admin:claims_export_stream', args=[entry.name])}?{urlencode({'query': query})}"
            if entry.write is not None
            else make_ask_url(ExportKind.LIST, query, entry.name),
            entry.write is not None,
        )
        for entry in LIST_FORMATS.values()
        if entry.fits(noun.prefix)
    ]


def make_ask_url(kind: str, query: str, name: str) -> str:
    """The page on which such an export is asked for."""
    return f"{reverse('admin:claims_export_ask')}?{urlencode({'kind': kind, 'query': query, 'format': name})}"


def make_bundle_url(noun: str, pk: int) -> str:
    """The page on which the bundle of a dispute or claim is asked for."""
    return make_ask_url(ExportKind.BUNDLE, f"/admin/claims/{noun}/{pk}/change/", BUNDLE)


class ExportOfLists(ListExtension):
    """A menu above every list whose rows the API has, and an action on the selected ones."""

    def buttons(self, model_admin: ModelAdmin, request: HttpRequest) -> list[dict[str, Any]]:
        noun = get_noun(model_admin.model)
        if noun is None or "_popup" in request.GET:
            return []
        items = [
            button(label, url, icon="download" if at_once else "hourglass_top")
            for label, url, at_once in make_list_links(request.get_full_path(), noun)
        ]
        return [button("Export", icon="ios_share", items=items)]

    def actions(self, model_admin: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
        if get_noun(model_admin.model) is None or "_popup" in request.GET:
            return {}
        name = "export_selected"
        return {name: (_export_selected, name, f"Export selected {model_admin.opts.verbose_name_plural}")}


def _export_selected(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
    address = request.get_full_path()
    if request.POST.get("select_across") != "1":
        # One page of a list at most.
        chosen = [int(pk) for pk in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME) if pk.isdecimal()]
        address = add_ids(request.path, sorted(chosen))
    return HttpResponseRedirect(f"{reverse('admin:claims_export_selected')}?{urlencode({'query': address})}")


RecordedModelAdmin.extension = ExportOfLists()
