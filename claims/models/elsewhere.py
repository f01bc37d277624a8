"""Claims that another system keeps too, under an id of its own."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from factcheck.base.http.constraints import HeldRule, hold_rules


class KnownElsewhere(models.Model):
    """A row of a dispute that may have an id of another system."""

    external_id = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        validators=[RegexValidator(r"\A[-A-Za-z0-9_.~:@+]+\Z", "Use Latin letters, digits and - . _ ~ : @ + alone.")],
        help_text="What the claim is called in another system that keeps it too, such as wire:123; once in a dispute.",
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        self.external_id = self.external_id or None


EXTERNAL_ID_ONCE = (
    # Not once in the register: who is refused one would be told that a restricted dispute holds it.
    models.UniqueConstraint(
        fields=["external_id", "dispute"],
        condition=Q(external_id__isnull=False),
        name="claim_external_id_once",
        violation_error_message="Another claim of this dispute has this external_id. Change that one.",
    ),
    models.UniqueConstraint(
        fields=["external_id"],
        condition=Q(external_id__isnull=False, dispute__isnull=True),
        name="claim_external_id_alone",
        violation_error_message="Another claim that stands alone has this external_id. Change that one.",
    ),
)
"""Once in a dispute, and once among what stands alone."""
hold_rules(HeldRule(one.name, "external_id_taken", "external_id", "Change that one.") for one in EXTERNAL_ID_ONCE)
