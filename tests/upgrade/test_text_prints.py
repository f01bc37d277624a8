"""Copies from before their words were known again: after migrate they are."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from sources.models import Snapshot, TextPrint
from sources.services.samewords import find_same_words
from tests import factories as make

pytestmark = pytest.mark.django_db
WORDS = "The bridge fell at noon, the ministry said, and nobody knows why it did."


@pytest.mark.usefixtures("register")
def test_the_words_of_copies_that_were_there_are_known_again(ann: Any) -> None:
    document = make.make_document("Bridge")
    for text in (WORDS, "Not found", ""):
        make.make_snapshot(document, text=text)
    TextPrint.objects.all().delete()
    assert find_same_words([WORDS], ann) == []
    import_module("sources.migrations.0008_text_prints").print_copies(apps, None)
    assert TextPrint.objects.count() == 1
    assert find_same_words([WORDS.upper()], ann) == [document]
    assert Snapshot.objects.count() == 3
