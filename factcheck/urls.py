"""Every address of the service."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from claims.admin.balance import balance_view
from claims.admin.rule import rules_view
from claims.exports.api.download import export_file
from factcheck.documentation import DocsView, SchemaView
from factcheck.health import healthz, readyz
from factcheck.router import ApiRoot, router

api = [
    path("", ApiRoot.as_view(), name="api-root"),
    *router.urls,
    path("", include("claims.exports.api.list")),
    path("", include("claims.exports.api.report")),
    path("", include("claims.api.matrix")),
    path("", include("claims.api.concern")),
    path("", include("claims.api.rule")),
    path("", include("claims.api.balance")),
    path("", include("claims.api.timeline")),
]

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("factcheck/icon.svg"))),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/balance/", admin.site.admin_view(balance_view), name="balance-page"),
    path("admin/rules/", admin.site.admin_view(rules_view), name="rules-page"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(url_name="schema"), name="docs"),
    path("exports/<str:token>/", export_file, name="export-file"),
    path("", include("claims.pages.urls")),
]

handler400 = "factcheck.base.http.handlers.handler400"
handler403 = "factcheck.base.http.handlers.handler403"
handler404 = "factcheck.base.http.handlers.handler404"
handler500 = "factcheck.base.http.handlers.handler500"
