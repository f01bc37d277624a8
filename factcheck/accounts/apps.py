"""Accounts, and the tokens by which programs use them."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class AccountsConfig(AppConfig):
    name = "factcheck.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from knox.models import AuthToken

        from factcheck.accounts.models import grant_everything

        post_save.connect(grant_everything, AuthToken, dispatch_uid="accounts.grant")
