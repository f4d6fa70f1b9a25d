"""``job NUMBER TOKEN PARENT``: do one job in this process; started by the worker. Owns: nothing. Never: taking jobs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liantu.web.config.jobs import HANDLERS
from liantu.web.jobs import child
from liantu.web.jobs.models import Job


class Command(BaseCommand):
    """One job, then the end."""

    requires_system_checks = ()  # they would import every page

    def add_arguments(self, parser: CommandParser) -> None:
        """What the worker hands over."""
        parser.add_argument("number", type=int)
        parser.add_argument("token")
        parser.add_argument("parent", type=int)

    def handle(self, *args: object, **options: Any) -> None:
        """Limit first, then work."""
        job = Job.objects.filter(pk=options["number"]).first()
        if job is not None:
            child.confine(options["parent"], job.seconds)
            child.run(options["number"], options["token"], HANDLERS)
