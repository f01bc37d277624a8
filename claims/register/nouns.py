"""What the whole register consists of: its nouns, in the order in which their rows refer to each other."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.contrib.auth import get_user_model
from django.db import models

from claims.models.assessment import Assessment
from claims.models.attribution import Attribution
from claims.models.carrier import EvidenceDocument
from claims.models.claim import Claim
from claims.models.confirmation import Confirmation
from claims.models.dispute import Dispute, DisputeMember
from claims.models.evidence import Evidence, EvidenceLink
from claims.models.importbatch import ImportBatch
from claims.models.inquiry import Inquiry
from claims.models.premise import Premise
from claims.models.question import Question
from claims.models.rating import Rating, RatingScale
from claims.models.relation import ClaimRelation
from claims.models.review import Review
from claims.models.rule import RuleException, RuleSetting
from claims.models.verdict import Verdict
from factcheck.models.recorded import RecordedModel
from sources.models import Affiliation, Document, Snapshot, Source

Field: TypeAlias = "models.Field[Any, Any]"

PERSON = "person"
PERSON_FIELDS = ("username", "first_name", "last_name")
"""What is told of an account to which rows refer: no address, no password, no role."""

NOUNS: dict[str, type[RecordedModel]] = {
    "rating_scale": RatingScale,
    "rating": Rating,
    "source": Source,
    "affiliation": Affiliation,
    "document": Document,
    "snapshot": Snapshot,
    "dispute": Dispute,
    "dispute_member": DisputeMember,
    "question": Question,
    "claim": Claim,
    "evidence": Evidence,
    "evidence_document": EvidenceDocument,
    "evidence_link": EvidenceLink,
    "premise": Premise,
    "attribution": Attribution,
    "assessment": Assessment,
    "verdict": Verdict,
    "relation": ClaimRelation,
    "confirmation": Confirmation,
    "review": Review,
    "inquiry": Inquiry,
    "rule_setting": RuleSetting,
    "rule_exception": RuleException,
    "import": ImportBatch,
}
"""Every noun whose rows make up the register, by the name of its lines; each refers to itself or to those before it."""
LINES = (PERSON, *NOUNS)
"""The names of all lines between the first and the last, in the order in which they stand."""


def noun_of(model: type[models.Model]) -> str:
    """The name of the lines that hold rows of `model`, or hold what it refers to."""
    return next(name for name, noun in NOUNS.items() if noun is model)


def fields_of(noun: str) -> list[Field]:
    """The fields that a line of this name holds; of a person only what is told of accounts."""
    if noun == PERSON:
        return [field for field in get_user_model()._meta.concrete_fields if field.name in PERSON_FIELDS]
    return list(NOUNS[noun]._meta.concrete_fields)


def refers_to_person(field: Field) -> bool:
    """Whether the field names an account."""
    return field.is_relation and field.related_model is get_user_model()


def own_references(model: type[RecordedModel]) -> list[Field]:
    """The fields by which a row refers to others of its own noun, such as the attribution that it passes on."""
    return [field for field in model._meta.concrete_fields if field.related_model is model]
