"""What is kept of the desk's work together. None of it is part of the register: no door to the outside tells it, no
export has it, and the audit trail does not know it."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from factcheck.audit.context import recording
from factcheck.audit.followers import note_touched
from factcheck.base.fields import LineField, PlainTextField

LONGEST = 5_000
"""Letters of a comment."""


class AboutRow(models.Model):
    """Something about one row of the register, named as the audit trail names it."""

    object_type = models.CharField(max_length=40, help_text="The noun of the row: claim, verdict, source.")
    object_id = models.BigIntegerField(help_text="The id of the row.")

    class Meta:
        abstract = True


class Comment(AboutRow):
    """What somebody of the desk says about a row to the others; an answer stands below the comment that it answers."""

    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", help_text="The comment that it answers."
    )
    about = LineField(
        max_length=60, blank=True, help_text="The name of the field that it is about; empty for the whole row."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who said it.")
    text = PlainTextField(max_length=LONGEST, blank=True, help_text="What was said; empty once it was taken back.")
    said_at = models.DateTimeField(help_text="When it was said.")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When its author changed it last.")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="When its author took it back.")
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When the thread was called resolved.")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="By whom."
    )

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("object_type", "object_id"), name="comment_of_row"),)

    def __str__(self) -> str:
        return f"Comment {self.pk} on {self.object_type} {self.object_id}"


class EarlierText(models.Model):
    """What a comment said before its author changed it."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="earlier", help_text="The comment.")
    text = models.TextField(help_text="What it said.")
    until = models.DateTimeField(help_text="Until when it said so.")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Comment {self.comment_id} until {self.until:%Y-%m-%d %H:%M}"


class Team(models.Model):
    """People of the desk who look after the same things; it may be given disputes and tasks."""

    name = LineField(max_length=100, unique=True, help_text="What the team is called, such as Politics or Night.")
    about = LineField(max_length=300, blank=True, help_text="What it looks after.")
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="teams", help_text="Who belongs to it."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with recording():
            super().save(*args, **kwargs)
            self.note_charges()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with recording():
            self.note_charges()
            return super().delete(*args, **kwargs)

    def note_charges(self) -> None:
        """What is kept ready for the desk names the team."""
        if self.pk is not None:
            note_touched(Charge.objects.filter(team=self).values_list("object_type", "object_id"))


class Charge(AboutRow):
    """A row is a team's to look after; each is one team's at most."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="charges", help_text="The team that has it.")
    given_at = models.DateTimeField(help_text="Since when.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_type", "object_id"), name="given_to_one_team"),)
        indexes = (models.Index(fields=("team", "object_type", "object_id"), name="charge_of_team"),)

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} of team {self.team_id}"


class Assignment(AboutRow):
    """Somebody of the desk, or a team, has something to do about a row, perhaps until a day."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text="Who does it.",
    )
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
        help_text="The team that does it, where it is no single person's.",
    )
    assigner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who said so.")
    task = LineField(max_length=200, blank=True, help_text="What is to be done.")
    due_on = models.DateField(null=True, blank=True, help_text="The day by which it is to be done.")
    assigned_at = models.DateTimeField(help_text="When it was assigned.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was done, or given up.")

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("object_type", "object_id", "assignee"),
                condition=Q(ended_at=None),
                name="assigned_once",
                violation_error_message="This is assigned to them already.",
            ),
            models.UniqueConstraint(
                fields=("object_type", "object_id", "team"),
                condition=Q(ended_at=None),
                name="assigned_to_team_once",
                violation_error_message="This is assigned to the team already.",
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True, team__isnull=False) | Q(assignee__isnull=False, team__isnull=True),
                name="assigned_to_one_or_team",
                violation_error_message="A task is a person's or a team's.",
            ),
        )
        indexes = (
            models.Index(fields=("assignee", "due_on"), condition=Q(ended_at=None), name="assignment_open"),
            models.Index(fields=("object_type", "object_id"), name="assignment_of_row"),
        )

    def __str__(self) -> str:
        return f"Assignment {self.pk}: {self.object_type} {self.object_id}"


class Follow(AboutRow):
    """Somebody wants to be told what happens to a row and to what belongs to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("object_type", "object_id", "user"),
                name="followed_once",
                violation_error_message="You follow this already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.object_type} {self.object_id}"


class Kind(models.TextChoices):
    MENTIONED = "mentioned", "mentioned you"
    ANSWERED = "answered", "answered you"
    COMMENTED = "commented", "commented"
    ASSIGNED = "assigned", "assigned something to you"
    GIVEN = "given", "gave something to your team"
    RETURNED = "returned", "sent your work back"
    PUBLISHED = "published", "published your work"
    CHANGED = "changed", "changed something that you follow"


class Notice(AboutRow):
    """Somebody is told something about a row, once; of a row that is followed, what comes before it is read is one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who is told.")
    kind = models.CharField(max_length=10, choices=Kind, help_text="What happened.")
    actor_name = models.CharField(max_length=200, blank=True, help_text="Who did it last.")
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="+", help_text="The comment that it tells of."
    )
    action = models.CharField(max_length=80, blank=True, help_text="The last act, as the audit trail has it.")
    times = models.PositiveIntegerField(default=1, help_text="How many acts it tells of.")
    at = models.DateTimeField(help_text="When the last of it happened.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was called read.")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When it was told by mail.")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "object_type", "object_id"),
                condition=Q(kind=Kind.CHANGED, read_at=None),
                name="news_of_row_once",
            ),
        )
        indexes = (
            models.Index(fields=("user", "-at"), name="notice_of_user"),
            models.Index(fields=("user",), condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=("id",), condition=Q(read_at=None, mailed_at=None), name="notice_unmailed"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.object_type} {self.object_id}"


class Presence(AboutRow):
    """Somebody has the page of a row open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who.")
    seen_at = models.DateTimeField(help_text="When their browser said so last.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_type", "object_id", "user"), name="present_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.object_type} {self.object_id}"


class Mails(models.TextChoices):
    AT_ONCE = "at_once", "At once"
    HOURLY = "hourly", "Once an hour at most"
    DAILY = "daily", "Once a day, in the morning"
    NEVER = "never", "Never"


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Wishes(models.Model):
    """How somebody wants to be told, and the secret in the address of their calendar."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Whose.")
    mails = models.CharField(max_length=10, choices=Mails, default=Mails.HOURLY, help_text="When to send mail.")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When the last mail with news was sent.")
    calendar_key = models.CharField(
        max_length=40, unique=True, default=new_key, help_text="Whoever knows it reads the calendar."
    )

    class Meta:
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.mails}"


class ReadUpTo(models.Model):
    """How far the trail was read for news; one row."""

    entry_id = models.BigIntegerField(help_text="The last entry of the trail that was read.")

    class Meta:
        verbose_name_plural = "read up to"

    def __str__(self) -> str:
        return str(self.entry_id)
