"""The base classes of every noun's model, and rows as they stood at one moment."""

from factcheck.models.queryset import RecordedQuerySet
from factcheck.models.recorded import RecordedModel, Scope
from factcheck.models.versions import Versions

__all__ = ["RecordedModel", "RecordedQuerySet", "Scope", "Versions"]
