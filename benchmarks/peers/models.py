"""The tables of the register for peers that are Django projects of their own: read, never migrated."""

# ruff: noqa: DJ008 - nobody reads these rows by name
from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

PUBLIC = "public"


class Read(models.Model):
    """What most tables have."""

    version = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: Any = models.Manager()

    class Meta:
        abstract = True
        managed = False
        app_label = "peers"


def refers(to: str, name: str = "+", **more: Any) -> Any:
    return models.ForeignKey(f"peers.{to}", models.DO_NOTHING, related_name=name, **more)


class Source(Read):
    name = models.CharField(max_length=300)
    slug = models.CharField(max_length=120)
    withheld = models.BooleanField()

    class Meta(Read.Meta):
        db_table = "sources_source"


class Document(Read):
    title = models.CharField(max_length=1_000)
    url = models.TextField()
    publisher = refers("Source", null=True)

    class Meta(Read.Meta):
        db_table = "sources_document"


class Dispute(Read):
    title = models.CharField(max_length=300)
    slug = models.CharField(max_length=120)
    visibility = models.CharField(max_length=12)

    class Meta(Read.Meta):
        db_table = "claims_dispute"


class Question(Read):
    text = models.TextField()
    order = models.IntegerField()

    class Meta(Read.Meta):
        db_table = "claims_question"


class Claim(Read):
    dispute = refers("Dispute", null=True)
    question = refers("Question", null=True)
    text = models.TextField()
    context = models.TextField()
    language = models.CharField(max_length=35)
    tags = models.JSONField()
    quantity_min = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    quantity_max = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    quantity_unit = models.CharField(max_length=100)
    status = models.CharField(max_length=10)
    first_published_at = models.DateTimeField(null=True)
    reworded_at = models.DateTimeField(null=True)

    relations: Any
    relations_to: Any
    verdicts: Any

    class Meta(Read.Meta):
        db_table = "claims_claim"
        ordering = ("-id",)

    @property
    def label(self) -> str:
        return self.text if len(self.text) <= 160 else f"{self.text[:157]}..."


class Part(Read):
    """What hangs on a claim and can be withdrawn."""

    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Read.Meta):
        abstract = True


class Attribution(Part):
    claim = refers("Claim", "attributions")
    source = refers("Source")
    stance = models.CharField(max_length=20)
    said_on = models.CharField(max_length=17)
    quote = models.TextField()
    quote_language = models.CharField(max_length=35)
    translation = models.TextField()
    translator = models.CharField(max_length=300)
    capacity = models.CharField(max_length=300)
    on_behalf_of = refers("Source", null=True)
    document = refers("Document", null=True)
    selector = models.JSONField(null=True)
    anonymous = models.BooleanField()
    anonymous_reason = models.TextField()

    class Meta(Read.Meta):
        db_table = "claims_attribution"

    @property
    def earlier_wording(self) -> bool:
        return self.claim.reworded_at is not None and self.updated_at < self.claim.reworded_at


class QuoteCheck(models.Model):
    attribution = models.OneToOneField(Attribution, models.DO_NOTHING, primary_key=True, related_name="quote_check")
    state = models.CharField(max_length=12)
    omitted = models.JSONField()
    warnings = models.JSONField()

    class Meta(Read.Meta):
        db_table = "claims_quotecheck"


class Evidence(Read):
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    description = models.TextField()
    observed_on = models.CharField(max_length=17)
    credibility = models.IntegerField()
    derived_from = refers("Evidence", null=True)
    independent_because = models.TextField()
    dispute = refers("Dispute", null=True)

    carriers: Any

    class Meta(Read.Meta):
        db_table = "claims_evidence"


class EvidenceDocument(Read):
    evidence = refers("Evidence", "carriers")
    document = refers("Document")

    class Meta(Read.Meta):
        db_table = "claims_evidencedocument"


class EvidenceLink(Part):
    claim = refers("Claim", "evidence_links")
    evidence = refers("Evidence", "links")
    bearing = models.CharField(max_length=10)
    strength = models.CharField(max_length=10)
    note = models.TextField()
    own_assertion = models.BooleanField()
    set_name = models.CharField(max_length=100)

    class Meta(Read.Meta):
        db_table = "claims_evidencelink"


class Relation(Part):
    claim = refers("Claim", "relations")
    other = refers("Claim", "relations_to")
    kind = models.CharField(max_length=12)
    point = models.CharField(max_length=10)
    note = models.TextField()

    class Meta(Read.Meta):
        db_table = "claims_claimrelation"


