"""The forms of an account: who it is, in which role, and how the first password comes to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
)

from factcheck.accounts.invitation import days_of_link
from factcheck.accounts.roles import role_choices

INVITATION, PASSWORD = "invitation", "password"
SEVERAL = "several"


class RoleField(forms.ChoiceField):
    """A group by its name and meaning; gives the Group, or None for what somebody has already."""

    widget = UnfoldAdminSelectWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs["choices"] = lambda: [("", "Choose a role"), *((str(pk), words) for pk, words in role_choices())]
        super().__init__(help_text="What the person may do. It can be changed at any time.", **kwargs)

    def clean(self, value: Any) -> Group | None:
        key = super().clean(value)
        return Group.objects.get(pk=key) if key.isdecimal() else None


class AccountForm(forms.ModelForm):
    """What the form of a new account and that of one that is there have in common."""

    email = forms.EmailField(
        required=False,
        label="E-mail address",
        widget=UnfoldAdminEmailInputWidget,
        help_text="For the invitation, and for a new password when theirs is forgotten. Only administrators see it.",
    )
    role = RoleField()

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and "email" in self.changed_data and others.exists():
            raise forms.ValidationError(
                "Another account has this address. Links to set a password go there: give each account its own.",
                code="unique",
            )
        return email


class NewUserForm(AccountForm):
    """A new account on one page: it can be used as soon as a password is set, here or by the invited person."""

    by = forms.ChoiceField(label="First password", widget=UnfoldAdminRadioSelectWidget, initial=INVITATION)
    password = forms.CharField(
        required=False,
        strip=False,
        label="Password",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sends = settings.FACTCHECK_SENDS_MAIL
        by: Any = self.fields["by"]
        by.choices = [
            (INVITATION, "Invite the person to choose it"),
            (PASSWORD, "Give the password below"),
        ]
        if not settings.FACTCHECK_PASSWORD_LOGIN:
            provider = settings.FACTCHECK_OIDC.name
            by.label, by.choices = "Log-in", [(INVITATION, f"By {provider}; no password opens anything here")]
            by.help_text = f"The person is known by the address above, once {provider} has verified it."
            self.fields["password"].widget = forms.HiddenInput()
            return
        by.help_text = (
            f"The invitation is a link that can be used once, within {days_of_link()} days. "
            f"{'It is sent to the address above.' if sends else 'This register sends no mail: you hand it over.'}"
        )

    @property
    def invited(self) -> bool:
        """Whether the person chooses the password; for forms that are valid."""
        return self.cleaned_data["by"] == INVITATION

    def clean(self) -> None:
        given, password = self.cleaned_data, self.cleaned_data.get("password")
        if given.get("by") == PASSWORD and not password:
            self.add_error("password", "Give a password, or choose above that the person chooses it.")
        elif given.get("by") == INVITATION and password:
            self.add_error("password", "Empty this, or choose above that you give the password.")
        elif given.get("by") == INVITATION and settings.FACTCHECK_SENDS_MAIL and given.get("email") == "":
            self.add_error("email", "Where shall the link go? Give an address, or give a password below.")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Now the row has the names, which a password must not be like.
        if (password := self.cleaned_data.get("password")) and "password" not in self.errors:
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as error:
                self.add_error("password", error)

    def save(self, commit: bool = True) -> Any:
        # Without one nobody logs in.
        self.instance.set_password(None if self.invited else self.cleaned_data["password"])
        return super().save(commit)


class UserForm(AccountForm):
    """An account that is there. A role that nobody touches stays, also where somebody has several or none."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_superuser", "user_permissions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" not in self.fields:
            return
        groups = list(self.instance.groups.order_by("name").values_list("pk", "name"))
        role: Any = self.fields["role"]
        role.required, role.initial = bool(groups), str(groups[0][0]) if len(groups) == 1 else ""
        if len(groups) > 1:
            role.choices = [(SEVERAL, f"Several, as now: {', '.join(name for _pk, name in groups)}"), *role.choices]
            role.initial = SEVERAL
