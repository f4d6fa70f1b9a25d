"""``web``: answer requests; started by ``serve``. Owns: granian's options. Never: what is answered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from liantu.web.kit.processes import end_with

_THREADS, _IDLE_S = 4, 600  # a thread keeps its connection to the database as long as it lives


class Command(BaseCommand):
    """Runs until it is told to stop."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and with how many processes."""
        parser.add_argument("host")
        parser.add_argument("port", type=int)
        parser.add_argument("workers", type=int)
        parser.add_argument("--parent", type=int, required=True)

    def handle(self, *args: object, **options: Any) -> None:
        """Until SIGTERM."""
        end_with(options["parent"])
        Granian(
            "liantu.web.config.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=_THREADS,
            blocking_threads_idle_timeout=_IDLE_S,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=10,
        ).serve()
