"""Query parameters: only the known ones, each once. Silence about a misspelt filter would answer another
question."""

from __future__ import annotations

from collections.abc import Collection

from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api.problem import bad_parameter

PAGING = ("cursor", "page_size", "ordering", "count")


def check_parameters(
    request: Request, known: Collection[str], *, repeatable: Collection[str] = (), spelled: Collection[str] = ()
) -> None:
    """Raise 400 for a parameter that is not known, that comes twice, or that is empty. `spelled` are other spellings
    of what is known."""
    for name, values in request.query_params.lists():
        if name not in known and name not in spelled:
            listed = ", ".join(sorted(known)) or "none"
            raise bad_parameter(
                name[:100], f"Unknown parameter {name[:100]!r}. Known here: {listed}.", "unknown_parameter"
            )
        if len(values) > 1 and name not in repeatable:
            raise bad_parameter(name, f"Give {name} once.", "repeated_parameter")
        if any(not value.strip() for value in values):
            raise bad_parameter(name, f"Give {name} a value, or leave it out.", "empty_parameter")


def number_in(request: Request, name: str, usual: int, most: int) -> int:
    """The whole number from 1 to `most` in this parameter, by default `usual`; a 400 for what is none."""
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= most):
        raise bad_parameter(name, f"{name} is a number from 1 to {most}.")
    return int(text)


def known_parameters(view: APIView) -> set[str]:
    """What the action of this view takes, filters aside: paging and search on lists, `include` where rows are
    shown, and what `view.action_parameters[action]` names."""
    action = getattr(view, "action", None)
    known = set((getattr(view, "action_parameters", None) or {}).get(action, ()))
    if action in {"list", "retrieve"}:
        known |= {"include"} if getattr(view, "include_fields", None) else set()
        # An export, which is no page, has whole rows.
        known |= {"fields"} if hasattr(view, "shown_names") and getattr(view, "pagination_class", None) else set()
        known |= set(getattr(view, "extra_parameters", ()))
    if action == "list":
        known |= set(PAGING) if getattr(view, "pagination_class", None) else set()
        known |= {"search"} if getattr(view, "searchable", False) else set()
    return known


def listed(parameter: str, text: str) -> list[str]:
    """The names in `a, b`, without blanks around them; a 400 where one is missing."""
    names = [part.strip() for part in text.split(",")]
    if "" in names:
        raise bad_parameter(parameter, f"Give {parameter} a name at each side of a comma.")
    return names


def included(request: Request, view: APIView) -> frozenset[str]:
    """The names in `?include=a,b`, each one of `view.include_fields`; 400 for another."""
    fields = tuple(getattr(view, "include_fields", None) or ())
    given = request.query_params.get("include", "") if request is not None else ""
    names = listed("include", given) if fields and given else []
    for name in names:
        if name not in fields:
            raise bad_parameter("include", f"Cannot include {name[:100]!r}. Choose from: {', '.join(sorted(fields))}.")
    return frozenset(names)
