"""Prepares the answers to all public rows at once, and holds what is prepared against what would be built now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from claims.api.claim import ClaimViewSet
from claims.api.dispute import DisputeViewSet
from claims.api.prepared import PreparedViewSet
from claims.choices import Audience
from claims.models import Claim, Dispute, Prepared, Question
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services.discount import differing_discounts, special_claims
from claims.services.prepared import CLAIM, PIECES, ROWS, Form, Kept, audience_of, edition, find, generation, keep
from claims.services.question_state import differing_states
from factcheck.base.people import Reader

PREPARED: tuple[type[PreparedViewSet], ...] = (ClaimViewSet, DisputeViewSet)
BATCH = 50
Counted = Callable[[int], object]


def ignore(_done: int) -> None:
    """For who does not care how far it is."""


def public_ids(view: type[PreparedViewSet]) -> list[int]:
    """The rows of a noun that everybody reads."""
    return list(view.queryset.model.objects.public().order_by("pk").values_list("pk", flat=True))


def prepare(view: type[PreparedViewSet], ids: Iterable[int], *, progress: Counted = ignore) -> int:
    """Build and keep for the public what is not kept of these rows; returns how many rows were built."""
    noun, built = view.prepared_noun, 0
    for batch in _batches(ids):
        kept = find(noun, batch, Audience.PUBLIC, PIECES, bare=True)
        missing = [pk for pk in batch if any((pk, form) not in kept for form in PIECES)]
        if missing:
            since = generation()
            keep(noun, Audience.PUBLIC, view().build_forms(missing, AnonymousUser()), since)
            built += len(missing)
        progress(len(batch))
    return built


def derived_that_differs() -> Iterator[str]:
    """What is stored with rows and follows from others, where it would come to something else now, each in a
    sentence."""
    for batch in _batches(special_claims()):
        yield from (f"what counts of link {pk}" for pk in differing_discounts(batch))
    for batch in _batches(Question.objects.order_by("pk").values_list("pk", flat=True).iterator()):
        yield from (f"state of question {pk}" for pk in differing_states(batch))


def differences(audiences: Iterable[str] = Audience.values, *, progress: Counted = ignore) -> Iterator[str]:
    """What is kept for these audiences and handed out although it would be built otherwise now, each in a sentence."""
    everybody: dict[str, Reader | None] = {Audience.PUBLIC: AnonymousUser(), Audience.DESK: member_of_desk()}
    readers = {audience: everybody[audience] for audience in audiences}
    for view in PREPARED:
        noun = view.prepared_noun
        kept = Prepared.objects.filter(noun=noun, edition=edition()).order_by("audience", "row")
        for audience, reader in readers.items():
            rows = sorted({*kept.filter(audience=audience).values_list("row", flat=True)})
            for batch in _batches(rows if reader is not None else ()):
                assert reader is not None
                found = find(noun, batch, Audience(audience), PIECES)
                built = {(form.row, form.form): form for form in view().build_forms(batch, reader)}
                yield from (
                    f"{noun} {row}, {form}, as the {audience} reads it"
                    for (row, form), told in found.items()
                    if not _is_same(told, built.get((row, form)))
                )
                yield from _answers_that_differ(noun, batch, Audience(audience), reader)
                progress(len(batch))


def _answers_that_differ(noun: str, ids: list[int], audience: Audience, reader: Reader) -> Iterator[str]:
    """The whole answers that are kept of these rows and would say something else now: their ETags name what they say,
    whenever they were made."""
    whole = Prepared.objects.filter(noun=noun, audience=audience, edition=edition(), until__gt=timezone.localdate())
    kept = whole.filter(row__in=ids).exclude(form__in=ROWS).order_by("row", "form")
    versions: dict[int, str] = {}
    for row, form, etag in kept.values_list("row", "form", "etag"):
        if row not in versions:
            versions[row] = _version_now(noun, row, reader)
        if not etag.endswith(f'-{versions[row]}"'):
            yield f"{noun} {row}, {form}, as the {audience} reads it"


def _version_now(noun: str, number: int, reader: Reader) -> str:
    """What names the content of a dispute or claim as it is read now; "gone" where nothing is."""
    model: type[Claim | Dispute] = Claim if noun == CLAIM else Dispute
    row = model.objects.visible_to(reader).filter(pk=number).first()
    if row is None:
        return "gone"
    return (load_claim(row, reader) if isinstance(row, Claim) else load_dispute(row, reader)).version


def member_of_desk() -> Reader | None:
    """Somebody who reads what the whole desk does, if there is one."""
    people = User.objects.filter(is_active=True).order_by("pk")
    return next((user for user in people if audience_of(user) == Audience.DESK), None)


def _is_same(told: Kept, built: Form | None) -> bool:
    return built is not None and (told.etag, told.cuts, bytes(told.body)) == (built.etag, built.cuts, built.body)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(ids)
    while batch := list(islice(waiting, BATCH)):
        yield batch
