"""The test database is one on which races are real."""

import threading
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction

THREADS = 20


@pytest.mark.django_db
def test_the_database_is_a_file_or_a_server() -> None:
    if connection.vendor == "sqlite":
        assert Path(connection.settings_dict["NAME"]).is_file()
    else:
        assert connection.vendor == "postgresql"


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_threads_have_connections_of_their_own() -> None:
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            with transaction.atomic():
                User.objects.count()
                User.objects.create(username=f"user{number}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shall name it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert User.objects.count() == THREADS
