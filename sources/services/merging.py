"""Merging twins: all that refers to the twin refers to the one that stays, and the twin leads there.

What may be merged, and what a noun does beside this, each noun says once (`merges`); nouns of other apps
add why twins of sources and documents are refused (`refuse_merging`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, UniqueConstraint

from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank
from factcheck.models.merged import MERGED, Mergeable, leads_on, references_to
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from factcheck.teamwork.rows import name_of
from factcheck.teamwork.work import carry_over

Twin = TypeVar("Twin", bound=Mergeable)
Refusing = Callable[[Any, Any], Iterable[str]]
Staying = Callable[[Any, Any], Mapping[type[RecordedModel], Q]]


def _none_stay(twin: Any, into: Any) -> Mapping[type[RecordedModel], Q]:
    return {}


@dataclass(frozen=True)
class Merging:
    """How rows of a noun are merged."""

    permission: str
    shown: tuple[str, ...]
    """The fields by which a person tells whether two rows are twins."""
    takes_over: tuple[str, ...] = ()
    """What the one that stays takes over where it has nothing itself."""
    held_once: tuple[str, ...] = ()
    """What of that only one row may have: the twin gives it up."""
    names: str = ""
    """The field of other names, which takes those of the twin."""
    leaves: bool = False
    """Whether the public never reads what stays with the twin. Then what the one that stays has already stays with it;
    else that is taken out, and its history stays."""
    staying: Staying = _none_stay
    """Which rows stay with the twin whatever else happens, by their noun."""
    close: Callable[[Any, str], None] = lambda _twin, _reason: None
    """What else becomes of the twin, before it is stored."""


@dataclass(frozen=True)
class Part:
    """The rows of one noun that refer to the twin by one field: those that move and those that do not, by their ids."""

    model: type[RecordedModel]
    name: str
    moving: RecordedQuerySet
    doubles: RecordedQuerySet

    @property
    def words(self) -> str:
        reference: Any = self.model._meta.get_field(self.name)
        noun = str(self.model._meta.verbose_name_plural)
        plain = self.name in {"source", "document", "claim", "publisher"}
        return noun if plain else f"{noun} ({reference.verbose_name!s})"


@dataclass(frozen=True)
class Plan:
    """What a merge would do. `refusals` says what stands in its way, in words; with any nothing is done."""

    parts: tuple[Part, ...]
    taken: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    leaves: bool = False


_MERGING: dict[type[Mergeable], Merging] = {}
_REFUSING: dict[type[Mergeable], list[Refusing]] = defaultdict(list)


def merges(noun: type[Mergeable], how: Merging) -> None:
    """Say how rows of `noun` are merged; its app does so, once."""
    _MERGING[noun] = how


def refuse_merging(noun: type[Mergeable], why: Refusing) -> None:
    """Have `why` asked of a twin and the one that stays: it tells in words what stands in the way."""
    _REFUSING[noun].append(why)


def merging_of(noun: type[Mergeable]) -> Merging:
    return _MERGING[noun]


def plan_merge(*, actor: Reader, twin: Twin, into: Twin) -> Plan:
    """What merging `twin` into `into` would do, both as they are stored."""
    how = merging_of(type(twin))
    if (refusal := _not_at_all(actor, twin, into)) is not None:
        return Plan((), refusals=(refusal,), leaves=how.leaves)
    staying = how.staying(twin, into)
    parts, refusals = [], [words for why in _REFUSING[type(twin)] for words in why(twin, into)]
    for model, name in references_to(type(twin)):
        rows: Any = model._base_manager.filter(**{name: twin})
        both = rows.filter(_of_both(model, name, into))
        if not how.leaves:
            refusals += _told_of_both(both, actor)
        stays = _said_again(model, name, into) | staying.get(model, Q(pk__in=[]))
        if how.leaves:
            stays |= Q(pk__in=both.values("pk"))
        doubles = rows.filter(pk__in=list(rows.filter(stays).values_list("pk", flat=True)))
        parts.append(Part(model, name, rows.exclude(pk__in=doubles.values("pk")), doubles))
    taken = {name: value for name in how.takes_over if (value := getattr(twin, name)) and not getattr(into, name)}
    return Plan(tuple(parts), taken, _new_names(how, twin, into), tuple(refusals), how.leaves)


def merge(*, actor: Reader, twin: Twin, into: Twin, reason: str) -> Twin:
    """All that refers to `twin` refers to `into`, which takes over what it lacks; the twin takes nothing new, and leads
    there. The history of each row has it, under the reason.

    Raises Forbidden, RuleViolation without a reason, Conflict where the two are not merged (`plan_merge` says why), and
    what the rules say of the rows that move; then nothing has changed.
    """
    how, noun = merging_of(type(twin)), str(twin._meta.verbose_name)
    require(actor, how.permission, f"merge {twin._meta.verbose_name_plural}")
    if is_blank(reason):
        raise RuleViolation(
            f"Say why this {noun} is the same as the other one.", code="reason_required", field="change_reason"
        )
    with recording(actor=actor, reason=f"{noun.capitalize()} {twin.pk} merged into {into.pk}: {reason}") as context:
        # Inside the writer lock the stored rows are the last word.
        twin.refresh_from_db()
        into.refresh_from_db()
        plan = plan_merge(actor=actor, twin=twin, into=into)
        if plan.refusals:
            raise Conflict(plan.refusals[0], code="not_merged", field="into")
        twin.merged_into = into
        for name in how.held_once:
            if name in plan.taken:
                setattr(twin, name, "")
        how.close(twin, context.reason)
        # First: the rows know by it that they may move.
        twin.save(past_tense=MERGED)
        _move(plan, twin, into)
        for name, value in plan.taken.items():
            setattr(into, name, value)
        if plan.names:
            setattr(into, how.names, [*getattr(into, how.names), *plan.names])
        into.save()
        carry_over(name_of(twin), name_of(into))
        return into


def _move(plan: Plan, twin: Any, into: Any) -> None:
    for earlier in type(twin)._base_manager.filter(merged_into=twin):
        earlier.merged_into = into
        earlier.save(past_tense=MERGED)
    for part in plan.parts:
        if not plan.leaves:
            for double in part.doubles:
                double.delete()
        # Not what a noun does beside this when such a reference changes: it is the same body, under its one name.
        RecordedQuerySet.update(part.moving, **{part.name: into})


def _not_at_all(actor: Reader, twin: Any, into: Any) -> str | None:
    """Why these two rows cannot be merged whatever refers to them."""
    noun = twin._meta.verbose_name
    if twin.pk == into.pk:
        return f"Choose another {noun}: one cannot be merged into itself."
    readable: Any = type(twin).objects
    if readable.visible_to(actor).filter(pk__in=[twin.pk, into.pk]).count() != 2:
        return f"There is no such {noun}, or you may not read it."
    return next((leads_on(row) for row in (twin, into) if row.merged_into_id is not None), None)


def _of_both(model: type[RecordedModel], name: str, into: Mergeable) -> Q:
    """The condition that a row which refers to the twin refers to the one that stays as well, or is that."""
    found = Q(pk=into.pk) if model is type(into) else Q(pk__in=[])
    for other, other_name in references_to(type(into)):
        if other is model and other_name != name:
            found |= Q(**{other_name: into})
    # What was withdrawn says nothing any more of how the two are to each other.
    return found & Q(withdrawn_at=None) if "withdrawn_at" in {one.name for one in model._meta.fields} else found


def _told_of_both(rows: Any, actor: Reader) -> list[str]:
    """What is said of these rows, which refer to both; one that the actor may not read is not named."""
    numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:3])
    named = {*rows.model.objects.visible_to(actor).filter(pk__in=numbers).values_list("pk", flat=True)}
    noun = str(rows.model._meta.verbose_name)
    told = [f"{noun.capitalize()} {pk}" if pk in named else "Something that you may not read" for pk in numbers]
    return [f"{who} refers to both, as to two: change or remove it first, or they are no twins." for who in told]


def _said_again(model: type[RecordedModel], name: str, into: Mergeable) -> Q:
    """The condition that the one that stays has a row which says the same, and of which there may be one alone."""
    found = Q(pk__in=[])
    for once in _constraints_with(model, name):
        rest = {other: OuterRef(other) for other in once.fields if other != name}
        condition = once.condition or Q()
        same = model._base_manager.filter(condition, **{name: into}, **rest)
        found |= condition & Q(Exists(same))
    return found


def _constraints_with(model: type[RecordedModel], name: str) -> Iterator[UniqueConstraint]:
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and name in one.fields:
            yield one


def _new_names(how: Merging, twin: Any, into: Any) -> tuple[str, ...]:
    """The names of the twin that the one that stays does not have yet."""
    if not how.names:
        return ()
    known: Collection[str] = {str(into), *getattr(into, how.names)}
    return tuple(dict.fromkeys(name for name in (str(twin), *getattr(twin, how.names)) if name not in known))
