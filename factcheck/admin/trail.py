"""The audit trail as one user may read it: its entries with their differences in words."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from factcheck.audit.differences import differences_of, recorded_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import AuditEntryQuerySet
from factcheck.base.people import Reader

LONGEST_COMPARED = 20_000
_WORDS = re.compile(r"\s+|[^\s]+")

_open_disputes: list[Callable[[Any], models.QuerySet]] = []


def disputes_by(disputes: Callable[[Any], models.QuerySet]) -> None:
    """Say which disputes a user may know of; the app above this one registers it once."""
    _open_disputes[:] = [disputes]


def trail_for(user: Reader) -> AuditEntryQuerySet:
    """The entries that `user` may read."""
    return AuditEntry.objects.visible_to(user, _open_disputes[0](user)) if _open_disputes else AuditEntry.objects.none()


@dataclass(frozen=True)
class Difference:
    """One field of one entry, before and after, ready to be shown."""

    label: str
    before: SafeString
    after: SafeString
    marked: SafeString | None = None


@dataclass(frozen=True)
class ShownAct:
    """One entry of the trail, ready to be shown."""

    entry: AuditEntry
    noun: str
    verb: str
    label: str
    differences: list[Difference]

    @property
    def first(self) -> bool:
        """Whether nothing was there before, so that there is nothing to compare."""
        return not any(difference.before for difference in self.differences)


def acts_of(entries: Sequence[AuditEntry], user: Reader) -> list[ShownAct]:
    """The entries in words. The number of queries depends on the nouns that occur, not on how many entries there are.

    References to rows that `user` may not see are not named.
    """
    nouns = recorded_models()
    hidden = hidden_from(entries, user)
    found = differences_of([entry for entry in entries if entry.pk not in hidden])
    names = _names(((nouns[one.object_type], found[one.pk]) for one in entries if one.pk in found), user)
    acts = []
    for entry in entries:
        model = nouns.get(entry.object_type)
        differences = [_difference(model, d, names) for d in found.get(entry.pk, [])] if model else []
        noun = str(model._meta.verbose_name) if model else entry.object_type
        verb = entry.action.partition(".")[2].replace("_", " ")
        label = "(not visible to you)" if entry.pk in hidden else entry.object_label
        acts.append(ShownAct(entry, noun, verb, label, differences))
    return acts


def hidden_from(entries: Iterable[AuditEntry], user: Reader) -> set[int]:
    """The entries about rows that exist but are not `user`'s to see: a relation also names the claim on its other
    side, which may belong to a restricted dispute."""
    nouns = recorded_models()
    groups: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.object_type in nouns and entry.object_id.isdecimal():
            groups[entry.object_type][int(entry.object_id)].append(entry.pk)
    hidden: set[int] = set()
    for name, about in groups.items():
        model = nouns[name]
        missing = set(about) - set(
            model._default_manager.visible_to(user).filter(pk__in=about).values_list("pk", flat=True)
        )
        if missing:
            for pk in model._base_manager.filter(pk__in=missing).values_list("pk", flat=True):
                hidden.update(about[pk])
    return hidden


def shown_differences(model: type[models.Model], found: list[dict[str, Any]], user: Reader) -> list[Difference]:
    """In words what differs between two versions of a row (`differences_between`)."""
    names = _names([(model, found)], user)
    return [_difference(model, one, names) for one in found]


def _names(found: Iterable[tuple[Any, list[dict[str, Any]]]], user: Reader) -> dict[Any, dict[int, str]]:
    """The names of the rows that the differences refer to: one query for each noun referred to."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for model, differences in found:
        for difference in differences:
            remote = _remote(model, difference["field"])
            if remote is not None:
                wanted[remote] |= {v for v in (difference["before"], difference["after"]) if isinstance(v, int)}
    names: dict[Any, dict[int, str]] = {}
    for remote, pks in wanted.items():
        if remote is get_user_model():
            rows = remote._default_manager.filter(pk__in=pks)
            names[remote] = {row.pk: row.get_full_name() or row.get_username() for row in rows}
        elif hasattr(remote.objects, "visible_to"):
            rows = remote.objects.visible_to(user).filter(pk__in=pks).select_related(*_labelled_by(remote))
            names[remote] = {row.pk: str(row) for row in rows}
    return names


def _labelled_by(model: type[models.Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.is_relation and f.name in {"source", "claim", "rating"}]


def _remote(model: type[models.Model], field: str) -> Any:
    remote = model._meta.get_field(field).remote_field
    return remote.model if remote else None


def _difference(model: type[models.Model], raw: dict[str, Any], names: dict[Any, dict[int, str]]) -> Difference:
    field: Any = model._meta.get_field(raw["field"])
    before, after = (_in_words(field, raw[side], names) for side in ("before", "after"))
    marked = None
    if isinstance(raw["before"], str) and isinstance(raw["after"], str) and not field.choices:
        marked = marked_text(before, after)
    label = str(field.verbose_name)
    return Difference(label[:1].upper() + label[1:], conditional_escape(before), conditional_escape(after), marked)


def _in_words(field: Any, value: Any, names: dict[Any, dict[int, str]]) -> str:
    if value in (None, "", [], {}):
        return ""
    if field.remote_field:
        return names.get(field.remote_field.model, {}).get(value, f"(number {value})")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        return value[:16].replace("T", " ") + " UTC"
    return str(value)


def marked_text(before: str, after: str) -> SafeString | None:
    """One text with what went struck out and what came underlined; None where the two share too little."""
    if not before or not after or len(before) + len(after) > LONGEST_COMPARED:
        return None
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > 1_500 or matcher.ratio() < 0.4:
        return None
    parts = []
    for kind, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            parts.append(conditional_escape(gone))
        else:
            parts += [format_html("<del>{}</del>", gone)] if gone else []
            parts += [format_html("<ins>{}</ins>", come)] if come else []
    return format_html_join("", "{}", ((part,) for part in parts))
