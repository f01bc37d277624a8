"""The desk's pages for who speaks and where it was printed."""

from sources.admin.affiliation import AffiliationAdmin
from sources.admin.document import DocumentAdmin
from sources.admin.snapshot import SnapshotAdmin
from sources.admin.source import SourceAdmin

__all__ = ["AffiliationAdmin", "DocumentAdmin", "SnapshotAdmin", "SourceAdmin"]
