"""How the trail is stored: its numbers, and the hashes, which are bytes in the database and hex elsewhere."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class NumberField(models.BigIntegerField):
    """The number that a row gets from whoever writes it. SQLite knows the rows of the table by it, and each index ends
    with it; of a `bigint` it would keep an index beside."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class HexField(models.Field):
    """Bytes, as a text of hexadecimal digits in Python: half as long in the database."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_: object) -> str | None:
        # SQLite gives back whatever somebody has put there past every door.
        return (value.encode() if isinstance(value, str) else bytes(value)).hex() if value is not None else None

    def get_prep_value(self, value: Any) -> bytes | None:
        return bytes.fromhex(value) if isinstance(value, str) else super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return value if value is None else connection.Database.Binary(value)
