"""What the desk may say about a row: the acts of its section, each with what it needs."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import User

from factcheck.teamwork.models import LONGEST, Assignment, Comment, Mails, Wishes


class SayForm(forms.Form):
    text = forms.CharField(max_length=LONGEST, error_messages={"required": "Write what you want to say."})
    about = forms.CharField(max_length=60, required=False)
    parent = forms.ModelChoiceField(Comment.objects.all(), required=False)


class EditForm(forms.Form):
    comment = forms.ModelChoiceField(Comment.objects.all())
    text = forms.CharField(max_length=LONGEST, error_messages={"required": "Write what you want to say."})


class CommentForm(forms.Form):
    comment = forms.ModelChoiceField(Comment.objects.all())


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        User.objects.filter(is_active=True), error_messages={"required": "Choose who is to do it."}
    )
    task = forms.CharField(max_length=200, required=False)
    due_on = forms.DateField(required=False, error_messages={"invalid": "Give the day as 2026-05-17."})


class AssignmentForm(forms.Form):
    assignment = forms.ModelChoiceField(Assignment.objects.all())


class WishesForm(forms.ModelForm):
    mails = forms.ChoiceField(choices=Mails.choices)

    class Meta:
        model = Wishes
        fields = ("mails",)
