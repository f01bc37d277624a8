"""Who somebody is, as the database may know it: keyed digests of addresses, tokens and names."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings


@lru_cache(maxsize=4_096)
def place_of(address: str) -> str:
    """The address; of IPv6 the number of its network."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(int(found) >> 64)
    return str(found)


def keyed(kind: str, who: str, key: str = "") -> bytes:
    """A digest that tells nobody else who it is: the database learns of no address and of no token. By the secret key,
    or this older one."""
    secret = (key or settings.SECRET_KEY).encode()[:64]
    return hashlib.blake2b(f"{kind} {who}".encode(), key=secret, digest_size=16).digest()
