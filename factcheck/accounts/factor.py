"""The second factor: codes of an app (TOTP, RFC 6238) and recovery codes; who needs one, and what it opens.

The app's secret is made of SECRET_KEY and stored nowhere; of recovery codes a keyed digest is. A code is taken once.
What was made of an older key is taken as long as SECRET_KEY_FALLBACKS has it.
Passkeys are in `factcheck.accounts.passkey`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from knox.models import AuthToken

from factcheck.accounts.keyed import keyed
from factcheck.accounts.lock import CODE, Locked, begin_attempt, forgive
from factcheck.accounts.models import SecondFactor
from factcheck.accounts.trail import enter_failure, enter_refusal, enter_user
from factcheck.audit.context import recording
from factcheck.base.errors import Absent, Conflict, RuleViolation
from factcheck.base.signature import secret_keys

STEP, DIGITS = 30, 6
DRIFT = 1
"""Steps by which the clock of an app may be wrong."""
RECOVERY = 10
"""Recovery codes of one set."""
LAST = (
    "Your role needs a second factor, and this is the last of yours: set up another first. An administrator can reset "
    "it, should you have lost it."
)
WRONG = "That is not the code that the app shows now. Look whether the clock of your device is right, and try the next."
NO_CODE = "That is none of your recovery codes. No app is set up that shows others."


def required_people() -> Q:
    """Which users get in with a second factor alone: the roles that the newsroom names, and superusers with them."""
    names = settings.FACTCHECK_SECOND_FACTOR_FOR
    return Q(is_superuser=True) | Q(groups__name__in=names) if names else Q(pk__in=[])


def is_required(user: User) -> bool:
    """Whether this person gets in with a second factor alone."""
    if not settings.FACTCHECK_SECOND_FACTOR_FOR:
        return False
    return User.objects.filter(required_people(), pk=user.pk).exists()


def factor_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user.pk).first()


def open_tokens(tokens: QuerySet[AuthToken]) -> QuerySet[AuthToken]:
    """Of these those that open something: of who needs a second factor, what was made since it was set up.

    An older one was made when a password was enough.
    """
    if not settings.FACTCHECK_SECOND_FACTOR_FOR:
        return tokens
    needy = User.objects.filter(required_people(), pk=OuterRef("user"))
    since = SecondFactor.objects.filter(user=OuterRef("user"), since__lte=OuterRef("created"))
    return tokens.filter(~Exists(needy) | Exists(since))


def check_may_have_token(owner: User) -> None:
    """Raise Conflict where a token of this person would open nothing."""
    if is_required(owner) and factor_of(owner) is None:
        raise Conflict(
            "This person's role needs a second factor, and none is set up: a token would open nothing. Log in at the "
            "desk and set it up first.",
            code="second_factor_needed",
        )


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def address_of(user: User, nonce: str) -> str:
    """What an app reads from the picture: an address of the scheme otpauth."""
    return _totp(user, nonce).get_provisioning_uri(user.get_username(), settings.FACTCHECK_NEWSROOM)


def secret_of(user: User, nonce: str) -> str:
    """What is typed into an app that reads no picture, in groups of four."""
    text = base64.b32encode(_key(user, nonce)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def set_up(user: User, nonce: str, code: str, *, seen: SecondFactor | None = None, address: str = "") -> list[str]:
    """The app with this nonce is of the person's second factor from now on; the recovery codes, which nobody sees
    again, where it is the first proof of theirs. `seen` is what they have already, as the caller knows it.

    Raises RuleViolation where the app does not show this code, Locked, and Conflict.
    """
    count_attempt(user, address)
    if (step := _step_of(_totp(user, nonce), code)) is None:
        enter_failure(user.get_username(), address, "code")
        raise RuleViolation(WRONG, code="wrong_code", field="code")
    forgive(user.get_username(), address)
    with recording(actor=user):
        factor, codes = begin_factor(user, seen, nonce)
        if not SecondFactor.objects.filter(pk=factor.pk, has_app=False).update(
            nonce=nonce, last_step=step, has_app=True
        ):
            raise Conflict("An app is set up already. Remove it first.", code="app_is_set_up")
        enter_user("user.second_factor_set", user, actor=user, address=address)
    return codes


def begin_factor(user: User, seen: SecondFactor | None, nonce: str) -> tuple[SecondFactor, list[str]]:
    """The second factor to which an app or a passkey is added, inside `recording`; where there was none a new one,
    with its recovery codes.

    Raises Conflict where it is not as `seen`: who has shown no more than a password adds nothing to what another has
    set up meanwhile.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor != seen:
        raise Conflict("Your second factor was changed elsewhere. Begin again.", code="second_factor_changed")
    if factor is not None:
        return factor, []
    codes = _new_codes()
    digests = _digests(user, codes)
    new = SecondFactor.objects.create(user=user, nonce=nonce, since=timezone.now(), has_app=False, recovery=digests)
    return new, codes


