"""The register as a WSGI application: `factcheck.wsgi:application`."""

import os

import django

from factcheck.base.http.wsgi import GuardedWSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup(set_prefix=False)

# Django's handler would drop the connection on a Content-Type that it cannot read.
application = GuardedWSGIHandler()
