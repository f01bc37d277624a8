"""Plain Django REST framework creates claims, one or many: a ModelSerializer, their historical rows, and their entries
in a hash chain, in one transaction, for whoever sends a token and has the right to. Every rule of the register, its
search, its states and what it keeps ready are left out."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.urls import path
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from benchmarks.peers import drf_urls
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

    objects: Any = models.Manager()

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


class NewClaims(serializers.ListSerializer):
    def create(self, validated_data: list[dict[str, Any]]) -> list[NewClaim]:
        with writing():
            claims = NewClaim.objects.bulk_create([NewClaim(**given) for given in validated_data])
            enter(claims)
            return claims


class NewClaimSerializer(serializers.ModelSerializer):
    dispute = serializers.PrimaryKeyRelatedField(queryset=Dispute.objects.all(), allow_null=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=300), max_length=50, required=False)

    class Meta:
        model = NewClaim
        fields = ("id", "dispute", "text", "context", "language", "tags", "status", "version", "created_at")
        read_only_fields = ("status", "version", "created_at")
        list_serializer_class = NewClaims

    def create(self, validated_data: dict[str, Any]) -> NewClaim:
        with writing():
            claim: NewClaim = super().create(validated_data)
            enter([claim])
            return claim


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, of which there is one at a time."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
        yield


def enter(claims: list[NewClaim]) -> None:
    """The historical rows of new claims, and their entries after the last one."""
    names = [field.attname for field in NewClaim._meta.concrete_fields]
    all_columns = [{name: getattr(claim, name) for name in names} for claim in claims]
    rows = [HistoricalClaim(**columns, history_date=columns["created_at"], history_type="+") for columns in all_columns]
    HistoricalClaim.objects.bulk_create(rows)
    number, previous = Entry.objects.order_by("-id").values_list("id", "hash").first()
    entries = []
    for claim, columns, row in zip(claims, all_columns, rows, strict=True):
        entry = entry_of(claim, columns, row, number + 1, bytes(previous))
        number, previous = entry.id, entry.hash
        entries.append(entry)
    Entry.objects.bulk_create(entries)


def entry_of(claim: NewClaim, columns: dict[str, Any], row: HistoricalClaim, number: int, previous: bytes) -> Entry:
    salt = secrets.token_bytes(16)
    digest = _sha256(salt.hex() + json.dumps({name: str(value) for name, value in columns.items()}, sort_keys=True))
    return Entry(
        id=number,
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
        hash=_sha256(json.dumps([previous.hex(), number, str(claim.created_at), digest.hex()])),
    )


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class MayEnter(BasePermission):
    def has_permission(self, request: Request, view: object) -> bool:
        return bool(request.user and request.user.has_perm("claims.add_claim"))


class CreateView(generics.CreateAPIView):
    serializer_class = NewClaimSerializer
    authentication_classes = (TokenAuthentication,)
    permission_classes = (MayEnter,)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        return super().get_serializer(*args, many=isinstance(kwargs.get("data"), list), **kwargs)


urlpatterns = [*drf_urls.urlpatterns, path("create/", CreateView.as_view())]