class Rating(Read):
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    leaning = models.CharField(max_length=10)

    class Meta(Read.Meta):
        db_table = "claims_rating"


class Verdict(Read):
    claim = refers("Claim", "verdicts")
    rating = refers("Rating")
    summary = models.TextField()
    rationale = models.TextField()
    likelihood = models.CharField(max_length=20)
    confidence = models.CharField(max_length=10)
    claim_text = models.TextField()
    review_by = models.DateField(null=True)
    status = models.CharField(max_length=10)
    published_at = models.DateTimeField(null=True)
    supersedes = refers("Verdict", "superseded_by", null=True)
    correction_reason = models.TextField()
    correction_severity = models.CharField(max_length=15)

    class Meta(Read.Meta):
        db_table = "claims_verdict"


class Confirmation(Read):
    verdict = refers("Verdict", "confirmations")
    reason = models.TextField()

    class Meta(Read.Meta):
        db_table = "claims_confirmation"
        ordering = ("-id",)


class Review(Part):
    claim = refers("Claim", "reviews")
    publisher = refers("Source")
    url = models.TextField()
    title = models.TextField()
    rating_text = models.TextField()
    rating_value = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    rating_best = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    rating_worst = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    rating = refers("Rating", null=True)
    reviewed_on = models.CharField(max_length=17)
    language = models.CharField(max_length=35)

    class Meta(Read.Meta):
        db_table = "claims_review"


class Inquiry(Part):
    claim = refers("Claim", "inquiries")
    source = refers("Source")
    asked_on = models.DateField()
    due_on = models.DateField(null=True)
    question = models.TextField()
    outcome = models.CharField(max_length=10)
    answer = models.TextField()
    answered_on = models.DateField(null=True)

    class Meta(Read.Meta):
        db_table = "claims_inquiry"


def readable(path: str = "") -> Q:
    """That everybody may read the claim at this path."""
    public = Q(**{f"{path}dispute": None}) | Q(**{f"{path}dispute__visibility": PUBLIC})
    return public & Q(**{f"{path}status": "published"})


def of_open_disputes(path: str = "") -> Q:
    """That everybody may know of the dispute for which the evidence at this path was gathered."""
    return Q(**{f"{path}dispute": None}) | Q(**{f"{path}dispute__visibility": PUBLIC})


def claims(*, parts: bool) -> QuerySet[Claim]:
    """The published claims, with their six parts where they are asked for."""
    found: QuerySet[Claim] = Claim.objects.filter(readable()).select_related("dispute", "question")
    return found.prefetch_related(*_parts()) if parts else found


def _parts() -> list[Prefetch]:
    standing = Q(withdrawn_at=None)
    linked = EvidenceLink.objects.filter(standing, readable("claim__"), evidence=OuterRef("derived_from"))
    origin = Exists(linked) & (Q(derived_from__dispute=None) | Q(derived_from__dispute__visibility=PUBLIC))
    pieces = Evidence.objects.select_related("derived_from").annotate(origin_readable=origin)
    relations = Relation.objects.filter(standing, readable("claim__"), readable("other__"))
    relations = relations.select_related("claim", "other").order_by("id")
    superseded = Exists(Verdict.objects.filter(supersedes=OuterRef("pk"), status="published"))
    current = Verdict.objects.filter(~superseded, status="published").select_related("rating", "supersedes__rating")
    said = Attribution.objects.filter(standing).select_related(
        "source", "on_behalf_of", "document__publisher", "quote_check"
    )
    return [
        Prefetch("attributions", said.order_by("said_on", "id")),
        Prefetch(
            "evidence_links", EvidenceLink.objects.filter(standing, of_open_disputes("evidence__")).order_by("id")
        ),
        Prefetch("evidence_links__evidence", pieces),
        Prefetch(
            "evidence_links__evidence__carriers",
            EvidenceDocument.objects.select_related("document__publisher").order_by("id"),
        ),
        Prefetch("relations", relations),
        Prefetch("relations_to", relations),
        Prefetch("verdicts", current),
        Prefetch("verdicts__confirmations", Confirmation.objects.all()),
        Prefetch("reviews", Review.objects.filter(standing).select_related("publisher", "rating").order_by("id")),
        Prefetch("inquiries", Inquiry.objects.filter(standing).select_related("source").order_by("-asked_on", "-id")),
    ]
