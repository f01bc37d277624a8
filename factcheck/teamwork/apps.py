"""How people of the desk work together."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "factcheck.teamwork"
    label = "teamwork"
    verbose_name = "Working together"
