"""The models of who speaks and where it was printed."""

from sources.models.affiliation import Affiliation
from sources.models.document import Document
from sources.models.snapshot import Snapshot
from sources.models.source import Source
from sources.models.textprint import TextPrint

__all__ = ["Affiliation", "Document", "Snapshot", "Source", "TextPrint"]
