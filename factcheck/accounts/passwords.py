"""Which passwords are refused beyond what Django refuses, and what a new one ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from factcheck.accounts.breached import is_listed
from factcheck.accounts.sessions import end_tokens

SERVICE = ("register", "factcheck", "claims", "password", "passwort", "newsroom", "welcome", "admin")
"""What somebody who guesses tries first here."""
LEFT = 8
"""So many characters must be left without the words that are guessed first."""
FEWEST = 5
"""Different characters."""
_ONE_WORD = re.compile(r"[\W\d_]*([^\W\d_]+)[\W\d_]*")


class GuessablePasswordValidator:
    """Refuses what is long and soon guessed all the same: repetitions, rows, names, one word with digits around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError, in words that say what to do."""
        plain = password.casefold()
        if is_repetition(plain) or len(set(plain)) < FEWEST:
            raise ValidationError(
                "This password repeats a few characters. Use several words that have nothing to do with each other.",
                code="password_repeats",
            )
        if is_row(plain):
            raise ValidationError(
                "This password is a row of the alphabet or of digits. Use several words instead.", code="password_row"
            )
        if len(without(plain, guessed_first(user))) < LEFT:
            raise ValidationError(
                "This password is little more than a name of this register, of the newsroom or of yourself. Use words "
                "that nobody connects with you.",
                code="password_name",
            )
        word = _ONE_WORD.fullmatch(plain)
        if word is not None and len(word[1]) < LEFT:
            raise ValidationError(
                "This password is one short word with digits or signs around it. Add other words.",
                code="password_one_word",
            )

    def get_help_text(self) -> str:
        return (
            "Your password can’t be a repetition, a row, a name of this register or of the newsroom, or one short word "
            "with digits around it."
        )

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Called by Django by whatever door a password was changed: tokens that were made with the old one end.
        Sessions end by themselves, but for the one in which it was changed."""
        if user is not None and user.pk is not None:
            end_tokens(user, words="The password was changed.")


class BreachedPasswordValidator:
    """Refuses what stands in the list of breached passwords that this installation names."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError, in words that say what to do."""
        file = settings.FACTCHECK_BREACHED_PASSWORDS
        if file is not None and is_listed(password, file):
            raise ValidationError(
                "This password was found in a breach of some other service, so it is tried first. Use another one.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return ""


def is_repetition(text: str) -> bool:
    """Whether this is a shorter text again, and again, the last time perhaps not to its end: a third of it or more."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) * 2 // 3 + 1))


def is_row(text: str) -> bool:
    """Whether each character follows the one before it, forwards or backwards."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    # From 9 to 0 the digits go on.
    return steps <= {1, -9} or steps <= {-1, 9}


def guessed_first(user: User | None) -> set[str]:
    """Words of this register, its newsroom and this person."""
    names = [settings.FACTCHECK_NEWSROOM]
    if user is not None:
        names += [user.get_username(), user.first_name, user.last_name, user.email]
    return {*SERVICE, *(word.casefold() for name in names for word in re.split(r"[\W_]+", name) if len(word) > 2)}


def without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text
