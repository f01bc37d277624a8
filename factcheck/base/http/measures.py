"""Counts what this process answers, and how long it takes, for `/metrics`."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: answers are counted by the first of these that they did not exceed."""


class Measures:
    """Since this process began."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        """By class of status, such as 2xx."""
        self.within = [0] * (len(BOUNDS) + 1)
        """How many took as long as each of BOUNDS at most and longer than the one before; at last, longer than all."""
        self.seconds = 0.0

    def count(self, status: int, seconds: float) -> None:
        """One more answer."""
        with self.lock:
            self.answers[f"{status // 100}xx"] += 1
            self.within[bisect_left(BOUNDS, seconds)] += 1
            self.seconds += seconds


of_this_process = Measures()


class MeasuresMiddleware:
    """Of a stream the time counts until it is handed out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.FACTCHECK_METRICS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        of_this_process.count(response.status_code, time.perf_counter() - began)
        return response
