"""What happens with sources and documents: changes that follow a rule or touch more than a row."""

from sources.services.merging import merge, merging_of, plan_merge
from sources.services.snapshot import fetch_copy, keep_copy, record_copy, stage_copy, stage_fetch
from sources.services.verification import verify_copies

__all__ = [
    "fetch_copy",
    "keep_copy",
    "merge",
    "merging_of",
    "plan_merge",
    "record_copy",
    "stage_copy",
    "stage_fetch",
    "verify_copies",
]
