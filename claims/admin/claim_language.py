"""The language of a new claim: none is chosen beforehand, and what an empty field comes to is told in it."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from claims.models import Claim
from factcheck.base.places import language_name

UNSAID: str = Claim._meta.get_field("language").get_default()
"""What a claim has of which nobody says in which language it is worded; it is written in Latin letters."""
ITS_NAME = language_name(UNSAID)
OTHER_LETTERS = f"Say in which language it is worded (language): most of its letters are none of {ITS_NAME}."


class WordedForm(forms.ModelForm):
    """A form on which the language of a new claim may be left empty, where its letters do not speak against it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields.get("language")
        if language is not None and self.instance._state.adding:
            language.required = False
            language.widget.attrs["placeholder"] = f"Left empty: {ITS_NAME} ({UNSAID})"

    def clean(self) -> Any:
        cleaned = super().clean()
        given = self.cleaned_data
        if self.instance._state.adding and given.get("text") and not given.get("language", UNSAID):
            if in_other_letters(given["text"]):
                self.add_error("language", OTHER_LETTERS)
            else:
                given["language"] = UNSAID
        return cleaned


def in_other_letters(text: str) -> bool:
    """Whether most letters of a text are not Latin.

    >>> in_other_letters("Мост упал."), in_other_letters("The ship Мост sank off Gdańsk."), in_other_letters("5 + 7")
    (True, False, False)
    """
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) > len(letters)
