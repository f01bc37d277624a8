"""Django's settings; what an operator may change comes from `factcheck.env`."""

import os

from factcheck import env
from factcheck.api_settings import rest_framework, spectacular
from factcheck.base.http.headers import guard_file
from factcheck.databases import databases
from factcheck.logs import configure_structlog, logging_config
from factcheck.unfold import UNFOLD  # noqa: F401 - a setting like those below

ENVIRONMENT = env.read()
BASE_DIR = env.BASE_DIR

if ENVIRONMENT.production:
    # Whatever any process of the register writes is for its own account: the database, kept copies, exports, backups.
    os.umask(0o077)

# --- the register ---

FACTCHECK_PRODUCTION = ENVIRONMENT.production
FACTCHECK_BEHIND_PROXY = ENVIRONMENT.behind_proxy
FACTCHECK_CONNECTIONS, FACTCHECK_CONNECTION_TIMEOUT = ENVIRONMENT.connections, ENVIRONMENT.connection_timeout
FACTCHECK_BASE_URL = ENVIRONMENT.base_url.rstrip("/")
FACTCHECK_NEWSROOM = ENVIRONMENT.newsroom
FACTCHECK_PUBLIC_NAMES = ENVIRONMENT.public_names
FACTCHECK_BROWSER_DRAFTS = ENVIRONMENT.browser_drafts
FACTCHECK_LOGO = ENVIRONMENT.logo
FACTCHECK_CORS_ORIGINS = frozenset(ENVIRONMENT.cors_origins)
FACTCHECK_POLICIES = ENVIRONMENT.policies
FACTCHECK_SECURITY_CONTACT, FACTCHECK_SECURITY_KEY = ENVIRONMENT.security_contact, ENVIRONMENT.security_key
FACTCHECK_RATING_SCALE, FACTCHECK_SETTLED_CONFIDENCE = ENVIRONMENT.rating_scale, ENVIRONMENT.settled_confidence
FACTCHECK_DATA_DIR = ENVIRONMENT.data_dir
FACTCHECK_WEBHOOK_PRIVATE_TARGETS = ENVIRONMENT.webhook_private_targets
FACTCHECK_CACHE_URLS, FACTCHECK_CACHE_SECONDS = ENVIRONMENT.cache_urls, ENVIRONMENT.cache_seconds
FACTCHECK_FETCH, FACTCHECK_SNAPSHOT_MAX_BYTES = ENVIRONMENT.fetch, ENVIRONMENT.snapshot_max_bytes
FACTCHECK_CLAMD = ENVIRONMENT.clamd
FACTCHECK_OUTSIDE_HOSTS = ENVIRONMENT.outside_hosts
FACTCHECK_DISK_LOW_MB, FACTCHECK_DISK_LOW_PERCENT = ENVIRONMENT.disk_low.values()
FACTCHECK_METRICS, FACTCHECK_METRICS_TOKEN = ENVIRONMENT.metrics, ENVIRONMENT.metrics_token
FACTCHECK_SLOW_QUERY_MS = ENVIRONMENT.slow_query_ms
FACTCHECK_TIMESTAMP_URL, FACTCHECK_TIMESTAMP_ROOTS = ENVIRONMENT.timestamp_url, ENVIRONMENT.timestamp_roots
FACTCHECK_REMEMBERED_MB = ENVIRONMENT.remembered_mb
FACTCHECK_RATES = ENVIRONMENT.rates
FACTCHECK_LOGIN_FAILURES, FACTCHECK_LOGIN_FAILURES_ADDRESS, FACTCHECK_LOGIN_LOCK_MINUTES = ENVIRONMENT.login.values()
FACTCHECK_SECOND_FACTOR_FOR = ENVIRONMENT.second_factor_for
FACTCHECK_PASSWORD_LOGIN = ENVIRONMENT.password_login
FACTCHECK_BREACHED_PASSWORDS = ENVIRONMENT.breached_passwords
FACTCHECK_OIDC = ENVIRONMENT.oidc
FACTCHECK_SESSION_HOURS, FACTCHECK_SESSION_IDLE_MINUTES = ENVIRONMENT.session.values()
FACTCHECK_FONTS, FACTCHECK_SIGNING_KEY = ENVIRONMENT.fonts, ENVIRONMENT.signing_key
FACTCHECK_EXPORT_DAYS, FACTCHECK_REPORT_WAIT = ENVIRONMENT.export_days, ENVIRONMENT.report_wait

# --- Django ---

SECRET_KEY, SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key, ENVIRONMENT.secret_key_fallbacks
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"

INSTALLED_APPS = [
    # The theme replaces templates of the admin and so comes before it; its site is ours, in factcheck.desk.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.simple_history",
    "factcheck.desk.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "factcheck",
    # Below it: what it collects for a release is more than files.
    "django.contrib.staticfiles",
    "factcheck.audit",
    "factcheck.accounts",
    "factcheck.search",
    "factcheck.webhooks",
    "factcheck.teamwork",
    "sources",
    "claims",
]

