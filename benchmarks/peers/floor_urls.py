"""The one address of the floor."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class SmallView(APIView):
    """A small dict."""

    def get(self, request: Request) -> Response:
        return Response({name: f"https://register.example.org/api/v1/{name}/" for name in ("claims", "disputes")})


urlpatterns = [path("api/v1/", SmallView.as_view())]
