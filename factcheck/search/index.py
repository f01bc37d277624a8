"""Keeps what is searched true: written in the transaction that creates, changes or deletes a row, by any door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from factcheck.audit.followers import follow, follow_deletion
from factcheck.audit.trust import gather
from factcheck.base.insertion import insert_rows
from factcheck.search.models import SearchText
from factcheck.search.nouns import SearchedNoun, add_searched_noun
from factcheck.search.text import searched_text


def search_by(model: type[Any], number: int, *fields: str) -> None:
    """Rows of `model` are found by the words of these fields; `number` is lasting and no other noun's."""
    noun = add_searched_noun(model, number, fields)
    follow(model, lambda rows: store_texts(noun, (row for row in rows if _may_differ(noun, row))))
    follow_deletion(model, lambda rows: remove_texts(noun, [row.pk for row in rows]))


def _may_differ(noun: SearchedNoun, row: Any) -> bool:
    return row._before is None or noun.differs(row._before, row)


def store_texts(noun: SearchedNoun, rows: Iterable[Any]) -> None:
    """These rows are found by what they say now."""
    gather(_replace_texts, [SearchText(pk=noun.key(row.pk), text=searched_text(row, noun)) for row in rows])


def _replace_texts(texts: Sequence[SearchText]) -> None:
    # Of a row that was stored twice the last: no statement replaces one twice. In order of their numbers: SQLite writes
    # its index out at each that comes after a greater one.
    last = {text.pk: text for text in texts}
    insert_rows([last[pk] for pk in sorted(last)], replacing=("text",))


def remove_texts(noun: SearchedNoun, pks: Sequence[int] | Collection[int]) -> None:
    """The rows with these numbers are found no more."""
    SearchText.objects.filter(pk__in=[noun.key(pk) for pk in pks]).delete()
