"""Passkeys and keys in hardware as a second factor (WebAuthn), verified by py_webauthn.

Imported with the pages of the desk: the library takes its time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    generate_challenge,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from factcheck.accounts.factor import begin_factor, count_attempt, factor_of
from factcheck.accounts.keyed import keyed
from factcheck.accounts.lock import forgive
from factcheck.accounts.models import Passkey, SecondFactor
from factcheck.accounts.trail import enter_failure, enter_user
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, RuleViolation

logger = logging.getLogger(__name__)

CHALLENGE = "passkey"
"""Where a session remembers what passkeys were asked with, and when."""
PATIENCE = 600
"""Seconds for which an answer is waited for."""
MOST = 20
"""Passkeys of one person."""
LONGEST = 20_000
"""Characters of an answer; they have some thousand."""
LONGEST_NAME = 1_023
"""Bytes by which a device knows a passkey, as the standard has it."""
PREFERRED = UserVerificationRequirement.PREFERRED
"""A finger or a PIN where the device can ask for one: the password was shown besides."""

AGAIN = "That took longer than ten minutes, or was sent twice. Try again."
WRONG = "That passkey is not one of yours here, or what it answered is not valid. Try another, or give a code."
NOT_MADE = "That passkey cannot be added: what it answered is not valid. Try again, or take another."
KNOWN = "That passkey is set up already. Take another."
COUNTED_BACK = (
    "That passkey was refused: it counts how often it was used, and has counted back, as a copy of it would. Log in "
    "another way, remove it, and tell an administrator if you did not copy it yourself."
)


class Place(NamedTuple):
    """Where passkeys of this register are shown, whatever host a request names."""

    origin: str
    host: str


def place() -> Place | None:
    """As browsers write the address of the register; None where they have no passkeys: for an address of numbers, or in
    the clear."""
    parts = urlsplit(settings.FACTCHECK_BASE_URL)
    host = (parts.hostname or "").encode("idna").decode()
    try:
        ip_address(host)
    except ValueError:
        if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
            return None
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = f":{parts.port}" if parts.port not in {None, usual} else ""
        return Place(f"{parts.scheme}://{host}{port}", host)
    return None


def ask(request: HttpRequest, user: User) -> dict[str, str]:
    """What the script of a page asks the browser with: to `create` a passkey, and to `get` one of this person, where
    there is one; and where it can. What was asked before counts no more."""
    if (here := place()) is None:
        return {}
    challenge, seconds = generate_challenge(), PATIENCE
    request.session[CHALLENGE] = {"asked": bytes_to_base64url(challenge), "at": int(time.time())}
    keys = [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential),
            transports=[AuthenticatorTransport(one) for one in key.transports],
        )
        for key in Passkey.objects.filter(factor__user=user).order_by("pk")
    ]
    create = generate_registration_options(
        rp_id=here.host,
        rp_name=settings.FACTCHECK_NEWSROOM,
        # Other devices than those of the person learn nothing from it.
        user_id=keyed("passkeys", str(user.pk)),
        user_name=user.get_username(),
        user_display_name=user.get_full_name() or user.get_username(),
        challenge=challenge,
        timeout=seconds * 1_000,
        exclude_credentials=keys,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=PREFERRED
        ),
    )
    get = generate_authentication_options(
        rp_id=here.host,
        challenge=challenge,
        timeout=seconds * 1_000,
        allow_credentials=keys,
        user_verification=PREFERRED,
    )
    return {"create": options_to_json(create), "get": options_to_json(get) if keys else "", "origin": here.origin}


def add_passkey(
    request: HttpRequest,
    user: User,
    name: str,
    answer: str,
    *,
    seen: SecondFactor | None,
    nonce: str,
    address: str = "",
) -> list[str]:
    """The passkey that answered is of the person's second factor from now on; the recovery codes, where it is the first
    proof of theirs. `seen` is what they have already, as the caller knows it, `nonce` for who has nothing.

    Raises RuleViolation where the answer is none to what was asked here just now, Locked, and Conflict.
    """
    here, challenge = _asked(request)
    count_attempt(user, address)
    with _verifying(user, address, NOT_MADE):
        given = parse_registration_credential_json(answer)
        made = verify_registration_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.host,
            expected_origin=here.origin,
        )
    if len(made.credential_id) > LONGEST_NAME:
        raise _refused(user, address, "its credential is longer than the standard allows", NOT_MADE)
    forgive(user.get_username(), address)
    credential = bytes_to_base64url(made.credential_id)
    with recording(actor=user):
        if Passkey.objects.filter(credential=credential).exists():
            raise RuleViolation(KNOWN, code="known_passkey")
        factor, codes = begin_factor(user, seen, nonce)
        if factor.passkeys.count() >= MOST:
            raise Conflict(f"You have {MOST} passkeys already. Remove one first.", code="too_many_passkeys")
        factor.passkeys.create(
            name=name,
            credential=credential,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            challenge=challenge,
            transports=[way.value for way in given.response.transports or []],
            since=timezone.now(),
        )
        enter_user("user.passkey_added", user, actor=user, address=address, words=f"“{name}”.")
    return codes


def check_passkey(request: HttpRequest, user: User, answer: str, *, address: str = "") -> SecondFactor:
    """The second factor of this person, who showed a passkey of it.

    Raises RuleViolation where the answer is none of theirs to what was asked here just now, or was taken before, or the
    passkey has counted back; Locked after too many, Conflict where there is no second factor.
    """
    factor = factor_of(user)
    if factor is None:
        raise Conflict("No second factor is set up any more. Log in again.", code="no_second_factor")
    here, challenge = _asked(request)
    count_attempt(user, address)
    with _verifying(user, address, WRONG):
        given = parse_authentication_credential_json(answer)
    key = factor.passkeys.filter(credential=bytes_to_base64url(given.raw_id)).first()
    if key is None:
        raise _refused(user, address, "it is none of this person's", WRONG)
    with _verifying(user, address, WRONG):
        shown = verify_authentication_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=bytes(key.public_key),
            # Looked at below: only what it has signed itself says that it counted back.
            credential_current_sign_count=0,
        )
    count = shown.new_sign_count
    new = factor.passkeys.filter(pk=key.pk).exclude(challenge=challenge)
    onward = Q(sign_count__lt=count) if count else Q(sign_count=0)
    if not new.filter(onward).update(sign_count=count, challenge=challenge, used_at=timezone.now()):
        if not new.exists():
            raise _refused(user, address, AGAIN, AGAIN)
        enter_user("user.passkey_refused", user, address=address, words=f"“{key}”.")
        raise RuleViolation(COUNTED_BACK, code="passkey_counted_back")
    forgive(user.get_username(), address)
    return factor


def _asked(request: HttpRequest) -> tuple[Place, str]:
    """Where, and with what challenge, this session asked for a passkey a short while ago: it is answered once."""
    here, asked = place(), request.session.pop(CHALLENGE, None)
    if here is None or asked is None or time.time() - asked["at"] > PATIENCE:
        raise RuleViolation(AGAIN, code="passkey_too_late")
    return here, asked["asked"]


@contextmanager
def _verifying(user: User, address: str, words: str) -> Iterator[None]:
    """Whatever the library makes of what strangers send: a refusal."""
    try:
        yield
    except Exception as error:
        raise _refused(user, address, error, words) from error


def _refused(user: User, address: str, why: object, words: str) -> RuleViolation:
    logger.warning("A passkey was refused: %s", why)
    enter_failure(user.get_username(), address, "passkey")
    return RuleViolation(words, code="wrong_passkey")
