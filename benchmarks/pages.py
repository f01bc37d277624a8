"""How large the pages of the desk are: `python -m benchmarks.pages`, on a small register with a page full of rows.

Each as it is drawn and as it is sent, both also with Brotli. `--write` makes `short.css` anew
of the classes on these pages.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.registers import HOST, KEPT, ROOT, kept_register

SETTINGS = "factcheck.settings"
BOUND = 150_000
"""Bytes of a list, a form, the page of a dispute or the front page, before compression."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write short.css")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.read:
        return measure(write=options.write)
    with kept_register("sqlite", options.claims, options.keep, trail=True) as register:
        environment = {**register.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL", "DJANGO_SETTINGS_MODULE": SETTINGS}
        command = [sys.executable, "-m", "benchmarks.pages", "--read", *(["--write"] if options.write else [])]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def measure(*, write: bool) -> int:
    """Ask for each page and print its sizes; 1 where one is larger than the bound."""
    import django  # noqa: PLC0415 - its settings are in the environment

    django.setup()
    import brotli  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db.models import Count  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from benchmarks import cases, short  # noqa: PLC0415
    from claims.models import Claim  # noqa: PLC0415
    from factcheck import desk_site  # noqa: PLC0415
    from factcheck.base.http.short import SHEET, shorten  # noqa: PLC0415

    client = Client(headers={"host": HOST, "x-forwarded-proto": "https", "accept-encoding": "identity"})
    client.force_login(User.objects.get(username="editor"))
    dispute = Claim.objects.exclude(dispute=None).order_by("pk")[0].dispute_id
    drawn: dict[str, bytes] = {}
    # Drawn as they are, and shortened here.
    desk_site.shorten = lambda page: page
    last = Claim.objects.annotate(said=Count("attributions")).order_by("-said", "pk")[0].pk
    for case in cases.desk_pages(dispute, last):
        answer = client.get(case.request.path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            drawn[case.name.removeprefix("admin, ")] = answer.content
    if write:
        SHEET.write_text(short.sheet(short.chosen(drawn.values())), encoding="utf-8")
    over = 0
    print("kB: drawn   Brotli     sent   Brotli  page")
    for name, page in drawn.items():
        body = shorten(page)
        over += len(body) > BOUND
        sizes = [size for text in (page, body) for size in (len(text), len(brotli.compress(text, quality=5)))]
        print(" ".join(f"{size / 1000:8.1f}" for size in sizes), f" {name}{'  OVER' if len(body) > BOUND else ''}")
    print(f"{over} of {len(drawn)} pages above {BOUND / 1000:.0f} kB")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
