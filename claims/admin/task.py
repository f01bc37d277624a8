"""The page of what a worker was given to do, as its library shows it: no task is in the trail."""

from __future__ import annotations

from django.contrib import admin
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from factcheck.admin.history import NoHistoryMixin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(NoHistoryMixin, DBTaskResultAdmin):
    """Read only, for whoever may do everything."""