def check_code(user: User, code: str, *, address: str = "") -> SecondFactor:
    """The second factor of this person, who showed a code of it: of the app, or a recovery code, which is used up.

    Raises RuleViolation for a wrong one and for one that was used, Locked after too many, Conflict where there is no
    second factor.
    """
    factor = factor_of(user)
    if factor is None:
        raise Conflict("No second factor is set up any more. Log in again.", code="no_second_factor")
    count_attempt(user, address)
    steps = [_step_of(_totp(user, factor.nonce, key), code) for key in secret_keys()]
    step = next((step for step in steps if step is not None), None)
    factor.outdated = step is not None and steps[0] is None
    rows = SecondFactor.objects.filter(pk=factor.pk, nonce=factor.nonce, has_app=True)
    right = step is not None and bool(rows.filter(last_step__lt=step).update(last_step=step))
    if not right and not _use_recovery(user, factor, code, address):
        enter_failure(user.get_username(), address, "code")
        raise RuleViolation(WRONG if factor.has_app else NO_CODE, code="wrong_code", field="code")
    forgive(user.get_username(), address)
    return factor


def new_recovery_codes(user: User, factor: SecondFactor) -> list[str]:
    """Other recovery codes in the place of those before."""
    codes = _new_codes()
    with recording(actor=user):
        SecondFactor.objects.filter(pk=factor.pk).update(recovery=_digests(user, codes))
        enter_user("user.recovery_codes_made", user, actor=user)
    return codes


def remove_authenticator(user: User, passkey: int | None = None) -> bool:
    """This passkey, or without one the app, opens nothing any more. Returns whether the person has a second factor
    still: without an app and passkeys recovery codes are none.

    Raises Absent where it is gone, and Conflict where it is the last and their role needs one.
    """
    with recording(actor=user):
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        key = factor.passkeys.filter(pk=passkey).first() if factor and passkey is not None else None
        if factor is None or (not factor.has_app if passkey is None else key is None):
            raise Absent("That is removed already.")
        what = "The app" if key is None else f"The passkey “{key}”"
        if factor.has_app + factor.passkeys.count() == 1:
            if is_required(user):
                raise Conflict(LAST, code="second_factor_needed")
            factor.delete()
            enter_user("user.second_factor_removed", user, actor=user, words=f"{what}, the last.")
            return False
        if key is None:
            SecondFactor.objects.filter(pk=factor.pk).update(has_app=False)
        else:
            key.delete()
        enter_user("user.authenticator_removed", user, actor=user, words=f"{what}.")
        return True


def count_attempt(user: User, address: str) -> None:
    """Count that a proof of this person is tried, of whatever kind. Raises Locked."""
    try:
        begin_attempt(user.get_username(), address, CODE)
    except Locked as error:
        enter_refusal(user.get_username(), address, error)
        raise


def _use_recovery(user: User, factor: SecondFactor, code: str, address: str) -> bool:
    digests = {digest for key in secret_keys() for digest in _digests(user, [code], key)}
    with recording(actor=user):
        row = SecondFactor.objects.select_for_update().filter(pk=factor.pk).first()
        if row is None or digests.isdisjoint(row.recovery):
            return False
        row.recovery = [one for one in row.recovery if one not in digests]
        row.save(update_fields=["recovery"])
        words = f"{len(row.recovery)} are left."
        enter_user("user.recovery_code_used", user, actor=user, address=address, words=words)
    return True


def _key(user: User, nonce: str, secret: str = "") -> bytes:
    what = f"second factor:{user.pk}:{nonce}".encode()
    return hmac.new((secret or settings.SECRET_KEY).encode(), what, hashlib.sha256).digest()[:20]


def _totp(user: User, nonce: str, secret: str = "") -> TOTP:
    # SHA-1, six digits and thirty seconds are what every app knows.
    return TOTP(_key(user, nonce, secret), DIGITS, SHA1(), STEP)  # noqa: S303 - as HMAC, in which it holds


def _step_of(totp: TOTP, code: str) -> int | None:
    """The half minute of which this is the code."""
    given, now = "".join(code.split()), int(time.time()) // STEP
    steps = range(now - DRIFT, now + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(totp.generate(step * STEP), given.encode())]
    return max(found, default=None)


def _new_codes() -> list[str]:
    codes = (base64.b32encode(secrets.token_bytes(16)).decode().lower().rstrip("=") for _ in range(RECOVERY))
    return ["-".join(code[at : at + 5] for at in range(0, len(code), 5)) for code in codes]


def _digests(user: User, codes: list[str], key: str = "") -> list[str]:
    plain = ("".join(letter for letter in code.lower() if letter.isalnum()) for code in codes)
    return [keyed(f"recovery {user.pk}", code, key).hex() for code in plain]


def forget_factor(owner: User, *, actor: User | None, words: str = "") -> bool:
    """The app, the passkeys and the recovery codes of this person open nothing any more; sessions in which they were
    shown are over where a factor is needed. Returns whether there was one."""
    with recording():
        deleted, _of = SecondFactor.objects.filter(user=owner).delete()
        if deleted:
            enter_user("user.second_factor_reset", owner, actor=actor, words=words)
    return bool(deleted)
