"""What is done to an account by a button: a link to choose a password, letting somebody in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.html import format_html
from unfold.enums import ActionVariant

from factcheck.accounts.factor import factor_of
from factcheck.accounts.identity import disconnect_identity
from factcheck.accounts.invitation import address_of_door, days_of_link, invite, password_link
from factcheck.accounts.lock import is_locked
from factcheck.accounts.models import Identity
from factcheck.accounts.people import activate_account, deactivate_account, end_everything, reset_factor, unlock_account
from factcheck.admin.steps import Step
from factcheck.audit.access import require
from factcheck.base.errors import Conflict
from factcheck.base.people import Reader


def by_hand(user: User) -> str:
    """What an administrator is told where no mail went out."""
    if not settings.FACTCHECK_PASSWORD_LOGIN:
        return format_html(
            "No mail went out. Tell {} to log in with {} at {}",
            user.get_full_name() or user.get_username(),
            settings.FACTCHECK_OIDC.name,
            address_of_door(),
        )
    return format_html(
        "No mail went out. Give {} this link yourself; it can be used once, within {} days, and is not shown again: "
        '<code class="break-words">{}</code>',
        user.get_full_name() or user.get_username(),
        days_of_link(),
        password_link(user),
    )


def _may_change(actor: Reader) -> User:
    return require(actor, "auth.change_user", "change accounts")


def _is_active(user: Reader, row: User) -> bool:
    return row.is_active


def _may_have_password(user: Reader, row: User) -> bool:
    return row.is_active and settings.FACTCHECK_PASSWORD_LOGIN


def _is_locked(user: Reader, row: User) -> bool:
    return is_locked(row.get_username())


def _has_factor(user: Reader, row: User) -> bool:
    return factor_of(row) is not None


def _has_identity(user: Reader, row: User) -> bool:
    return Identity.objects.filter(user=row).exists()


def _sent(*, actor: Reader, row: User, prepared: bool) -> User:
    if not prepared:
        raise Conflict(by_hand(row), code="not_sent")
    return row


def _facts(row: User) -> list[tuple[str, Any]]:
    return [("User name", row.username), ("Name", row.get_full_name()), ("E-mail address", row.email or "none")]


STEPS = (
    Step(
        name="invite",
        label="Send a link",
        says="The person gets a mail with a link by which to choose a password. Until then the old one works, if there "
        "is one. Where no mail can be sent, the link is shown here.",
        run=_sent,
        prepare=lambda *, actor, row: invite(row, actor=_may_change(actor)),
        done="A link was sent to",
        offered=_may_have_password,
        icon="mail",
        context=_facts,
    ),
    Step(
        name="unlock",
        label="Unlock",
        says="Too many wrong passwords or codes were given for this account, and no more are tried for a while. It can "
        "be tried again at once. Ask the person first whether it was them.",
        run=unlock_account,
        done="Unlocked:",
        offered=_is_locked,
        icon="lock_open",
        context=_facts,
    ),
    Step(
        name="reset-factor",
        label="Reset second factor",
        says="The person has lost the device that shows codes, or the passkeys, and the recovery codes. All of them "
        "open nothing any more. Where the role needs a second factor, the next log-in sets up another; else the "
        "password is enough. Make sure by another way than mail that it is this person who asks.",
        run=reset_factor,
        done="Second factor reset:",
        offered=_has_factor,
        icon="phonelink_erase",
        variant=ActionVariant.DANGER,
        context=_facts,
    ),
    Step(
        name="disconnect",
        label="Disconnect",
        says="Whoever has this account at the identity provider does not get in with it any more, until it is "
        "connected again: at the next log-in of somebody there whose verified address is that of the account. Do it "
        "where the provider has made the person anew. Sessions go on: end them too, should somebody else have got in.",
        run=disconnect_identity,
        done="Disconnected:",
        offered=_has_identity,
        icon="link_off",
        variant=ActionVariant.DANGER,
        context=_facts,
    ),
    Step(
        name="end-sessions",
        label="End sessions and tokens",
        says="The person is logged out in every browser, and no token of theirs opens anything any more: programs that "
        "use one need another. Password and second factor stay: set another password too, should somebody know it.",
        run=end_everything,
        done="Sessions and tokens ended:",
        offered=_is_active,
        icon="logout",
        variant=ActionVariant.DANGER,
        context=_facts,
    ),
    Step(
        name="deactivate",
        label="Deactivate",
        says="Nobody logs in with this account any more, and its tokens open nothing. All that was entered with it "
        "stays, under its name. It can be activated again.",
        run=deactivate_account,
        done="Deactivated:",
        offered=lambda user, row: row.is_active and row.pk != user.pk,
        icon="person_off",
        variant=ActionVariant.DANGER,
        context=_facts,
    ),
    Step(
        name="activate",
        label="Activate",
        says="The account can be used again, with the password, the role and the tokens that it has.",
        run=activate_account,
        done="Activated:",
        offered=lambda user, row: not _is_active(user, row),
        icon="person_check",
        context=_facts,
    ),
)
