"""What pages of the desk show one person beside their forms, kept until something changes in the register."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from claims.services.prepared import generation

SECONDS = 60
"""What begins no generation, such as a call of a webhook that failed, shows after so long."""

Shown = TypeVar("Shown")
Key = tuple[object, ...]


class KeptForPeople(Generic[Shown]):
    """The answers to what was asked last, `most` of them in a process, each with the state of the register it is of."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._answers: OrderedDict[tuple[int | None, int], tuple[Key, Shown]] = OrderedDict()

    def answer(self, user: User | AnonymousUser, make: Callable[[], Shown], about: int = 0) -> Shown:
        """What was made for `user` last about the row with this key, unless anything was changed since, their rights
        changed or a day began."""
        # Before it is made: a change in between makes it anew next time.
        state = _state_for(user)
        kept = self._answers.pop((user.pk, about), None)
        shown = kept[1] if kept is not None and kept[0] == state else make()
        self._answers[user.pk, about] = state, shown
        while len(self._answers) > self.most:
            self._answers.popitem(last=False)
        return shown


def _state_for(user: User | AnonymousUser) -> Key:
    rights = frozenset(user.get_all_permissions())
    return generation(), rights, timezone.localdate(), int(time.time() // SECONDS)
