"""What is asked about jobs. Owns: reading them. Never: writing."""

from __future__ import annotations

from django.db.models import QuerySet

from liantu.web.accounts.models import Person
from liantu.web.jobs.models import WAITING, Job


def of(person: Person) -> QuerySet[Job]:
    """The jobs of a person, the newest first."""
    return Job.objects.filter(asked_by=person).order_by("-pk")


def latest(kind: str) -> Job | None:
    """The last job of a kind, whoever asked for it."""
    return Job.objects.filter(kind=kind).order_by("-pk").first()


def ahead(job: Job) -> int:
    """How many wait or run before this one."""
    return Job.objects.filter(state__in=WAITING, pk__lt=job.pk).count() if job.state == "queued" else 0
