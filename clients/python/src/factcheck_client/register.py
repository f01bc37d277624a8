"""A register of competing claims, as a program asks it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httpx

from factcheck_client import types as t
from factcheck_client.rows import Rows
from factcheck_client.transport import Transport


class ExportFailed(Exception):
    """A job that ended without a file; the text says why."""


class Exports(Rows[t.Export, t.Export, t.ExportRequestRequest]):
    """What a worker of the register makes: whole lists, bundles, reports."""

    def wait(self, export: t.Export, *, timeout: float = 600) -> t.Export:
        """The job when it is done. Raises `ExportFailed` when it failed or was cancelled, TimeoutError after `timeout`
        seconds."""
        end = time.monotonic() + timeout
        while export["status"] in {"queued", "running"}:
            if time.monotonic() > end:
                raise TimeoutError(f"Export {export['id']} is {export['status']} after {timeout:g} seconds.")
            time.sleep(0.5)
            export = self.get(export["id"])
        if export["status"] != "done":
            raise ExportFailed(f"Export {export['id']} is {export['status']}: {export['problem']}")
        return export

    def save(self, export: t.Export, *, to: str | os.PathLike[str]) -> Path:
        """Write the file of a job that is done into one of ours, as it comes."""
        return self._transport.save(to, self._address(export, "file"))


class JobFailed(Exception):
    """A job that was given up or called off; the text says why."""


class Jobs:
    """What a worker enters or changes, row by row: `create_later`, `update_later`, `withdraw_later`, `upsert_later`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, job: t.BulkJob | int, /) -> t.BulkJob:
        """How far a job is."""
        return cast(t.BulkJob, self._transport.send("GET", self._address(job)).json())

    def cancel(self, job: t.BulkJob | int, /) -> t.BulkJob:
        """Call a job off: what is stored stays."""
        return cast(t.BulkJob, self._transport.send("POST", self._address(job, "cancel")).json())

    def _address(self, job: t.BulkJob | int, *parts: str) -> str:
        number = job if isinstance(job, int) else job["id"]
        return "/".join(["/api/v1/jobs", str(number), *parts, ""])

    def wait(self, job: t.BulkJob, *, timeout: float = 600) -> t.BulkJob:
        """The job when each of its rows was stored or refused. Raises `JobFailed` when it was given up or called off,
        TimeoutError after `timeout` seconds."""
        end = time.monotonic() + timeout
        while job["status"] in {"queued", "running"}:
            if time.monotonic() > end:
                raise TimeoutError(f"Job {job['id']} is {job['status']} after {timeout:g} seconds.")
            time.sleep(0.5)
            job = self.get(job["id"])
        if job["status"] != "done":
            raise JobFailed(f"Job {job['id']} is {job['status']}: {job['problem']}")
        return job

    def results(self, job: t.BulkJob, /) -> Sequence[t.RowResult]:
        """What became of each row so far, by its place in what was sent: an `id`, or a `code` and `errors`."""
        return cast("Sequence[t.RowResult]", self._transport.send("GET", self._address(job, "results")).json())


class Claims(Rows[t.ListedClaim, t.Claim, t.NewClaimRequest]):
    """Claims, also by the ids that another system has for them."""

    def upsert(
        self, row: t.CalledClaim, /, *, version: int | None = None, reason: str = "", key: str | None = None
    ) -> t.Claim:
        """Enter the claim of this `external_id` with what hangs on it, or change it in what the row names; what
        changes nothing is not written. What the public reads needs the `version` that was read, and a `reason`."""
        sent = {**row, "change_reason": reason} if reason else row
        more = {} if version is None else {"If-Match": f'"{version}"'}
        return cast(t.Claim, self._post(f"{self.path}by-external-id/", sent, key, **more))

    def upsert_many(
        self, rows: Sequence[t.CalledClaimAmongMany], /, *, key: str | None = None
    ) -> Sequence[t.ListedClaim]:
        """The same with up to 500, all or none; each has its own `version` and `change_reason`, where it needs them.
        They come as they are then, in the order in which they were sent."""
        return cast("Sequence[t.ListedClaim]", self._post(f"{self.path}by-external-id/", list(rows), key))

    def upsert_later(self, rows: Sequence[t.CalledClaimAmongMany], /, *, key: str | None = None) -> t.BulkJob:
        """Have a worker enter or change up to 5,000 claims, each by itself."""
        return self._later("POST", f"{self.path}by-external-id/", rows, key)


