"""Logs: one JSON object a line in production, readable lines on a console."""

import logging
from typing import Any

import structlog
from structlog.types import Processor

# What structlog's own events and those of other libraries have in common.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure_structlog() -> None:
    """Send structlog's events through the standard library, so that one configuration rules both."""
    # No line of ours names them, and each record would look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Leaves out what only tracebacks and the events of other libraries need: every request writes a line."""

    def format(self, record: logging.LogRecord) -> str:
        event = record.msg
        # structlog hands its own events on as a dict, with the logger beside it.
        if isinstance(event, dict) and hasattr(record, "_logger") and not {"exc_info", "stack_info"} & event.keys():
            return str(self.processors[-1](None, "", dict(event)))
        return super().format(record)


def logging_config(level: str, *, json: bool) -> dict[str, Any]:
    """Return the value of `settings.LOGGING`; `level` is for our own events, others start at WARNING."""
    renderer: list[Processor]
    if json:
        # Without the local variables, among which are passwords and tokens. JSON escapes control characters:
        # a request path cannot forge a line of the log.
        without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        renderer = [
            structlog.processors.ExceptionRenderer(without_locals),
            structlog.processors.JSONRenderer(),
        ]
    else:
        console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        renderer = [console]
    others = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": Formatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
                "foreign_pre_chain": SHARED,
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": others},
        "loggers": {
            # Django's default sends mail to the administrators and repeats lines on its own handler.
            "django": {"handlers": [], "level": others, "propagate": True},
            # The request log says the same with more context.
            "django.request": {"level": "ERROR"},
            # Scanners name other hosts all day; the request log has the 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": others, "propagate": True},
            "factcheck": {"level": level},
            "sources": {"level": level},
            "claims": {"level": level},
        },
    }
