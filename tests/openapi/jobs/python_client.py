"""A day's work with the client that openapi-python-client makes of the document."""

import os
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from register_client import AuthenticatedClient
from register_client.api.audit import audit_list
from register_client.api.claims import claims_create, claims_list, claims_partial_update, claims_retrieve
from register_client.api.disputes import disputes_create, disputes_report_pdf, disputes_retrieve
from register_client.api.exports import exports_create, exports_file, exports_retrieve
from register_client.api.ratings import ratings_list
from register_client.api.verdicts import verdicts_create, verdicts_publish, verdicts_submit
from register_client.models import (
    ExportRequestRequest,
    NestedAttributionRequest,
    NestedClaimRequest,
    NestedEvidenceLinkRequest,
    NestedEvidenceRequest,
    NestedRelationRequest,
    NestedSourceRequest,
    NewClaimRequest,
    PatchedClaimRequest,
    RowByRef,
    VerdictRequest,
    WholeDisputeRequest,
)

ADDRESS = os.environ["REGISTER"]


def client(token: str) -> AuthenticatedClient:
    return AuthenticatedClient(ADDRESS, token=os.environ[token], raise_on_unexpected_status=True)


researcher, reviewer = client("TOKEN"), client("REVIEWER_TOKEN")

# A whole dispute with rival claims, whose rows refer to each other by name.
whole = WholeDisputeRequest.from_dict({"title": "Who sank the ship?", "question": "Who sank the ship?"})
whole.sources = [NestedSourceRequest.from_dict({"ref": "navy", "kind": "state_body", "name": "Navy of Ruritania"})]
whole.claims = [
    NestedClaimRequest(
        ref=ref,
        text=text,
        attributions=[NestedAttributionRequest(source=RowByRef(ref="navy"), stance=stance)],
    )
    for ref, text, stance in [("torpedo", "A torpedo hit it.", "denies"), ("mine", "A mine hit it.", "asserts")]
]
whole.relations = [
    NestedRelationRequest.from_dict(
        {"claim": {"ref": "torpedo"}, "other": {"ref": "mine"}, "kind": "contradicts", "point": "cause"}
    )
]
whole.evidence = [
    NestedEvidenceRequest(
        kind="forensic",
        title="Report on the wreck",
        links=[NestedEvidenceLinkRequest(claim=RowByRef(ref="torpedo"), bearing="supports")],
    )
]
dispute = disputes_create.sync(client=researcher, body=whole)
assert [claim.text for claim in dispute.claims] == ["A torpedo hit it.", "A mine hit it."]
assert dispute.claims[0].attributions[0].source.label == "Navy of Ruritania"
assert dispute.claims[0].attributions[0].source.slug == "navy-of-ruritania"
print("done: whole dispute")

# A verdict by two people; the claim carries it from then on.
first = dispute.claims[0].id
rating = ratings_list.sync(client=researcher).results[0]
draft = verdicts_create.sync(
    client=researcher,
    body=VerdictRequest(claim=first, rating=rating.id, summary="So it is.", rationale="Two reports say so."),
)
verdicts_submit.sync(draft.id, client=researcher)
answer = verdicts_publish.sync_detailed(draft.id, client=reviewer)
assert answer.status_code == 200, answer.content
assert claims_retrieve.sync(first, client=researcher).verdict.rating.label == rating.label
print("done: verdict by two people")

# A conflict: somebody else has changed the row since.
mine = claims_create.sync(client=researcher, body=NewClaimRequest(text="It is so."))
changed = claims_partial_update.sync_detailed(
    mine.id, client=researcher, body=PatchedClaimRequest(context="In July."), if_match='"99-0000"'
)
assert (changed.status_code, changed.parsed.code) == (412, changed.parsed.code), changed.content
print("done: conflict")

# A retry with the same key acts once.
twice = [
    claims_create.sync_detailed(client=researcher, body=NewClaimRequest(text="Sent twice."), idempotency_key="a-key")
    for _ in range(2)
]
assert twice[0].parsed.id == twice[1].parsed.id
assert twice[1].headers["Idempotent-Replayed"] == "true"
print("done: retry")

# Many at once.
rows = claims_create.sync(client=researcher, body=[NewClaimRequest(text=f"Claim number {n}.") for n in range(25)])
assert len(rows) == 25
print("done: bulk")

# Page through everything.
seen, cursor = [], None
while True:
    page = claims_list.sync(client=researcher, page_size=10, **({"cursor": cursor} if cursor else {}))
    seen += [claim.id for claim in page.results]
    if page.next_ is None:
        break
    cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0]
assert len(seen) == len(set(seen)) >= 29
print("done: pages")

# An export, made by a worker.
export = exports_create.sync(
    client=researcher, body=ExportRequestRequest(kind="list", query="/api/v1/claims/", format_="ndjson")
)
for _ in range(300):
    export = exports_retrieve.sync(export.id, client=researcher)
    if export.status == "done":
        break
    time.sleep(0.2)
lines = exports_file.sync(export.id, client=researcher).payload.read().splitlines()
assert len(lines) >= 29
print("done: export")

# A report as PDF, into a file.
target = Path("report.pdf")
target.write_bytes(disputes_report_pdf.sync(str(dispute.id), client=researcher).payload.read())
assert target.read_bytes().startswith(b"%PDF-")
assert disputes_retrieve.sync(str(dispute.id), client=researcher).slug == "who-sank-the-ship"
print("done: report")

# Follow what changes.
after, news = 0, 0
while page := audit_list.sync(client=researcher, after=after, page_size=100).results:
    after, news = page[-1].id, news + len(page)
assert news > 30
print("done: changes")
