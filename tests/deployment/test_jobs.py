"""Jobs in a queue that is not the database, which carries them and knows no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import default_task_backend

from claims.exports import job
from claims.exports.job import recover_stalled, request_export, run_export
from claims.models import Export
from tests import factories as f

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def queue(settings: Any) -> Any:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return default_task_backend


def ask(user: Any) -> Export:
    return request_export(actor=user, kind="list", query="/api/v1/claims/", format="csv")


def waiting(queue: Any) -> list[int]:
    return [task.args[0] for task in queue.results]


def test_a_job_is_queued_when_what_it_makes_is_stored(
    queue: Any, ann: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        export = ask(ann)
        assert waiting(queue) == []
    assert waiting(queue) == [export.pk]
    f.make_claim(published=True)
    run_export.call(export.pk)
    export.refresh_from_db()
    assert (export.status, export.problem) == ("done", "")


def test_a_queue_that_is_out_of_order_loses_no_job(
    queue: Any, ann: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(*args: Any) -> None:
        raise ConnectionError("Redis does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(type(run_export), "enqueue", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            export = ask(ann)
    assert waiting(queue) == []
    Export.objects.update(requested_at=timezone.now() - timedelta(minutes=3))
    for _ in range(5):
        # One that only waits may do so for ever.
        Export.objects.update(requested_at=timezone.now() - timedelta(minutes=3))
        with django_capture_on_commit_callbacks(execute=True):
            assert recover_stalled() == 1
    assert set(waiting(queue)) == {export.pk}
    run_export.call(export.pk)
    export.refresh_from_db()
    assert export.status == "done"


def test_what_was_stopped_is_taken_up_three_times(queue: Any, ann: Any) -> None:
    export = ask(ann)

    def stopped() -> None:
        silent = timezone.now() - timedelta(minutes=3)
        Export.objects.filter(pk=export.pk).update(status="running", started_at=silent, seen_at=silent)

    told = []
    for _ in range(job.MOST_ATTEMPTS):
        stopped()
        recover_stalled()
        export.refresh_from_db()
        told.append((export.status, export.problem))
    assert told == [*(("queued", words) for words in job.STOPPED[1:]), ("failed", job.STALLED_TOO_OFTEN)]
