"""The base of every address that shows something derived from a dispute or claim as a whole."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.as_of import AS_OF, as_of, deleted_key
from claims.choices import Audience
from claims.logic.moment import moment_in
from claims.models import Claim, Dispute
from claims.reports.answers import kept_answer
from claims.reports.content.dossier import ClaimDossier, DisputeDossier, Dossier
from claims.reports.load.dossier import addressed, load_claim, load_dispute
from factcheck.api.conditional import not_modified, parse_tags
from factcheck.api.parameters import check_parameters
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.problem import bad_parameter
from factcheck.api.schema import ETAG, IF_NONE_MATCH, moment_parameter
from factcheck.audit.access import is_desk

KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="The id; of a dispute also its slug.")
SINCE = moment_parameter("since", "Tell what has changed since the report of this moment.")
DOSSIER_PARAMETERS = [KEY, AS_OF, IF_NONE_MATCH, ETAG]
"""What every address under a dossier takes, for its OpenAPI description."""


Row = TypeVar("Row", bound=Dispute | Claim)


class DossierView(APIView):
    """One dispute or claim as the caller may read it, now or as it stood at `?as_of=`."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    expensive = frozenset({"get"})
    queryset: ClassVar[QuerySet]
    parameters: ClassVar[Collection[str]] = ("as_of",)
    kept_form: ClassVar[str] = ""
    """What its answer is kept as, for whoever asks for all of it; empty where it is made each time."""
    kept_for: ClassVar[Collection[Audience]] = tuple(Audience)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, self.parameters)
        if self.kept_form and request.method == "GET":
            setattr(self, "get", self._kept(getattr(self, "get")))  # noqa: B009, B010

    def _kept(self, get: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The handler, asked only for what is not kept ready."""

        def answer(request: Request, key: str, **further: str) -> HttpResponse:
            def write() -> HttpResponse:
                response = get(request, key, **further)
                if isinstance(response, Response):
                    self.finalize_response(request, response, key, **further).render()
                return response

            noun = str(self.queryset.model._meta.model_name)
            form = "-".join([self.kept_form, *further.values()])
            return kept_answer(request, noun, key, form, write, self.kept_for, self.preparing(noun, **further))

        return answer

    def preparing(self, noun: str, **further: str) -> Callable[[int], None] | None:
        """What has the answer about a row made elsewhere, if anything does."""
        return None

    def dispute(self, key: str) -> DisputeDossier:
        """The dossier of the dispute that `key` addresses. Raises NotFound for what the caller may not read."""
        moment = as_of(self.request)
        return load_dispute(self._row(Dispute, key, moment), self.request.user, moment, self._since(moment))

    def claim(self, key: str) -> ClaimDossier:
        """The dossier of the claim that `key` addresses. Raises NotFound for what the caller may not read."""
        moment = as_of(self.request)
        return load_claim(self._row(Claim, key, moment), self.request.user, moment, self._since(moment))

    def _since(self, moment: datetime | None) -> datetime | None:
        """The moment of the earlier report; 400 for one that is not before that of this one."""
        since = moment_in(self.request.query_params, "since") if "since" in self.parameters else None
        if since is not None and moment is not None and since > moment:
            raise bad_parameter("since", "This moment is after the one that the report shows (as_of).", "order")
        return since

    def _row(self, model: type[Row], key: str, moment: datetime | None) -> Row:
        row = addressed(model.objects.visible_to(self.request.user), key).first()
        if row is None and moment is not None and is_desk(self.request.user):
            row = model(pk=deleted_key(key))  # a draft that was deleted since is on record for the desk
        if row is None or row.pk is None:
            raise NotFound
        return row

    def answer(self, request: Request, name: str, dossier: Dossier, write: Callable[[], HttpResponse]) -> HttpResponse:
        """What `write` makes, or 304 when the caller has it; `name` tells this form of the dossier from others."""
        # Weak, since two answers of the same content may differ in the moment that they carry.
        tag = f"{name}-{dossier.version}"
        header = request.META.get("HTTP_IF_NONE_MATCH")
        known = parse_tags(header, "If-None-Match") if header is not None else []
        if known is None or tag in known:
            return not_modified(HttpResponse(headers={"ETag": f'W/"{tag}"'}))
        response = write()
        response.setdefault("ETag", f'W/"{tag}"')
        return response
