"""What the desk may say about a row: the acts of its section, each with what it needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User

from factcheck.teamwork.models import LONGEST, Assignment, Comment, Mails, Team, Wishes

TEAM = "team-"


class SayForm(forms.Form):
    text = forms.CharField(max_length=LONGEST, error_messages={"required": "Write what you want to say."})
    about = forms.CharField(max_length=60, required=False)
    parent = forms.ModelChoiceField(Comment.objects.all(), required=False)


class EditForm(forms.Form):
    comment = forms.ModelChoiceField(Comment.objects.all())
    text = forms.CharField(max_length=LONGEST, error_messages={"required": "Write what you want to say."})


class CommentForm(forms.Form):
    comment = forms.ModelChoiceField(Comment.objects.all())


class SomebodyField(forms.CharField):
    """A person by their number, or a team by `team-` and its number."""

    def clean(self, value: Any) -> User | Team:
        text = super().clean(value)
        is_team = text.startswith(TEAM)
        number = text.removeprefix(TEAM)
        rows: Any = Team.objects if is_team else User.objects.filter(is_active=True)
        given = number.isascii() and number.isdecimal() and len(number) < 19
        found: User | Team | None = rows.filter(pk=int(number)).first() if given else None
        if found is None:
            raise forms.ValidationError("Select a valid choice: a person of the desk, or a team.")
        return found


class AssignForm(forms.Form):
    assignee = SomebodyField(error_messages={"required": "Choose who is to do it."})
    task = forms.CharField(max_length=200, required=False)
    due_on = forms.DateField(required=False, error_messages={"invalid": "Give the day as 2026-05-17."})


class AssignmentForm(forms.Form):
    assignment = forms.ModelChoiceField(Assignment.objects.all())


class WishesForm(forms.ModelForm):
    mails = forms.ChoiceField(choices=Mails.choices)

    class Meta:
        model = Wishes
        fields = ("mails",)
