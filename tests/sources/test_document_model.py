"""A document and its kept copies."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from sources.models import Document, Snapshot
from tests.factories import make_document, make_evidence, make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_address_is_entered_once_in_whatever_spelling() -> None:
    make_document(url="https://Example.org:443/a?b=1#part")
    assert Document.objects.get().url == "https://example.org/a?b=1"
    for spelling in ("https://example.org/a?b=1", "HTTPS://EXAMPLE.ORG/a?b=1#other", " https://example.org/a?b=1 "):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_document(url=spelling)
    make_document(url="https://example.org/A?b=1")
    make_document(url="http://example.org/a?b=1")
    make_document(), make_document()


def test_long_address_is_kept_whole() -> None:
    url = "https://example.org/?q=" + "x" * 1_977
    assert len(url) == 2_000
    assert Document.objects.get(pk=make_document(url=url).pk).url == url


def test_document_that_is_referred_to_is_kept() -> None:
    document = make_document()
    make_evidence(documents=[document])
    with pytest.raises(models.ProtectedError):
        document.delete()


@pytest.mark.parametrize("language", ["en", "az", "sr-Latn", "zh-Hans-CN", ""])
def test_language_is_a_tag(language: str) -> None:
    make_document(language=language)


@pytest.mark.parametrize("language", ["english", "EN", "xx", "en_GB", "e", "en-", "en\n"])
def test_bad_language_is_refused(language: str) -> None:
    with pytest.raises(ValidationError):
        make_document(language=language)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("digest", "0" * 64),
        ("digest", "sha256:" + "0" * 63),
        ("digest", "sha256:" + "A" * 64),
        ("digest", "sha256:" + "0" * 64 + "\n"),
        ("media_type", "text"),
        ("media_type", "text/html; charset=utf-8"),
        ("media_type", "text/html\n"),
        ("size", -1),
    ],
)
def test_bad_snapshot_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        make_snapshot(**{field: value})
    assert not Snapshot.objects.exists()
