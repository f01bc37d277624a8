"""`manage.py demo` and `manage.py create_token`."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone
from knox.models import get_token_model

from claims.models import Dispute
from factcheck.audit.models import AuditEntry
from tests import factories

User = get_user_model()
SLUG = "deaths-of-the-safarov-brothers"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def data_dir(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.FACTCHECK_DATA_DIR = tmp_path
    settings.FACTCHECK_BASE_URL = "http://127.0.0.1:8000"
    return tmp_path


# --- demo ---


def test_demo_does_not_write_over_rows_of_a_register_in_use(data_dir: Path) -> None:
    source = factories.make_source("Our own source")
    run()
    source.refresh_from_db()
    assert source.name == "Our own source"
    assert not Dispute.objects.exists()


def test_demo_refuses_to_run_in_production(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What it loads is looked at in test_demo_result; that takes seconds.
    monkeypatch.setattr("claims.management.commands.demo.load_disputes", list)
    with override_settings(FACTCHECK_PRODUCTION=True):
        with pytest.raises(CommandError, match="production"):
            run()
        assert not User.objects.exists()
        run("--force")
    assert User.objects.exists()


# --- create_token ---


def create_token(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_create_token_prints_the_token_alone(ann: Any) -> None:
    out, err = create_token("ann")
    assert re.fullmatch(r"\S{40,}\n", out)
    assert "Bearer" in err
    assert out.strip() not in err
    answer = Client().get("/api/v1/claims/", headers={"authorization": f"Bearer {out.strip()}"})
    assert answer.status_code == 200


def test_create_token_leaves_an_entry_without_the_token(ann: Any) -> None:
    out, _err = create_token("ann")
    entry = AuditEntry.objects.get(action="token.created")
    assert "ann" in entry.object_label
    assert out.strip() not in f"{entry.object_label} {entry.object_id} {entry.reason}"


def test_create_token_is_valid_for_the_days_that_are_asked_for(ann: Any) -> None:
    create_token("ann", "--days", "7")
    life = get_token_model().objects.get().expiry - timezone.now()
    assert timedelta(days=6, hours=23) < life <= timedelta(days=7)


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon", "1.5", ""])
def test_create_token_refuses_a_life_that_is_none(ann: Any, days: str) -> None:
    with pytest.raises(CommandError, match="number of days"):
        create_token("ann", f"--days={days}")
    assert not get_token_model().objects.exists()


def test_create_token_refuses_unknown_and_inactive_users(ann: Any) -> None:
    with pytest.raises(CommandError, match="no user"):
        create_token("nobody")
    ann.is_active = False
    ann.save()
    with pytest.raises(CommandError, match="not active"):
        create_token("ann")
    assert not AuditEntry.objects.filter(action="token.created").exists()
