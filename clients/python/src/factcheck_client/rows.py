"""The rows of one noun: `register.claims`, `register.sources` and all others."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from factcheck_client import types as t
from factcheck_client.problems import Conflict
from factcheck_client.transport import Transport

Listed = TypeVar("Listed")
"""A row in a list, where parts come on request."""
Row = TypeVar("Row")
"""A row that was asked for alone."""
New = TypeVar("New")
"""What a new row is entered with."""


class Rows(Generic[Listed, Row, New]):
    """One noun of the register. Rows are plain dicts with the names that the API has; the types say which.

    Whatever the register refuses is raised as a `Problem`.
    """

    def __init__(self, transport: Transport, noun: str) -> None:
        self._transport = transport
        self.noun = noun
        self.path = f"/api/v1/{noun}/"

    def _address(self, row: Any, *parts: str) -> str:
        """The path of a row, by its id, its slug or the row itself."""
        key = row["id"] if isinstance(row, Mapping) else row
        return "/".join([f"{self.path}{key}", *parts, ""])

    def list(self, params: Mapping[str, Any] | None = None, /, **filters: Any) -> Iterator[Listed]:
        """All rows that meet the filters, page after page as they are needed.

        A value may be a list, a date or None (`dispute=None`: without one). What is no name of Python goes into the
        mapping: `list({"!status": "draft"})`. `page_size` says how many come at once, `include` which parts.
        """
        address, asked = self.path, {"page_size": 100, **(params or {}), **filters}
        page = self._transport.send("GET", address, params=asked).json()
        while True:
            yield from page["results"]
            if page["next"] is None:
                return
            page = self._transport.send("GET", self._transport.following(page["next"])).json()

    def get(self, key: int | str, **params: Any) -> Row:
        """One row with its parts, by its id or, where the noun has one, its slug; `as_of` as it stood on a day."""
        return cast(Row, self._transport.send("GET", self._address(key), params=params or None).json())

    def create(self, row: New | None = None, /, *, key: str | None = None, **fields: Any) -> Row:
        """Enter a row and give it as it stands then. Sent twice for a lost answer, it is entered once; `key` is your
        own Idempotency-Key, where the program itself may run twice."""
        return cast(Row, self._post(self.path, {**(row or {}), **fields}, key))  # type: ignore[dict-item]

    def create_many(self, rows: Sequence[New], *, key: str | None = None) -> Sequence[Row]:
        """Enter up to 500 rows, all or none; the fields of an `Invalid` begin with the place in the list: `3.text`."""
        return cast("Sequence[Row]", self._post(self.path, list(rows), key))

    def update(self, row: Row | Listed, /, *, reason: str = "", **fields: Any) -> Row:
        """Change fields of a row that was read, if nobody changed it since: else `Conflict`, which holds both versions.

        `reason` tells the public why; what is published is not changed without one.
        """
        read = cast("Mapping[str, Any]", row)
        headers = {"If-Match": f'"{read["version"]}"'}
        sent = {**fields, "change_reason": reason} if reason else fields
        try:
            return cast(Row, self._transport.send("PATCH", self._address(read), json=sent, headers=headers).json())
        except Conflict as conflict:
            conflict.read, conflict.sent = read, fields
            conflict.current = cast("Mapping[str, Any]", self.get(read["id"]))
            raise

    def update_many(self, changes: Sequence[Mapping[str, Any]], /) -> Sequence[Listed]:
        """Change up to 500 rows, all or none. Each has its `id`, the `version` that was read, what changes and, where
        the public reads it, a `change_reason`; rows as a list gave them can be sent back, and those that nothing
        changes stay as they are. The fields of a `Conflict` say which were changed meanwhile: `2.version`."""
        return cast("Sequence[Listed]", self._transport.send("PATCH", self.path, json=list(changes)).json())

    def withdraw_many(self, rows: Sequence[Mapping[str, Any]], /, *, key: str | None = None) -> Sequence[Listed]:
        """Withdraw up to 500 rows, all or none. Each has its `id`, the `version` that was read where the public reads
        it, and the `reason`, which is kept."""
        return cast("Sequence[Listed]", self._post(f"{self.path}withdraw/", list(rows), key))

    def create_later(self, rows: Sequence[New], /, *, key: str | None = None) -> t.BulkJob:
        """Have a worker enter up to 5,000 rows, each by itself; `register.jobs` tells what became of them."""
        return self._later("POST", self.path, rows, key)

    def update_later(self, changes: Sequence[Mapping[str, Any]], /) -> t.BulkJob:
        """Have a worker change up to 5,000 rows, each by itself."""
        return self._later("PATCH", self.path, changes)

    def withdraw_later(self, rows: Sequence[Mapping[str, Any]], /, *, key: str | None = None) -> t.BulkJob:
        """Have a worker withdraw up to 5,000 rows, each by itself."""
        return self._later("POST", f"{self.path}withdraw/", rows, key)

    def delete(self, row: Row | Listed, /) -> None:
        """Delete a row that was never public, if nobody changed it since it was read."""
        read = cast("Mapping[str, Any]", row)
        self._transport.send("DELETE", self._address(read), headers={"If-Match": f'"{read["version"]}"'})

    def act(self, row: Any, action: str, /, *, key: str | None = None, **fields: Any) -> Row:
        """Take a step with a row: `register.verdicts.act(verdict, "submit")`, `"publish"`, `"return"` with a `note`,
        `"correct"` with a `reason` and a `severity`. Gives what the step answers, as a rule the row."""
        return cast(Row, self._post(self._address(row, action), fields, key))

    def history(self, row: Any, /) -> Iterator[dict[str, Any]]:
        """What was done to a row, for the desk."""
        return Rows(self._transport, f"{self.noun}/{row['id'] if isinstance(row, Mapping) else row}/history").list()

    def export(self, format: str, /, *, to: str | os.PathLike[str], **filters: Any) -> Path:  # noqa: A002
        """Write all rows that meet the filters into a file, as they come: `csv`, `ndjson` or `jsonld`."""
        return self._transport.save(to, f"{self.path}export/{format}/", filters)

    def report(self, key: Any, format: str, /, *, to: str | os.PathLike[str], **params: Any) -> Path:  # noqa: A002
        """Write the report on a claim or dispute into a file, in any format that the register knows, such as `pdf`."""
        return self._transport.save(to, self._address(key, "report", format), params or None)

    def _later(self, method: str, address: str, rows: Sequence[Any], key: str | None = None) -> t.BulkJob:
        headers = {"Prefer": "respond-async"}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        taken = self._transport.send(method, address, json=[*rows], headers=headers)
        job = self._transport.following(taken.headers["Location"])
        return cast("t.BulkJob", self._transport.send("GET", job).json())

    def _post(self, address: str, body: Any, key: str | None, **more: str) -> Any:
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), **more}
        return self._transport.send("POST", address, json=body, headers=headers).json()
