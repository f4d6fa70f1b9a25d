"""Reports that were made. Owns: their fields and files. Never: making them (handlers), their words (report)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.jobs.models import Job
from liantu.web.registry.models import Snapshot, Version
from liantu.web.work.models import Scenario


class Paper(models.Model):
    """A report on a state of the registers in a year, perhaps under a scenario, perhaps with a plan; approved by a second person."""

    title = models.CharField(max_length=200)
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey(Scenario, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changes: models.JSONField[Any, Any] = models.JSONField(default=list)
    year = models.IntegerField()
    first = models.IntegerField(null=True, blank=True)
    last = models.IntegerField(null=True, blank=True)
    lang = models.CharField(max_length=2)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    created = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    conclusion = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title


class File(models.Model):
    """One form of a report; kept in the database, so that a backup has it."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="files")
    form = models.CharField(max_length=8)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["paper", "form"], name="one_file_a_form")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.form}"
