"""What bears on claims, the documents that carry it, and its bearing on each."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from claims.choices import Bearing, Credibility, EvidenceKind, Strength
from claims.logic.verbs import MAKES
from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet, Withdrawable
from claims.models.dispute import Dispute, open_disputes, restricted_among
from factcheck.audit.access import is_desk
from factcheck.base.ancestry import refuse_circle
from factcheck.base.fields import EdtfDateField, LineField, PlainTextField
from factcheck.base.http.constraints import HeldRule, hold_rules
from factcheck.base.people import Reader
from factcheck.models.choosing import has_any
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope
from sources.models import Document

STATEMENTS = (EvidenceKind.TESTIMONY, EvidenceKind.OFFICIAL_RECORD)
"""The kinds of evidence that may be no more than what a party says."""
ONCE, LINKED = "evidence_link_once", "evidence_linked"
hold_rules([HeldRule(ONCE, LINKED, "evidence", "Change that link instead.")])


class EvidenceQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Evidence is read by whoever may read a claim it bears on; the desk also reads what bears on none yet."""
        evidence = self.filter(Q(dispute=None) | open_disputes(user, "dispute__"))
        links = EvidenceLink.objects.filter(evidence=OuterRef("pk"))
        if not is_desk(user):
            return evidence.filter(Exists(links.visible_to(user)))
        # As values: of two `Exists` joined by OR PostgreSQL makes lists of all links of the register.
        bears_on_none = IsNull(Subquery(links.order_by().values("pk")[:1]), True)
        return evidence.filter(Q(has_any(links.visible_to(user))) | Q(bears_on_none))

    def with_origin_for(self, user: Reader) -> Self:
        """Adds whether `user` may read the evidence that this one comes from, so that a page needs no query a row."""
        origin = Evidence.objects.visible_to(user).filter(pk=OuterRef("derived_from"))
        return self.select_related("derived_from").annotate(origin_readable=has_any(origin))


