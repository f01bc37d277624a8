"""What an export is of, read from an address: one dispute or claim, or a list with its filters and a selection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from claims.models import Claim, Dispute
from claims.reports.content.dossier import Dossier
from claims.reports.load.dossier import addressed, load_claim, load_dispute
from factcheck.base.errors import Absent, RuleViolation
from factcheck.base.people import Reader

MOST_SELECTED = 1_000
_TARGET = re.compile(r"/(?:api/v1/)?(dispute|claim)s/([^/]{1,120})/|/admin/claims/(dispute|claim)/(\d{1,18})/change/")


@dataclass(frozen=True, slots=True)
class Target:
    """The dispute or claim that a report or a bundle is about."""

    noun: str
    id: int

    @property
    def address(self) -> str:
        """Its address, which outlives its short name."""
        return f"/api/v1/{self.noun}s/{self.id}/"

    def load_dossier(self, reader: Reader, as_of: datetime | None = None, since: datetime | None = None) -> Dossier:
        """What `reader` may read of it. Raises Absent when there was nothing at that moment."""
        if self.noun == "claim":
            return load_claim(Claim(pk=self.id), reader, as_of, since)
        return load_dispute(Dispute(pk=self.id), reader, as_of, since)


def find_target(address: str, reader: Reader) -> Target:
    """The dispute or claim at `address`: of the API, of its page or of the admin.

    Raises RuleViolation for any other address, Absent for what `reader` may not read.
    """
    path, _ids = split_ids(address)
    found = _TARGET.fullmatch(urlsplit(path).path)
    if found is None or urlsplit(path).query:
        raise _bad_query("Give the address of one dispute or claim, such as /api/v1/disputes/7/.")
    noun, key = (found[1], found[2]) if found[1] else (found[3], found[4])
    visible = (Claim if noun == "claim" else Dispute).objects.visible_to(reader)
    row = addressed(visible, key).values_list("pk", flat=True).first()
    if row is None:
        raise Absent(f"There is no such {noun}, or it may not be read.", field="query")
    return Target(noun, row)


def split_ids(query: str) -> tuple[str, list[int] | None]:
    """The address without the host of this register, and the selected ids in it (`ids=1,2,3`), None without any.

    Raises RuleViolation for an address elsewhere, and for ids that are none.
    """
    address = query.strip().removeprefix(settings.FACTCHECK_BASE_URL)
    try:
        parts = urlsplit(address)
    except ValueError:  # a host in brackets that is none, as in //[
        raise _not_ours() from None
    if not address.startswith("/") or parts.netloc or parts.fragment or len(query) > 10_000:
        raise _not_ours()
    given = parse_qsl(parts.query, keep_blank_values=True)
    selections = [value for name, value in given if name == "ids"]
    if not selections:
        return address, None
    numbers = selections[0].split(",")
    if len(selections) > 1 or len(numbers) > MOST_SELECTED or not all(_is_id(number) for number in numbers):
        raise _bad_query(f"Give the selection once: ids=1,2,3, at most {MOST_SELECTED:,}.")
    rest = [(name, value) for name, value in given if name != "ids"]
    return f"{parts.path}?{urlencode(rest)}" if rest else parts.path, [int(number) for number in numbers]


def add_ids(address: str, ids: list[int]) -> str:
    """The address narrowed to a selection."""
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}ids={','.join(map(str, ids))}"


def _is_id(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) <= 18


def _not_ours() -> RuleViolation:
    return _bad_query("Give an address of this register, such as /api/v1/claims/?status=published.")


def _bad_query(message: str) -> RuleViolation:
    return RuleViolation(message, code="invalid_query", field="query")
