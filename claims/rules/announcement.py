"""What of the audit trail the public may be told of: changes of what it may read now and could read right then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.urls import reverse

from claims.choices import ClaimStatus, VerdictStatus, Visibility
from claims.models import Attribution, Claim, Dispute, Evidence, EvidenceLink
from claims.models.claim import ClaimChild, Withdrawable
from factcheck.audit.differences import recorded_models
from factcheck.audit.models import AuditEntry
from factcheck.models.queryset import public_rows
from sources.models import Source

ROUTES = {
    "affiliation": "affiliation",
    "attribution": "attribution",
    "claim": "claim",
    "claimrelation": "relation",
    "confirmation": "confirmation",
    "dispute": "dispute",
    "document": "document",
    "evidence": "evidence",
    "evidencedocument": "evidence",
    "evidencelink": "evidence-link",
    "inquiry": "inquiry",
    "premise": "premise",
    "question": "question",
    "rating": "rating",
    "ratingscale": "rating-scale",
    "review": "review",
    "snapshot": "snapshot",
    "source": "source",
    "verdict": "verdict",
}
"""The nouns that the public reads, with the route of each in the API. No other leaves."""


def public_address(entry: AuditEntry) -> str | None:
    """The path in the API of what an entry tells of, or None when the public may not be told of it."""
    [subject] = public_subjects([entry])
    return reverse(f"{ROUTES[subject[0]]}-detail", args=[subject[1]]) if subject is not None else None


def public_subjects(entries: Sequence[AuditEntry]) -> list[tuple[str, int] | None]:
    """Of each of some entries that follow one another without a gap the noun and the number of the row that it tells
    of, or None where the public may not be told of it. For as many statements as of one."""
    facts = _Facts([entry for entry in entries if entry.object_type in ROUTES])
    return [facts.subject(entry) for entry in entries]


class _Facts:
    """What the database knows of what some entries tell of, asked once for all of them: the rows as the entries left
    them, their claims and disputes as they were then, and which of them anybody may read now."""

    def __init__(self, entries: Sequence[AuditEntry]) -> None:
        self.versions: dict[tuple[str, int], Any] = {}
        self._load_versions((entry.object_type, entry.history_id) for entry in entries)
        premises = [row for (noun, _), row in self.versions.items() if noun == "premise"]
        # A link never changes its claim once the public could read it.
        self.claim_of_link = _values(EvidenceLink._base_manager, {row.link_id for row in premises}, "claim_id")
        disputes = {entry.dispute_id for entry in entries if entry.dispute_id is not None}
        claims = {pk for entry in entries for pk in self.claims_of(entry)}
        self.steps: dict[tuple[str, int], list[tuple[int, int | None]]] = {}
        self._load_steps(entries, "dispute", disputes)
        self._load_steps(entries, "claim", claims)
        self._load_versions((noun, number) for (noun, _), steps in self.steps.items() for _, number in steps)
        self.open = _values(Dispute.objects.open_to(AnonymousUser()), disputes, "pk")
        rows = _by_noun((entry.object_type, entry.object_id) for entry in entries)
        self.public: dict[str, Any] = {
            noun: public_rows(recorded_models()[noun]).filter(pk__in=ids).in_bulk() for noun, ids in rows.items()
        }
        self.public_claims = _values(public_rows(Claim), claims, "pk")
        withdrawn = {entry.object_id for entry in entries if entry.action == "claim.withdrawn"}
        self.dispute_of_claim = _values(Claim.objects, withdrawn, "dispute_id")
        parted = {row.evidence_id for (noun, _), row in self.versions.items() if noun == "evidencedocument"}
        self.public_evidence = _values(public_rows(Evidence), parted, "pk")

    def _load_versions(self, numbers: Iterable[tuple[str, int | None]]) -> None:
        wanted = (key for key in numbers if key[1] is not None and key not in self.versions)
        for noun, ids in _by_noun(wanted).items():
            model: Any = recorded_models()[noun]
            found = model.history.model._default_manager.in_bulk(ids)
            self.versions |= {(noun, number): row for number, row in found.items()}

    def _load_steps(self, entries: Sequence[AuditEntry], noun: str, pks: set[int]) -> None:
        """The entries about each of these rows, from the last one before the first of `entries` on."""
        if not pks:
            return
        about = AuditEntry.objects.filter(object_type=noun, object_id__in=[str(pk) for pk in pks])
        latest = (
            about.filter(id__lt=entries[0].id).order_by().values("object_id").annotate(last=Max("id")).values("last")
        )
        earlier = AuditEntry.objects.filter(id__in=latest).only("object_id", "history_id")
        within = (entry for entry in entries if entry.object_type == noun and int(entry.object_id) in pks)
        for entry in (*earlier, *within):
            self.steps.setdefault((noun, int(entry.object_id)), []).append((entry.id, entry.history_id))

    def subject(self, entry: AuditEntry) -> tuple[str, int] | None:
        """The row that the entry tells of, or None where nobody outside may be told."""
        if entry.object_type not in ROUTES or not self.is_public(entry):
            return None
        # The documents of evidence have no address of their own.
        if entry.object_type == "evidencedocument":
            return "evidence", self.version(entry).evidence_id
        return entry.object_type, int(entry.object_id)

    def is_public(self, entry: AuditEntry) -> bool:
        """Whether anybody may read the row now, or may know that it was taken away, and could read it right then.

        That it could be read then keeps the way to a publication inside, also from a receiver that is told late.
        """
        then = self.version(entry)
        if then is None or not self.dispute_is_open(entry) or not self.was_public(entry, then):
            return False
        row = self.public[entry.object_type].get(int(entry.object_id))
        if row is not None:
            # Of a withheld source the public reads next to nothing: only that its name is withheld is news.
            return not getattr(row, "withheld", False) or "withheld" in entry.changes
        return self.was_taken_away(entry, then)

    def version(self, entry: AuditEntry) -> Any:
        """The row as the entry left it; None when there is none, or it was erased."""
        return None if entry.history_id is None else self.versions.get((entry.object_type, entry.history_id))

    def version_at(self, noun: str, pk: int, entry: AuditEntry) -> Any:
        """Another row as it was at the entry."""
        steps = self.steps.get((noun, pk), ())
        number = next((number for step, number in reversed(steps) if step <= entry.id), None)
        return None if number is None else self.versions.get((noun, number))

    def dispute_is_open(self, entry: AuditEntry) -> bool:
        if entry.dispute_id is None:
            return True
        then = self.version_at("dispute", entry.dispute_id, entry)
        return then is not None and then.visibility == Visibility.PUBLIC and entry.dispute_id in self.open

    def was_public(self, entry: AuditEntry, then: Any) -> bool:
        if entry.object_type == "claim":
            return then.status == ClaimStatus.PUBLISHED or entry.action == "claim.withdrawn"
        if entry.object_type == "verdict" and then.status != VerdictStatus.PUBLISHED:
            return False
        return all(
            (claim := self.version_at("claim", pk, entry)) is not None and claim.status == ClaimStatus.PUBLISHED
            for pk in self.claims_of(entry)
        )

    def was_taken_away(self, entry: AuditEntry, then: Any) -> bool:
        if entry.action == "claim.withdrawn":
            # A claim that meanwhile belongs to a dispute of fewer readers says nothing any more.
            return self.dispute_of_claim.get(int(entry.object_id), NOWHERE) == entry.dispute_id
        if entry.action == "evidencedocument.deleted":
            return then.evidence_id in self.public_evidence
        if not issubclass(recorded_models()[entry.object_type], Withdrawable):
            return False
        return entry.action.endswith(".withdrawn") and self.claims_of(entry) <= self.public_claims.keys()

    def claims_of(self, entry: AuditEntry) -> set[int]:
        """The claims on which it hangs who may read the row: its own and, of a relation, the other one; of a premise
        that of its link."""
        then = self.version(entry)
        if then is None or not issubclass(recorded_models()[entry.object_type], ClaimChild):
            return set()
        if entry.object_type == "premise":
            return {then.claim_id, self.claim_of_link.get(then.link_id, then.claim_id)}
        return {then.claim_id, getattr(then, "other_id", then.claim_id)}


NOWHERE = -1
"""Where a claim belongs that is not there."""


def _by_noun(rows: Iterable[tuple[str, Any]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for noun, number in rows:
        found.setdefault(noun, set()).add(int(number))
    return found


def _values(rows: Any, pks: Collection[Any], column: str) -> dict[int, Any]:
    """What stands in a column of those of these rows that are there."""
    return dict(rows.filter(pk__in=pks).values_list("pk", column)) if pks else {}


def _version(entry: AuditEntry) -> Any:
    """The row as the entry left it; None when there is none, or it was erased."""
    return _Facts([entry]).version(entry)


_NAMED = {
    "affiliation": ("source_id",),
    "document": ("publisher_id",),
    "attribution": ("source_id", "on_behalf_of_id"),
    "review": ("publisher_id",),
    "inquiry": ("source_id",),
}
"""The columns by which a row names sources."""


def public_disputes(ids: Collection[int]) -> set[int]:
    """Those of the ids that are disputes which anybody may read."""
    return set(Dispute.objects.public().filter(pk__in=ids).values_list("pk", flat=True))


def disputes_of(entry: AuditEntry) -> set[int]:
    """The dispute that the entry is about, if it is about one."""
    return {entry.dispute_id} if entry.dispute_id is not None else set()


def public_sources(ids: Collection[int]) -> set[int]:
    """Those of the ids that are sources which anybody may read, and by their names."""
    return set(Source.objects.public().filter(pk__in=ids, withheld=False).values_list("pk", flat=True))


def sources_of(entry: AuditEntry) -> set[int]:
    """The sources that an entry is about, as anybody may know: those that its row names, else those that speak about
    its claim.

    By a withheld source nothing is found, nor by a body for which it spoke: who asks for it would learn what it said.
    Only that its name is withheld is told by its own number.
    """
    if entry.object_type == "source":
        return {int(entry.object_id)}
    columns = _NAMED.get(entry.object_type)
    if columns is None:
        if entry.claim_id is None:
            return set()
        said = Attribution.objects.public().filter(claim=entry.claim_id, source__withheld=False)
        pairs = list(said.values_list("source_id", "on_behalf_of_id"))
    else:
        then = _version(entry)
        pairs = [tuple(getattr(then, column) for column in columns)] if then is not None else []
    named = {number for pair in pairs for number in pair if number is not None}
    withheld = set(Source._base_manager.filter(pk__in=named, withheld=True).values_list("pk", flat=True))
    # The first of a row is its voice.
    return {number for pair in pairs if pair[0] not in withheld for number in pair if number} - withheld
