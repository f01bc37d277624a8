"""Which account somebody of the identity provider has: known again by the subject, found the first time by an address
that the provider has verified."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from factcheck.accounts.models import Identity
from factcheck.accounts.people import people_with
from factcheck.accounts.rights import enter_rights, rights_of
from factcheck.accounts.roles import give_role, take_roles
from factcheck.accounts.trail import enter_user
from factcheck.audit.access import require
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.base.errors import Forbidden
from factcheck.base.people import Reader
from factcheck.base.text import check_text

LONGEST_SUBJECT, LONGEST_NAME = 255, 150


class Refused(Forbidden):
    """The provider knows somebody who is not let in here; `why` is for the trail and names nobody."""

    code = "sso_refused"

    def __init__(self, message: str, *, why: str, user: User | None = None) -> None:
        super().__init__(message)
        self.why, self.user = why, user


class Told(NamedTuple):
    """What the provider says of a person."""

    subject: str
    email: str
    """Empty where the provider does not say that it has verified it."""
    first_name: str
    last_name: str
    wished_name: str
    groups: frozenset[str] | None
    """None where it says nothing of them."""
    factors: frozenset[str]
    """What was shown there that counts here as a second factor."""


def told_by(claims: dict[str, Any]) -> Told:
    """These claims, which were checked. Raises ValueError for a subject that is none."""
    given, subject = settings.FACTCHECK_OIDC, claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or _clean(subject) != subject:
        raise ValueError("the subject is no text of 1 to 255 characters")
    email = _clean(claims.get("email"))
    verified = claims.get("email_verified") in (True, "true")
    groups, methods = claim_of(claims, given.roles_claim), claims.get("amr")
    shown = {claims.get("acr"), *(methods if isinstance(methods, list) else [])}
    return Told(
        subject=subject,
        email=email if verified and _is_email(email) else "",
        first_name=_clean(claims.get("given_name"))[:LONGEST_NAME],
        last_name=_clean(claims.get("family_name"))[:LONGEST_NAME],
        wished_name=_clean(claims.get("preferred_username")) or email.partition("@")[0],
        groups=None if groups is None else frozenset(str(one) for one in _listed(groups)),
        factors=frozenset(one for one in shown if isinstance(one, str)) & given.second_factor,
    )


def claim_of(claims: dict[str, Any], name: str) -> Any:
    """The claim of this name; where there is none, a name with dots leads into claims within claims."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def admit(told: Told, *, address: str = "") -> User:
    """The account of this person, connected or made where the settings allow that, with the role that they give.

    Raises Refused where nobody is let in.
    """
    given = settings.FACTCHECK_OIDC
    with recording(actor=None):
        known = Identity.objects.filter(issuer=given.issuer, subject=told.subject).select_related("user").first()
        user = known.user if known is not None else _connect(told, address)
        if not user.is_active:
            raise Refused("This account is deactivated. Ask an administrator.", why="It is deactivated.", user=user)
    # What was connected stays, also where the role lets nobody in.
    if given.roles and not user.is_superuser:
        _follow_groups(user, told)
    if not user.is_staff:
        raise Refused(
            f"You have an account, “{user.get_username()}”, but no role that works at this desk. Ask an administrator.",
            why="It has no role of the desk.",
            user=user,
        )
    return user


def disconnect_identity(*, actor: Reader, row: User) -> User:
    """Nobody of the provider gets in with this account until it is connected again. Raises Forbidden for whoever may
    not change accounts."""
    by = require(actor, "auth.change_user", "disconnect accounts")
    with recording(actor=by):
        deleted, _of = Identity.objects.filter(user=row).delete()
        if deleted:
            enter_user("user.identity_removed", row, actor=by)
    return row


def _connect(told: Told, address: str) -> User:
    given = settings.FACTCHECK_OIDC
    found = people_with(told.email) if told.email else []
    if len(found) > 1:
        raise Refused(
            "Several accounts have your address, so it is not known which is yours. Ask an administrator.",
            why="Several accounts have the address.",
        )
    if found and not found[0].is_active:
        raise Refused("This account is deactivated. Ask an administrator.", why="It is deactivated.", user=found[0])
    if found and Identity.objects.filter(user=found[0], issuer=given.issuer).exists():
        raise Refused(
            f"The account with your address belongs to somebody else at {given.name}. Ask an administrator.",
            why="The address is that of an account which somebody else of the provider has.",
            user=found[0],
        )
    if not found and not given.new_people:
        words = f"No account with the address {told.email} is known here."
        if not told.email:
            words = f"{given.name} names no address of yours that it has verified, and no account here is yours yet."
        raise Refused(f"{words} Ask an administrator.", why="No account is theirs.")
    user = found[0] if found else _make(told)
    Identity.objects.create(user=user, issuer=given.issuer, subject=told.subject, since=timezone.now())
    enter_user("user.identity_connected", user, actor=user, address=address, words=f"With {given.name}.")
    return user


def _make(told: Told) -> User:
    user = User(username=_free_name(told), email=told.email, first_name=told.first_name, last_name=told.last_name)
    user.set_unusable_password()
    user.save()
    record_event("user.created", "user", user.pk, str(user))
    return user


def _free_name(told: Told) -> str:
    wished = re.sub(r"[^\w.@+-]+", "-", told.wished_name).strip("-")[:140] or "person"
    number, name = 1, wished
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{wished}-{number}"
    return name


def _follow_groups(user: User, told: Told) -> None:
    """The role of the first group in the settings that the person is in; none where they are in none of these."""
    given = settings.FACTCHECK_OIDC
    if told.groups is None:
        raise Refused(
            f"{given.name} does not say in which groups you are. Ask whoever keeps it, or an administrator.",
            why=f"The claim {given.roles_claim} is missing.",
            user=user,
        )
    name = next((role for group, role in given.roles if group in told.groups), "")
    role = Group.objects.filter(name=name).first() if name else None
    before = rights_of(user)
    if before.roles == ((role.name,) if role is not None else ()) and (role is not None or not user.is_staff):
        return
    with recording(actor=None):
        if role is not None:
            give_role(user, role)
        else:
            take_roles(user)
        enter_rights(user, before, actor=None)


def _listed(groups: Any) -> list[Any]:
    return groups if isinstance(groups, list) else [groups]


def _clean(text: Any) -> str:
    """One line of text, or nothing."""
    if not isinstance(text, str):
        return ""
    try:
        check_text(text)
    except ValidationError:
        return ""
    return " ".join(text.split())


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
