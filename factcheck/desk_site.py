"""The frame of every page of the desk: the theme's, which works it out anew for each request, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache, wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from unfold.sites import UnfoldAdminSite

from factcheck.audit.access import is_desk
from factcheck.base.http.short import shorten
from factcheck.teamwork.notices import count_unread
from factcheck.unfold import NAVIGATION, OTHERS, STARTS, newsroom

OF_A_REQUEST = {"sidebar_navigation", "site_subheader"}
"""What the theme says of one request alone; the rest is the same for all."""
NAMES = {"site_title", "site_header", "site_url"}
"""What the theme says in the place of Django."""


class DeskSite(UnfoldAdminSite):
    """The site of the theme; what does not depend on who asks is kept."""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._frames: dict[str, dict[str, Any]] = {}

    logout_template = "admin/factcheck/logged_out.html"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # The theme's own method calls Django's, which is asked for every request here.
        own = AdminSite.each_context(self, request)
        prefix = get_script_prefix()
        if prefix not in self._frames:
            frame = super().each_context(request)
            kept = (frame.keys() - own.keys() - OF_A_REQUEST) | NAMES
            self._frames[prefix] = {name: frame[name] for name in kept}
        return {
            **own,
            **self._frames[prefix],
            "site_subheader": newsroom(request),
            "on_desk": own["has_permission"] and is_desk(request.user),
            "sso": settings.FACTCHECK_OIDC,
            "passwords": settings.FACTCHECK_PASSWORD_LOGIN,
            "keeps_drafts": settings.FACTCHECK_BROWSER_DRAFTS,
            "unread": SimpleLazyObject(lambda: count_unread(request.user)),
            "sidebar": self.sidebar(request) if own["has_permission"] else "",
            "templates": {"navigation": "admin/factcheck/navigation.html"},
        }

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        request.current_app = self.name
        context = {
            **self.each_context(request),
            "title": "Log in",
            "app_path": request.get_full_path(),
            REDIRECT_FIELD_NAME: reverse("admin:index"),
            **(extra_context or {}),
        }
        return self.page("factcheck.admin.login_view.DeskLoginView", extra_context=context)(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"title": "Logged out", **(extra_context or {})}
        if request.method == "POST":
            context["elsewhere"] = import_string("factcheck.admin.login.note_leaving")(request)
        return super().logout(request, context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        done = reverse("admin:password_change_done")
        return self.page("factcheck.admin.login.OwnPasswordView", success_url=done, extra_context=context)(request)

    @staticmethod
    def page(name: str, **given: Any) -> Any:
        """The view of this dotted name. The pages register themselves with this site, and so come after it."""
        return import_string(name).as_view(**given)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """As Django's; its page is sent in fewer bytes."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            response = checked(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.add_post_render_callback(_shorten)
            return response

        return sent

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return self.page("factcheck.admin.picker.PickerView", admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The apps and their models, which no page of the desk shows: worked out where somebody looks at them."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        return SimpleLazyObject(lambda: super(DeskSite, self).get_app_list(request))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Nothing: `sidebar` is what is shown."""
        return []

    def sidebar(self, request: HttpRequest) -> SafeString:
        """The way through the desk's work, as far as the user may go it."""
        links = _links(get_script_prefix())
        allowed = [
            "permission" not in item or item["permission"](request) for group in NAVIGATION for item in group["items"]
        ]
        # The front page, which comes first, is above all others.
        home, *others = links
        here = home if request.path == home else next((link for link in others if request.path.startswith(link)), "")
        return _sidebar(links, tuple(allowed), here)


def _shorten(response: SimpleTemplateResponse) -> None:
    if response.get("Content-Type", "").startswith("text/html"):
        response.content = shorten(response.content)


@cache
def _links(prefix: str) -> tuple[str, ...]:
    """The addresses in the sidebar, below this prefix of all addresses."""
    return tuple(str(item["link"]) for group in NAVIGATION for item in group["items"])


@lru_cache(maxsize=500)
def _sidebar(links: tuple[str, ...], allowed: tuple[bool, ...], here: str) -> SafeString:
    told = iter(zip(links, allowed, strict=True))
    starts, others = _told(STARTS, told, here), _told(OTHERS, told, here)
    parts = [{"title": group["title"], "groups": [{"items": group["items"]}]} for group in starts]
    if others:
        inside = any(item["here"] for group in others for item in group["items"])
        parts.append({"title": "All tables", "groups": others, "folded": True, "open": inside})
    return render_to_string("admin/factcheck/menu.html", {"parts": parts})


def _told(groups: list[dict[str, Any]], told: Iterator[tuple[str, bool]], here: str) -> list[dict[str, Any]]:
    """The groups in which the user may go anywhere, each with these places alone."""
    shown = []
    for group in groups:
        items = [
            {"title": item["title"], "icon": item["icon"], "link": link, "here": link == here}
            for item, (link, may) in zip(group["items"], told, strict=False)
            if may
        ]
        if items:
            shown.append({"title": group.get("title", ""), "items": items})
    return shown
