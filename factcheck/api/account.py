"""Who asks, with which rights, and the tokens by which their programs do."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import mixins, serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from factcheck.accounts.models import TokenGrant
from factcheck.accounts.tokens import issue_token, revoke_token
from factcheck.api.choices import NamedChoiceField
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.parameters import check_parameters, known_parameters
from factcheck.api.parsers import StrictJSONParser
from factcheck.api.strict import StrictSerializer
from factcheck.audit.access import is_desk
from factcheck.base.http.address import public_url
from factcheck.base.scopes import Scope


class TokenSerializer(StrictSerializer):
    """A token as its owner sees it; what is sent is shown once, when it is made."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=100, help_text="What it is for, such as “nightly export”.")
    scope = NamedChoiceField(
        choices=Scope.choices,
        default=Scope.READ,
        help_text="How much it may do, and never more than your role: read, write, review or admin.",
    )
    key = serializers.SerializerMethodField(help_text="The first eight characters of the token, by which it is known.")
    created_at = serializers.DateTimeField(source="token.created", read_only=True)
    expires_at = serializers.DateTimeField(
        source="token.expiry",
        required=False,
        allow_null=True,
        help_text="Until when it is valid; by default as long as tokens may be here.",
    )
    last_used_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When it was last used, to the hour; null for never."
    )
    current = serializers.SerializerMethodField(help_text="Whether this request was made with it.")

    def get_key(self, grant: TokenGrant) -> str:
        return str(grant.token.token_key[:8])

    def get_current(self, grant: TokenGrant) -> bool:
        auth = self.context["request"].auth
        return isinstance(auth, AuthToken) and auth.pk == grant.token_id


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True, help_text="What to send as `Authorization: Bearer`. Shown this once.")


class MeSerializer(serializers.Serializer):
    """Whoever asks."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    desk = serializers.BooleanField(help_text="Whether you read drafts, withheld names and the trail.")
    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="What this request may do, such as claims.publish_verdict."
    )
    token = TokenSerializer(allow_null=True, help_text="The token of this request; null for a log-in at the desk.")


class MeView(APIView):
    """Who asks, and what they may do."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        check_parameters(request, set())
        user, auth = request.user, request.auth
        assert user.is_authenticated
        own = {permission for permission in user.get_all_permissions() if user.has_perm(permission)}
        grant = auth.grant if isinstance(auth, AuthToken) else None
        told = {
            "id": user.pk,
            "username": user.get_username(),
            "name": user.get_full_name() or user.get_username(),
            "roles": sorted(user.groups.values_list("name", flat=True)),
            "desk": is_desk(user),
            "permissions": sorted(own),
            "token": TokenSerializer(grant, context={"request": request}).data if grant is not None else None,
        }
        return Response(told, headers={"Cache-Control": "private, no-store"})


class TokenViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[TokenGrant]
):
    """Your own tokens: list them, make another one, revoke one. What is sent is shown once and not stored."""

    permission_classes = (IsAuthenticated,)
    queryset = TokenGrant.objects.select_related("token__user")
    serializer_class = TokenSerializer
    pagination_class = SignedCursorPagination
    filter_backends = ()
    parser_classes = (StrictJSONParser,)
    ordering = default_ordering = "-id"
    called = ("token", "tokens")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, known_parameters(self))

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return (
            rows.none() if getattr(self, "swagger_fake_view", False) else rows.filter(token__user=self.request.user.pk)
        )

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        grant, token = issue_token(
            cast(User, request.user),
            name=given["name"],
            scope=given["scope"],
            expires_at=given.get("token", {}).get("expiry"),
            by=request.auth if isinstance(request.auth, AuthToken) else None,
        )
        shown = {**self.get_serializer(grant).data, "token": token}
        headers = {
            "Cache-Control": "private, no-store",
            "Location": public_url(reverse("token-detail", args=[grant.pk])),
        }
        return Response(shown, status=status.HTTP_201_CREATED, headers=headers)

    def perform_destroy(self, instance: TokenGrant) -> None:
        revoke_token(instance, cast(User, self.request.user))
