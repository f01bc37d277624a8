"""Bundles: what is in them, for whom, and how a file is verified, whoever made it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from claims.exports import bundle, verify
from claims.models import Claim, EvidenceLink, Export
from claims.services import withdraw_claim
from sources.services.snapshot import keep_copy
from tests.claims.report_case import make_rivals
from tests.claims.test_dispute_admin import client_of
from tests.claims.test_export_admin import export_links
from tests.factories import (
    make_assessment,
    make_attribution,
    make_claim,
    make_document,
    make_published,
    make_source,
    someone,
)

DESK_ONLY = "A claim nobody has published."
NAME = "A name that is withheld"


def made(target: Path, *more: str) -> zipfile.ZipFile:
    """The bundle of the brothers' dispute, as the command writes it."""
    call_command("export_report", "dispute", "deaths-in-custody", "--format", "zip", "-o", str(target), *more)
    return zipfile.ZipFile(target)


def text_of(archive: zipfile.ZipFile) -> str:
    """All that can be read in a bundle without another program."""
    return "".join(
        archive.read(name).decode()
        for name in archive.namelist()
        if not name.startswith("snapshots/") and not name.endswith((".pdf", ".sig"))
    )


def repacked(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with its files changed."""
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return target


def faults(path: Path) -> list[str]:
    return verify.verify(path).faults


def test_a_claim_that_was_withdrawn_is_bundled_without_a_claimreview(
    ann: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "REPORTS", ("json", "claimreview"))
    monkeypatch.setattr(bundle, "LISTS", ())
    claim = make_published(make_claim("It rained.")).claim
    page = reverse("admin:claims_claim_change", args=[claim.pk])
    for decided in (True, False):
        target = tmp_path / f"{decided}.zip"
        call_command("export_report", "claim", str(claim.pk), "--format", "zip", "-o", str(target), "--as", "ann")
        with zipfile.ZipFile(target) as archive:
            assert ("claimreview.jsonld" in archive.namelist()) is decided
        assert ("ClaimReview (JSON-LD)" in export_links(client_of(ann), page)) is decided
        if decided:
            withdraw_claim(actor=someone("Reviewer"), claim=Claim.objects.get(pk=claim.pk), reason="Not ours to judge.")


def test_a_bundle_holds_what_its_reader_may_read_and_is_verified(
    ann: Any, reviewer: Any, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute = make_rivals(ann, reviewer)
    document = make_document(publisher=make_source(NAME, withheld=True, withheld_reason="In danger"))
    kept = keep_copy(actor=ann, document=document, content=SimpleUploadedFile("page.html", b"<p>As it was.</p>"))
    lost = keep_copy(actor=ann, document=document, content=SimpleUploadedFile("gone.txt", b"Gone."))
    Path(lost.file.path).unlink()
    make_attribution(dispute.claims.order_by("pk").first(), source=document.publisher, document=document)
    links = EvidenceLink.objects.filter(claim__dispute=dispute, claim__status="published", withdrawn_at=None)
    make_assessment(links.order_by("pk").first(), analyst=ann, rating="VI")
    public = made(tmp_path / "public.zip")
    monkeypatch.setattr(bundle, "REPORTS", ("html", "claimreview"))  # the others were made once
    monkeypatch.setattr(bundle, "LISTS", ("ndjson",))
    with public, made(tmp_path / "desk.zip", "--as", "ann") as desk:
        names = {"report.pdf", "report.html", "report.json", "claimreview.jsonld", "data/report.csv", "manifest.json"}
        assert names <= set(public.namelist())
        described = {row["path"]: row for row in json.loads(public.read("data/datapackage.json"))["resources"]}
        assert {*described} >= {f"{name}.csv" for name in bundle.DERIVED}
        assert {"said_by.csv", "contradictions.csv"} <= {*described}
        for path, row in described.items():
            head, *_rows = csv.reader(io.StringIO(public.read(f"data/{path}").decode(), newline=""))
            assert head == [field["name"] for field in row["schema"]["fields"]], path
        assert NAME not in text_of(public)
        assert DESK_ONLY not in text_of(public)
        assert not [name for name in public.namelist() if name.startswith("snapshots/") or "assessments" in name]
        assert NAME in text_of(desk)
        assert DESK_ONLY in text_of(desk)
        copy = next(name for name in desk.namelist() if kept.digest.removeprefix("sha256:") in name)
        assert desk.read(copy) == b"<p>As it was.</p>"
        manifest = json.loads(desk.read("manifest.json"))
        assert manifest["missing_copies"] == [lost.digest]
        assert (manifest["maker"], manifest["query"]) == ("Ann Archer", f"/api/v1/disputes/{dispute.pk}/")
        told = {entry["name"]: entry for entry in manifest["files"]}
        assert set(told) == set(desk.namelist()) - {"manifest.json", "SHA256SUMS", "SHA256SUMS.sig"}
        lines = desk.read("data/claims.ndjson").decode().splitlines()
        assert len(lines) == told["data/claims.ndjson"]["rows"] == dispute.claims.count()
        assert [json.loads(line)["type"] for line in lines] == ["claim"] * len(lines)
        assert NAME in desk.read("data/sources.ndjson").decode()
    out = io.StringIO()
    call_command("verify_export", str(tmp_path / "desk.zip"), stdout=out)
    assert f"{len(told)} files in it are whole and signed" in out.getvalue()
    assert "Made by: Ann Archer" in out.getvalue()
    check_without_the_register(tmp_path / "public.zip", tmp_path / "unpacked", client)
    check_changed_bundles(tmp_path / "desk.zip", tmp_path / "changed.zip", copy)


def check_without_the_register(whole: Path, folder: Path, client: Client) -> None:
    """A stranger verifies it with coreutils and OpenSSL, by the commands of its README, and sees one changed byte."""
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(folder)
    readme = (folder / "README.txt").read_text()
    assert "http://127.0.0.1:8000/signing-key.pem" in readme
    published = client.get("/signing-key.pem").content
    assert published == (folder / "signing-key.pem").read_bytes()
    assert hashlib.sha256(published).hexdigest() in readme
    commands = [line.split() for line in readme.splitlines() if line.startswith(("  sha256sum -c", "  openssl"))]
    assert len(commands) == 2
    run = partial(subprocess.run, cwd=folder, capture_output=True, check=False)
    for command in commands:
        if shutil.which(command[0]):
            assert run(command).returncode == 0, command
    added = next(line for line in readme.splitlines() if line.startswith("  find"))
    if shutil.which("bash"):
        assert run(["bash", "-c", added]).stdout == b""
        (folder / "data" / "of others.csv").write_text("added")
        assert run(["bash", "-c", added]).stdout == b"data/of others.csv\n"
    for name, command in (("report.html", commands[0]), ("SHA256SUMS", commands[1])):
        body = (folder / name).read_bytes()
        (folder / name).write_bytes(body[:50] + bytes([body[50] ^ 1]) + body[51:])
        if shutil.which(command[0]):
            assert run(command).returncode != 0, command


def check_changed_bundles(whole: Path, changed: Path, copy: str) -> None:
    """Whatever is done to a bundle is found and named."""

    def manifest(files: dict[str, bytes]) -> None:
        told = json.loads(files["manifest.json"])
        told["maker"] = "Somebody else"
        files["manifest.json"] = json.dumps(told).encode()

    def sums(files: dict[str, bytes]) -> None:
        manifest(files)
        digest = hashlib.sha256(files["manifest.json"]).hexdigest().encode()
        files["SHA256SUMS"] = re.sub(rb".{64}(?=  manifest.json)", digest, files["SHA256SUMS"])

    def lie(files: dict[str, bytes]) -> None:
        files[copy] = b"<p>As it lied.</p>"

    def shorter(files: dict[str, bytes]) -> None:
        files["report.html"] = b""

    for change, words in (
        (manifest, "manifest.json: was changed"),
        (sums, "signature under SHA256SUMS"),
        (lambda files: files.pop("SHA256SUMS.sig"), "SHA256SUMS.sig: is missing"),
        (lambda files: (files.pop("SHA256SUMS"), files.pop("SHA256SUMS.sig")), "signature under manifest.json"),
        (lie, "snapshots/"),
        (shorter, "report.html: has 0 bytes instead of"),
        (lambda files: files.pop("data/claims.ndjson"), "data/claims.ndjson: is missing"),
        (lambda files: files.update({"extra.txt": b"x"}), "extra.txt: stands not in SHA256SUMS"),
        (lambda files: files.pop("manifest.json"), "holds no manifest.json"),
        (lambda files: files.update({"manifest.json": b"[" * 100_000}), "is no JSON"),
        (lambda files: files.update({"manifest.json": b'{"kind": "factcheck-bundle"}'}), "not one of a register"),
        (lambda files: files.update({"../evil": b"x"}), "leads elsewhere"),
        (lambda files: files.update({"/etc/evil": b"x"}), "leads elsewhere"),
        (lambda files: files.update({"bomb": b"\0" * 50_000_000}), "bytes instead|stands in no manifest|bomb"),
    ):
        found = faults(repacked(whole, changed, change))
        assert any(any(word in fault for word in words.split("|")) for fault in found), (words, found)
    # Packed anew with entries for its folders, only its own fingerprint is another.
    (unknown,) = faults(repacked(whole, changed, lambda files: files.update({"data/": b"", "snapshots/": b""})))
    assert unknown.endswith("it was packed anew. What is in it is whole and signed.")
    inner = faults(repacked(whole, changed, lambda files: files.update({f"in/{n}": files.pop(n) for n in list(files)})))
    assert inner == ["Its manifest.json stands in the folder 'in/': pack what is in that, without the folder."]
    body = whole.read_bytes()
    for broken in (
        body[: len(body) // 2],
        body[:-20],
        b"PK\x03\x04" + body[1000:],
        body.replace(b"PK\x01\x02", b"PK\x01\x03"),
    ):
        changed.write_bytes(broken)
        assert faults(changed)
    # One byte in the middle of a file: the ZIP's own check, the fingerprint and the record all say so.
    changed.write_bytes(body[:300] + bytes([body[300] ^ 1]) + body[301:])
    assert len(faults(changed)) >= 2


def test_what_declares_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    bomb = tmp_path / "bomb.zip"

    def read(*_: Any) -> None:
        raise AssertionError("read")

    for declare, words in (
        (lambda info: setattr(info, "file_size", 10**12), "bomb"),
        (lambda info: setattr(info, "flag_bits", info.flag_bits | 1), "encrypted"),
        (lambda info: setattr(info, "external_attr", 0o120777 << 16), "no plain file"),
    ):
        with zipfile.ZipFile(bomb, "w") as archive:
            archive.writestr("manifest.json", b"{}")
            declare(archive.infolist()[0])
        with monkeypatch.context() as patch:
            patch.setattr(zipfile.ZipFile, "open", read)
            (fault,) = faults(bomb)
        assert words in fault
    monkeypatch.setattr(verify, "MOST_FILES", 2)
    with zipfile.ZipFile(bomb, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}", b"x")
    assert "declares 3 files" in faults(bomb)[0]
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("verify_export", str(tmp_path / "none"))
    assert not Export.objects.exists()
