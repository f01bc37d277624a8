"""Short names in web addresses: made from a name, and free."""

from __future__ import annotations

import re
import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

STEM = 100
NUMBERED = 100
"""How many rows of the same stem are told apart by a number; those after them by a random ending."""


def free_slug(model: type[models.Model], name: str) -> str:
    """A value for the column `slug` of `model` that no row has, made from the Latin letters and digits of `name`.

    One query where nobody has the stem, which most have to themselves, else two, whatever the register holds: names in
    another script all have the same stem, so that the next number cannot be searched for one by one. Who calls it holds
    the writer's lock, or is told by the unique constraint.
    """
    stem = slugify(name)[:STEM].rstrip("-_")
    if not stem or stem.isdigit():
        stem = f"{model._meta.model_name}-{stem}"[:STEM].rstrip("-")
    if not model._base_manager.filter(slug=stem).order_by().exists():
        return stem
    wanted = [*(f"{stem}-{number}" for number in range(2, NUMBERED + 1))]
    taken = set(model._base_manager.filter(slug__in=wanted).order_by().values_list("slug", flat=True))
    return next((slug for slug in wanted if slug not in taken), f"{stem}-{secrets.token_hex(6)}")


_SECRET = re.compile(r"-[0-9a-f]{12}\Z")


def is_secret(slug: str) -> bool:
    """Whether a short name ends in what nobody guesses, as `secret_slug` makes it."""
    return bool(_SECRET.search(slug))


def secret_slug(name: str) -> str:
    """A short name of which `name` tells the beginning alone: for rows whose existence is told to few."""
    stem = slugify(name)[:STEM].rstrip("-_")
    return f"{stem}-{secrets.token_hex(6)}" if stem else f"x-{secrets.token_hex(6)}"


def refuse_number(slug: str) -> None:
    """Raise ValidationError for a short name that would be read as an id."""
    if slug.isdigit():
        message = "Put a letter into the short name: a number alone is an id."
        raise ValidationError({"slug": ValidationError(message, code="digits")})
