"""Brings the demo into a register: roles, rating scale, people, the disputes of one news report and an invented one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command

from claims.models import Claim, Dispute, Evidence, ImportBatch, RatingScale
from factcheck.accounts.roles import ROLES
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.audit.followers import together
from factcheck.base.statistics import refresh_statistics
from sources.models import Document, Source

REASON = "Demo data: the disputes of a news report of 3 July 2025"
FIXTURES = {
    "demo": REASON,
    "invented": "Demo data: an invented dispute that shows most features of the register",
}
"""What is loaded, in this order, and the reason that the trail gives for it."""
INVENTED = "invented-footbridge-of-nowhereton"
"""The short name of the invented dispute."""
NOUNS = (Source, Document, Dispute, Claim, Evidence)
"""The demo's rows carry fixed numbers, which only a register without rows of these has free."""


@dataclass(frozen=True, slots=True)
class Person:
    """One demo account; its password is known to everybody who reads this."""

    username: str
    role: str
    may: str

    @property
    def password(self) -> str:
        return f"demo-{self.username}-2025"

    @property
    def staff(self) -> bool:
        return self.role != "Reader"


PEOPLE = tuple(
    Person("admin" if role == "Administrator" else role.lower(), role, may)
    for role, may in sorted(ROLES.items(), key=lambda role: role[0] == "Reader")
)


def load_vocabularies() -> list[str]:
    """The roles and the rating scale exist. Returns the fixtures that were loaded; what was there stays as it is."""
    with recording(reason="Roles and rating scale of a new register"):
        missing = []
        if Group.objects.filter(name__in={person.role for person in PEOPLE}).count() < len(PEOPLE):
            missing.append("roles")
        if not RatingScale.objects.filter(code="default").exists():
            missing.append("rating_scales")
        for fixture in missing:
            call_command("loaddata", fixture, verbosity=0)
        return missing


def create_people() -> list[str]:
    """The demo accounts exist. Returns the names of the new ones; an account that was there keeps its password."""
    model = get_user_model()
    with recording(reason=REASON):
        there = set(model.objects.filter(username__in=[p.username for p in PEOPLE]).values_list("username", flat=True))
        new = [person for person in PEOPLE if person.username not in there]
        for person in new:
            user = model.objects.create_user(
                person.username,
                password=person.password,
                first_name="Demo",
                last_name=person.username.capitalize(),
                is_staff=person.staff,
            )
            user.groups.set([Group.objects.get(name=person.role)])
            record_event("user.created", "user", user.pk, person.username)
        return [person.username for person in new]


def load_disputes() -> list[ImportBatch]:
    """The demo disputes are in the register, and where they came from; nothing when it holds rows already."""
    with recording():
        if any(noun.objects.exists() for noun in NOUNS):
            return []
        batches = [load_fixture(fixture_path(name), reason) for name, reason in FIXTURES.items()]
        refresh_statistics()
        return batches


def load_fixture(path: Path, reason: str) -> ImportBatch:
    """The rows of one fixture are in the register, and where they came from."""
    with recording(reason=reason), together():
        content = path.read_bytes()
        call_command("loaddata", str(path), verbosity=0)
        batch = ImportBatch(
            origin=f"{path.parent.name}/{path.name}",
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
            format="django-fixture",
            counts=dict(Counter(row["model"].partition(".")[2] for row in json.loads(content))),
        )
        batch.save()
        return batch


def fixture_path(name: str = "demo") -> Path:
    """Where these disputes are kept."""
    return Path(settings.FIXTURE_DIRS[0]) / f"{name}.json"
