"""What the front page shows one person, kept until something changes in the register."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from django.contrib.auth.models import User
from django.utils import timezone

from factcheck.audit.models import AuditEntry

SECONDS = 60
"""What leaves no entry in the trail, such as a new look into the works cited, shows after so long."""
PEOPLE = 200
"""For so many people a process keeps it at a time."""

Shown = TypeVar("Shown")
Key = tuple[object, ...]


class KeptForPeople(Generic[Shown]):
    """The latest answer for each of the last people who asked, with the state of the register that it is of."""

    def __init__(self) -> None:
        self._answers: OrderedDict[int, tuple[Key, Shown]] = OrderedDict()

    def answer(self, user: User, make: Callable[[], Shown]) -> Shown:
        """What was made for `user` last, unless anything was recorded since, their rights changed or a day began."""
        # Before it is made: a change in between makes it anew next time.
        key = _state_for(user)
        kept = self._answers.pop(user.pk, None)
        shown = kept[1] if kept is not None and kept[0] == key else make()
        self._answers[user.pk] = key, shown
        while len(self._answers) > PEOPLE:
            self._answers.popitem(last=False)
        return shown


def _state_for(user: User) -> Key:
    # By its hash, which two registers do not share.
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    rights = frozenset(user.get_all_permissions())
    return last, rights, timezone.localdate(), int(time.time() // SECONDS)
