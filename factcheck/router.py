"""The nouns of the REST API and their addresses under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from claims.api.registry import NOUNS
from claims.exports.api.export import ExportViewSet

router = SimpleRouter()
for noun in NOUNS:
    router.register(*noun)
router.register("exports", ExportViewSet, "export")


class ApiRoot(APIView):
    """The nouns of the API, each with the address of its list."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> Response:
        return Response({prefix: reverse(f"{name}-list", request=request) for prefix, _view, name in router.registry})
