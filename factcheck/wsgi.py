"""The register as a WSGI application: `factcheck.wsgi:application`."""

import gc
import os
from importlib import import_module

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
# While all is loaded, what is made is kept: the collector would look at it again and again, a sixth of the whole time.
gc.disable()
django.setup(set_prefix=False)

from claims.reports.front import FrontHandler  # noqa: E402 - it stands on models

application = FrontHandler()
# The addresses, and with them the views, are else loaded by the first request.
import_module(settings.ROOT_URLCONF)
# All of that stays until the end, and is never looked at again.
gc.freeze()
# A page of the desk makes hundreds of thousands of objects, nearly all of which go by themselves: the collector looked
# at them 500 times, a twelfth of the page.
gc.set_threshold(10_000, 20, 20)
gc.enable()
