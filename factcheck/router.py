"""The nouns of the REST API and their addresses under /api/v1/."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.urls import get_script_prefix, include, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from claims.api.registry import NOUNS
from claims.exports.api.export import ExportViewSet
from factcheck.api.parameters import check_parameters
from factcheck.api.prepared import Prepared
from factcheck.api.renderers import to_json
from factcheck.base.http.address import public_url


class RowsRouter(SimpleRouter):
    """Also leads a PATCH of a list to what changes many of its rows."""

    of_list: Any = SimpleRouter.routes[0]
    routes = [of_list._replace(mapping={**of_list.mapping, "patch": "change_many"}), *SimpleRouter.routes[1:]]


class NounRouter(SimpleRouter):
    """A router that looks for a path among the routes of its noun only, instead of among those of all."""

    def get_urls(self) -> list[Any]:
        return [path(f"{prefix}/", include(_routes(viewset, name))) for prefix, viewset, name in self.registry]


def _routes(viewset: type[ViewSetMixin], name: str) -> list[Any]:
    """What lies below the prefix of a noun."""
    router = RowsRouter()
    router.register("", viewset, name)
    return router.urls


router = NounRouter()
for noun in NOUNS:
    router.register(*noun)
router.register("exports", ExportViewSet, "export")


BESIDE = ("balance", "rules", "schema", "docs")
"""What else the root names: what is no list of rows, and the description."""


class ApiRoot(APIView):
    """Where programs begin: the nouns, each with the address of its list, and where all of it is described."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> HttpResponse:
        check_parameters(request, ())
        return make_root(public_url("/"), get_script_prefix()).answer(request)


@lru_cache(maxsize=16)
def make_root(host: str, prefix: str) -> Prepared:
    """The document of a register at this host; `prefix` is where the service is mounted."""
    paths = {noun: reverse(f"{name}-list") for noun, _view, name in router.registry}
    paths |= {name: reverse(name) for name in BESIDE} | {"me": reverse("me")}
    paths |= {"tokens": reverse("token-list"), "jobs": reverse("job-list")}
    return Prepared(to_json({noun: f"{host}{path.lstrip('/')}" for noun, path in paths.items()}), "application/json")
