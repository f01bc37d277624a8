"""`python -m factcheck.serve`: waitress, which slow clients cannot stop, proxy or no proxy, and a worker beside it."""

import argparse
import errno
import ipaddress
import signal
import sys
from contextlib import nullcontext
from typing import Any, NoReturn

import waitress
from django.conf import settings

from factcheck.worker import Worker
from factcheck.wsgi import application

THREADS = 8
# Above every limit of the application itself, so that it can answer with a reason.
LARGEST_BODY = 64 * 1024 * 1024
DEFAULT_PORT = 8000


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def server_options(host: str, port: int, *, behind_proxy: bool) -> dict[str, Any]:
    """Return the arguments of `waitress.serve`; X-Forwarded-* is dropped unless a proxy of ours writes it."""
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": THREADS,
        "ident": None,
        "max_request_body_size": LARGEST_BODY,
        "clear_untrusted_proxy_headers": True,
    }
    if behind_proxy:
        options |= {
            "trusted_proxy": "*",
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        }
    return options


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m factcheck.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port to listen on (default: %(default)s)")
    parser.add_argument("--no-worker", action="store_true", help="leave the exports to workers that run apart")
    options = parser.parse_args(arguments)
    if not settings.FACTCHECK_PRODUCTION and not _is_loopback(options.host):
        sys.stderr.write(
            f"A development server listens on this machine only, not on {options.host}: set FACTCHECK_ENV=production.\n"
        )
        return 2
    # As on Ctrl-C: the worker is asked to end as well.
    signal.signal(signal.SIGTERM, _stop)
    try:
        with nullcontext() if options.no_worker else Worker():
            waitress.serve(
                application,
                **server_options(options.host, options.port, behind_proxy=settings.FACTCHECK_BEHIND_PROXY),
            )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"Port {options.port} is taken; choose another with PORT=8001 make demo.\n")
        return 1
    return 0


def _stop(_number: int, _frame: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
