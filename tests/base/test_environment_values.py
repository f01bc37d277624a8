"""Each setting at its limits, and what a line of the log holds."""

from __future__ import annotations

import json
import logging
import logging.config
import os
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from factcheck import databases, env
from factcheck.logs import Formatter, logging_config


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No variable of ours is set but the data folder."""
    for name in list(os.environ):
        if name.startswith("FACTCHECK_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("FACTCHECK_DATA_DIR", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "attribute", "read"),
    [
        ("FACTCHECK_TOKEN_DAYS", "3650", "token_lifetime", timedelta(days=3650)),
        ("FACTCHECK_STATEMENT_TIMEOUT", "0", "statement_timeout", 0),
        ("FACTCHECK_CONNECTIONS", "10", "connections", 10),
        ("FACTCHECK_CONNECTIONS", "100000", "connections", 100_000),
        ("FACTCHECK_CONNECTION_TIMEOUT", "1", "connection_timeout", 1),
        ("FACTCHECK_EXPORT_DAYS", "1", "export_days", 1),
        ("FACTCHECK_REPORT_WAIT", "0", "report_wait", 0),
        ("FACTCHECK_SNAPSHOT_MAX_BYTES", "1", "snapshot_max_bytes", 1),
        ("FACTCHECK_NEWSROOM", "Ж" * 200, "newsroom", "Ж" * 200),
        ("FACTCHECK_ALLOWED_HOSTS", "a.example,b.example", "allowed_hosts", ["a.example", "b.example"]),
        ("FACTCHECK_BASE_URL", "http://[::1]:8000", "base_url", "http://[::1]:8000"),
        ("FACTCHECK_FETCH", "true", "fetch", True),
        ("FACTCHECK_BEHIND_PROXY", "0", "behind_proxy", False),
        ("FACTCHECK_LOG_LEVEL", "CRITICAL", "log_level", "CRITICAL"),
        ("FACTCHECK_TIME_ZONE", "Asia/Kathmandu", "time_zone", "Asia/Kathmandu"),
    ],
)
def test_a_setting_is_read_up_to_its_limit(
    environment: pytest.MonkeyPatch, name: str, value: str, attribute: str, read: Any
) -> None:
    environment.setenv(name, value)
    values = env.read()
    assert getattr(values, attribute) == read
    others = {field.name for field in fields(values)} - {attribute}
    environment.delenv(name)
    usual = env.read()
    assert {other: getattr(values, other) for other in others} == {other: getattr(usual, other) for other in others}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FACTCHECK_TOKEN_DAYS", "3651"),
        ("FACTCHECK_TOKEN_DAYS", "9" * 5_000),
        ("FACTCHECK_STATEMENT_TIMEOUT", "-1"),
        ("FACTCHECK_STATEMENT_TIMEOUT", "1.5"),
        ("FACTCHECK_CONNECTIONS", "9"),
        ("FACTCHECK_CONNECTIONS", "100001"),
        ("FACTCHECK_CONNECTION_TIMEOUT", "0"),
        ("FACTCHECK_EXPORT_DAYS", "0"),
        ("FACTCHECK_SNAPSHOT_MAX_BYTES", "0"),
        ("FACTCHECK_NEWSROOM", ""),
        ("FACTCHECK_NEWSROOM", "x" * 201),
        ("FACTCHECK_SECRET_KEY", ""),
        ("FACTCHECK_DEBUG", "perhaps"),
        ("FACTCHECK_LOG_LEVEL", "info"),
        ("FACTCHECK_TIME_ZONE", "../../etc/passwd"),
        ("FACTCHECK_BASE_URL", "http://"),
        ("FACTCHECK_BASE_URL", "http://["),
        ("FACTCHECK_BASE_URL", "http://host:99999999"),
        ("FACTCHECK_BASE_URL", "http://host:port"),
        ("FACTCHECK_BASE_URL", "ftp://host"),
        ("FACTCHECK_POLICY_ETHICS", "http://[x"),
        ("FACTCHECK_POLICY_LEGAL", "/legal"),
        ("FACTCHECK_LOGO", "/nowhere/logo.svg"),
        ("FACTCHECK_LOGO", "/"),
        ("DATABASE_URL", "postgres://["),
        ("DATABASE_URL", "postgresql://db:port/register"),
        ("DATABASE_URL", "postgresql://db:99999999/register"),
        ("DATABASE_URL", "register.sqlite3"),
        ("FACTCHECK_SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_setting_beyond_its_limit_is_refused_by_its_name(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        env.read()
    assert "docs/deployment.md" in str(refusal.value)


def test_every_fault_is_told_at_once(environment: pytest.MonkeyPatch) -> None:
    wrong = {
        "FACTCHECK_TOKEN_DAYS": "0",
        "FACTCHECK_BASE_URL": "http://[",
        "DATABASE_URL": "mysql://x",
        "FACTCHECK_FETCH": "x",
    }
    for setting in wrong.items():
        environment.setenv(*setting)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.read()
    assert all(name in str(refusal.value) for name in wrong)


@pytest.mark.parametrize("address", ["", "mailto:desk@example.org", "https://example.org/legal?a=1#b"])
@pytest.mark.parametrize("policy", env.POLICIES)
def test_a_policy_is_an_address_or_nothing(environment: pytest.MonkeyPatch, policy: str, address: str) -> None:
    environment.setenv(f"FACTCHECK_POLICY_{policy.upper()}", address)
    assert env.read().policies == dict.fromkeys(env.POLICIES, "") | {policy: address}


@pytest.mark.parametrize("ending", [".svg", ".PNG"])
def test_a_logo_is_a_file_that_is_there(environment: pytest.MonkeyPatch, tmp_path: Path, ending: str) -> None:
    logo = tmp_path / f"logo{ending}"
    logo.write_bytes(b"x")
    environment.setenv("FACTCHECK_LOGO", str(logo))
    assert env.read().logo == logo


def test_options_of_the_operator_come_on_top_and_the_limit_of_time_stays(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgres://db/register?options=-c%20work_mem%3D8MB&connect_timeout=3")
    environment.setenv("FACTCHECK_STATEMENT_TIMEOUT", "7")
    options = databases.database(env.read())["OPTIONS"]
    assert options["options"] == "-c statement_timeout=7s -c work_mem=8MB"
    assert str(options["connect_timeout"]) == "3"
    options["pool"]["max_size"] = 99
    assert databases.POSTGRES_POOL["max_size"] == 10, "the next one starts from the same"


def test_a_database_in_memory_makes_no_folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("DATABASE_URL", "sqlite://:memory:")
    assert databases.database(env.read())["NAME"] == ":memory:"
    assert list(tmp_path.iterdir()) == []


# --- logs ---


def line_of(event: dict[str, Any], *, as_json: bool, error: bool = False) -> str:
    """What a handler of this configuration writes of the event."""
    formatter = logging_config("INFO", json=as_json)["formatters"]["structured"]
    made = formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"])
    record = logging.LogRecord("factcheck", logging.INFO, "x.py", 1, event, (), sys.exc_info() if error else None)
    record.__dict__.update(_logger=logging.getLogger("factcheck"), _name="info")
    if error:
        event["exc_info"] = record.exc_info
    return str(made.format(record))


@pytest.mark.parametrize("text", ["a\nb", "\r\n{}", "\u2028", '"}', "\x1b[31m", "\x00", "é"])
def test_no_text_of_a_request_forges_a_line(text: str) -> None:
    line = line_of({"event": "request", "path": text}, as_json=True)
    assert line.splitlines() == [line]
    assert json.loads(line)["path"] == text
    assert "\x1b" not in line


def test_a_traceback_shows_no_local_variables() -> None:
    password = "very secret"
    try:
        raise ZeroDivisionError(len(password))
    except ZeroDivisionError:
        for as_json in (True, False):
            line = line_of({"event": "bug"}, as_json=as_json, error=True)
            assert "ZeroDivisionError" in line
            assert "very secret" not in line.replace('password = "very secret"', "")


def test_a_dict_of_another_library_is_its_message() -> None:
    made = logging_config("INFO", json=True)["formatters"]["structured"]
    record = logging.LogRecord("other", logging.WARNING, "x.py", 1, {"a": 1}, None, None)
    formatter = made["()"](processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"])
    assert json.loads(formatter.format(record)).items() >= {"event": "{'a': 1}", "level": "warning"}.items()


@pytest.mark.parametrize(
    ("level", "others"), [("DEBUG", 30), ("INFO", 30), ("WARNING", 30), ("ERROR", 40), ("CRITICAL", 50)]
)
@pytest.mark.parametrize("as_json", [True, False])
def test_others_are_never_louder_than_a_warning(level: str, others: int, as_json: bool) -> None:
    config = logging_config(level, json=as_json)
    assert config["root"]["level"] == config["loggers"]["django"]["level"] == others
    assert {config["loggers"][name]["level"] for name in ("factcheck", "sources", "claims")} == {level}
    assert not config["disable_existing_loggers"]


def test_every_level_that_may_be_set_is_known() -> None:
    for level in env.LOG_LEVELS:
        assert logging_config(level, json=True)
    with pytest.raises(KeyError):
        logging_config("LOUD", json=True)
    assert Formatter is logging_config("INFO", json=True)["formatters"]["structured"]["()"]
