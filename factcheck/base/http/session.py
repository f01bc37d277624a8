"""Session, user and messages for who has a session or may begin one; everybody else is nobody, and costs nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest

DESK = "/admin/"
"""Where people log in, and see messages: nowhere else does a session begin."""


def may_have_session(request: HttpRequest) -> bool:
    """Whether Django's own middlewares have anything to do for this request."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or request.path_info.startswith(DESK)


class SessionMiddleware(sessions.SessionMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if may_have_session(request) else self.get_response(request)


class AuthenticationMiddleware(auth.AuthenticationMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        if may_have_session(request):
            return super().__call__(request)
        request.user = AnonymousUser()
        return self.get_response(request)


class MessageMiddleware(messages.MessageMiddleware):
    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if may_have_session(request) else self.get_response(request)
