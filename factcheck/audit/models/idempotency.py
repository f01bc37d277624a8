"""The answers that are kept for clients which send the same request again."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from factcheck.audit.kept import Answer, Attempt
from factcheck.base.errors import Conflict

KEPT_FOR = timedelta(hours=24)


class IdempotencyKeyQuerySet(models.QuerySet):
    """The store behind the header Idempotency-Key; see factcheck.api.idempotency."""

    def expired(self) -> Self:
        """Answers that are no longer said again. They go, since they hold text that may have to be taken
        down."""
        return self.filter(created_at__lt=timezone.now() - KEPT_FOR)

    def begin(self, attempt: Attempt) -> tuple[str, Answer] | None:
        """The kept fingerprint and answer, or None; the transaction holds the key until it ends.

        On SQLite the second client waits for the one writer and then reads the first one's answer; on
        PostgreSQL it is told at once (409), since it would hold a connection while it waits.
        """
        if connection.vendor == "postgresql" and not _take_lock(attempt):
            raise Conflict(
                "A request with this Idempotency-Key is being worked on. Ask again in a moment.",
                code="idempotency_in_progress",
            )
        self.filter(actor=attempt.actor_id).expired().delete()
        kept: Any = self.filter(actor=attempt.actor_id, key=attempt.key).first()
        if kept is None:
            return None
        answer = Answer(kept.status, bytes(kept.body), kept.content_type, dict(kept.headers))
        return kept.fingerprint, answer

    def empty(self) -> None:
        """No kept answer holds its text any more. That the request was answered stays, so that it acts no second
        time: it is told that its answer is gone (`status` 0)."""
        self.update(status=0, body=b"", headers={})

    def keep(self, attempt: Attempt, answer: Answer) -> None:
        """Keep the answer, in the transaction of the write."""
        self.create(
            actor_id=attempt.actor_id,
            key=attempt.key,
            target=attempt.target,
            fingerprint=attempt.fingerprint,
            status=answer.status,
            body=answer.body,
            content_type=answer.content_type,
            headers=answer.headers,
        )


class IdempotencyKey(models.Model):
    """One key of one user, with the answer that its first request got."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="The user who sent the request."
    )
    key = models.CharField(max_length=255, help_text="The key as the client chose it.")
    target = models.TextField(help_text="Method and path of the request.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 over method, path, query and body.")
    status = models.PositiveSmallIntegerField(help_text="The status code of the answer.")
    body = models.BinaryField(help_text="The body of the answer.")
    content_type = models.CharField(max_length=100, help_text="The media type of the answer.")
    headers = models.JSONField(default=dict, help_text="The other headers that are said again.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True, help_text="When the request was answered.")

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "idempotency key"
        verbose_name_plural = "idempotency keys"
        constraints = (
            models.UniqueConstraint(
                fields=["actor", "key"],
                name="audit_idempotency_key_once",
                violation_error_message="A request with this Idempotency-Key was already answered.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} of {self.actor_id}"


def _take_lock(attempt: Attempt) -> bool:
    digest: Any = hashlib.sha256(f"{attempt.actor_id}\n{attempt.key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
        return bool(cursor.fetchone()[0])
