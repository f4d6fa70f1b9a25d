"""``python -m liantu.web COMMAND``: Django's commands and our own. Owns: which settings they run with, how they say what went wrong."""

import os
import sys

from django.core.management import execute_from_command_line

from liantu.errors import LiantuError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")

if __name__ == "__main__":
    try:
        execute_from_command_line(sys.argv)
    except LiantuError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
