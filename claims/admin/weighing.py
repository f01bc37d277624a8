"""Rating the evidence of a dispute: a page of its own, so that no other form on it can drop what was chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from claims.choices import Consistency
from claims.logic.matrix import WORDS, Cell, Column, Matrix, MatrixRow
from claims.models import Assessment, Dispute
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.question import QuestionContent
from claims.reports.load.dossier import load_dispute
from claims.services.assessment import WITHDRAW, rate_evidence
from factcheck.admin.links import admin_url, with_query
from factcheck.admin.problems import PROBLEMS, in_words
from factcheck.base.people import Reader

RATINGS = [(code, f"{code}: {WORDS[code]}") for code in Consistency.values]
CELLS_ON_A_SHEET = 100
"""More would be too long a page, and too long a time in which nobody else can write."""


def may_weigh(user: Reader) -> bool:
    """Whether `user` may rate evidence, and change what they rated."""
    return user.has_perm("claims.add_assessment") and user.has_perm("claims.change_assessment")


class WeighingMixin(ModelAdmin):
    """For the admin of disputes: the sheet on which an analyst rates, at `weigh/`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.weigh_view)
        return [path("<path:object_id>/weigh/", view, name="claims_dispute_weigh"), *super().get_urls()]

    def weigh_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show a sheet and take it; what is refused comes back as it was filled in."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row) or not may_weigh(request.user):
            raise PermissionDenied
        question = _question(request, load_dispute(row, request.user))
        if question is None:
            return HttpResponseRedirect(admin_url(row))
        if request.method != "POST":
            return self._sheet_page(request, row, question)
        given = {name: str(value) for name, value in request.POST.items() if name.startswith("cell-")}
        if request.headers.get("X-Desk-Script"):
            return self._cell_answer(request, question, given)
        try:
            changed = rate_evidence(actor=request.user, ratings=_ratings_in(given, question.matrix))
        except PROBLEMS as problem:
            return self._sheet_page(request, row, question, given=given, refused=in_words(problem))
        except ValueError as error:
            return self._sheet_page(request, row, question, given=given, refused=str(error))
        said = f"{changed} rating{'' if changed == 1 else 's'} changed." if changed else "You changed no rating."
        messages.success(request, said)
        if then := request.POST.get("then", ""):
            return HttpResponseRedirect(with_query(admin_url(row, "weigh"), {**_kept(request), "sheet": then[:5]}))
        return HttpResponseRedirect(f"{admin_url(row)}#matrix-{question.id}")

    def _cell_answer(self, request: HttpRequest, question: QuestionContent, given: Mapping[str, str]) -> HttpResponse:
        """To a script that saves cell by cell: what the analyst had rated before, or what is refused."""
        try:
            ratings = _ratings_in(given, question.matrix)
            with transaction.atomic():
                own = _own_ratings(request.user, {claim for _evidence, claim in ratings})
                rate_evidence(actor=request.user, ratings=ratings)
        except (*PROBLEMS, ValueError) as problem:
            words = str(problem) if isinstance(problem, ValueError) else in_words(problem)
            return JsonResponse({"refused": words}, status=422)
        before = {_cell_name(*cell): own.get(cell, WITHDRAW) for cell in ratings}
        return JsonResponse({"before": before})

    def _sheet_page(
        self,
        request: HttpRequest,
        row: Dispute,
        question: QuestionContent,
        *,
        given: Mapping[str, str] | None = None,
        refused: str = "",
    ) -> HttpResponse:
        sheets = _sheets(question.matrix)
        asked = request.GET.get("sheet", "")
        number = int(asked) if asked in {str(n) for n in range(1, len(sheets) + 1)} else 1
        shown = sheets[number - 1] if sheets else []
        if given is not None:
            # The evidence of a sheet may have changed since it was opened.
            pieces = [piece for sheet in sheets for piece in sheet]
            shown = [piece for piece in pieces if any(_name(piece, cell) in given for cell in piece.cells)]
        page = with_query(admin_url(row, "weigh"), {"question": str(question.id)})
        context = {
            **self.admin_site.each_context(request),
            "title": "Rate the evidence",
            "original": row,
            "opts": self.opts,
            "refused": refused,
            "mine": request.GET.get("mine") == "1",
            "question": question,
            "blind_url": page,
            "mine_url": with_query(admin_url(row, "weigh"), {"question": str(question.id), "mine": "1"}),
            "back": f"{admin_url(row)}#matrix-{question.id}",
            "withdraw_rating": WITHDRAW,
            "echo": question.matrix.echo_sentence,
            "ratings": RATINGS,
            "sheets": [(n, n == number, _words(pieces)) for n, pieces in enumerate(sheets, start=1)],
            **_sheet(request, row, question.matrix, shown, given or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/claims/weigh.html", context, status=400 if refused else 200)


def _kept(request: HttpRequest) -> dict[str, str]:
    """What the addresses of all sheets have in common: the question, and whether earlier ratings are shown."""
    question = request.GET.get("question", "")
    kept = {"question": question} if question.isascii() and question.isdigit() and len(question) < 19 else {}
    return kept | ({"mine": "1"} if request.GET.get("mine") == "1" else {})


def _question(request: HttpRequest, dossier: DisputeDossier) -> QuestionContent | None:
    """The question whose evidence is to be rated: the one that is asked for, else the first with evidence."""
    asked = request.GET.get("question", "")
    found = [row for row in dossier.questions if str(row.id) == asked]
    found += [row for row in dossier.questions if row.matrix.rows]
    return next(iter([*found, *dossier.questions]), None)


def _sheets(matrix: Matrix) -> list[list[MatrixRow]]:
    """The evidence in the order of entry, as many pieces at a time as one form can carry."""
    rows = sorted(matrix.rows, key=lambda piece: int(piece.code[1:]))
    size = max(1, CELLS_ON_A_SHEET // max(1, len(matrix.columns)))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _words(pieces: list[MatrixRow]) -> str:
    return f"{pieces[0].code} to {pieces[-1].code}"


def _name(piece: MatrixRow, cell: Cell | Column) -> str:
    return _cell_name(piece.evidence, cell.claim)


def _cell_name(evidence: int, claim: int) -> str:
    return f"cell-{evidence}-{claim}"


def _sheet(
    request: HttpRequest, row: Dispute, matrix: Matrix, rows: list[MatrixRow], given: Mapping[str, str]
) -> dict[str, Any]:
    """The sheet of one analyst for these pieces of evidence: claims in an order of the analyst's own, so that nobody
    rates down the same column first, and no earlier rating in sight unless asked for."""
    user: Any = request.user
    columns = sorted(matrix.columns, key=lambda column: _shuffle(user.pk, row.pk, column.claim))
    own = _own_ratings(user, [column.claim for column in columns])
    shown = own if request.GET.get("mine") == "1" else {}
    reasons = {(piece.evidence, cell.claim): piece.reason(cell) for piece in rows for cell in piece.cells}
    return {
        "sheet_columns": columns,
        "sheet_rows": [
            {
                "piece": piece,
                "cells": [
                    {
                        "name": _name(piece, column),
                        "label": f"{piece.code} against claim {column.number}",
                        "discounted": reasons[piece.evidence, column.claim],
                        "before": (piece.evidence, column.claim) in own,
                        "chosen": given.get(_name(piece, column), shown.get((piece.evidence, column.claim), "")),
                    }
                    for column in columns
                ],
            }
            for piece in rows
        ],
    }


def _own_ratings(user: Any, claims: Collection[int]) -> dict[tuple[int, int], str]:
    """What the analyst has rated of the evidence for these claims, by evidence and claim."""
    rated = Assessment.objects.filter(analyst_id=user.pk, claim__in=claims)
    return {(evidence, claim): rating for evidence, claim, rating in rated.values_list("evidence", "claim", "rating")}


def _shuffle(*parts: int) -> bytes:
    return hashlib.sha256(":".join(map(str, parts)).encode()).digest()


def _ratings_in(given: Mapping[str, str], matrix: Matrix) -> dict[tuple[int, int], str]:
    """What the form holds; an empty cell stays as it is. Raises ValueError for a cell that the matrix lacks, and for
    more cells than a sheet has."""
    if len(given) > (most := max(CELLS_ON_A_SHEET, len(matrix.columns))):
        raise ValueError(f"A sheet has at most {most} cells. Send the others after these.")
    known = {_name(row, column): (row.evidence, column.claim) for row in matrix.rows for column in matrix.columns}
    chosen = {name: value for name, value in given.items() if value}
    if unknown := [name for name in chosen if name not in known]:
        raise ValueError(f"The matrix has no cell “{unknown[0][:60]}” any more: evidence or claims have changed.")
    return {known[name]: value for name, value in chosen.items()}
