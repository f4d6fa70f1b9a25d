"""``python -m liantu.web COMMAND``: Django's commands and our own. Owns: which settings they run with, how they say what went wrong."""

import os
import sys

from django.core.management import execute_from_command_line

from liantu.errors import LiantuError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
# Jobs are side by side already; whoever is forked has the threads it begins with.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if __name__ == "__main__":
    try:
        execute_from_command_line(sys.argv)
    except LiantuError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
