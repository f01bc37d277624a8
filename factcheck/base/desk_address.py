"""The addresses of the desk's pages for single rows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.admin.utils import quote
from django.db import models
from django.urls import get_script_prefix, reverse


def url_of(model: type[models.Model], pk: Any, page: str = "change") -> str:
    """The address of the page of the row with this key."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    if not isinstance(pk, int):
        return reverse(name, args=[quote(pk)])
    # A list has a hundred of them: they are alike but for the key.
    before, after = _around_the_key(name, get_script_prefix())
    return f"{before}{pk}{after}"


@cache
def _around_the_key(name: str, prefix: str) -> tuple[str, str]:
    before, _key, after = reverse(name, args=[0]).rpartition("/0/")
    return f"{before}/", f"/{after}"
