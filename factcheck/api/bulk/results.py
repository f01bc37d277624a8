"""What became of each row of a piece, from the answer that all of them got."""

from __future__ import annotations

from typing import Any

from factcheck.api.bulk.pieces import Placed

TOGETHER = "This row was refused with row {place}, to which it is bound by `ref`."


def stored_rows(rows: list[Placed], status: int, answer: Any) -> list[dict[str, Any]]:
    """Each row as it is told that was entered or changed."""
    found = answer if isinstance(answer, list) else []
    return [
        {"row": place, "status": status, "id": data.get("id"), "version": data.get("version")}
        for (place, _first, _row), data in zip(rows, found, strict=True)
    ]


def refusals_of(rows: list[Placed], status: int, answer: Any) -> dict[int, dict[str, Any]]:
    """How each row is told if it is refused, by its place; `named` says whether the answer is about this one."""
    problem = answer if isinstance(answer, dict) else {}
    own: dict[int, list[dict[str, Any]]] = {}
    for entry in problem.get("errors") or ():
        number, _dot, rest = str(entry.get("field") or "").partition(".")
        if number.isdigit() and int(number) < len(rows):
            place = rows[int(number)][0]
            own.setdefault(place, []).append({**entry, "field": f"{place}.{rest}" if rest else str(place)})
    code, detail = str(problem.get("code", "refused")), str(problem.get("detail", ""))
    found = {}
    for place, first, _row in rows:
        told = {"row": place, "status": status, "code": code, "detail": detail, "errors": [], "named": False}
        if place in own:
            told |= {"detail": " ".join(str(entry["detail"]) for entry in own[place]), "errors": own[place]}
            told["named"] = True
        elif bound := [other for other, lead, _row in rows if lead == first and other in own]:
            told |= {"detail": TOGETHER.format(place=bound[0])}
        found[place] = told
    return found


def is_about_all(status: int, refused: dict[int, dict[str, Any]]) -> bool:
    """Whether the answer is about the caller and not about one of the rows."""
    return status in {401, 403} and not any(told["named"] for told in refused.values())
