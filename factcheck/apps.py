"""The project as an app of its own: it brings the system checks and the templates that belong to no noun."""

from django.apps import AppConfig, apps
from django.core.signals import got_request_exception, request_finished, request_started
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

# Importing the module registers its checks.
from factcheck import checks
from factcheck.base.http.limit import lift_limit, set_limit
from factcheck.base.http.request_log import log_failure
from factcheck.base.replicas import read_from_primary
from factcheck.base.slow import watch_connection
from factcheck.base.statistics import refresh_after_migrate
from factcheck.losses import tell_losses

__all__ = ["FactcheckConfig", "checks"]


class FactcheckConfig(AppConfig):
    """No models; the wiring of the register."""

    name = "factcheck"
    verbose_name = "Register"

    def ready(self) -> None:
        connection_created.connect(watch_connection)
        request_started.connect(set_limit)
        request_finished.connect(lift_limit)
        # A stream may have read from a replica until now.
        request_finished.connect(read_from_primary)
        got_request_exception.connect(log_failure)
        # Sent for each app that has models, after the last migration of all: once is enough.
        pre_migrate.connect(tell_losses, sender=apps.get_app_config("claims"))
        post_migrate.connect(refresh_after_migrate, sender=apps.get_app_config("claims"))
