"""One act of one source toward a claim."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When

from claims.choices import Stance
from claims.logic.verbs import CHOOSE_AGAIN, OLDER
from claims.models.claim import Claim, ClaimChild, Withdrawable
from claims.models.joint import refuse_joint
from claims.models.quoted import QuotedQuerySet
from claims.models.spoken_for import taking_back
from factcheck.audit.access import is_desk
from factcheck.audit.context import recording
from factcheck.base.ancestry import furthest, refuse_circle
from factcheck.base.fields import EdtfDateField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.places import validate_language
from factcheck.base.text import check_text
from factcheck.models.guards import changed
from sources.models import Document, Source

SELECTORS = {
    "TextQuoteSelector": ({"exact"}, {"prefix", "suffix"}),
    "PageSelector": ({"page"}, set()),
    "TimeSelector": ({"start"}, {"end"}),
}
SAME_CLAIM = {
    "relayed_from": "a relay passes on what was said about it",
    "joint_with": "a joint statement is one act",
}
"""The fields that lead to another attribution of the same claim, and why it is of the same."""


def validate_selector(value: object) -> None:
    """Raise ValidationError unless `value` names a place in a work: a text quote, a page or a time."""
    place = value if isinstance(value, dict) else {}
    kind = place.get("type")
    needed, optional = SELECTORS.get(kind, (None, None)) if isinstance(kind, str) else (None, None)
    if needed is None or optional is None:
        raise ValidationError(
            'Give the place as {"type": "TextQuoteSelector", "exact": "..."}, {"type": "PageSelector", "page": "12"} '
            'or {"type": "TimeSelector", "start": "00:01:30"}.',
            code="selector",
        )
    keys = set(place) - {"type"}
    if not needed <= keys <= needed | optional:
        raise ValidationError(f"A {kind} has {', '.join(sorted(needed | optional))}.", code="selector")
    for key in keys:
        if not isinstance(place[key], str) or not 0 < len(place[key]) <= 10_000:
            raise ValidationError(f"“{key}” of the place is a text of 1 to 10,000 characters.", code="selector")
        check_text(place[key])


def of_earlier_wording() -> Q:
    """The statements that were last entered or changed before their claim got its present wording."""
    return Q(updated_at__lt=F("claim__reworded_at"))


class AttributionQuerySet(QuotedQuerySet):
    def with_principals_for(self, user: Reader) -> Self:
        """Those that `user` may read, and of which they may know for whom the source spoke."""
        rows = self.visible_to(user)
        return rows if is_desk(user) else rows.filter(source__withheld=False)

    def update(self, **kwargs: Any) -> int:
        if "stance" not in kwargs:
            return super().update(**kwargs)
        with recording():
            had = list(self.filter(stance__in=OLDER).values_list("pk", flat=True))
            changed = list(self.values_list("pk", flat=True))
            count = super().update(**kwargs)
            if Attribution._base_manager.filter(pk__in=changed, stance__in=OLDER).exclude(pk__in=had).exists():
                raise older_verb()
            return count

    def older(self) -> Self:
        """Those whose verb is an older one, which the desk has to choose again."""
        return self.filter(stance__in=OLDER)

    def of_earlier_wording(self) -> Self:
        """Those that were last entered or changed before their claim got its present wording."""
        return self.filter(of_earlier_wording())

    def counting(self, source: int | None = None) -> Self:
        """Those that stand and that neither their source nor the body for which that spoke took back
        (docs/definitions.md). A relay is looked at for itself alone, and not for what it passes on. `source` is whose
        they all are, where they are of one."""
        theirs = Q() if source is None else Q(claim__attributions__source=source)
        gone = taking_back(Attribution._base_manager, theirs).values("claim__attributions")
        return self.standing().filter(Q(stance=Stance.RETRACTS) | ~Q(pk__in=gone))

    def without_idle_retractions(self, source: int) -> Self:
        """Without the retractions by this source that take back nothing that stands."""
        others = [stance for stance in Stance.values if stance != Stance.RETRACTS]
        said = Q(claim__attributions__withdrawn_at=None, claim__attributions__stance__in=others)
        effective = taking_back(Attribution._base_manager, Q(source=source) & said).values("pk")
        return self.filter(~Q(stance=Stance.RETRACTS) | Q(pk__in=effective))

    def by_said_on(self) -> Self:
        """In order of time, what has no date last."""
        return self.order_by(Case(When(said_on="", then=1), default=0), "said_on", "id")


class Attribution(Withdrawable):
    """One act of one source toward a claim: who said or passed on what, when, in whose words, for whom."""

    masked = frozenset({*SAME_CLAIM, "capacity", "translator", "selector", "anonymous_reason", "on_behalf_of"})

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="attributions", help_text="The claim that the source speaks about."
    )
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="attributions", help_text="Who makes, denies or relays the claim."
    )
    stance = models.CharField(
        max_length=20, choices=Stance, help_text="What the source does with the claim, no stronger than its words."
    )
    said_on = EdtfDateField(
        blank=True, help_text="When it was said, as exactly as known: 2025, 2025-07, 2025-07-01, 2025-07-01T14:05Z."
    )
    quote = PlainTextField(blank=True, help_text="The source's own words, verbatim.")
    quote_language = models.CharField(
        max_length=35, blank=True, validators=[validate_language], help_text="The language of the quote (BCP 47)."
    )
    translation = PlainTextField(blank=True, help_text="The quote in the language of the register.")
    translator = LineField(max_length=300, blank=True, help_text="Who translated the quote.")
    capacity = LineField(
        max_length=300, blank=True, help_text="The role in which the source spoke at the time, such as spokesperson."
    )
    on_behalf_of = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spoken_for",
        help_text="The source for which it spoke, if not for itself.",
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions",
        help_text="The work in which it was printed or recorded.",
    )
    selector = models.JSONField(
        null=True,
        blank=True,
        validators=[validate_selector],
        help_text="The place in that work: a text quote, a page or a time.",
    )
    relayed_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relays",
        help_text="The attribution of the same claim that this one passes on.",
    )
    joint_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joint",
        help_text="The attribution of the same claim that is the same act: a joint statement of several sources.",
    )
    anonymous = models.BooleanField(default=False, help_text="Whether the source spoke without being named there.")
    anonymous_reason = PlainTextField(blank=True, help_text="Why the source was not named, as given there.")

    objects = AttributionQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(anonymous=False) | ~Q(anonymous_reason=""),
                name="attribution_anonymous_has_reason",
                violation_error_message="Say why the source is anonymous (anonymous_reason).",
            ),
            models.CheckConstraint(
                condition=Q(translation="") | ~Q(quote=""),
                name="attribution_translation_has_quote",
                violation_error_message="Give the quote in its own words beside its translation (quote).",
            ),
        )
        indexes = (
            models.Index(fields=["stance", "-id"], name="attribution_stance"),
            models.Index(fields=["-id"], condition=Q(withdrawn_at__isnull=False), name="attribution_withdrawn"),
            models.Index(fields=["updated_at", "id"], name="attribution_updated"),
            models.Index(fields=["created_at", "id"], name="attribution_created"),
            models.Index(fields=["said_on", "id"], name="attribution_said"),
            models.Index(fields=["source", "claim"], name="attribution_source_claim"),
            models.Index(fields=["source", "said_on", "id"], name="attribution_source_said"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.stance}: {self.claim}"[:300]

    @property
    def earlier_wording(self) -> bool:
        """Whether it was last entered or changed before its claim got its present wording: it says nothing of that."""
        reworded_at = self.claim.reworded_at
        return reworded_at is not None and self.updated_at < reworded_at

    def shown_to(self, user: Reader) -> Attribution:
        """The attribution; outside the desk without what was withdrawn and it refers to, and without the role, place
        and translator that would name a withheld source, or whom it spoke for."""
        if is_desk(user):
            return self
        masked = copy.copy(self)
        for name in SAME_CLAIM:
            other = getattr(self, name)
            if other is not None and other.withdrawn_at is not None:
                setattr(masked, name, None)
        if any(source is not None and source.withheld for source in (self.source, self.on_behalf_of)):
            masked.capacity, masked.translator, masked.selector, masked.anonymous_reason = "", "", None, ""
        if self.source.withheld:
            masked.on_behalf_of = None
        return masked

    @property
    def told_body(self) -> int | None:
        """As `TOLD_BODY`: for whom it was made, where that may be told."""
        body = self.on_behalf_of
        return None if body is None or body.withheld or self.source.withheld else body.pk

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the attribution where another row refers to it."""
        return self.reference_as(f"{self.source.shown_to(user).name} {self.stance}")

    def clean(self) -> None:
        if self.stance in OLDER and not self._had_stance():
            raise older_verb()
        for name, why in SAME_CLAIM.items():
            if changed([self], "claim_id", f"{name}_id"):
                self._check_same_claim(name, why)
        if changed([self], "claim_id", "source_id", "stance", "joint_with_id", "withdrawn_at"):
            self._check_joint()
        if self.selector in ({}, [], ""):
            # A field that may be empty does not show these to its validator.
            raise ValidationError({"selector": ValidationError("Leave the place out or name it.", code="selector")})
        if self.selector is not None and not self.document_id:
            raise ValidationError(
                {"document": ValidationError("Choose the document in which the place (selector) is.", code="required")}
            )

    def _check_same_claim(self, name: str, why: str) -> None:
        other = getattr(self, f"{name}_id")
        if other is None:
            return
        known: Attribution | None = self._state.fields_cache.get(name)
        if known is not None and known.is_new:
            claim: int | None = known.claim_id
        else:
            claim = Attribution._base_manager.filter(pk=other).values_list("claim_id", flat=True).first()
        if claim is not None and claim != self.claim_id:
            message = f"Choose an attribution of the same claim: {why}."
            raise ValidationError({name: ValidationError(message, code="other_claim")})
        if not self.is_new:
            refuse_circle(self, name, SAME_CLAIM)

    def _check_joint(self) -> None:
        """A joint statement is one act: of several sources, and on one side. A relay has the side of what it passes on,
        and is asked for its source alone."""
        others = list(self._same_act())
        refuse_joint(self.stance, [stance for _source, stance in others], self.source_id in dict(others))

    def _same_act(self) -> Iterator[tuple[int, str]]:
        """Source and verb of each other statement that stands and is the same act, through others if need be."""
        # Whoever joins a statement of a file comes after it there, and is asked for both.
        alone = self.joint_with_id is None and (self._state.adding or self._past_tense == "imported")
        known: Attribution | None = self._state.fields_cache.get("joint_with")
        # Of rows that are entered together the rules ask once all are stored.
        if self.withdrawn_at is not None or alone or (known is not None and known.is_new):
            return
        joint = Q(joint_with__isnull=False) | Q(joint__isnull=False) | Q(pk=self.joint_with_id)
        rows = Attribution._base_manager.filter(joint, claim=self.claim_id).exclude(pk=self.pk)
        others = rows.order_by("pk").distinct().values_list("pk", "joint_with", "source", "stance", "withdrawn_at")
        first = {pk: joint_with for pk, joint_with, *_said in others} | {self.pk or 0: self.joint_with_id}
        for pk, _joint_with, source, stance, withdrawn_at in others:
            if withdrawn_at is None and furthest(pk, first) == furthest(self.pk or 0, first):
                yield source, stance

    def _had_stance(self) -> bool:
        """Whether the stored row has the same stance: then it is older than the verbs, and stays as it is."""
        return not self._state.adding and Attribution._base_manager.filter(pk=self.pk, stance=self.stance).exists()


def older_verb() -> ValidationError:
    """Why a verb that stands on older rows only is not taken, and which to choose instead."""
    return ValidationError({"stance": ValidationError(CHOOSE_AGAIN, code="older_verb")})
