"""Build the answers to all that is public, so that no reader has to wait for the first one."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

from claims.api.preparing import PREPARED, prepare, public_ids
from claims.logic import wording
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Build and keep the answers of the API to all public rows. They are kept as they are asked for, and dropped "
        "when they change; this is for after an import or a new release, before readers come."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for view in PREPARED:
            ids = public_ids(view)
            with tqdm(total=len(ids), unit=f" {view.prepared_noun}s", disable=None, leave=False) as progress:
                built = prepare(view, ids, progress=progress.update)
            told = wording.counted(len(ids), f"public {view.prepared_noun}", f"public {view.prepared_noun}s")
            self.stdout.write(f"{told}, {built} of them built now.")
