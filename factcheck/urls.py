"""Every address of the service."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from claims.exports.api.download import export_file
from factcheck.api.account import MeView, TokenViewSet
from factcheck.desk import DeskResolver, desk_view
from factcheck.health import healthz, readyz
from factcheck.router import ApiRoot, router


def imported(name: str) -> Callable[..., HttpResponse]:
    """The view of this dotted name, which is imported when somebody asks for it: it knows itself what it refuses."""

    @csrf_exempt
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return import_string(name)(request, *args, **kwargs)

    return view


def password_page(name: str) -> Callable[..., HttpResponse]:
    """A page for who cannot log in."""
    return desk_view(f"factcheck.admin.passwords.{name}", open_to_all=True)


api = [
    path("", ApiRoot.as_view(), name="api-root"),
    path("me/", MeView.as_view(), name="me"),
    path("tokens/", TokenViewSet.as_view({"get": "list", "post": "create"}), name="token-list"),
    path("tokens/<int:pk>/", TokenViewSet.as_view({"get": "retrieve", "delete": "destroy"}), name="token-detail"),
    path("jobs/", include("factcheck.api.bulk.jobs")),
    *router.urls,
    path("", include("claims.exports.api.list")),
    path("", include("claims.exports.api.report")),
    path("", include("claims.api.matrix")),
    path("", include("claims.api.concern")),
    path("", include("claims.api.rule")),
    path("", include("claims.api.balance")),
    path("", include("claims.api.timeline")),
    path("", include("claims.api.search")),
    path("", include("claims.api.change")),
]

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("factcheck/icon.svg"))),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", imported("factcheck.metrics.metrics"), name="metrics"),
    path("admin/balance/", desk_view("claims.admin.balance.balance_view"), name="balance-page"),
    path("admin/rules/", desk_view("claims.admin.rule.rules_view"), name="rules-page"),
    path("admin/glossary/", desk_view("claims.admin.glossary.glossary_view"), name="glossary"),
    path("admin/tour/", desk_view("claims.admin.tour.tour_view"), name="tour"),
    path("admin/tour/steps/", desk_view("claims.admin.tour.steps_view"), name="tour-steps"),
    path("admin/find/", desk_view("claims.admin.find.find_view"), name="find"),
    path("admin/read/", desk_view("sources.admin.reading.begin_view"), name="read"),
    path("admin/read/desk.webmanifest", desk_view("sources.admin.sharing.app_view", open_to_all=True), name="desk-app"),
    path("admin/read/<int:number>/", desk_view("claims.admin.reading.read_view"), name="read-document"),
    path("admin/board/", desk_view("claims.admin.board.board_view"), name="board"),
    path("admin/state/", desk_view("claims.admin.state.state_view"), name="state"),
    path("admin/near/", desk_view("factcheck.admin.picker.near_view"), name="near"),
    path("admin/understood/", desk_view("factcheck.admin.typedfields.understood_view"), name="understood"),
    # The log-in page looks for this name.
    path("admin/password/", password_page("forgotten"), name="admin_password_reset"),
    path("admin/password/sent/", password_page("sent"), name="password-sent"),
    path("admin/password/chosen/", password_page("chosen"), name="password-chosen"),
    path("admin/password/<uidb64>/<token>/", password_page("choose"), name="set-password"),
    path("admin/alive/", desk_view("factcheck.teamwork.views.alive", open_to_all=True), name="alive"),
    path("admin/sso/", desk_view("factcheck.admin.sso.go_view", open_to_all=True), name="sso"),
    path("admin/sso/return/", desk_view("factcheck.admin.sso.return_view", open_to_all=True), name="sso-return"),
    path("admin/again/", desk_view("factcheck.admin.again.again_page"), name="again"),
    path("admin/account/", desk_view("factcheck.admin.account.account_page"), name="account"),
    path("admin/second-factor/", desk_view("factcheck.admin.factor.factor_page"), name="second-factor"),
    path("admin/notices/", desk_view("factcheck.teamwork.views.notices_page"), name="notices"),
    path("admin/together/<str:noun>/<int:number>/", desk_view("factcheck.teamwork.views.together"), name="together"),
    path("admin/together/<str:noun>/<int:number>/here/", desk_view("factcheck.teamwork.views.here"), name="here"),
    DeskResolver("admin/"),
    path("calendar/<str:key>.ics", imported("factcheck.teamwork.calendar.calendar"), name="calendar"),
    path("api/v1/", include(api)),
    path("api/", RedirectView.as_view(pattern_name="api-root"), name="api"),
    path("api/schema/", imported("factcheck.documentation.schema"), name="schema"),
    path("api/schema/json/", imported("factcheck.documentation.schema_json"), name="schema-json"),
    path("api/schema/yaml/", imported("factcheck.documentation.schema_yaml"), name="schema-yaml"),
    path("api/docs/", imported("factcheck.documentation.docs"), name="docs"),
    path("exports/<str:token>/", export_file, name="export-file"),
    path("", include("claims.pages.urls")),
]

handler400 = "factcheck.base.http.handlers.handler400"
handler403 = "factcheck.base.http.handlers.handler403"
handler404 = "claims.pages.missing.handler404"
handler500 = "factcheck.base.http.handlers.handler500"
