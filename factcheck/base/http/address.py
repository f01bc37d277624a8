"""The addresses that the register tells: all under one host, by whatever name it was asked.

What is kept ready is handed out to everybody, so no answer can name the host of one request; an answer in which some
addresses did would name two.
"""

from django.conf import settings


def public_url(path: str) -> str:
    """The whole address of this path, at the register's public address."""
    return f"{settings.FACTCHECK_BASE_URL}{path}"
