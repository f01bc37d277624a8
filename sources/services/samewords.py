"""Works whose words are in the register already, whatever their address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from factcheck.audit.followers import follow
from factcheck.base.people import Reader
from factcheck.models.guards import changed
from factcheck.models.merged import standing_ones
from sources.logic.textprint import textprint
from sources.models import Document, Snapshot, TextPrint

MOST = 3


def find_same_words(texts: Iterable[str], user: Reader) -> list[Document]:
    """The first documents of which a copy has the same words as one of these texts, as far as `user` sees them."""
    prints = {found for text in texts if (found := textprint(text))}
    if not prints:
        return []
    rows = Document.objects.visible_to(user)
    copies = TextPrint.objects.filter(digest__in=prints).order_by().values("snapshot__document")
    return list(standing_ones(list(rows.filter(pk__in=copies).order_by("pk")[:MOST]), rows))


def follow_copies() -> None:
    """Have the words of every copy known again from the moment it is kept."""
    follow(Snapshot, keep_prints)


def keep_prints(copies: Sequence[Snapshot]) -> None:
    """Store the fingerprints of the words in these copies that have some."""
    found = [
        TextPrint(snapshot_id=one.pk, digest=digest)
        for one in changed(copies, "text")
        if (digest := textprint(one.text))
    ]
    TextPrint.objects.bulk_create(found, update_conflicts=True, update_fields=["digest"], unique_fields=["snapshot"])
