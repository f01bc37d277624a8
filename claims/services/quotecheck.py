"""Keeps what is known of the quotes true: looked up anew, in the same transaction, when a quote or a work changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from claims.logic.folding import Folded, fold
from claims.logic.quotes import check
from claims.models import Attribution, QuoteCheck
from factcheck.audit.context import recording
from factcheck.audit.followers import follow, note_touched
from factcheck.models.guards import changed
from sources.models import Document, Snapshot

BATCH = 100
FOUND = ["state", "place", "omitted", "warnings"]


def check_quotes(
    attributions: Iterable[Attribution], documents: Mapping[int, Document], snapshots: Iterable[Snapshot]
) -> dict[int, QuoteCheck]:
    """The state of each quote among `attributions`, by their id, from these rows alone: now, or as they once were.

    The document's own text comes first, then those of its copies, the newest first; a broken copy proves nothing.
    """
    texts: dict[int, list[str]] = {pk: [document.text] for pk, document in documents.items()}
    for snapshot in sorted(snapshots, key=lambda row: (row.taken_at, row.pk), reverse=True):
        if snapshot.text and snapshot.broken_since is None and snapshot.document_id in texts:
            texts[snapshot.document_id].append(snapshot.text)
    quoted: dict[int | None, list[Attribution]] = defaultdict(list)
    for row in attributions:
        if row.quote:
            quoted[row.document_id].append(row)
    found = {}
    # Document by document: a folded text takes ten times the room of the text.
    for document, rows in quoted.items():
        folded = _Folding(texts.get(document, []) if document is not None else [])
        cited = documents.get(document) if document is not None else None
        language = cited.language if cited is not None else ""
        for row in rows:
            looked = check(row.quote, folded, row.quote_language or language)
            found[row.pk] = QuoteCheck(
                attribution_id=row.pk,
                state=looked.state,
                place=looked.place,
                omitted=looked.omitted,
                warnings=looked.warnings,
            )
    return found


class _Folding:
    """Texts that are folded when they are first looked into, and once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(dict.fromkeys(filter(None, texts)))
        self.folded: list[Folded] = []

    def __iter__(self) -> Iterator[Folded]:
        for number, text in enumerate(self.texts):
            if number == len(self.folded):
                self.folded.append(fold(text))
            yield self.folded[number]


def renew_checks(attributions: Collection[int], *, progress: Callable[[int], object] | None = None) -> None:
    """Look up the quotes of the attributions with these ids and store what was found.

    `progress` is called with how many more are done. The number of queries depends on the number of batches alone.
    """
    for batch in _batches(attributions):
        with recording():
            _renew(batch)
        if progress is not None:
            progress(len(batch))


def _renew(pks: Collection[int]) -> dict[int, QuoteCheck]:
    rows = list(Attribution._base_manager.filter(pk__in=pks).only("pk", "quote", "quote_language", "document"))
    cited = {row.document_id for row in rows if row.document_id and row.quote}
    documents = Document._base_manager.only("pk", "text", "language").in_bulk(cited) if cited else {}
    copies = _copies(cited) if cited else []
    found = check_quotes(rows, documents, copies)
    note_touched(("quote", pk) for pk in pks)
    QuoteCheck.objects.filter(pk__in=[pk for pk in pks if pk not in found]).delete()
    if found:
        QuoteCheck.objects.bulk_create(
            found.values(), update_conflicts=True, update_fields=FOUND, unique_fields=["attribution"]
        )
    return found


def _copies(documents: Collection[int]) -> list[Snapshot]:
    rows = Snapshot._base_manager.filter(document__in=documents, broken_since=None).exclude(text="")
    return list(rows.only("pk", "document", "text", "taken_at", "broken_since"))


def follow_quotes() -> None:
    """Have every change of an attribution, a document or a copy followed by a new look at the quotes it touches."""
    follow(Attribution, _attributions_changed)
    follow(Document, _documents_changed)
    follow(Snapshot, _snapshots_changed)


def _attributions_changed(rows: Sequence[Attribution]) -> None:
    asked = changed(rows, "quote", "quote_language", "document_id")
    if all(row._before is None and row.version == 1 and not row.quote for row in asked):
        for row in asked:
            # New ones without a quote: nothing is known of them, and nothing to be looked up.
            row._state.fields_cache["quote_check"] = None
        return
    for batch in _batches([row.pk for row in asked]):
        found = _renew(batch)
        for row in asked:
            if row.pk in batch:
                # The row in hand may hold what was known before.
                row._state.fields_cache["quote_check"] = found.get(row.pk)


def _documents_changed(rows: Sequence[Document]) -> None:
    # Nobody quotes a new one yet.
    _renew_of({row.pk for row in changed(rows, "text", "language") if row._before is not None})


def _snapshots_changed(rows: Sequence[Snapshot]) -> None:
    _renew_of({row.document_id for row in changed(rows, "text", "broken_since") if row.text})


def _renew_of(documents: Collection[int]) -> None:
    for batch in _batches(documents):
        cited = Attribution._base_manager.filter(document__in=batch).exclude(quote="")
        for part in _batches(list(cited.order_by("document_id", "pk").values_list("pk", flat=True))):
            _renew(part)


def _batches(pks: Collection[int]) -> Iterator[set[int]]:
    waiting = iter(pks)
    while batch := set(islice(waiting, BATCH)):
        yield batch
