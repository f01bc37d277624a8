"""`manage.py export_report`."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.reports.formats.catalogue import FORMATS
from tests.claims.report_case import make_rivals
from tests.factories import make_claim, make_dispute

pytestmark = pytest.mark.usefixtures("register")


def export(*arguments: str) -> str:
    out = io.StringIO()
    call_command("export_report", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_report_is_written_to_a_file(tmp_path: Path, ann: Any, reviewer: Any) -> None:
    make_rivals(ann, reviewer)
    target = tmp_path / "report.out"
    for name, entry in FORMATS.items():
        told = export("dispute", "deaths-in-custody", "--format", name, "-o", str(target))
        assert told == f"Wrote {target} ({target.stat().st_size:,} bytes).\n"
        assert [path.name for path in tmp_path.iterdir()] == ["report.out"]
        body = target.read_bytes()
        words = b"Deaths in custody" if name in {"csl", "bibtex"} else b"One man died of heart failure."
        assert words in body or (body[:4] in {b"%PDF", b"PK\x03\x04"} and not entry.charset)


def test_without_a_file_it_goes_to_standard_output() -> None:
    claim = make_claim("It rained.", published=True)
    assert export("claim", str(claim.pk), "--format", "markdown").startswith("# It rained.")


def test_the_public_view_is_the_default_and_as_gives_that_of_a_user(reviewer: Any) -> None:
    claim = make_claim("A draft.")
    with pytest.raises(CommandError, match="the public may read"):
        export("claim", str(claim.pk))
    assert "A draft." in export("claim", str(claim.pk), "--as", reviewer.username)


def test_refusals_say_what_is_wrong(tmp_path: Path, reviewer: Any, ann: Any) -> None:
    claim = make_claim(published=True)
    closed = make_dispute("Closed", visibility="restricted", members=[ann])
    for arguments, message in (
        (("dispute", "no-such"), "There is no dispute 'no-such'"),
        (("dispute", closed.slug, "--as", reviewer.username), f"{reviewer.username} may read"),
        (("claim", "one"), "There is no claim 'one'"),
        (("claim", str(claim.pk), "--as", "nobody"), "There is no active user 'nobody'"),
        (("claim", str(claim.pk), "--format", "claimreview"), "no published verdict"),
        (("claim", str(claim.pk), "-o", str(tmp_path)), "it is a folder"),
        (("claim", str(claim.pk), "-o", str(tmp_path / "no" / "such.html")), "No such file or directory"),
    ):
        with pytest.raises(CommandError) as refusal:
            export(*arguments)
        assert message in str(refusal.value)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make_claim(published=True)
    target = tmp_path / "report.html"
    target.write_text("the old one")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        export("claim", str(claim.pk), "-o", str(target))
    assert target.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
