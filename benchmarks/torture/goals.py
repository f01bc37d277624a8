"""The mistreatment itself, in an environment with an empty database of its own: `python -m benchmarks.torture` starts
it."""

from __future__ import annotations

import argparse
import io
import random
import sys
from collections.abc import Iterator

from benchmarks.environment import set_up

set_up()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from knox.models import AuthToken  # noqa: E402

from benchmarks.torture.copies import backups  # noqa: E402
from benchmarks.torture.doors import passwords  # noqa: E402
from benchmarks.torture.load import many, restarts, silent  # noqa: E402
from benchmarks.torture.oddities import oddities  # noqa: E402
from benchmarks.torture.outages import full_disk, gone  # noqa: E402
from benchmarks.torture.service import Goal, Service  # noqa: E402
from benchmarks.torture.steadiness import memory  # noqa: E402
from benchmarks.torture.trail import refusals, tamperings  # noqa: E402
from benchmarks.torture.writing import kills, same_keys, writers  # noqa: E402


def goals(service: Service, seed: int, *, full: bool) -> dict[str, Iterator[Goal]]:
    """What is tried, in this order: odd requests last, since they leave much behind."""
    return {
        "kills": kills(service, 10 if full else 3),
        "keys": same_keys(service, 50 if full else 10),
        "writers": writers(service, 250 if full else 25),
        "passwords": passwords(service, 30),
        "refusals": refusals(),
        "backups": backups(service, 30 if full else 3),
        "tamperings": tamperings(800 if full else 60),
        "full": full_disk(token_of("editor")),
        "gone": gone(service),
        "load": many(service, 60 if full else 5),
        "silent": silent(service),
        "restarts": restarts(service, 3),
        "memory": memory(service, 200_000 if full else 5_000),
        "odd": oddities(service, seed, 2 if full else 1),
    }


def token_of(name: str) -> str:
    """A new token of somebody of the demo."""
    return str(AuthToken.objects.create(get_user_model().objects.get(username=name))[1])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the engine, for what is printed")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args(arguments)
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    service = Service(token_of("researcher"))
    service.start()
    failed = False
    try:
        for title, found in goals(service, options.seed, full=options.full).items():
            if options.only and title not in options.only:
                continue
            for name, got, wanted, well in found:
                failed |= not well
                print(f"{options.name} {name}: {got} / {wanted}{'' if well else '   NOT MET'}", flush=True)
    finally:
        service.stop()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