class Evidence(RecordedModel):
    """Something that bears on claims: a record, a finding, a testimony, an image, or its notable absence."""

    kind = models.CharField(max_length=20, choices=EvidenceKind, help_text="What sort of evidence it is.")
    title = LineField(max_length=300, help_text="What it is, in a few words.")
    description = PlainTextField(blank=True, help_text="What it shows, and how far that goes.")
    observed_on = EdtfDateField(blank=True, help_text="When it was observed, made or found, as exactly as known.")
    credibility = models.PositiveSmallIntegerField(
        choices=Credibility,
        default=Credibility.UNKNOWN,
        help_text="How credible the information is, by the Admiralty code; 6 means that it cannot be judged.",
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        help_text="The evidence it comes from: what has a common origin counts once.",
    )
    independent_because = PlainTextField(
        blank=True,
        help_text="Why it is an origin of its own although another piece has the same document.",
    )
    dispute = models.ForeignKey(
        Dispute,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        help_text="The dispute for which it was gathered; whoever may not see that does not see the evidence.",
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-id",)
        verbose_name_plural = "evidence"
        indexes = (
            models.Index(fields=["updated_at", "id"], name="evidence_updated"),
            models.Index(fields=["created_at", "id"], name="evidence_created"),
            models.Index(fields=["observed_on", "id"], name="evidence_observed"),
            models.Index(fields=["credibility", "id"], name="evidence_credibility"),
            models.Index(fields=["title", "id"], name="evidence_title"),
        )

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.derived_from_id and not self.is_new:
            refuse_circle(self, "derived_from")

    @property
    def joined_by_documents(self) -> bool:
        """Whether it has one origin with what else its documents carry: what is absent does not come from them.

        `EvidenceDocument.objects.joining()` says the same to the database.
        """
        return not self.independent_because and self.kind != EvidenceKind.ABSENT

    @property
    def documents(self) -> list[Document]:
        """The documents that carry the evidence."""
        return [carrier.document for carrier in self.carriers.all()]

    def shown_to(self, user: Reader) -> Evidence:
        """The evidence; its origin is left out where `user` may not read that."""
        if self.derived_from_id is None:
            return self
        if not hasattr(self, "origin_readable"):
            self.origin_readable = Evidence.objects.visible_to(user).filter(pk=self.derived_from_id).exists()
        if self.origin_readable:
            return self
        masked = copy.copy(self)
        masked.derived_from = None
        return masked

    def was_published(self) -> bool:
        return self.pk is not None and self.links.exclude(claim__first_published_at=None).exists()

    @classmethod
    def audit_scopes(cls, rows: Sequence[Self]) -> Sequence[Scope]:
        """A piece that no dispute gathered belongs to the restricted one to whose claims alone it is linked."""
        linked: dict[int, set[int | None]] = defaultdict(set)
        free = [row.pk for row in rows if row.dispute_id is None]
        links = EvidenceLink._base_manager.filter(evidence__in=free).order_by()
        for evidence, dispute in links.values_list("evidence", "claim__dispute").distinct() if free else ():
            linked[evidence].add(dispute)
        alone = {pk: dispute for pk, (dispute, *others) in linked.items() if not others}
        closed = restricted_among(alone.values())
        disputes = [row.dispute_id or alone.get(row.pk) for row in rows]
        return [
            Scope(dispute if row.dispute_id or dispute in closed else None)
            for row, dispute in zip(rows, disputes, strict=True)
        ]


class EvidenceLinkQuerySet(ClaimChildQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A link is read by whoever may read its claim and know of the dispute for which its evidence was gathered."""
        return super().visible_to(user).known_to(user)

    def known_to(self, user: Reader) -> Self:
        """Of links on claims that `user` may read, those of whose evidence they may know."""
        return self.filter(Q(evidence__dispute=None) | open_disputes(user, "evidence__dispute__"))

    def counting(self) -> Self:
        """The links that count as evidence: standing, neither the claim's own assertion nor derived from it, no claim
        on which they depend is refuted or withdrawn, and no set of which they are part lacks another part.

        Why one does not is stored with it, as `claims.rules.counting` says (`claims/services/discount.py`).
        """
        return self.standing().filter(stored_discount=None)

    def with_discount(self) -> Self:
        """Adds why the link does not count, if so, so that a page needs no query a row."""
        return self.annotate(discount=Coalesce("stored_discount__code", Value("")))

    def with_speaker(self) -> Self:
        """Adds whether whoever publishes the evidence asserts the claim, or one document carries both: then it may be
        no more than the claim's own assertion."""
        said: Any = Claim._meta.get_field("attributions").related_model
        # From the few documents of the evidence: a source may have published thousands.
        carriers: Any = Evidence._meta.get_field("carriers").related_model
        carriers = carriers.objects.filter(evidence=OuterRef(OuterRef("evidence"))).order_by()
        theirs = Q(document__in=carriers.values("document")) | Q(source__in=carriers.values("document__publisher"))
        asserted = said.objects.standing().filter(theirs, claim=OuterRef("claim"), stance__in=MAKES)
        return self.annotate(speaker_asserts=Exists(asserted))


class EvidenceLink(Withdrawable):
    """The bearing of one piece of evidence on one claim; one link for a pair."""

    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="links", help_text="The evidence that bears on the claim."
    )
    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="evidence_links", help_text="The claim that the evidence bears on."
    )
    bearing = models.CharField(
        max_length=10, choices=Bearing, help_text="Whether it supports or refutes the claim, or gives context."
    )
    strength = models.CharField(
        max_length=10, choices=Strength, default=Strength.MODERATE, help_text="How strongly it bears on the claim."
    )
    note = PlainTextField(blank=True, help_text="Why it bears on the claim in this way.")
    own_assertion = models.BooleanField(
        default=False,
        help_text="It is a statement of the party whose claim this is: shows that the claim was made, "
        "not that it is so.",
    )
    set_name = LineField(
        max_length=100, blank=True, help_text="The name of the set with which it shows something only together."
    )

    ends = past_by = frozenset({"claim", "evidence"})
    chosen_at_desk = frozenset({"strength"})
    discount: str | None = None  # why it does not count, a code of `Discount` or empty
    speaker_asserts: bool | None = None  # whether who publishes the evidence asserts the claim
    objects = EvidenceLinkQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        verbose_name = "evidence link"
        constraints = (
            models.UniqueConstraint(
                fields=["evidence", "claim"],
                condition=Q(withdrawn_at=None),
                name=ONCE,
                violation_error_message="This evidence is already linked to the claim: change that link instead.",
            ),
        )
        indexes = (
            models.Index(fields=["-id"], condition=Q(withdrawn_at__isnull=False), name="evidence_link_withdrawn"),
            models.Index(fields=["claim", "bearing"], name="evidence_link_bearing"),
            models.Index(fields=["bearing", "claim"], name="evidence_link_bearing_claim"),
            models.Index(fields=["updated_at", "id"], name="evidence_link_updated"),
            models.Index(fields=["created_at", "id"], name="evidence_link_created"),
        )

    def __str__(self) -> str:
        return f"{self.evidence} {self.bearing}: {self.claim}"[:300]

    @property
    def may_be_assertion(self) -> bool:
        """Whether it looks like the claim's own assertion and is not marked as that; only a hint."""
        return bool(self.speaker_asserts) and not self.own_assertion and self.evidence.kind in STATEMENTS

    @property
    def discounted(self) -> str:
        """Why it does not count as evidence: a code of `Discount`, empty where it counts."""
        if self.discount is None:
            stored = EvidenceLink.objects.filter(pk=self.pk).values_list("stored_discount__code", flat=True)
            self.discount = stored.get() or ""
        return self.discount

    def clean(self) -> None:
        # One name of a set is written in one way, so that the database finds its parts.
        if self.set_name and self.claim_id:
            others = EvidenceLink.objects.filter(claim=self.claim_id).exclude(pk=self.pk).exclude(set_name="")
            written = {name.casefold(): name for name in others.order_by("-pk").values_list("set_name", flat=True)}
            self.set_name = written.get(self.set_name.casefold(), self.set_name)

    def audit_label(self) -> str:
        return f"evidence {self.evidence_id} {self.bearing} claim {self.claim_id}"

    def other_disputes(self) -> tuple[int | None, ...]:
        return (self.evidence.dispute_id,)
