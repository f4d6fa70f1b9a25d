"""``backup FILE``: what ``liantu backup`` runs. Owns: what it prints. Never: what is in the file (archive)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from liantu.web.config import archive
from liantu.words import language, say

_MB = 1024 * 1024


class Command(BaseCommand):
    """Write a backup."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        """Write it and say what is in it."""
        made = archive.write(options["file"], settings.HOME)
        (settings.HOME / "last-backup").touch()  # the page of health says how long ago
        values: dict[str, str | int] = {"path": str(options["file"]), "files": made.files, "size": f"{made.bytes / _MB:.1f}"}
        self.stdout.write(say("cli.backup-done", language(), {**values, "events": made.events, "home": str(settings.HOME)}))