class Register:
    """A register at an address; without a token it is read as the public reads it.

    `attempts` says how often a request is sent at most, `patience` for how many seconds an answer of "come again later"
    is waited for. `client` is an httpx.Client of your own, for proxies and certificates. Use it in a `with`, or call
    `close`.
    """

    def __init__(
        self,
        address: str,
        token: str | None = None,
        *,
        attempts: int = 5,
        patience: float = 60,
        timeout: float = 60,
        client: httpx.Client | None = None,
    ) -> None:
        self._client = client or httpx.Client(timeout=timeout, follow_redirects=False)
        self._client.base_url = httpx.URL(address)
        self._client.headers["Accept"] = "*/*"
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"
        self._transport = made = Transport(self._client, attempts, patience)
        self.affiliations: Rows[t.Affiliation, t.Affiliation, t.AffiliationRequest] = Rows(made, "affiliations")
        self.assessments: Rows[t.Assessment, t.Assessment, t.AssessmentRequest] = Rows(made, "assessments")
        self.attributions: Rows[t.Attribution, t.Attribution, t.AttributionRequest] = Rows(made, "attributions")
        self.audit: Rows[t.AuditEntry, t.AuditEntry, Any] = Rows(made, "audit")
        self.claims = Claims(made, "claims")
        self.confirmations: Rows[t.Confirmation, t.Confirmation, Any] = Rows(made, "confirmations")
        self.corrections: Rows[t.PublishedCorrection, t.PublishedCorrection, Any] = Rows(made, "corrections")
        self.disputes: Rows[t.ListedDispute, t.Dispute, t.WholeDisputeRequest] = Rows(made, "disputes")
        self.documents: Rows[t.Document, t.Document, t.DocumentRequest] = Rows(made, "documents")
        self.evidence: Rows[t.Evidence, t.Evidence, t.EvidenceRequest] = Rows(made, "evidence")
        self.evidence_links: Rows[t.EvidenceLink, t.EvidenceLink, t.EvidenceLinkRequest] = Rows(made, "evidence-links")
        self.exports = Exports(made, "exports")
        self.imports: Rows[t.ImportBatch, t.ImportBatch, Any] = Rows(made, "imports")
        self.inquiries: Rows[t.Inquiry, t.Inquiry, t.InquiryRequest] = Rows(made, "inquiries")
        self.jobs = Jobs(made)
        self.premises: Rows[t.Premise, t.Premise, t.PremiseRequest] = Rows(made, "premises")
        self.questions: Rows[t.Question, t.Question, t.QuestionRequest] = Rows(made, "questions")
        self.ratings: Rows[t.Rating, t.Rating, t.RatingRequest] = Rows(made, "ratings")
        self.rating_scales: Rows[t.RatingScale, t.RatingScale, t.RatingScaleRequest] = Rows(made, "rating-scales")
        self.relations: Rows[t.Relation, t.Relation, t.RelationRequest] = Rows(made, "relations")
        self.reviews: Rows[t.Review, t.Review, t.ReviewRequest] = Rows(made, "reviews")
        self.rule_exceptions: Rows[t.RuleException, t.RuleException, t.RuleExceptionRequest] = Rows(
            made, "rule-exceptions"
        )
        self.snapshots: Rows[t.Snapshot, t.Snapshot, t.SnapshotRequest] = Rows(made, "snapshots")
        self.sources: Rows[t.Source, t.Source, t.SourceRequest] = Rows(made, "sources")
        self.verdicts: Rows[t.ListedVerdict, t.Verdict, t.VerdictRequest] = Rows(made, "verdicts")
        self.webhooks: Rows[t.Webhook, t.Webhook, t.WebhookRequest] = Rows(made, "webhooks")

    def changes(
        self, since: int | str | datetime | None = 0, *, follow: bool = False, pause: float = 30
    ) -> Iterator[t.PublicChange]:
        """What happened to what everybody may read, in order, after an entry (0: from the beginning) or a moment;
        None: from now on.

        With `follow` it goes on for ever and asks every `pause` seconds. Several rows may have one `entry`: keep that
        of the row with which you dealt last, less one, and begin with it after a restart: what comes twice does no
        harm.
        `gone` says that the public reads the row no more: drop your copy.
        """
        moment = since.isoformat() if isinstance(since, datetime) else since
        page = self.request("GET", "/api/v1/changes/", params=None if moment is None else {"since": moment}).json()
        while True:
            yield from page["results"]
            if not page["more"]:
                if not follow:
                    return
                time.sleep(pause)
            page = self._transport.send("GET", self._transport.following(page["next"])).json()

    def search(self, words: str, **params: Any) -> list[t.Found]:
        """The rows of all nouns in which every word occurs, the best first; `noun` narrows it, `limit` at most 50."""
        found = self.request("GET", "/api/v1/search/", params={"q": words, **params}).json()
        return cast("list[t.Found]", found["results"])

    def me(self) -> t.Me:
        """Who asks, in which roles, what this request may do, and by which token."""
        return cast(t.Me, self.request("GET", "/api/v1/me/").json())

    def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """Any other request (`params`, `json`, `data`, `files`, `headers` as httpx takes them), with the same attempts
        and the same exceptions."""
        return self._transport.send(method, path, **parts)

    def save(self, path: str, *, to: str | os.PathLike[str], **params: Any) -> Path:
        """Write what stands at a path into a file as it comes, such as `/api/v1/balance/csv/`."""
        return self._transport.save(to, path, params or None)

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
