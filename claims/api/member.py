"""The members of a restricted dispute over REST."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from claims.models import DisputeMember


class MemberField(serializers.SlugRelatedField):
    """A member by user name; only the desk reads who they are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", queryset=get_user_model().objects.filter(is_active=True), **kwargs)
        self.error_messages["does_not_exist"] = "No account that is active has the user name {value}: give user names."
        self.error_messages["invalid"] = "Give the user name, as text."

    def to_representation(self, obj: User | DisputeMember | PKOnlyObject) -> str:
        user = obj.user if isinstance(obj, DisputeMember) else obj
        assert isinstance(user, User)
        return str(user.get_username())
