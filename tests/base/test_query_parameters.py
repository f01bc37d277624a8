"""Query parameters and plain search, as functions: what is known, what is refused, and by which name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from factcheck.api.parameters import PAGING, check_parameters, included, known_parameters
from factcheck.api.problem import Problem
from factcheck.api.search import MAX_LENGTH, MAX_TERMS, PlainSearchBackend, read_search


def asked(query: str) -> Any:
    return SimpleNamespace(query_params=QueryDict(query))


def refusal_of(query: str, known: set[str], repeatable: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    with pytest.raises(Problem) as caught:
        check_parameters(asked(query), known, repeatable=repeatable)
    assert caught.value.status_code == 400
    (error,) = caught.value.errors
    return dict(error)


@pytest.mark.parametrize("query", ["", "source=1", "source=1&tag=a", "tag=%20a", "source=0"])
def test_known_parameters_pass(query: str) -> None:
    check_parameters(asked(query), {"source", "tag"})


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("sorce=1", "sorce", "unknown_parameter"),
        ("source=1&page=2", "page", "unknown_parameter"),
        ("source=1&source=2", "source", "repeated_parameter"),
        ("source=1&source=1", "source", "repeated_parameter"),
        ("source=", "source", "empty_parameter"),
        ("source=%20", "source", "empty_parameter"),
        ("source=%09%0A", "source", "empty_parameter"),
        ("=1", "", "unknown_parameter"),
        ("Source=1", "Source", "unknown_parameter"),
    ],
)
def test_a_parameter_that_would_be_ignored_is_refused_by_name(query: str, name: str, code: str) -> None:
    error = refusal_of(query, {"source"})
    assert error["code"] == code
    assert error["field"] == name


def test_the_refusal_names_what_is_known() -> None:
    assert "Known here: source, tag." in refusal_of("x=1", {"tag", "source"})["detail"]
    assert "Known here: none." in refusal_of("x=1", set())["detail"]


def test_a_long_name_is_told_in_part() -> None:
    assert len(refusal_of("x" * 5_000 + "=1", {"source"})["detail"]) < 300


def test_what_may_come_twice_may() -> None:
    check_parameters(asked("tag=a&tag=b"), {"tag"}, repeatable={"tag"})
    assert refusal_of("tag=a&tag=", {"tag"}, {"tag"})["code"] == "empty_parameter"


def view(**attributes: Any) -> Any:
    return SimpleNamespace(**attributes)


def test_a_list_takes_paging_search_and_include() -> None:
    full = view(action="list", pagination_class=object, searchable=True, include_fields=("verdict",))
    assert known_parameters(full) == {*PAGING, "search", "include"}


def test_a_detail_takes_include_alone() -> None:
    full = view(action="retrieve", pagination_class=object, searchable=True, include_fields=("verdict",))
    assert known_parameters(full) == {"include"}


def test_an_action_takes_what_it_names() -> None:
    matching_claims = view(action="match", action_parameters={"match": ("text",), "other": ("x",)}, searchable=True)
    assert known_parameters(matching_claims) == {"text"}


@pytest.mark.parametrize("action", ["create", "update", None])
def test_a_view_that_says_nothing_takes_nothing(action: str | None) -> None:
    assert known_parameters(view(action=action, pagination_class=object)) == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", set()),
        ("include=verdict", {"verdict"}),
        ("include=verdict,evidence", {"verdict", "evidence"}),
        ("include=verdict,verdict", {"verdict"}),
    ],
)
def test_included_are_the_named_parts(query: str, names: set[str]) -> None:
    assert included(asked(query), view(include_fields=("verdict", "evidence"))) == names


def test_a_part_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Problem) as caught:
        included(asked("include=verdicts"), view(include_fields=("verdict", "evidence")))
    assert "Choose from: evidence, verdict." in caught.value.errors[0]["detail"]


def test_nothing_is_included_where_there_are_no_parts_or_no_request() -> None:
    assert included(asked("include=verdict"), view()) == frozenset()
    assert included(None, view(include_fields=("verdict",))) == frozenset()


def test_a_search_without_end_is_refused() -> None:
    assert read_search("a" * MAX_LENGTH).wanted == ("a" * MAX_LENGTH,)
    assert len(read_search(" ".join("abcdefgh"[:MAX_TERMS])).wanted) == MAX_TERMS
    for endless in ("a" * (MAX_LENGTH + 1), "a " * (MAX_TERMS + 1)):
        with pytest.raises(Problem) as caught:
            read_search(endless)
        assert caught.value.errors[0]["field"] == "search"


def test_search_is_described_where_there_is_one() -> None:
    backend = PlainSearchBackend()
    (described,) = backend.get_schema_operation_parameters(view(action="list", searchable=True))
    assert described["name"] == "search"
    assert described["schema"]["maxLength"] == MAX_LENGTH
    assert backend.get_schema_operation_parameters(view(action="list")) == []
    assert backend.get_schema_operation_parameters(view(action="retrieve", searchable=True)) == []