MIDDLEWARE = [
    # First: nothing behind it sees a header, path, query or cookie that could break it.
    "factcheck.base.http.middleware.HostileInputMiddleware",
    "factcheck.base.http.middleware.MeasuresMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "factcheck.base.http.middleware.RequestLogMiddleware",
    # Outside of what says how far an answer may be kept.
    "factcheck.base.http.middleware.SharedCacheMiddleware",
    "factcheck.base.http.middleware.SecurityHeadersMiddleware",
    "factcheck.base.http.middleware.CorsMiddleware",
    "factcheck.base.http.middleware.HttpsMiddleware",
    "factcheck.base.http.middleware.SlashMiddleware",
    # Inside of what lets pages of other origins read the refusal, outside of what is remembered.
    "factcheck.api.ratelimit.RateLimitMiddleware",
    # Before anything that asks the database.
    "factcheck.base.http.middleware.ReplicaMiddleware",
    "claims.reports.remembered.RememberedAnswers",
    # Inside, so that what is remembered is remembered as it is sent.
    "factcheck.base.http.middleware.CompressionMiddleware",
    "factcheck.base.http.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "factcheck.base.http.middleware.AuthenticationMiddleware",
    "factcheck.accounts.middleware.DoorMiddleware",
    "factcheck.base.http.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "factcheck.audit.middleware.ActorMiddleware",
    # Innermost: turns what a view lets fall into an answer.
    "factcheck.base.http.middleware.ExceptionNetMiddleware",
]

# A redirect would lose the body of a POST in silence; SlashMiddleware answers instead.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours first: they replace a few of the theme.
        "DIRS": [BASE_DIR / "factcheck" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "factcheck.base.widgets.WidgetRenderer"

# --- data ---

DATABASES = databases(ENVIRONMENT)
FACTCHECK_REPLICAS = [name for name in DATABASES if name != "default"]
FACTCHECK_REPLICA_LAG = ENVIRONMENT.replica_lag
FACTCHECK_PGBOUNCER = ENVIRONMENT.pgbouncer
DATABASE_ROUTERS = ["factcheck.base.replicas.ReplicaRouter"] if FACTCHECK_REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# Kept copies and exports, unless another storage is named. Not served by address: a door decides who may see one.
MEDIA_ROOT = ENVIRONMENT.data_dir / "files"
# A JSON body and a form of the admin; uploads of files have their own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# As many as the page of a claim has when all its lists of rows are full.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "factcheck.base.http.uploads.TemporaryFiles",
]

USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "factcheck.formats"
USE_I18N = True

# --- people ---

CSRF_FAILURE_VIEW = "factcheck.base.http.handlers.csrf_failure"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["factcheck.accounts.backend.CountingBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "factcheck.accounts.passwords.GuessablePasswordValidator"},
    {"NAME": "factcheck.accounts.passwords.BreachedPasswordValidator"},
]

# --- mail ---

FACTCHECK_EMAIL_HOST = EMAIL_HOST = ENVIRONMENT.email["HOST"]
EMAIL_PORT, EMAIL_USE_TLS = ENVIRONMENT.email["PORT"], ENVIRONMENT.email["USE_TLS"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.email["HOST_USER"], ENVIRONMENT.email["HOST_PASSWORD"]
DEFAULT_FROM_EMAIL = ENVIRONMENT.email["FROM"]
EMAIL_TIMEOUT = 10
# Without a server mails are written where the service logs; not in production, where links to set a password do not
# belong into a log.
FACTCHECK_SENDS_MAIL = bool(EMAIL_HOST) or not ENVIRONMENT.production
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# --- transport ---

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = (FACTCHECK_SESSION_HOURS or 8_760) * 3_600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.production
# No other host, and nobody in the clear, sets a cookie of such a name (RFC 6265bis).
FACTCHECK_COOKIE_PREFIX = "__Host-" if ENVIRONMENT.production else ""
SESSION_COOKIE_NAME = f"{FACTCHECK_COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{FACTCHECK_COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "factcheck.base.http.notices.Notices"
SECURE_SSL_REDIRECT = ENVIRONMENT.production
# Probes of a container platform speak plain HTTP; programs are refused, by HttpsMiddleware.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/v1/"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.production else 0
# Only where asked for: a subdomain without HTTPS is out of reach then, and a preload is not soon taken back.
SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = ENVIRONMENT.hsts_subdomains, ENVIRONMENT.hsts_preload
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.behind_proxy:
    # Only where a proxy of ours overwrites this header; anybody else could forge it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- static files ---

STATIC_URL = "static/"
# Production serves the collected files under names with a digest; elsewhere they come from where they lie.
STATIC_ROOT = ENVIRONMENT.data_dir / "static" if ENVIRONMENT.production else None
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not ENVIRONMENT.production
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = guard_file
STORAGES = {
    "default": {"BACKEND": ENVIRONMENT.storage_backend, "OPTIONS": ENVIRONMENT.storage_options},
    "staticfiles": {
        "BACKEND": "factcheck.base.static.KeptAddresses"
        if ENVIRONMENT.production
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# --- the API ---

REST_FRAMEWORK = rest_framework(behind_proxy=ENVIRONMENT.behind_proxy)
KNOX_TOKEN_MODEL = "knox.AuthToken"
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": ENVIRONMENT.token_lifetime,
}
SPECTACULAR_SETTINGS = spectacular(FACTCHECK_BASE_URL)

# --- jobs ---

# Kept in the database, unless a Redis is named; what was asked for outlives a restart either way. `python -m
# factcheck.serve` starts a worker.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
if ENVIRONMENT.redis_url:
    TASKS = {"default": {"BACKEND": "django_tasks_rq.RQBackend"}}
    INSTALLED_APPS.append("django_rq")
    # Seconds, a day: a large export may take long, and one that was stopped is known by its silence.
    RQ_QUEUES = {"default": {"URL": ENVIRONMENT.redis_url, "DEFAULT_TIMEOUT": 86_400}}
    RQ_SHOW_ADMIN_LINK = False

# --- logs ---

configure_structlog()
LOGGING = logging_config(ENVIRONMENT.log_level, json=ENVIRONMENT.production)
