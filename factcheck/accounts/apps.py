"""Accounts, and the tokens by which programs use them."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save


class AccountsConfig(AppConfig):
    name = "factcheck.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from knox.models import AuthToken

        from factcheck.accounts.models import grant_everything
        from factcheck.accounts.sessions import note_beginning

        user_logged_in.connect(note_beginning, dispatch_uid="accounts.begin")
        post_save.connect(grant_everything, AuthToken, dispatch_uid="accounts.grant")
