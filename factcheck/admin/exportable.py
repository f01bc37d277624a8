"""The lists of the admin as an export takes them: found by their address, whole, with their own filters and rights."""

from __future__ import annotations

import re

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from factcheck.admin.modeladmin import RecordedModelAdmin
from factcheck.admin.onward import AFTER_VAR
from factcheck.base.errors import Forbidden, RuleViolation
from factcheck.base.people import Reader

_LIST = re.compile(r"/admin/([a-z_]+)/([a-z_]+)/")
_HOW_SHOWN = {AFTER_VAR, PAGE_VAR, ORDER_VAR, ALL_VAR, ERROR_FLAG}
"""What addresses say about how a list is shown; the rows in it are the same."""


class ListRequest(HttpRequest):
    """Who reads a list, and with which parameters. Django's ChangeList takes them from an HttpRequest alone."""

    def __init__(self, reader: Reader, query: str) -> None:
        super().__init__()
        self.method = "GET"
        self.user = reader or AnonymousUser()
        self.GET = QueryDict(query)


def find_model_admin(path: str) -> RecordedModelAdmin | None:
    """What makes the list at this path, such as `/admin/claims/claim/`; None where none is."""
    if not (found := _LIST.fullmatch(path)):
        return None
    try:
        model_admin = admin.site.get_model_admin(apps.get_model(found[1], found[2]))
    except (LookupError, NotRegistered):
        return None
    return model_admin if isinstance(model_admin, RecordedModelAdmin) else None


def select_rows(model_admin: RecordedModelAdmin, reader: Reader, parameters: QueryDict) -> QuerySet:
    """The rows of the list that `reader` is shown with these parameters, all of them.

    Raises Forbidden where the list is not for this reader, and RuleViolation for a filter that it refuses.
    """
    chosen = QueryDict(mutable=True)
    for name, values in parameters.lists():
        if name not in _HOW_SHOWN:
            chosen.setlist(name, values)
    request = ListRequest(reader, chosen.urlencode())
    if not model_admin.has_view_permission(request):
        raise _not_for_you()
    try:
        return model_admin.get_changelist_instance(request).queryset
    except PermissionDenied:
        raise _not_for_you() from None
    except (IncorrectLookupParameters, SuspiciousOperation):
        names = ", ".join(sorted(set(chosen) - {SEARCH_VAR}))
        message = f"The list refuses a filter or its value: {names[:300]}."
        raise RuleViolation(message, code="invalid_parameter") from None


def _not_for_you() -> Forbidden:
    return Forbidden("This list is not for you.", code="permission_denied")
