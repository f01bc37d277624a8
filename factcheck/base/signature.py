"""The register's signature, which anybody can verify with its public key: Ed25519 (RFC 8032)."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "factcheck.base.signature"


def secret_keys() -> tuple[str, ...]:
    """The secret key, and after it those before it, as long as what they made is taken too."""
    return settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS


def read_private_key(pem: str) -> Ed25519PrivateKey:
    """The key of a PEM text without a password. Raises ValueError for anything else."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise ValueError("the key is locked with a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the key is not of the kind Ed25519")
    return key


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """The public key of a PEM text. Raises ValueError for anything else."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the key is not of the kind Ed25519")
    return key


def get_private_key() -> Ed25519PrivateKey:
    """The key that the settings give, or one that follows from the secret key and is the same as long as that is."""
    if settings.FACTCHECK_SIGNING_KEY:
        return read_private_key(settings.FACTCHECK_SIGNING_KEY)
    return Ed25519PrivateKey.from_private_bytes(salted_hmac(SALT, "", algorithm="sha256").digest())


def sign(content: bytes) -> bytes:
    """The signature of 64 bytes under the content."""
    return get_private_key().sign(content)


def get_public_key() -> Ed25519PublicKey:
    """The key that verifies what the register signs now."""
    return get_private_key().public_key()


def make_public_pem() -> bytes:
    """The public key as PEM, as OpenSSL reads it."""
    return get_public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def make_key_fingerprint() -> str:
    """The SHA-256 of the public key file, hexadecimal: what `sha256sum` prints for it."""
    return hashlib.sha256(make_public_pem()).hexdigest()


def is_signed(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether the signature under the content was made with the private half of the key."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
