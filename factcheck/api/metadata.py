"""What OPTIONS answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

if TYPE_CHECKING:  # views import this class while they are imported themselves: the settings name it
    from rest_framework.views import APIView


class NoMetadata(BaseMetadata):
    """Nothing but the header Allow: the description is the OpenAPI document, and to describe a change here its checks
    would have to be run."""

    def determine_metadata(self, request: Request, view: APIView) -> None:
        return None
