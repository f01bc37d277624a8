"""`python -m factcheck.serve`: a server that slow clients cannot stop, proxy or no proxy, and a worker beside it."""

import argparse
import errno
import ipaddress
import signal
import socket
import sys
from contextlib import nullcontext

from django.conf import settings

from factcheck import env
from factcheck.server import affordable, make_server, server_options, share_memory
from factcheck.worker import Worker

DEFAULT_PORT = 8000


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m factcheck.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port to listen on (default: %(default)s)")
    parser.add_argument("--no-worker", action="store_true", help="leave the exports to workers that run apart")
    options = parser.parse_args(arguments)
    share_memory()
    inherited = [socket.socket(fileno=descriptor) for descriptor in env.listening_descriptors()]
    if any(given.family not in {socket.AF_INET, socket.AF_INET6} for given in inherited):
        sys.stderr.write("It listens on TCP alone: give ListenStream= of the socket unit a port.\n")
        return 2
    if inherited:
        options.host, options.port = inherited[0].getsockname()[:2]
    env.follow_port(options.port)
    # Only now: it reads the settings, once and for all.
    from factcheck.checks import check_private_files  # noqa: PLC0415
    from factcheck.wsgi import application  # noqa: PLC0415

    if not settings.FACTCHECK_PRODUCTION and not _is_loopback(options.host):
        sys.stderr.write(
            f"A development server listens on this machine only, not on {options.host}: set FACTCHECK_ENV=production.\n"
        )
        return 2
    for found in check_private_files(None):
        sys.stderr.write(f"{found.msg} {found.hint}\n")
    connections = affordable(settings.FACTCHECK_CONNECTIONS)
    if connections < settings.FACTCHECK_CONNECTIONS:
        sys.stderr.write(f"Only {connections} connections at once: this process may open no more files (ulimit -n).\n")
    adjustments = server_options(
        options.host,
        options.port,
        behind_proxy=settings.FACTCHECK_BEHIND_PROXY,
        connections=connections,
        timeout=settings.FACTCHECK_CONNECTION_TIMEOUT,
    )
    try:
        server = make_server(application, adjustments, inherited)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"Port {options.port} is taken; choose another with PORT=8001 make demo.\n")
        return 1
    worker = None if options.no_worker else Worker()

    def leave(_number: int, _frame: object) -> None:
        if worker is not None:
            worker.leave()
        server.leave()

    signal.signal(signal.SIGTERM, leave)
    with worker or nullcontext():
        server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
