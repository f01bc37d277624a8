"""`manage.py work`: makes what was asked for, one after another, until it is stopped."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections, connection
from django_tasks.signals import task_finished

from claims.exports.job import STALLED_AFTER, is_in_database, prune_jobs, recover_stalled
from claims.services.prepared import prune
from factcheck.api.bulk.work import recover_stalled_jobs
from factcheck.audit.stamps import stamp_daily
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError
from factcheck.base.marks import WORKER, leave_mark
from factcheck.base.statistics import keeps_its_own, refresh_statistics
from factcheck.teamwork.notices import tell_all

logger = logging.getLogger(__name__)

HOUR = 3600.0
SOON = 15.0


class Command(RegisterCommand):
    """`python -m factcheck.serve` starts one; more may run beside it, on other machines too."""

    help = (
        "Make exports and enter the rows that were asked for, until stopped. What a worker left behind that was killed "
        "is taken up again. SIGTERM lets it finish what it is at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="make what waits now, then end")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when standard input ends, as it does with who started it"
        )

    def handle(self, *args: Any, once: bool, with_parent: bool, verbosity: int, **options: Any) -> None:
        if with_parent:
            threading.Thread(target=end_with_parent, daemon=True).start()
        keep_house()
        if not once:
            threading.Thread(target=again_and_again, args=(keep_house, HOUR), daemon=True).start()
            threading.Thread(target=again_and_again, args=(tell_all, SOON), daemon=True).start()
            threading.Thread(
                target=again_and_again, args=(recover_stalled_jobs, STALLED_AFTER.total_seconds()), daemon=True
            ).start()
        note_life()
        if not once:
            threading.Thread(target=again_and_again, args=(note_life, SOON), daemon=True).start()
        again = recover_stalled()
        if again and verbosity:
            self.stderr.write(f"{again} exports that were stopped are taken up again.")
        if (jobs := recover_stalled_jobs()) and verbosity:
            self.stderr.write(f"{jobs} jobs that were stopped are taken up again.")
        if is_in_database():
            call_command("db_worker", reload=False, batch=once, startup_delay=not once, verbosity=verbosity)
            return
        if not once:
            threading.Thread(
                target=again_and_again, args=(recover_stalled, STALLED_AFTER.total_seconds()), daemon=True
            ).start()
        task_finished.connect(_give_back_connections)
        # In this process: a child for each job would share the connections to the database with it.
        named = {"worker_class": "rq.worker.SimpleWorker", "job_class": "django_tasks_rq.Job"}
        call_command("rqworker", "default", burst=once, verbosity=verbosity, **named)


def again_and_again(work: Callable[[], object], pause: float) -> None:
    """Do this work after each pause, in seconds. Ends with the process."""
    while True:
        time.sleep(pause)
        try:
            work()
        except DatabaseError as error:
            logger.warning("%s has to wait for the next time: %s", work.__name__, error)
        finally:
            connection.close()


def _give_back_connections(**kwargs: Any) -> None:
    close_old_connections()


def keep_house() -> None:
    """Refresh the statistics of the database where it does not do so itself, remove what is not handed out any more
    and what is told of jobs that ended long ago, and have the trail stamped."""
    if not keeps_its_own():
        refresh_statistics()
    prune()
    prune_jobs()
    try:
        stamp_daily()
    except DomainError as error:
        logger.warning("the trail has no time stamp of today: %s", error)


def note_life() -> None:
    """Say that a worker lives, for the page that shows how the service is doing."""
    try:
        leave_mark(WORKER)
    except OSError as error:
        logger.warning("what is told of this worker cannot be written: %s", error)


def end_with_parent() -> None:
    """Wait for the end of standard input, then ask this process to end."""
    # Not by sys.stdin: Python cannot end while another thread waits in its buffer.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
