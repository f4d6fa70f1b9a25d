"""``serve``: what ``liantu serve`` runs. Owns: its options, what it prints. Never: keeping processes (server), first start (beginning)."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.urls import get_resolver

from liantu.web.config import beginning, server
from liantu.web.config.management.commands import web, worker
from liantu.words import language, say


class Command(BaseCommand):
    """The whole workbench: database made ready, server and worker kept running."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: object, **options: Any) -> None:
        """Until SIGTERM or SIGINT."""
        lang, host = language(), options["host"]
        port = server.address(host, options["port"])
        first = beginning.begin()
        kept = server.Supervisor(
            {"web": partial(call_command, web.Command(), host, port, options["workers"]), "worker": partial(call_command, worker.Command())}
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, kept.stop)
        if first:
            words = "cli.serve-first-anew" if first.is_anew else "cli.serve-first"
            self.stdout.write(say(words, lang, {"username": first.username, "password": first.password}))
            self.stdout.flush()
        os.environ["LIANTU_SUPERVISED"] = "1"
        # Every page is imported before anything is forked: once for all, and again for none that dies.
        get_resolver().url_patterns  # noqa: B018 - read for what reading it does
        if host not in server.LOOPBACK and not settings.SECURE:
            self.stderr.write(say("cli.serve-open", lang))
        waiting = [
            say("cli.serve-at", lang, {"address": f"http{'s' if settings.SECURE else ''}://{host}:{port}/", "home": str(settings.HOME)})
        ]

        def tell() -> None:
            if waiting and server.answers(host, port):
                self.stdout.write(waiting.pop())
                self.stdout.flush()

        kept.run(tell)
