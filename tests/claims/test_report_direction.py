"""Names and titles that are read from right to left keep their order among the English words of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from claims.logic.wording import within
from claims.models import Claim, Dispute, Evidence, Question
from claims.reports.load.dossier import load_claim, load_dispute
from claims.reports.outline.blocks import Quote, Run
from claims.reports.outline.report import outline_of
from sources.models import Document, Source
from tests.claims.report_case import make_rivals
from tests.factories import make_attribution

LETTER = re.compile("[\u0590-\u06ff]")
WORDS = re.compile("[A-Za-z]{2}")
TITLES = ((Source, "name"), (Document, "title"), (Claim, "text"), (Evidence, "title"), (Question, "text"))


def texts(block: Any) -> Iterator[str]:
    if isinstance(block, Run | Quote):
        yield block.text
    elif is_dataclass(block):
        for field in fields(block):
            yield from texts(getattr(block, field.name))
    elif isinstance(block, tuple):
        for entry in block:
            yield from texts(entry)


@pytest.mark.django_db
def test_what_is_read_from_right_to_left_stands_apart_from_the_words_of_the_report(
    register: None, ann: Any, reviewer: Any
) -> None:
    dispute = make_rivals(ann, reviewer)
    one = dispute.claims.order_by("pk").first()
    said = make_attribution(one, said_on="2025-06-01")
    make_attribution(one, source=said.source, stance="retracts", said_on="2025-06-03")
    for model, field in TITLES:  # past all guards
        QuerySet(model).update(**{field: Concat(Value("קול "), Cast("pk", CharField()), Value("."))})
    QuerySet(Dispute).update(title="קול", question="קול?")
    own = {text for model, field in TITLES for text in model._base_manager.values_list(field, flat=True)}
    own |= set(map(within, own))
    reader = AnonymousUser()
    for dossier in (load_dispute(Dispute.objects.get(pk=dispute.pk), reader), load_claim(one, reader)):
        mixed = {text for text in texts(outline_of(dossier).blocks) if LETTER.search(text) and WORDS.search(text)}
        assert {text for text in mixed if text not in own} == set()
