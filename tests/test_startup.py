"""What a process has to import before it can do something, in processes of their own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.checks import Tags, run_checks
from django.db import connection

HEAVY = {"PIL", "claims.admin", "docx", "factcheck.admin", "httpcore", "httpx", "jsonschema", "lxml", "typst"}
HEAVY |= {"trafilatura", "unfold.admin", "webauthn", "xlsxwriter"}
"""What the pages of the desk, the files of reports, and requests to others stand on."""

SETUP = """
import json, sys
import django
django.setup()
imported = sorted(sys.modules)

from django.contrib.auth.models import AnonymousUser
from claims.exports.lists.listing import get_listing
from factcheck.base.errors import Forbidden
try:
    get_listing("/admin/claims/claim/", AnonymousUser())
except Forbidden as refusal:
    print(json.dumps([imported, str(refusal)]))
"""
ANSWER = """
import json, sys
from wsgiref.util import setup_testing_defaults
from factcheck.wsgi import application

def ask(path):
    environment = {"PATH_INFO": path, "HTTP_HOST": "localhost"}
    setup_testing_defaults(environment)
    told = []
    body = application(environment, lambda status, headers: told.append(status))
    text = b"".join(body).decode()
    body.close()
    return told[0], text

status, text = ask("/api/v1/claims/")
imported = sorted(sys.modules)
from django.urls import reverse
address = reverse("admin:claims_claim_changelist")
print(json.dumps([status, json.loads(text), imported, address, ask("/admin/login/")[0]]))
"""


def run(program: str, **environment: str) -> list:
    """What the program says on its last line."""
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "factcheck.settings", **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(said.stdout.splitlines()[-1])


def test_a_command_imports_no_pages_and_no_writers_and_a_worker_finds_the_pages_that_it_needs():
    imported, refusal = run(SETUP)
    assert sorted(HEAVY & set(imported)) == []
    assert "rest_framework.views" not in imported
    assert refusal == "This list is not for you.", "the list of the admin is known"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what is imported depends on no database")
def test_the_first_answer_needs_no_pages_and_no_writers_and_the_pages_are_there_when_asked_for(vocabularies):
    database = f"sqlite:///{connection.settings_dict['NAME']}"
    status, page, imported, address, login = run(ANSWER, DATABASE_URL=database)
    assert (status, page["results"]) == ("200 OK", [])
    assert sorted(HEAVY & set(imported)) == []
    assert (address, login) == ("/admin/claims/claim/", "200 OK")


def test_the_checks_look_for_all_pages_before_they_look_at_them(monkeypatch):
    looked = []
    monkeypatch.setattr(admin, "autodiscover", lambda: looked.append("all"))
    assert run_checks(tags=[Tags.admin]) == []
    assert looked == ["all"]
