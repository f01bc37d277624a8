"""The matrix on the page of a dispute: what the ratings come to, and the place where an analyst rates."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from claims.choices import Consistency
from claims.logic.matrix import WORDS, MatrixRow
from claims.models import Assessment
from claims.reports.content.dossier import DisputeDossier
from claims.reports.load.dossier import load_dispute
from claims.services.assessment import WITHDRAW, rate_evidence
from factcheck.admin.links import admin_url, with_query
from factcheck.admin.refusals import REFUSALS, in_words

RATINGS = [(code, f"{code}: {WORDS[code]}") for code in Consistency.values]
CELLS_ON_A_SHEET = 400
"""More would be too long a page, and in the end more fields than a form may send."""


class WeighingMixin:
    """For the admin of disputes: `?weigh=1` turns the matrix into a form, which is sent to `weigh/`."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.weigh_view)
        return [path("<path:object_id>/weigh/", view, name="claims_dispute_weigh"), *super().get_urls()]  # type: ignore[misc]

    def weigh_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the ratings of a form; anything else leads to the form."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(f"{with_query(admin_url(row), {'weigh': '1'})}#matrix")
        try:
            ratings = _ratings_in(request, load_dispute(row, request.user))
            changed = rate_evidence(actor=request.user, ratings=ratings)
        except REFUSALS as refusal:
            messages.error(request, f"Nothing was saved. {in_words(refusal)}")
            return HttpResponseRedirect(f"{with_query(admin_url(row), {'weigh': '1'})}#matrix")
        except ValueError as error:
            messages.error(request, f"Nothing was saved. {error}")
            return HttpResponseRedirect(f"{with_query(admin_url(row), {'weigh': '1'})}#matrix")
        said = f"{changed} rating{'' if changed == 1 else 's'} changed." if changed else "You changed no rating."
        messages.success(request, said)
        return HttpResponseRedirect(f"{admin_url(row)}#matrix")


def weighing_panel(request: HttpRequest, row: Any, dossier: DisputeDossier) -> dict[str, Any]:
    """What the matrix on the page of a dispute needs beside the dossier."""
    user: Any = request.user
    may = user.has_perm("claims.add_assessment") and user.has_perm("claims.change_assessment")
    weigh = may and request.GET.get("weigh") == "1"
    mine = weigh and request.GET.get("mine") == "1"
    page = admin_url(row)
    context = {
        "may_weigh": may,
        "weigh": weigh,
        "mine": mine,
        "weigh_here": f"{with_query(page, {'weigh': '1'})}#matrix",
        "weigh_mine": f"{with_query(page, {'weigh': '1', 'mine': '1'})}#matrix",
        "weigh_leave": f"{page}#matrix",
        "weigh_url": admin_url(row, "weigh"),
        "withdraw_rating": WITHDRAW,
        "ratings": RATINGS,
    }
    if not weigh:
        return context
    sheets = _sheets(dossier)
    asked = request.GET.get("sheet", "")
    number = min(int(asked), len(sheets)) if asked in {str(n) for n in range(1, len(sheets) + 1)} else 1
    kept = {"weigh": "1", "mine": "1"} if mine else {"weigh": "1"}
    links = [
        {
            "here": n == number,
            "words": f"{pieces[0].code} to {pieces[-1].code}",
            "url": f"{with_query(page, {**kept, 'sheet': n})}#matrix",
        }
        for n, pieces in enumerate(sheets, start=1)
    ]
    shown = sheets[number - 1] if sheets else []
    return context | _sheet(user, row, dossier, shown, mine=mine) | {"sheets": links if len(links) > 1 else []}


def _sheets(dossier: DisputeDossier) -> list[list[MatrixRow]]:
    """The evidence in the order of entry, as many pieces at a time as one form can carry."""
    rows = sorted(dossier.matrix.rows, key=lambda piece: int(piece.code[1:]))
    size = max(1, CELLS_ON_A_SHEET // max(1, len(dossier.matrix.columns)))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _sheet(user: Any, row: Any, dossier: DisputeDossier, rows: list[MatrixRow], *, mine: bool) -> dict[str, Any]:
    """The empty sheet of one analyst for these pieces of evidence: claims in an order of the analyst's own, so that
    nobody rates down the same column first, and no earlier rating in sight unless asked for."""
    matrix = dossier.matrix
    columns = sorted(matrix.columns, key=lambda column: _shuffle(user.pk, row.pk, column.claim))
    rated = Assessment.objects.filter(analyst_id=user.pk, claim__in=[column.claim for column in columns])
    own = {(evidence, claim): rating for evidence, claim, rating in rated.values_list("evidence", "claim", "rating")}
    return {
        "sheet_columns": columns,
        "sheet_rows": [
            {
                "piece": piece,
                "cells": [
                    {
                        "name": f"cell-{piece.evidence}-{column.claim}",
                        "label": f"{piece.code} against claim {column.number}",
                        "before": (piece.evidence, column.claim) in own,
                        "own": own.get((piece.evidence, column.claim), "") if mine else "",
                    }
                    for column in columns
                ],
            }
            for piece in rows
        ],
    }


def _shuffle(*parts: int) -> bytes:
    return hashlib.sha256(":".join(map(str, parts)).encode()).digest()


def _ratings_in(request: HttpRequest, dossier: DisputeDossier) -> dict[tuple[int, int], str]:
    """What the form holds; an empty cell stays as it is. Raises ValueError for a cell that the matrix lacks."""
    known = {
        f"cell-{row.evidence}-{column.claim}": (row.evidence, column.claim)
        for row in dossier.matrix.rows
        for column in dossier.matrix.columns
    }
    given = {name: value for name, value in request.POST.items() if name.startswith("cell-") and value}
    if unknown := [name for name in given if name not in known]:
        raise ValueError(f"The matrix has no cell “{unknown[0][:60]}” any more: evidence or claims have changed.")
    return {known[name]: str(value) for name, value in given.items()}
