"""Plain Django REST framework creates a claim: a ModelSerializer, its historical row, and its entry in a hash chain, in
one transaction. Who may do so, and every rule of the register, is left out."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from rest_framework import generics, serializers

from benchmarks.peers.models import Dispute, Read, refers

WRITER_LOCK = 0x66616374


class Columns(models.Model):
    """What a claim and its historical row have in common."""

    text = models.TextField()
    context = models.TextField(default="", blank=True)
    language = models.CharField(max_length=35, default="en")
    status = models.CharField(max_length=10, default="draft")
    tags = models.JSONField(default=list)
    quantity_min = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    quantity_max = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    quantity_unit = models.CharField(max_length=100, default="")
    check_reason = models.TextField(default="")
    first_published_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(default="")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta(Read.Meta):
        abstract = True


class NewClaim(Columns):
    dispute: Any = refers("Dispute", null=True)
    question_id = models.BigIntegerField(null=True)

    class Meta(Read.Meta):
        db_table = "claims_claim"

    def __str__(self) -> str:
        return self.text


class HistoricalClaim(Columns):
    history_id = models.AutoField(primary_key=True)
    id = models.BigIntegerField()
    dispute_id = models.BigIntegerField(null=True)
    question_id = models.BigIntegerField(null=True)
    history_date = models.DateTimeField()
    history_type = models.CharField(max_length=1)
    history_user_id = models.IntegerField(null=True)
    history_change_reason = models.TextField(default="")

    class Meta(Read.Meta):
        db_table = "claims_historicalclaim"

    def __str__(self) -> str:
        return self.text


class Entry(models.Model):
    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor_id = models.IntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    object_label = models.TextField()
    dispute_id = models.BigIntegerField(null=True)
    claim_id = models.BigIntegerField(null=True)
    changes = models.JSONField()
    history_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    request_id = models.CharField(max_length=64)
    salt = models.BinaryField()
    digest = models.BinaryField()
    hash = models.BinaryField()

    objects: Any = models.Manager()

    class Meta(Read.Meta):
        db_table = "audit_auditentry"

    def __str__(self) -> str:
        return self.action


class NewClaimSerializer(serializers.ModelSerializer):
    dispute = serializers.PrimaryKeyRelatedField(queryset=Dispute.objects.all(), allow_null=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=300), max_length=50, required=False)

    class Meta:
        model = NewClaim
        fields = ("id", "dispute", "text", "context", "language", "tags", "status", "version", "created_at")
        read_only_fields = ("status", "version", "created_at")

    def create(self, validated_data: dict[str, Any]) -> NewClaim:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            claim: NewClaim = super().create(validated_data)
            enter(claim)
            return claim


def enter(claim: NewClaim) -> None:
    """The historical row of a new claim, and its entry after the last one."""
    columns = {field.attname: getattr(claim, field.attname) for field in NewClaim._meta.concrete_fields}
    row = HistoricalClaim(**columns, history_date=claim.created_at, history_type="+")
    row.save(force_insert=True)
    number, previous = Entry.objects.order_by("-id").values_list("id", "hash").first()
    salt = secrets.token_bytes(16)
    digest = _sha256(salt.hex() + json.dumps({name: str(value) for name, value in columns.items()}, sort_keys=True))
    entry = Entry(
        id=number + 1,
        at=claim.created_at,
        action="claim.created",
        actor_name="system",
        object_type="claim",
        object_id=str(claim.pk),
        object_label=claim.text[:500],
        dispute_id=columns["dispute_id"],
        claim_id=claim.pk,
        changes=[],
        history_id=row.history_id,
        salt=salt,
        digest=digest,
        hash=_sha256(json.dumps([bytes(previous).hex(), number + 1, str(claim.created_at), digest.hex()])),
    )
    entry.save(force_insert=True)


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class CreateView(generics.CreateAPIView):
    serializer_class = NewClaimSerializer
