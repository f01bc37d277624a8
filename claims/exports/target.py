"""What an export is of, read from an address: one dispute or claim, or a list with its filters and a selection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from claims.models import Claim, Dispute
from claims.reports.content.dossier import Dossier
from claims.reports.load.dossier import addressed, load_claim, load_dispute
from factcheck.base.errors import Absent, RuleViolation

MOST_SELECTED = 1_000
_SUBJECT = re.compile(r"/(?:api/v1/)?(dispute|claim)s/([^/]{1,120})/|/admin/claims/(dispute|claim)/(\d{1,18})/change/")
_MODELS: dict[str, Any] = {"dispute": Dispute, "claim": Claim}
_LOADERS: dict[str, Any] = {"dispute": load_dispute, "claim": load_claim}


@dataclass(frozen=True, slots=True)
class Subject:
    """The dispute or claim that a report or a bundle is about."""

    noun: str
    id: int

    @property
    def address(self) -> str:
        """Its address, which outlives its short name."""
        return f"/api/v1/{self.noun}s/{self.id}/"

    def dossier(self, eyes: Any, as_of: datetime | None = None, since: datetime | None = None) -> Dossier:
        """What these eyes may read of it. Raises Absent when there was nothing at that moment."""
        given = {"since": since} if since is not None else {}
        loaded: Dossier = _LOADERS[self.noun](_MODELS[self.noun](pk=self.id), eyes, as_of, **given)
        return loaded


def subject_of(address: str, eyes: Any) -> Subject:
    """The dispute or claim at `address`: of the API, of its page or of the admin.

    Raises RuleViolation for any other address, Absent for what these eyes may not read.
    """
    path, _ids = split(address)
    found = _SUBJECT.fullmatch(urlsplit(path).path)
    if found is None or urlsplit(path).query:
        raise _unfit("Give the address of one dispute or claim, such as /api/v1/disputes/7/.")
    noun, key = (found[1], found[2]) if found[1] else (found[3], found[4])
    row = addressed(_MODELS[noun].objects.visible_to(eyes), key).values_list("pk", flat=True).first()
    if row is None:
        raise _absent(noun)
    return Subject(noun, row)


def split(query: str) -> tuple[str, list[int] | None]:
    """The address without the host of this register, and the selected ids in it (`ids=1,2,3`), None without any.

    Raises RuleViolation for an address elsewhere, and for ids that are none.
    """
    address = query.strip().removeprefix(settings.FACTCHECK_BASE_URL)
    parts = urlsplit(address)
    if not address.startswith("/") or parts.netloc or parts.fragment or len(query) > 10_000:
        raise _unfit("Give an address of this register, such as /api/v1/claims/?status=published.")
    given = parse_qsl(parts.query, keep_blank_values=True)
    selections = [value for name, value in given if name == "ids"]
    if not selections:
        return address, None
    numbers = selections[0].split(",")
    if len(selections) > 1 or len(numbers) > MOST_SELECTED or not all(_is_id(number) for number in numbers):
        raise _unfit(f"Give the selection once: ids=1,2,3, at most {MOST_SELECTED:,}.")
    rest = [(name, value) for name, value in given if name != "ids"]
    return f"{parts.path}?{urlencode(rest)}" if rest else parts.path, [int(number) for number in numbers]


def with_ids(address: str, ids: list[int]) -> str:
    """The address narrowed to a selection."""
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}ids={','.join(map(str, ids))}"


def _is_id(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) <= 18


def _unfit(message: str) -> RuleViolation:
    return RuleViolation(message, code="invalid_query", field="query")


def _absent(noun: str) -> Absent:
    return Absent(f"There is no such {noun}, or it may not be read.", field="query")
