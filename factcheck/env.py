"""The one place that reads the environment of the process.

Every name starts with `FACTCHECK_`, but for `DATABASE_URL` and `DATABASE_REPLICA_URLS`. Any of them can be given as
`NAME_FILE`, the path of a file that holds the value, as container secrets are.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv, validate

from factcheck.env_oidc import SingleSignOn, faults_of, read_oidc
from factcheck.env_values import (
    authority,
    certificates,
    database_url,
    digests,
    folders,
    importable,
    is_address,
    link,
    links,
    metrics_token,
    no_wildcard,
    options,
    origins,
    picture,
    redis_url,
    replica_urls,
    scanner,
    signing_key,
    strong_key,
    strong_keys,
    time_zone,
    web_address,
    web_addresses,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DEVELOPMENT, PRODUCTION = "development", "production"
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEVELOPMENT_KEY = "django-insecure-known-to-everybody-good-for-one-machine-only"
POLICIES = ("principles", "corrections", "ethics", "funding", "sources", "contact", "privacy", "legal")
"""What a reader of a fact-checker looks for: for each an address may be given, FACTCHECK_POLICY_ETHICS and so on."""
RATES = {"anonymous": 600, "token": 3_000, "expensive": 60, "login": 30, "pages": 1_200}
"""Requests a minute in production, by policy (`factcheck.api.ratelimit`)."""
GENEROUS = 60_000
"""The same elsewhere, for all of them."""
LOGIN = {"FAILURES": 5, "FAILURES_ADDRESS": 20, "LOCK_MINUTES": 15}
"""How many attempts to log in may fail, by account and by address, and for how long they are held against it."""
SESSION = {"HOURS": 336, "IDLE_MINUTES": 720}
"""How long a session lasts, and how long without anything done in it."""
DISK_LOW = {"MB": (256, 10_000_000), "PERCENT": (5, 100)}
"""Below both of them the disk counts as nearly full: each with the most that may be asked for."""
REFUSAL = "The register cannot start with these settings (docs/deployment.md):"
LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


@dataclass(frozen=True)
class Environment:
    """What the operator decided."""

    name: str
    debug: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    signing_key: str
    fonts: list[Path]
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    behind_proxy: bool
    database_url: str
    replica_urls: list[str]
    replica_lag: int
    pgbouncer: bool
    statement_timeout: int
    redis_url: str
    cache_urls: list[str]
    cache_seconds: int
    data_dir: Path
    storage_backend: str
    storage_options: dict[str, Any]
    connections: int
    connection_timeout: int
    base_url: str
    newsroom: str
    public_names: bool
    browser_drafts: bool
    cors_origins: list[str]
    logo: Path | None
    policies: dict[str, str]
    security_contact: list[str]
    security_key: str
    rating_scale: str
    settled_confidence: str
    time_zone: str
    token_lifetime: timedelta
    log_level: str
    email: dict[str, Any]
    webhook_private_targets: bool
    fetch: bool
    clamd: str
    outside_hosts: list[str]
    snapshot_max_bytes: int
    export_days: int
    report_wait: int
    disk_low: dict[str, int]
    metrics: bool
    metrics_token: str
    slow_query_ms: int
    timestamp_url: str
    timestamp_roots: Path | None
    remembered_mb: int
    rates: dict[str, int]
    login: dict[str, int]
    session: dict[str, int]
    hsts_subdomains: bool
    hsts_preload: bool
    second_factor_for: list[str]
    password_login: bool
    breached_passwords: Path | None
    oidc: SingleSignOn

    @property
    def production(self) -> bool:
        return self.name == PRODUCTION


def follow_port(port: int) -> None:
    """Let links lead to this port unless the operator named an address, in this process and those that it starts.

    For before the settings are read. Production has to be told its address.
    """
    named = {"FACTCHECK_BASE_URL", "FACTCHECK_BASE_URL_FILE"} & os.environ.keys()
    if not named and FileAwareEnv().str("FACTCHECK_ENV", DEVELOPMENT) == DEVELOPMENT:
        os.environ["FACTCHECK_BASE_URL"] = f"http://127.0.0.1:{port}"


def listening_descriptors() -> range:
    """The sockets that the service manager holds open for this process, as systemd hands them over (sd_listen_fds);
    they are told once, and not to processes that this one starts."""
    pid, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    return range(3, 3 + int(count)) if pid == str(os.getpid()) and count.isdecimal() else range(0)


def read() -> Environment:
    """Return the environment as it is now.

    Raises ImproperlyConfigured with every fault, each under the name of its variable.
    """
    env = FileAwareEnv(eager=False)
    try:
        return _read(env)
    except EnvValidationError as error:
        # Of a single fault environs gives the messages without the name.
        given = error.error_messages
        named = given if isinstance(given, Mapping) else {"environment": given}
        faults = (f"  {name}: {' '.join(str(message) for message in messages)}" for name, messages in named.items())
        raise ImproperlyConfigured(f"{REFUSAL}\n" + "\n".join(faults)) from None
    except ValueError as error:  # a NAME_FILE that cannot be read ends the reading at once
        raise ImproperlyConfigured(f"{REFUSAL}\n  {error}") from None


def _read(env: FileAwareEnv) -> Environment:
    name = env.str("FACTCHECK_ENV", DEVELOPMENT, validate=validate.OneOf([DEVELOPMENT, PRODUCTION]))
    production = name == PRODUCTION
    # Ellipsis: no default, so that production cannot start without one.
    required: Any = ... if production else None
    data_dir = env.path("FACTCHECK_DATA_DIR", BASE_DIR / "var")
    debug = env.bool("FACTCHECK_DEBUG", False, validate=validate.OneOf([False]) if production else [])
    values = Environment(
        name=name,
        debug=debug,
        secret_key=env.str(
            "FACTCHECK_SECRET_KEY",
            required or DEVELOPMENT_KEY,
            validate=strong_key if production else validate.Length(min=1),
        ),
        secret_key_fallbacks=env.list("FACTCHECK_SECRET_KEY_FALLBACKS", [], validate=strong_keys if production else []),
        fonts=env.list("FACTCHECK_FONTS", [], subcast=Path, validate=folders),
        signing_key=env.str("FACTCHECK_SIGNING_KEY", "", validate=signing_key),
        allowed_hosts=env.list(
            "FACTCHECK_ALLOWED_HOSTS",
            required or LOOPBACK_HOSTS,
            validate=[validate.Length(min=1), no_wildcard],
        ),
        csrf_trusted_origins=env.list("FACTCHECK_CSRF_TRUSTED_ORIGINS", []),
        behind_proxy=env.bool("FACTCHECK_BEHIND_PROXY", False),
        database_url=env.str(
            "DATABASE_URL", f"sqlite:///{quote(str(data_dir))}/register.sqlite3", validate=database_url
        ),
        replica_urls=env.list("DATABASE_REPLICA_URLS", [], validate=replica_urls),
        replica_lag=env.int("FACTCHECK_REPLICA_LAG", 10, validate=validate.Range(min=0)),
        pgbouncer=env.bool("FACTCHECK_PGBOUNCER", False),
        statement_timeout=env.int("FACTCHECK_STATEMENT_TIMEOUT", 10, validate=validate.Range(min=0)),
        redis_url=env.str("FACTCHECK_REDIS_URL", "", validate=redis_url),
        cache_urls=env.list("FACTCHECK_CACHE_URLS", [], validate=web_addresses),
        cache_seconds=env.int("FACTCHECK_CACHE_SECONDS", 300, validate=validate.Range(min=1, max=86_400)),
        data_dir=data_dir,
        storage_backend=env.str(
            "FACTCHECK_STORAGE_BACKEND", "django.core.files.storage.FileSystemStorage", validate=importable
        ),
        storage_options=dict(env.json("FACTCHECK_STORAGE_OPTIONS", {}, validate=options) or {}),
        connections=env.int("FACTCHECK_CONNECTIONS", 2_000, validate=validate.Range(min=10, max=100_000)),
        connection_timeout=env.int("FACTCHECK_CONNECTION_TIMEOUT", 30, validate=validate.Range(min=1, max=3_600)),
        base_url=env.str("FACTCHECK_BASE_URL", required or "http://127.0.0.1:8000", validate=web_address),
        newsroom=env.str("FACTCHECK_NEWSROOM", "Example Desk", validate=validate.Length(min=1, max=200)),
        public_names=env.bool("FACTCHECK_PUBLIC_NAMES", False),
        browser_drafts=env.bool("FACTCHECK_BROWSER_DRAFTS", True),
        cors_origins=env.list("FACTCHECK_CORS_ORIGINS", [], validate=origins),
        logo=env.path("FACTCHECK_LOGO", None, validate=picture),
        policies={code: env.str(f"FACTCHECK_POLICY_{code.upper()}", "", validate=link) for code in POLICIES},
        security_contact=env.list("FACTCHECK_SECURITY_CONTACT", [], validate=links),
        security_key=env.str("FACTCHECK_SECURITY_KEY", "", validate=link),
        rating_scale=env.str("FACTCHECK_RATING_SCALE", ""),
        settled_confidence=env.str(
            "FACTCHECK_SETTLED_CONFIDENCE", "moderate", validate=validate.OneOf(["none", "low", "moderate", "high"])
        ),
        time_zone=env.str("FACTCHECK_TIME_ZONE", "UTC", validate=time_zone),
        token_lifetime=timedelta(
            days=env.int("FACTCHECK_TOKEN_DAYS", 90, validate=validate.Range(min=1, max=3650)) or 0
        ),
        log_level=env.str("FACTCHECK_LOG_LEVEL", "INFO", validate=validate.OneOf(LOG_LEVELS)),
        email={
            "HOST": env.str("FACTCHECK_EMAIL_HOST", ""),
            "PORT": env.int("FACTCHECK_EMAIL_PORT", 587, validate=validate.Range(min=1, max=65_535)),
            "HOST_USER": env.str("FACTCHECK_EMAIL_USER", ""),
            "HOST_PASSWORD": env.str("FACTCHECK_EMAIL_PASSWORD", ""),
            "USE_TLS": env.bool("FACTCHECK_EMAIL_TLS", True),
            "FROM": env.str("FACTCHECK_EMAIL_FROM", "register@localhost"),
        },
        # A receiver on the same machine is for development; in production it would be a way inside.
        webhook_private_targets=env.bool(
            "FACTCHECK_WEBHOOK_PRIVATE_TARGETS", False, validate=validate.OneOf([False]) if production else []
        ),
        fetch=env.bool("FACTCHECK_FETCH", False),
        clamd=env.str("FACTCHECK_CLAMD", "", validate=scanner),
        outside_hosts=env.list("FACTCHECK_OUTSIDE_HOSTS", []),
        snapshot_max_bytes=env.int("FACTCHECK_SNAPSHOT_MAX_BYTES", 25_000_000, validate=validate.Range(min=1)),
        disk_low={
            name: env.int(f"FACTCHECK_DISK_LOW_{name}", usual, validate=validate.Range(min=0, max=most))
            for name, (usual, most) in DISK_LOW.items()
        },
        metrics=env.bool("FACTCHECK_METRICS", False),
        metrics_token=env.str("FACTCHECK_METRICS_TOKEN", "", validate=metrics_token),
        slow_query_ms=env.int("FACTCHECK_SLOW_QUERY_MS", 0, validate=validate.Range(min=0, max=3_600_000)),
        timestamp_url=env.str("FACTCHECK_TIMESTAMP_URL", "", validate=authority),
        timestamp_roots=env.path("FACTCHECK_TIMESTAMP_ROOTS", None, validate=certificates),
        remembered_mb=env.int("FACTCHECK_REMEMBERED_MB", 32, validate=validate.Range(min=0, max=100_000)),
        rates={
            name: env.int(
                f"FACTCHECK_RATE_{name.upper()}",
                usual if production else GENEROUS,
                validate=validate.Range(min=0, max=10_000_000),
            )
            for name, usual in RATES.items()
        },
        login={
            name: env.int(f"FACTCHECK_LOGIN_{name}", usual, validate=validate.Range(min=1, max=10_000)) or usual
            for name, usual in LOGIN.items()
        },
        session={
            name: env.int(f"FACTCHECK_SESSION_{name}", usual, validate=validate.Range(min=0, max=1_000_000))
            for name, usual in SESSION.items()
        },
        hsts_subdomains=env.bool("FACTCHECK_HSTS_SUBDOMAINS", False),
        hsts_preload=env.bool("FACTCHECK_HSTS_PRELOAD", False),
        second_factor_for=env.list("FACTCHECK_SECOND_FACTOR_FOR", []),
        password_login=env.bool("FACTCHECK_PASSWORD_LOGIN", True),
        breached_passwords=env.path("FACTCHECK_BREACHED_PASSWORDS", None, validate=digests),
        oidc=read_oidc(env),
        export_days=env.int("FACTCHECK_EXPORT_DAYS", 7, validate=validate.Range(min=1, max=3650)),
        report_wait=env.int("FACTCHECK_REPORT_WAIT", 5, validate=validate.Range(min=0, max=60)),
    )
    env.seal()
    if values.replica_urls and not is_address(values.database_url, "postgres", "postgresql"):
        raise ImproperlyConfigured(f"{REFUSAL}\n  DATABASE_REPLICA_URLS: only PostgreSQL has replicas")
    if bool(values.timestamp_url) != bool(values.timestamp_roots):
        raise ImproperlyConfigured(
            f"{REFUSAL}\n  FACTCHECK_TIMESTAMP_URL, FACTCHECK_TIMESTAMP_ROOTS: one of them is missing"
        )
    if faults := faults_of(values.oidc, passwords=values.password_login, production=production):
        raise ImproperlyConfigured(f"{REFUSAL}\n" + "\n".join(f"  {fault}" for fault in faults))
    if values.hsts_preload and not values.hsts_subdomains:
        raise ImproperlyConfigured(f"{REFUSAL}\n  FACTCHECK_HSTS_PRELOAD: needs FACTCHECK_HSTS_SUBDOMAINS=yes as well")
    return values
