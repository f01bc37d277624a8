"""Settings of the admin's theme: its name, its colours and the way through the desk's work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.user.has_perm(permission))


def _static(path: str) -> Callable[[HttpRequest], str]:
    # The theme asks for each of these with the request, and only then are there static files.
    return lambda _request: static(path)


def newsroom(_request: HttpRequest) -> str:
    """Whose register it is, below its name."""
    return str(getattr(settings, "FACTCHECK_NEWSROOM", ""))


def _account_links(_request: HttpRequest) -> list[dict[str, Any]]:
    links = {"My account": "account", "Change password": "admin:password_change", "Second factor": "second-factor"}
    if not settings.FACTCHECK_PASSWORD_LOGIN:
        del links["Change password"]
    return [{"title": title, "link": reverse_lazy(name)} for title, name in links.items()]


def _list(title: str, icon: str, model: str, app: str = "claims") -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": _may(f"{app}.view_{model}"),
    }


def _page(title: str, icon: str, name: str, permission: str = "") -> dict[str, Any]:
    page = {"title": title, "icon": icon, "link": reverse_lazy(name)}
    return {**page, "permission": _may(permission)} if permission else page


STARTS: list[dict[str, Any]] = [
    {
        "items": [
            _page("What waits", "inbox", "admin:index"),
            _page("Board", "view_kanban", "board", "claims.view_dispute"),
        ]
    },
    {
        "title": "Enter",
        "items": [
            _page("Read an article", "article", "read", "sources.add_document"),
            _list("Disputes", "forum", "dispute"),
            _list("Claims", "chat_bubble", "claim"),
            _list("Attributions", "format_quote", "attribution"),
            _list("Evidence", "fingerprint", "evidence"),
        ],
    },
    {
        "title": "Decide",
        "items": [
            _list("Verdicts", "gavel", "verdict"),
            _list("Inquiries", "outgoing_mail", "inquiry"),
            _page("Balance", "equalizer", "balance-page", "claims.view_attribution"),
        ],
    },
    {
        "title": "Look up",
        "items": [
            _list("Sources", "record_voice_over", "source", "sources"),
            _list("Documents", "description", "document", "sources"),
            _page("Teams", "groups", "admin:teamwork_team_changelist", "sources.desk"),
        ],
    },
    {
        "title": "Administration",
        "items": [
            _list("Users", "person", "user", "auth"),
            _page("State of the service", "monitor_heart", "state", "auth.view_user"),
        ],
    },
]
"""What people start from."""

OTHERS: list[dict[str, Any]] = [
    {
        "title": "Claims",
        "items": [
            _list("Relations", "compare_arrows", "claimrelation"),
            _list("Confirmations", "verified", "confirmation"),
            _list("Reviews by others", "rate_review", "review"),
        ],
    },
    {
        "title": "Who said it",
        "items": [
            _list("Affiliations", "badge", "affiliation", "sources"),
            _list("Snapshots", "photo_camera", "snapshot", "sources"),
        ],
    },
    {
        "title": "For and against",
        "items": [
            _list("Evidence links", "link", "evidencelink"),
            _list("Premises", "foundation", "premise"),
            _list("Assessments", "balance", "assessment"),
        ],
    },
    {
        "title": "Records",
        "items": [
            _list("Audit trail", "history", "auditentry", "audit"),
            _list("Imports", "upload_file", "importbatch"),
            _list("Exports", "ios_share", "export"),
        ],
    },
    {
        "title": "Settings",
        "items": [
            _list("Rating scales", "straighten", "ratingscale"),
            _list("Ratings", "label", "rating"),
            _page("Rules", "rule", "rules-page", "claims.view_rulesetting"),
            _list("Webhooks", "webhook", "webhook", "webhooks"),
            _page("My API tokens", "vpn_key", "admin:accounts_tokengrant_changelist"),
            _list("Groups", "group", "group", "auth"),
            _list("All API tokens", "key", "authtoken", "knox"),
        ],
    },
]
"""All other tables, which one comes to from elsewhere."""

NAVIGATION = [*STARTS, *OTHERS]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Register of competing claims",
    "SITE_HEADER": "Register",
    "SITE_SUBHEADER": newsroom,
    "SITE_SYMBOL": "balance",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _static("factcheck/icon.svg")},
    ],
    # The public start page has no address of its own yet.
    "SITE_URL": None,
    "ACCOUNT": {
        "navigation": _account_links,
    },
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_BACK_BUTTON": False,
    "DASHBOARD_CALLBACK": "claims.admin.dashboard.dashboard",
    "STYLES": [_static("factcheck/short.css"), _static("factcheck/desk.css")],
    "SCRIPTS": [
        _static(f"factcheck/{name}.js")
        for name in (
            "values",
            "passkey",
            "desk",
            "together",
            "drafts",
            "errors",
            "conflict",
            "panel",
            "near",
            "mark",
            "typing",
            "keys",
            "tour",
        )
    ],
    "SIDEBAR": {"show_search": False, "command_search": False, "navigation": NAVIGATION},
    "BORDER_RADIUS": "6px",
    "COLORS": {
        # A quiet blue: the colours of the ratings must be the loudest on a page.
        "primary": {
            "50": "oklch(97.3% .012 245)",
            "100": "oklch(94.2% .026 245)",
            "200": "oklch(88.8% .05 245)",
            "300": "oklch(81% .085 245)",
            "400": "oklch(71.5% .12 246)",
            "500": "oklch(62% .135 248)",
            "600": "oklch(53% .13 250)",
            "700": "oklch(46% .115 251)",
            "800": "oklch(39.5% .095 252)",
            "900": "oklch(34% .075 253)",
            "950": "oklch(26% .055 254)",
        },
    },
}
