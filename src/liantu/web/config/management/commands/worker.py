"""``worker``: do the jobs that wait. Owns: its options. Never: how they are done (jobs.worker)."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liantu.web.config.jobs import DUE
from liantu.web.jobs.worker import Worker


class Command(BaseCommand):
    """Runs until it is told to stop."""

    def add_arguments(self, parser: CommandParser) -> None:
        """How many at once."""
        parser.add_argument("--at-once", type=int, default=2)

    def handle(self, *args: object, **options: Any) -> None:
        """Until SIGTERM or SIGINT."""
        worker = Worker(options["at_once"], DUE)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        worker.run()
