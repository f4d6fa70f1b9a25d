"""``worker``: do the jobs that wait. Owns: its options. Never: how they are done (jobs.worker)."""

from __future__ import annotations

import signal
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liantu.web.config.jobs import DUE, HANDLERS
from liantu.web.jobs.worker import Worker
from liantu.web.kit.processes import end_with


class Command(BaseCommand):
    """Runs until it is told to stop."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """How many at once, and with whom to end."""
        parser.add_argument("--at-once", type=int, default=2)
        parser.add_argument("--parent", type=int, default=0)

    def handle(self, *args: object, **options: Any) -> None:
        """Until SIGTERM or SIGINT."""
        if options["parent"]:
            end_with(options["parent"])
        # What computes is imported before any job is forked: once for all of them.
        for name in ("ask", "plans"):
            import_module(f"liantu.runs.{name}")
        worker = Worker(HANDLERS, options["at_once"], DUE)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        worker.run()
