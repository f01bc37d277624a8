"""The audit trail's one noun: an entry that never changes and never goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.lookups import GreaterThan

from factcheck.audit.access import is_desk
from factcheck.audit.models.columns import HexField, NumberField
from factcheck.audit.models.doors import DOORS
from factcheck.base.errors import Frozen
from factcheck.base.insertion import insert_rows
from factcheck.base.people import Reader

GENESIS = "0" * 64
"""What the first entry follows."""


class FrozenQuerySet(models.QuerySet):
    """Rows that are only ever added."""

    def update(self, **kwargs: Any) -> int:
        raise Frozen(f"{str(self.model._meta.verbose_name_plural).capitalize()} never change.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise Frozen(f"{str(self.model._meta.verbose_name_plural).capitalize()} never change.")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        self.refuse_conflicts(*args, **kwargs)
        return super().bulk_create(objs, *args, **kwargs)

    def refuse_conflicts(self, *args: Any, **kwargs: Any) -> None:
        """Raise Frozen where arguments of bulk_create would have rows written over others."""
        if any(args[1:]) or kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise Frozen(f"{str(self.model._meta.verbose_name_plural).capitalize()} are not created over others.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Frozen(f"{str(self.model._meta.verbose_name_plural).capitalize()} are never deleted.")


class AuditEntryQuerySet(FrozenQuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        self.refuse_conflicts(*args, **kwargs)
        entries = list(objs)
        insert_rows(entries)
        return entries

    def visible_to(self, user: Reader, disputes: models.QuerySet) -> AuditEntryQuerySet:
        """What `user` may read of the trail: the desk's alone, and of disputes only those in `disputes`."""
        if not is_desk(user):
            return self.none()
        if not user.has_perm("auth.view_user"):
            # Who came in, when and from where, is no business of colleagues.
            self = self.exclude(action__in=DOORS)  # noqa: PLW0642
        if not user.has_perm("webhooks.view_webhook"):
            # Where announcements go is theirs to know who manage it.
            self = self.exclude(object_type="webhook")  # noqa: PLW0642
        # A value, asked of one entry after the other until a page is full: for a list of all these disputes, and for
        # `Exists`, the planners read the whole trail.
        own = disputes.filter(pk=models.OuterRef("dispute_id")).order_by().values("pk")[:1]
        return self.filter(models.Q(dispute_id=None) | models.Q(GreaterThan(models.Subquery(own), 0)))

    def of(self, row: models.Model) -> AuditEntryQuerySet:
        """The entries about one row, newest first."""
        return self.filter(object_type=row._meta.model_name, object_id=str(row.pk)).order_by("-id")


class AuditEntry(models.Model):
    """One recorded act: who did what to what, when and why, chained by hash to the entry before it."""

    id = NumberField(primary_key=True, help_text="The place in the chain: 1 for the first entry, without gaps.")
    at = models.DateTimeField(help_text="When the change was recorded.")
    action = models.CharField(
        max_length=80, help_text="What was done, dotted and in the past tense: verdict.published."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        help_text="The user who did it; empty when the system did.",
    )
    actor_name = models.CharField(
        max_length=200, help_text="The name of the actor at that time; it outlives the account."
    )
    object_type = models.CharField(max_length=40, help_text="The noun that was changed: verdict, claim, source.")
    object_id = models.CharField(max_length=40, help_text="The identifier of the changed row.")
    object_label = models.TextField(blank=True, help_text="The row in words, as it was then.")
    dispute_id = models.BigIntegerField(
        null=True, blank=True, db_index=True, help_text="The dispute that the change belongs to, if any."
    )
    claim_id = models.BigIntegerField(
        null=True, blank=True, db_index=True, help_text="The claim that the change belongs to, if any."
    )
    changes = models.JSONField(default=list, blank=True, help_text="The names of the fields that changed.")
    history_id = models.BigIntegerField(
        null=True, blank=True, help_text="The historical row that holds the values after the change."
    )
    reason = models.TextField(blank=True, help_text="Why it was done, in the words of the actor.")
    request_id = models.CharField(max_length=64, blank=True, help_text="The request that brought the change.")
    salt = HexField(blank=True, help_text="Random text that keeps the digest from being guessed; goes on erasure.")
    digest = HexField(help_text="SHA-256 over the salt, the historical row, label, reason, actor name and changes.")
    hash = HexField(help_text="SHA-256 over this entry and the hash of the entry before it.")

    hidden: bool = False
    """Whether the row it is about is not its reader's to see, where that was looked up (`hidden_from`)."""

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        base_manager_name = "objects"
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        permissions = (("erase_history", "May erase history, by law or order"),)
        indexes = (
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_entry_object"),
            models.Index(fields=["action"], name="audit_entry_action"),
            # Moments come in the order of the numbers, so PostgreSQL needs next to nothing to find some; SQLite makes
            # an ordinary index of it.
            BrinIndex(fields=["at"], name="audit_entry_at"),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen("Audit entries never change.")
        # Without force_insert a new object with the number of an entry would be written over it.
        super().save(force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("Audit entries are never deleted.")

    def previous_hash(self) -> str:
        """The hash of the entry before this one, which its own covers; empty where that is gone."""
        before = AuditEntry.objects.filter(pk=self.pk - 1).values_list("hash", flat=True).first()
        return before or (GENESIS if self.pk == 1 else "")
