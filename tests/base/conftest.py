"""The desk that the tests of the ground floor work at."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient


@pytest.fixture
def researcher(db):
    """May add, change and delete sources and sees drafts; may not change what is published."""
    user = get_user_model().objects.create_user("researcher", password="not a secret")
    rights = Permission.objects.filter(content_type__app_label="sources")
    user.user_permissions.set(rights.exclude(codename="correct_published"))
    return user


@pytest.fixture
def editor(db):
    """May also change what is published."""
    user = get_user_model().objects.create_user("editor", password="not a secret")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="sources"))
    return user


@pytest.fixture
def api(researcher):
    """A client program of the researcher."""
    client = APIClient()
    client.force_authenticate(researcher)
    return client


@pytest.fixture
def anyone():
    """A client program without a token, which is told of faults instead of being hit by them."""
    return APIClient(raise_request_exception=False)
