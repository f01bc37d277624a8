"""A moment is read in UTC, as it was stored, by whichever cursor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from sources.models import Source
from tests import factories as f

pytestmark = pytest.mark.django_db
MOMENTS = [
    datetime(2025, 7, 1, 14, 5, 9, 123, tzinfo=UTC),
    datetime(2, 1, 1, tzinfo=UTC),
    datetime(9998, 1, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_is_read_as_it_was_stored(moment):
    source = f.make_source()
    rows: Any = Source._base_manager.filter(pk=source.pk)
    QuerySet(Source).filter(pk=source.pk).update(created_at=moment)
    [streamed] = rows.values_list("created_at", flat=True).iterator(chunk_size=10)
    for read in (rows.get().created_at, streamed, rows.values_list("created_at", flat=True)[0]):
        assert (read, read.tzinfo) == (moment, UTC)


def test_the_session_is_in_utc():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW TIME ZONE")
            assert cursor.fetchone() == ("UTC",)
