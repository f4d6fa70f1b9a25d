"""``python -m liantu.web COMMAND``: Django's commands and our own. Owns: which settings they run with, how they say what went wrong."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db.utils import OperationalError, ProgrammingError

from liantu.errors import CallError, LiantuError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
# Jobs are side by side already; whoever is forked has the threads it begins with.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _told(error: Exception) -> CallError:
    """What the database said, in one sentence; a fault of ours while it answers stays one."""
    from django.db import connection

    if connection.connection is not None:
        raise error
    return CallError("database-away", {"reason": (str(error).strip().splitlines() or ["?"])[0].rstrip(".")[:300]})


if __name__ == "__main__":
    try:
        execute_from_command_line(sys.argv)
    except (LiantuError, OperationalError, ProgrammingError) as error:
        told = error if isinstance(error, LiantuError) else _told(error)
        sys.stderr.write(f"{told}\n")
        sys.exit(told.exit_code)
