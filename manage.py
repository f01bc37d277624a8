#!/usr/bin/env python
"""The command line of the register."""

import os
import sys

from django.core.management import execute_from_command_line

from factcheck.base.frames import roomy


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    roomy(execute_from_command_line, sys.argv)


if __name__ == "__main__":
    main()
