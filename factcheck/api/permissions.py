"""Who may use a route at all; which rows, is the queryset's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from factcheck.base.scopes import lacking

if TYPE_CHECKING:  # views import these classes while they are imported themselves: the settings name them
    from rest_framework.views import APIView

VERBS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


class DenyAll(BasePermission):
    """The default: a view that says nothing about permissions is closed."""

    message = "This is closed."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False

    def has_object_permission(self, request: Request, view: APIView, obj: object) -> bool:
        return False


class ModelRolePermissions(BasePermission):
    """Anybody reads what is visible to them. Writing needs a log-in (401) and the permission of the role
    (403): Django's add, change or delete on the model, or for an action `view.action_permissions[action]`."""

    message = "Your role does not include this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = self.needed(request, view)
        user = request.user
        if not needed:
            return True
        if user and user.is_authenticated and user.is_active:
            if user.has_perms(needed):
                return True
            if told := next(filter(None, (lacking(user, permission) for permission in needed)), ""):
                raise PermissionDenied(told, code="insufficient_scope")
        # For somebody who is not logged in this becomes a 401 in the view, for everybody else a 403.
        return False

    def needed(self, request: Request, view: APIView) -> list[str]:
        """The permissions for this request; empty when anybody may."""
        named = (getattr(view, "action_permissions", None) or {}).get(getattr(view, "action", None))
        if named:
            return [named] if isinstance(named, str) else list(named)
        if request.method in SAFE_METHODS:
            return []
        model = model_of(view)
        if model is None or request.method not in VERBS:
            return ["nobody.nothing"]
        # An action without its own permission changes a row, whatever its method.
        verb = "change" if is_extra_action(view) else VERBS[request.method]
        return [f"{model._meta.app_label}.{verb}_{model._meta.model_name}"]


def model_of(view: APIView) -> type[models.Model] | None:
    """The model that the view is about."""
    queryset = getattr(view, "queryset", None)
    return queryset.model if queryset is not None else getattr(view, "model", None)


def is_extra_action(view: APIView) -> bool:
    """Whether the action is one of the view's own, beside list, create and the like."""
    action = getattr(view, "action", None)
    return action not in {
        None,
        "list",
        "create",
        "retrieve",
        "update",
        "partial_update",
        "destroy",
        "metadata",
    }
