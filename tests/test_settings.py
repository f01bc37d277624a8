"""The environment becomes settings, and production refuses to start without its secrets."""

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from factcheck import checks, databases, env

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTION = {
    "FACTCHECK_ENV": "production",
    "FACTCHECK_SECRET_KEY": KEY,
    "FACTCHECK_ALLOWED_HOSTS": "register.example.org",
    "FACTCHECK_BASE_URL": "https://register.example.org",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No variable of ours is set but the data folder."""
    for name in list(os.environ):
        if name.startswith("FACTCHECK_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("FACTCHECK_DATA_DIR", str(tmp_path / "data folder"))
    return monkeypatch


def test_without_any_setting_sqlite_is_durable_and_queued(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = env.read()
    database = databases.database(values)
    assert not values.production
    assert not values.debug
    assert values.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert database["ENGINE"] == "factcheck.base.sqlite3"
    assert database["NAME"] == str(tmp_path / "data folder" / "register.sqlite3")
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
        ),
        "statement_timeout": 10,
    }
    assert (tmp_path / "data folder").is_dir()


def test_postgres_is_pooled_and_limits_statements(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://ann:p%40ss@db.example.org:5433/register?sslmode=require")
    database = databases.database(env.read())
    assert database["ENGINE"] == "factcheck.base.postgresql"
    assert (database["USER"], database["PASSWORD"], database["PORT"]) == ("ann", "p@ss", 5433)
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"] == {
        "pool": {"min_size": 1, "max_size": 10, "timeout": 0.25},
        "connect_timeout": 5,
        "sslmode": "require",
        "options": "-c statement_timeout=10s",
    }


def test_replicas_stand_beside_the_database_and_are_never_written(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://ann@one.example.org/register")
    environment.setenv("DATABASE_REPLICA_URLS", "postgresql://ann@two.example.org/register,postgres://three/register")
    found = databases.databases(env.read())
    assert [*found] == ["default", "replica1", "replica2"]
    assert [found[name]["HOST"] for name in ("replica1", "replica2")] == ["two.example.org", "three"]
    for name in ("replica1", "replica2"):
        assert found[name]["OPTIONS"]["options"] == "-c statement_timeout=10s -c default_transaction_read_only=on"
    environment.setenv("DATABASE_URL", "sqlite:////tmp/register.sqlite3")
    with pytest.raises(ImproperlyConfigured, match="only PostgreSQL has replicas"):
        env.read()


def test_through_pgbouncer_nothing_is_said_of_a_session(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://ann@pool.example.org:6432/register")
    environment.setenv("DATABASE_REPLICA_URLS", "postgresql://ann@pool.example.org:6432/copy")
    environment.setenv("FACTCHECK_PGBOUNCER", "yes")
    found = databases.databases(env.read())
    for database, options in zip(found.values(), [{"connect_timeout": 5}, {"connect_timeout": 2}], strict=True):
        assert database["OPTIONS"] == options
        assert database["DISABLE_SERVER_SIDE_CURSORS"]
        assert database["CONN_MAX_AGE"] == 60


def test_production_names_everything_that_it_lacks(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FACTCHECK_ENV", "production")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.read()
    for name in ("FACTCHECK_SECRET_KEY", "FACTCHECK_ALLOWED_HOSTS", "FACTCHECK_BASE_URL"):
        assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("FACTCHECK_ENV", "staging", "one of: development, production"),
        ("FACTCHECK_SECRET_KEY", "short", "50 or more random characters"),
        ("FACTCHECK_SECRET_KEY", env.DEVELOPMENT_KEY, "50 or more random characters"),
        ("FACTCHECK_SECRET_KEY_FALLBACKS", f"{KEY},short", "50 or more random characters"),
        ("FACTCHECK_ALLOWED_HOSTS", "*", "must name the hosts"),
        ("FACTCHECK_ALLOWED_HOSTS", "", "Shorter than minimum length"),
        ("FACTCHECK_DEBUG", "true", "one of: False"),
        ("FACTCHECK_BASE_URL", "register.example.org", "web address"),
        ("FACTCHECK_BASE_URL", "javascript:alert(1)", "web address"),
        ("FACTCHECK_TIME_ZONE", "Mars/Olympus", "name of a time zone"),
        ("FACTCHECK_TOKEN_DAYS", "0", "greater than or equal to 1"),
        ("FACTCHECK_TOKEN_DAYS", "many", "Not a valid integer"),
        ("FACTCHECK_LOG_LEVEL", "LOUD", "one of: DEBUG"),
        ("FACTCHECK_LOGO", "manage.py", "ends in .svg or .png"),
        ("FACTCHECK_TIMESTAMP_URL", "https://stamps.example.org/", "FACTCHECK_TIMESTAMP_ROOTS: one of them is missing"),
        ("FACTCHECK_TIMESTAMP_URL", "stamps.example.org", "web address"),
        ("FACTCHECK_TIMESTAMP_ROOTS", "manage.py", "a file with certificates"),
        ("FACTCHECK_POLICY_ETHICS", "javascript:alert(1)", "must be a web address"),
        ("FACTCHECK_OIDC_ISSUER", "http://id.example.org", "must be the address of the issuer"),
        ("FACTCHECK_OIDC_ISSUER", "https://id.example.org?realm=desk", "must be the address of the issuer"),
        ("FACTCHECK_OIDC_ROLES", '["Editor"]', "must be an object of JSON"),
        ("FACTCHECK_OIDC_ROLES", '{"desk": 1}', "must be an object of JSON"),
        ("DATABASE_URL", "mysql://db/register", "postgresql:// or sqlite:///"),
    ],
)
def test_a_bad_value_is_refused_with_its_name(
    environment: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    for good in PRODUCTION.items():
        environment.setenv(*good)
    environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.read()
    assert name in str(refusal.value)
    assert reason in str(refusal.value)


def test_settings_of_single_sign_on_are_given_together(environment: pytest.MonkeyPatch) -> None:
    for good in PRODUCTION.items():
        environment.setenv(*good)
    assert not env.read().oidc.is_on
    environment.setenv("FACTCHECK_PASSWORD_LOGIN", "no")
    with pytest.raises(ImproperlyConfigured, match="FACTCHECK_PASSWORD_LOGIN: nobody could log in"):
        env.read()
    environment.setenv("FACTCHECK_OIDC_CLIENT_ID", "register")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.read()
    assert "FACTCHECK_OIDC_ISSUER: is missing" in str(refusal.value)
    assert "FACTCHECK_OIDC_CLIENT_SECRET: is missing" in str(refusal.value)
    assert "FACTCHECK_OIDC_CLIENT_ID: is missing" not in str(refusal.value)
    environment.setenv("FACTCHECK_OIDC_CLIENT_SECRET", "secret")
    environment.setenv("FACTCHECK_OIDC_ISSUER", "http://localhost:8080/realms/desk")
    with pytest.raises(ImproperlyConfigured, match="must start with https:// in production"):
        env.read()
    environment.setenv("FACTCHECK_OIDC_ISSUER", "https://id.example.org/realms/desk")
    environment.setenv("FACTCHECK_OIDC_ROLES", '{"desk-editors": "Editor", "desk": "Researcher"}')
    environment.setenv("FACTCHECK_OIDC_SCOPES", "email,groups")
    environment.setenv("FACTCHECK_OIDC_SECOND_FACTOR", "mfa,otp")
    given = env.read().oidc
    assert given.is_on
    assert given.roles == (("desk-editors", "Editor"), ("desk", "Researcher"))
    assert given.scopes == ("openid", "email", "groups")
    assert given.second_factor == {"mfa", "otp"}


def test_links_follow_the_port_of_the_server_unless_an_address_is_set(environment: pytest.MonkeyPatch) -> None:
    # So that what is set is taken back after the test.
    environment.setenv("FACTCHECK_BASE_URL", "")
    environment.delenv("FACTCHECK_BASE_URL")
    env.follow_port(8123)
    assert env.read().base_url == "http://127.0.0.1:8123"
    environment.setenv("FACTCHECK_BASE_URL", "http://register.localhost")
    env.follow_port(8124)
    assert env.read().base_url == "http://register.localhost"


def test_production_is_told_its_address_whatever_its_port(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FACTCHECK_ENV", "production")
    env.follow_port(8123)
    assert "FACTCHECK_BASE_URL" not in os.environ


def test_a_secret_can_come_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(KEY)
    environment.setenv("FACTCHECK_SECRET_KEY_FILE", str(secret))
    environment.setenv("FACTCHECK_TOKEN_DAYS", "7")
    values = env.read()
    assert values.secret_key == KEY
    assert values.token_lifetime == timedelta(days=7)


def test_check_deploy_is_clean_with_production_settings(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=env.BASE_DIR,
        env={**os.environ, **PRODUCTION, "FACTCHECK_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def test_what_production_writes_is_for_its_own_account(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    answer = subprocess.run(
        [sys.executable, "manage.py", "migrate", "contenttypes"],
        cwd=env.BASE_DIR,
        env={
            **os.environ,
            **PRODUCTION,
            "FACTCHECK_DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/r",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "factcheck.W004" in answer.stderr
    assert f"chmod -R go= {tmp_path}" in answer.stderr
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "r": 0o600,
        "r.lock": 0o600,
    }


def test_production_does_not_start_without_its_secrets(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import factcheck.wsgi"],
        cwd=env.BASE_DIR,
        env={**os.environ, "FACTCHECK_ENV": "production", "FACTCHECK_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "FACTCHECK_SECRET_KEY: Environment variable not set." in answer.stderr


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_development_server_answers_to_its_own_machine_only(settings: pytest.FixtureRequest) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "register.example.org"]  # type: ignore[attr-defined]
    assert [message.id for message in checks.check_loopback(None)] == ["factcheck.E003"]
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]  # type: ignore[attr-defined]
    assert checks.check_loopback(None) == []


def test_installed_frameworks_are_above_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_versions(None) == []
    monkeypatch.setattr("django.VERSION", (5, 2, 18, "final", 0))
    monkeypatch.setattr("rest_framework.VERSION", "3.18.2")
    assert [message.id for message in checks.check_versions(None)] == ["factcheck.E001", "factcheck.E002"]
