"""What the values of the environment must be: each raises ValidationError, in words for the operator."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.utils.module_loading import import_string
from environs import ValidationError

SHORTEST_KEY = 50
SHORTEST_TOKEN = 20
LOGO_ENDINGS = (".svg", ".png")
# Django's own, checked by `check --deploy`, but here before the first request.
KEY_HINT = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"


def is_address(value: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(value)
        # Read for its fault: a port that is none, or none of the 65,535. In sqlite://:memory: it is no port.
        if parts.scheme != "sqlite":
            parts.port  # noqa: B018
    except ValueError:
        return False
    return parts.scheme in schemes


def web_address(value: str) -> None:
    if not is_address(value, "http", "https") or not urlsplit(value).hostname:
        raise ValidationError("must be a web address such as https://register.example.org")


def origins(value: list[str]) -> None:
    for origin in value:
        # As browsers send it: without a path, the host in small letters.
        parts = urlsplit(origin)
        if not is_address(origin, "http", "https") or origin != f"{parts.scheme}://{parts.netloc.lower()}":
            raise ValidationError("must be origins such as https://notebook.example.org, separated by commas")


def web_addresses(value: list[str]) -> None:
    for address in value:
        web_address(address)


def redis_url(value: str) -> None:
    if not value:
        return
    if not is_address(value, "redis", "rediss", "unix"):
        raise ValidationError("must start with redis://, rediss:// or unix://")
    if find_spec("django_tasks_rq") is None:
        raise ValidationError("needs the package django-tasks-rq (the extra redis of pyproject.toml)")


def metrics_token(value: str) -> None:
    if value and (len(value) < SHORTEST_TOKEN or not value.isascii() or not value.isprintable() or " " in value):
        raise ValidationError(f"must be {SHORTEST_TOKEN} or more random ASCII characters without blanks")


def importable(value: str) -> None:
    # Not the class itself: the settings that it reads are not there yet.
    try:
        there = find_spec(value.rpartition(".")[0])
    except (ImportError, ValueError):
        there = None
    if there is None:
        raise ValidationError("must be the dotted path of a class in a package that is installed")


def options(value: Any) -> None:
    if not isinstance(value, dict):
        raise ValidationError('must be an object of JSON, such as {"bucket_name": "register"}')


def signing_key(value: str) -> None:
    if value:
        try:
            # Loaded where a key is given: every process pays for what is loaded here.
            import_string("factcheck.base.signature.read_private_key")(value)
        except ValueError:
            raise ValidationError("must be an Ed25519 key as `openssl genpkey -algorithm ed25519` writes it") from None


def link(value: str) -> None:
    if value and not value.startswith("mailto:"):
        web_address(value)


def links(value: list[str]) -> None:
    for address in value:
        link(address)


def authority(value: str) -> None:
    if value:
        web_address(value)
        if find_spec("rfc3161_client") is None:
            raise ValidationError("needs the package rfc3161-client (the extra stamps of pyproject.toml)")


def certificates(value: Path | None) -> None:
    if value is not None and (not value.is_file() or b"BEGIN CERTIFICATE" not in value.read_bytes()):
        raise ValidationError("must be the path of a file with certificates (PEM)")


def folders(value: list[Path]) -> None:
    if missing := [str(folder) for folder in value if not folder.is_dir()]:
        raise ValidationError(f"must be folders, separated by commas; there is no {', '.join(missing)}")


def picture(value: Path | None) -> None:
    if value is not None and (value.suffix.lower() not in LOGO_ENDINGS or not value.is_file()):
        raise ValidationError("must be the path of a file that ends in .svg or .png")


def digests(value: Path | None) -> None:
    if value is None:
        return
    try:
        with value.open("rb") as lines:
            first = lines.readline(200)
    except OSError:
        first = b""
    if not re.match(rb"[0-9A-Fa-f]{40}\b", first):
        raise ValidationError("must be the path of a file whose lines begin with SHA-1 in hexadecimal, in their order")


def time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError("must be the name of a time zone, such as Europe/Vienna")


def database_url(value: str) -> None:
    if not is_address(value, "sqlite", "postgres", "postgresql"):
        raise ValidationError("must start with postgresql:// or sqlite:///")


def replica_urls(value: list[str]) -> None:
    if not all(is_address(url, "postgres", "postgresql") for url in value):
        raise ValidationError("must be addresses that start with postgresql://, separated by commas")


def scanner(value: str) -> None:
    if value and not value.startswith("/") and not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}", value):
        raise ValidationError("must be the path of a socket, such as /run/clamav/clamd.ctl, or a host and its port")


def strong_key(value: str) -> None:
    if len(value) < SHORTEST_KEY or len(set(value)) < 5 or value.startswith("django-insecure-"):
        raise ValidationError(f"must be {SHORTEST_KEY} or more random characters; {KEY_HINT}")


def strong_keys(value: list[str]) -> None:
    for key in value:
        strong_key(key)


def no_wildcard(value: list[str]) -> None:
    if "*" in value:
        raise ValidationError("must name the hosts; '*' would let anybody choose the host of our links")
