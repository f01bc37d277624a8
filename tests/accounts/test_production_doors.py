"""What the settings of production do at the doors: the names of cookies, and what comes in the clear."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factcheck import env
from tests.test_settings import PRODUCTION

ASKED = """
import json, logging
import django
django.setup()
logging.disable()
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client
# The tables as the models have them: to come to them by all migrations takes much longer.
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
# None are collected.
storages.backends["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
User.objects.create_superuser("ann", password="right-password-of-ann")
client, told = Client(HTTP_HOST="register.example.org"), {}
def ask(path, secure=True, **more):
    answer = client.get(path, secure=secure, **more)
    return [answer.status_code, answer.headers.get("Location", ""), answer.content.decode()]
told["clear page"] = ask("/disputes/?q=x", secure=False)
told["clear api"] = ask("/api/v1/claims/", secure=False, headers={"Authorization": "Bearer x"})
told["clear post"] = client.post("/api/v1/claims/", b"{}", "application/json").status_code
answer = client.get("/static/factcheck/icon.svg", secure=True)
policies = [answer.headers.get(name) for name in ("Content-Security-Policy", "Referrer-Policy")]
told["file"] = [answer.status_code, *policies]
told["probe"] = ask("/healthz", secure=False)
told["api"] = ask("/api/v1/")[0]
client.get("/admin/login/", secure=True)
answer = client.post("/admin/login/", {"username": "ann", "password": "right-password-of-ann"}, secure=True)
told["in"] = client.get("/api/v1/me/", secure=True).status_code
told["cookies"] = {name: [bool(one["secure"]), one["path"], one["domain"]] for name, one in client.cookies.items()}
told["notice"] = []
from django.contrib.messages.storage.cookie import CookieStorage
from factcheck.base.http.notices import Notices
told["notice"] = [one.cookie_name for one in Notices.storage_classes if issubclass(one, CookieStorage)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("production")
    icon = folder / "static" / "factcheck" / "icon.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text("<svg/>")
    run = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=env.BASE_DIR,
        env={
            **os.environ,
            **PRODUCTION,
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/register.sqlite3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_cookies_of_production_are_of_this_host_alone(told: Any) -> None:
    assert told["in"] == 200
    assert {*told["cookies"]} == {"__Host-sessionid", "__Host-csrftoken"}
    assert all(cookie == [True, "/", ""] for cookie in told["cookies"].values())
    assert told["notice"] == ["__Host-messages"]


def test_a_program_that_comes_in_the_clear_is_refused_and_not_led_on(told: Any) -> None:
    status, location, body = told["clear api"]
    assert (status, location, json.loads(body)["code"]) == (403, "", "https_required")
    assert told["clear post"] == 403
    assert told["api"] == 200
    assert told["clear page"] == [301, "https://register.example.org/disputes/?q=x", ""]
    assert told["probe"][0] == 200


def test_a_static_file_is_framed_by_nobody(told: Any) -> None:
    status, policy, referrer = told["file"]
    assert (status, referrer) == (200, "same-origin")
    assert "frame-ancestors 'none'" in policy
