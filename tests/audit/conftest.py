"""What the tests of the trail share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify


def entries_of(act: Callable[[], Any]) -> list[AuditEntry]:
    """The entries that `act` brings, oldest first."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    act()
    return list(AuditEntry.objects.filter(id__gt=last).order_by("id"))


def breaks(*heads: tuple[int, str]) -> list[Break]:
    return [step for step in verify(history_models(), heads, batch=7) if isinstance(step, Break)]


def rows_of_history() -> int:
    return sum(model.objects.count() for model in history_models().values())


@pytest.fixture
def holds(register: None) -> Any:
    """After the test, the whole trail still holds."""
    yield
    assert breaks() == []


@pytest.fixture
def root(register: None) -> Any:
    return get_user_model().objects.create(username="root", is_superuser=True)
