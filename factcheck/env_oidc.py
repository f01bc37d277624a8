"""The settings of single sign-on (OpenID Connect), which are given together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from environs import FileAwareEnv, ValidationError, validate

from factcheck.env_values import is_address

NEEDED = ("FACTCHECK_OIDC_ISSUER", "FACTCHECK_OIDC_CLIENT_ID", "FACTCHECK_OIDC_CLIENT_SECRET")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class SingleSignOn:
    """Which identity provider people log in with, and what it decides."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = "single sign-on"
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    new_people: bool = False
    roles: tuple[tuple[str, str], ...] = ()
    """Values of the claim with the role that each stands for, the first that somebody has counts."""
    roles_claim: str = "groups"
    second_factor: frozenset[str] = frozenset()
    """Values of `amr` or `acr` that count as a second factor."""

    @property
    def is_on(self) -> bool:
        return bool(self.issuer)


def read_oidc(env: FileAwareEnv) -> SingleSignOn:
    """What is given of it; see `faults_of`."""
    return SingleSignOn(
        issuer=env.str("FACTCHECK_OIDC_ISSUER", "", validate=issuer),
        client_id=env.str("FACTCHECK_OIDC_CLIENT_ID", ""),
        client_secret=env.str("FACTCHECK_OIDC_CLIENT_SECRET", ""),
        name=env.str("FACTCHECK_OIDC_NAME", "single sign-on", validate=validate.Length(min=1, max=60)),
        scopes=("openid", *(one for one in env.list("FACTCHECK_OIDC_SCOPES", ["email", "profile"]) if one != "openid")),
        new_people=bool(env.bool("FACTCHECK_OIDC_NEW_PEOPLE", False)),
        roles=tuple(dict(env.json("FACTCHECK_OIDC_ROLES", {}, validate=names) or {}).items()),
        roles_claim=env.str("FACTCHECK_OIDC_ROLES_CLAIM", "groups", validate=validate.Length(min=1, max=200)),
        second_factor=frozenset(env.list("FACTCHECK_OIDC_SECOND_FACTOR", [])),
    )


def faults_of(given: SingleSignOn, *, passwords: bool, production: bool) -> list[str]:
    """What is missing, each by the name of its setting."""
    values = dict(zip(NEEDED, (given.issuer, given.client_id, given.client_secret), strict=True))
    if not any(values.values()):
        closed = "FACTCHECK_PASSWORD_LOGIN: nobody could log in without passwords and without " + ", ".join(NEEDED)
        return [] if passwords else [closed]
    faults = [f"{name}: is missing; single sign-on needs {', '.join(NEEDED)}" for name in NEEDED if not values[name]]
    if production and given.issuer and urlsplit(given.issuer).scheme != "https":
        faults.append("FACTCHECK_OIDC_ISSUER: must start with https:// in production")
    return faults


def issuer(value: str) -> None:
    if not value:
        return
    parts = urlsplit(value)
    safe = parts.scheme == "https" or parts.hostname in LOOPBACK
    if not is_address(value, "http", "https") or not parts.hostname or not safe or parts.query or parts.fragment:
        raise ValidationError("must be the address of the issuer, such as https://id.example.org/realms/desk")
    if find_spec("authlib") is None or find_spec("requests") is None:
        raise ValidationError("needs the packages authlib and requests (the extra oidc of pyproject.toml)")


def names(value: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(role, str) and role for role in value.values()):
        raise ValidationError('must be an object of JSON, such as {"register-editors": "Editor"}')
