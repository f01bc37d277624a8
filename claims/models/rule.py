"""What the desk has decided about the rules of the register: their levels, and the exceptions from them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from claims.choices import RuleLevel
from claims.models.attribution import Attribution
from claims.models.claim import Claim, readable_claims
from factcheck.audit.access import is_desk
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope
from sources.models import Document, Source


class RuleSettingQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """How strict the desk is with itself is the desk's to know."""
        return self if is_desk(user) else self.none()


class RuleSetting(RecordedModel):
    """The level that the desk has given a rule, in place of the one that it comes with."""

    past_by = frozenset({"code"})

    code = models.SlugField(max_length=60, unique=True, help_text="The rule, by its short name.")
    level = models.CharField(max_length=10, choices=RuleLevel, help_text="What happens where the rule is broken.")
    reason = PlainTextField(max_length=2_000, help_text="Why the desk has set this level.")

    objects = RuleSettingQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("code",)
        verbose_name = "level of a rule"
        verbose_name_plural = "levels of rules"
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="rule_setting_has_reason",
                violation_error_message="Say why the desk sets this level (reason).",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.level}"

    def was_published(self) -> bool:
        return False


class RuleExceptionQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The desk reads the exceptions of the claims that it may read."""
        if not is_desk(user):
            return self.none()
        rows = self
        for name in ("claim", "other", "attribution__claim"):
            rows = rows.filter(Q(**{f"{name}__isnull": True}) | readable_claims(user, f"{name}__"))
        return rows


class RuleException(RecordedModel):
    """A place where a rule is broken for a reason: there it refuses and warns no more."""

    code = models.SlugField(max_length=60, help_text="The rule, by its short name.")
    claim = models.ForeignKey(
        Claim,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        help_text="The claim that is excepted; of a rule on two claims the first of them.",
    )
    other = models.ForeignKey(
        Claim,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions_to",
        help_text="The second claim, of a rule on two claims.",
    )
    attribution = models.ForeignKey(
        Attribution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        help_text="The attribution that is excepted.",
    )
    document = models.ForeignKey(
        Document,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        help_text="The document that is excepted.",
    )
    source = models.ForeignKey(
        Source,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        help_text="The source that is excepted; of a rule on two sources the first of them.",
    )
    other_source = models.ForeignKey(
        Source,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_exceptions_to",
        help_text="The second source, of a rule on two sources.",
    )
    reason = PlainTextField(max_length=2_000, help_text="Why the rule does not hold there.")

    objects = RuleExceptionQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-id",)
        verbose_name = "exception from a rule"
        verbose_name_plural = "exceptions from rules"
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="rule_exception_has_reason",
                violation_error_message="Say why the rule does not hold there (reason).",
            ),
        )
        indexes = (models.Index(fields=["code"], name="rule_exception_code"),)

    def __str__(self) -> str:
        return f"exception from {self.code}"

    def audit_scope(self) -> Scope:
        for claim in (self.claim, self.other, self.attribution.claim if self.attribution else None):
            if claim is not None and claim.dispute_id is not None:
                return Scope(claim.dispute_id, claim.pk)
        return Scope()

    def was_published(self) -> bool:
        return False

    def as_rows(self) -> list[tuple[str, int]]:
        """The rows that it names, each as its noun and id."""
        named: tuple[tuple[str, Any], ...] = (
            ("claim", self.claim_id),
            ("claim", self.other_id),
            ("attribution", self.attribution_id),
            ("document", self.document_id),
            ("source", self.source_id),
            ("source", self.other_source_id),
        )
        return [(noun, pk) for noun, pk in named if pk is not None]
