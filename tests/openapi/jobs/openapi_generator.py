"""A day's work with the client that OpenAPI Generator makes of the document."""

import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import register_client as made
from register_client.models import (
    ExportRequestRequest,
    NewClaimOrMany,
    NewClaimRequest,
    PatchedClaimRequest,
    VerdictOrMany,
    VerdictRequest,
    WholeDisputeOrMany,
    WholeDisputeRequest,
)

ADDRESS = os.environ["REGISTER"]


def client(token: str) -> Any:
    api = made.ApiClient(made.Configuration(host=ADDRESS))
    api.set_default_header("Authorization", f"Bearer {os.environ[token]}")
    return api


researcher, reviewer = client("TOKEN"), client("REVIEWER_TOKEN")
claims = made.ClaimsApi(researcher)

# A whole dispute with rival claims, whose rows refer to each other by name.
whole = WholeDisputeRequest.from_dict(
    {
        "title": "Who sank the ship?",
        "question": "Who sank the ship?",
        "sources": [{"ref": "navy", "kind": "state_body", "name": "Navy of Ruritania"}],
        "claims": [
            {"ref": ref, "text": text, "attributions": [{"source": {"ref": "navy"}, "stance": stance}]}
            for ref, text, stance in [
                ("torpedo", "A torpedo hit it.", "denies"),
                ("mine", "A mine hit it.", "asserts"),
            ]
        ],
        "evidence": [
            {
                "kind": "forensic",
                "title": "Report on the wreck",
                "links": [{"claim": {"ref": "torpedo"}, "bearing": "supports"}],
            }
        ],
        "relations": [{"claim": {"ref": "torpedo"}, "other": {"ref": "mine"}, "kind": "contradicts", "point": "cause"}],
    }
)
dispute = made.DisputesApi(researcher).disputes_create(WholeDisputeOrMany(whole)).actual_instance
assert [claim.text for claim in dispute.claims] == ["A torpedo hit it.", "A mine hit it."]
assert dispute.claims[0].attributions[0].source.slug == "navy-of-ruritania"
print("done: whole dispute")

# A verdict by two people; the claim carries it from then on.
first = dispute.claims[0].id
rating = made.RatingsApi(researcher).ratings_list().results[0]
wanted = VerdictRequest.from_dict(
    {"claim": first, "rating": rating.id, "summary": "So it is.", "rationale": "Two reports say so."}
)
draft = made.VerdictsApi(researcher).verdicts_create(VerdictOrMany(wanted)).actual_instance
made.VerdictsApi(researcher).verdicts_submit(draft.id)
made.VerdictsApi(reviewer).verdicts_publish(draft.id)
assert claims.claims_retrieve(first).verdict.rating.label == rating.label
print("done: verdict by two people")


def enter(text: str, **headers: str) -> Any:
    return claims.claims_create_with_http_info(NewClaimOrMany(NewClaimRequest(text=text)), **headers)


# A conflict: somebody else has changed the row since.
mine = enter("It is so.").data.actual_instance
stale = claims.claims_partial_update_without_preload_content(
    mine.id, if_match='"99-0000"', patched_claim_request=PatchedClaimRequest(context="In July.")
)
assert stale.status == 412, stale.status
print("done: conflict")

# A retry with the same key acts once.
twice = [enter("Sent twice.", idempotency_key="a-key") for _ in range(2)]
assert twice[0].data.actual_instance.id == twice[1].data.actual_instance.id
assert twice[1].headers["Idempotent-Replayed"] == "true"
print("done: retry")

# Many at once.
rows = claims.claims_create(
    NewClaimOrMany([NewClaimRequest(text=f"Claim number {n}.") for n in range(25)])
).actual_instance
assert len(rows) == 25
print("done: bulk")

# Page through everything.
seen, cursor = [], None
while True:
    page = claims.claims_list(page_size=10, cursor=cursor)
    seen += [claim.id for claim in page.results]
    if page.next is None:
        break
    cursor = parse_qs(urlsplit(page.next).query)["cursor"][0]
assert len(seen) == len(set(seen)) >= 29
print("done: pages")

# An export, made by a worker.
exports = made.ExportsApi(researcher)
export = exports.exports_create(ExportRequestRequest(kind="list", query="/api/v1/claims/", format="ndjson"))
for _ in range(300):
    export = exports.exports_retrieve(export.id)
    if export.status == "done":
        break
    time.sleep(0.2)
assert len(exports.exports_file(export.id).splitlines()) >= 29
print("done: export")

# A report as PDF, into a file.
target = Path("report.pdf")
target.write_bytes(made.DisputesApi(researcher).disputes_report_pdf(dispute.slug))
assert target.read_bytes().startswith(b"%PDF-")
print("done: report")

# Follow what changes.
after, news = 0, 0
while page := made.AuditApi(researcher).audit_list(after=after, page_size=100).results:
    after, news = page[-1].id, news + len(page)
assert news > 30
print("done: changes")
