"""The project as an app of its own: it brings the system checks and the templates that belong to no noun."""

from django.apps import AppConfig

# Importing the module registers its checks.
from factcheck import checks

__all__ = ["FactcheckConfig", "checks"]


class FactcheckConfig(AppConfig):
    """No models; the wiring of the register."""

    name = "factcheck"
    verbose_name = "Register"
