"""Reports over REST: formats, rights, conditions and refusals."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from claims.reports.formats.catalogue import FORMATS, disposition
from tests.claims.report_case import make_rivals
from tests.factories import make_attribution, make_claim, make_dispute, make_published

pytestmark = pytest.mark.usefixtures("register")

READABLE = [name for name, entry in FORMATS.items() if entry.charset or "json" in entry.media_type]
"""The formats that are text; what the others hold is looked at where they are opened."""


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("html", "text/html; charset=utf-8", 'inline; filename="deaths-in-custody.html"'),
        ("markdown", "text/markdown; charset=utf-8", 'attachment; filename="deaths-in-custody.md"'),
        ("csv", "text/csv; charset=utf-8", 'attachment; filename="deaths-in-custody.csv"'),
        ("claimreview", "application/ld+json", 'attachment; filename="deaths-in-custody.jsonld"'),
        ("pdf", "application/pdf", 'attachment; filename="deaths-in-custody.pdf"'),
    ],
)
def test_a_dispute_comes_in_every_format(
    api: Any, ann: Any, reviewer: Any, name: str, media_type: str, shown: str
) -> None:
    dispute = make_rivals(ann, reviewer)
    answers = [api().get(f"/api/v1/disputes/{key}/report/{name}/") for key in (dispute.slug, dispute.pk)]
    for answer in answers:
        assert answer.status_code == 200
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"] == shown
        # Two answers may differ in the moment that they carry, so none has parts.
        assert answer["Accept-Ranges"] == "none"
        assert {"Authorization", "Cookie"} <= set(re.split(r",\s*", answer["Vary"]))


def test_a_list_that_comes_at_once_comes_whole(api: Any) -> None:
    answer = api().get("/api/v1/claims/export/csv/", HTTP_RANGE="bytes=0-3")
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "none")
    assert len(answer.getvalue()) > 4


@pytest.mark.parametrize("name", ["html", "claimreview"])
def test_the_accept_header_does_not_matter(api: Any, name: str) -> None:
    claim = make_published().claim
    for accept in ("text/html", "application/xml", "*/*", "image/png"):
        assert api().get(f"/api/v1/claims/{claim.pk}/report/{name}/", HTTP_ACCEPT=accept).status_code == 200


def test_who_may_not_see_it_gets_the_same_answer_as_for_nothing(api: Any, ann: Any, reviewer: Any, editor: Any) -> None:
    dispute = make_dispute("Closed", visibility="restricted", members=[ann])
    claim = make_published(make_claim(dispute=dispute)).claim
    for subject, key in (("disputes", dispute.slug), ("disputes", dispute.pk), ("claims", claim.pk)):
        for user, name in product((None, reviewer, editor), FORMATS):
            answer = api(user).get(f"/api/v1/{subject}/{key}/report/{name}/")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert api(ann).get(f"/api/v1/{subject}/{key}/report/json/").status_code == 200


def test_drafts_leave_by_no_format(api: Any, ann: Any, reviewer: Any) -> None:
    dispute = make_rivals(ann, reviewer)
    draft = dispute.claims.get(status="draft")
    for name in READABLE:
        address = f"/api/v1/disputes/{dispute.pk}/report/{name}/"
        public, desk = (api(user).get(address).content.decode() for user in (None, reviewer))
        for secret in ("Only the desk reads this.", "nobody has published"):
            assert secret not in public
            assert (secret in desk) is (name not in {"claimreview", "csl", "bibtex"})
        assert api().get(f"/api/v1/claims/{draft.pk}/report/{name}/").status_code == 404


def test_an_unknown_format_is_named_with_the_ones_there_are(api: Any) -> None:
    claim = make_claim(published=True)
    for name in ("odt", "HTML", "x" * 300):
        answer = api().get(f"/api/v1/claims/{claim.pk}/report/{name}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_format")
        assert ", ".join(FORMATS) in answer.json()["detail"]


def test_a_claim_review_without_a_verdict_is_a_problem_in_words(api: Any) -> None:
    claim = make_claim(published=True)
    answer = api().get(f"/api/v1/claims/{claim.pk}/report/claimreview/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "no_published_verdict"
    assert "no published verdict" in answer.json()["detail"]


def test_the_same_content_is_not_sent_twice(api: Any) -> None:
    claim = make_claim(published=True)
    address = f"/api/v1/claims/{claim.pk}/report/html/"
    tag = api().get(address)["ETag"]
    assert tag.startswith('W/"html')
    answer = api().get(address, HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert api().get(f"/api/v1/claims/{claim.pk}/report/csv/", HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert api().get(address, HTTP_IF_NONE_MATCH="not a tag").status_code == 400
    make_attribution(claim)
    assert api().get(address, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_odd_keys_and_parameters_are_refused(api: Any) -> None:
    claim = make_claim(published=True)
    for key in ("0", "-1", "9" * 40, "no-such", "١"):
        assert api().get(f"/api/v1/claims/{key}/report/html/").status_code == 404
    answer = api().get(f"/api/v1/claims/{claim.pk}/report/html/?paper=a4")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_a_report_is_read_only(api: Any, editor: Any) -> None:
    address = f"/api/v1/claims/{make_claim(published=True).pk}/report/csv/"
    assert api().head(address).status_code == 200
    for method in ("post", "put", "patch", "delete"):
        assert getattr(api(editor), method)(address).status_code in {403, 405}


def test_the_html_report_may_show_its_own_style_and_nothing_else(api: Any) -> None:
    answer = api().get(f"/api/v1/claims/{make_claim(published=True).pk}/report/html/")
    policy = answer["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        policy,
    )


def test_file_names_are_safe_for_old_and_new_browsers() -> None:
    assert disposition("a.csv", inline=False) == 'attachment; filename="a.csv"'
    assert disposition('ölçü"\r\n.csv', inline=True) == (
        "inline; filename=\"_l_____.csv\"; filename*=UTF-8''%C3%B6l%C3%A7%C3%BC%22%0D%0A.csv"
    )
