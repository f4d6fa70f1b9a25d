"""``restore FILE``: what ``liantu restore`` runs. Owns: what it prints. Never: checking the file (archive)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from liantu.web.config import archive
from liantu.words import language, say


class Command(BaseCommand):
    """Put a backup back."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        """Put it back and say how far it reaches."""
        made = archive.restore(options["file"], settings.HOME)
        self.stdout.write(say("cli.restore-done", language(), {"home": str(settings.HOME), "events": made.events}))
