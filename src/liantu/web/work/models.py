"""Scenarios, and runs with their answers. Owns: their fields. Never: computing (answers), asking (actions)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.jobs.models import Job
from liantu.web.registry.models import Snapshot

VERBS = ("overview", "outlook", "check", "balance", "require", "throughput", "recruit", "whynot", "plan")
# What several scenarios or runs can be compared in.
COMPARED = ("overview", "outlook", "balance", "require", "throughput", "recruit", "plan")
BASE = "base"


class Scenario(models.Model):
    """Changes over the current chain, under a name and with a reason.

    Attributes
    ----------
    changes : JSON
        Rows of the contract's table ``scenarios`` without their name: table, rows, column, operation, value, unit, reason.
    is_shared : bool
        Whether everybody in the office sees it; else its owner alone.
    lock : int
        Counts the changes: who saves upon an older count has not seen the last one.
    """

    name = models.CharField(max_length=100)
    reason = models.TextField()
    changes = models.JSONField(default=list)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scenarios")
    branch_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="branches")
    is_shared = models.BooleanField(default=False)
    is_retired = models.BooleanField(default=False)
    lock = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-changed", "-id"]
        indexes: ClassVar = [models.Index(fields=["is_retired", "is_shared"]), models.Index(fields=["owner"])]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """What names it in addresses and in the chain package."""
        return f"s{self.pk}"


class Run(models.Model):
    """A question asked of a state of the registers, and its answer once there is one.

    Attributes
    ----------
    question : JSON
        All that was asked: year, demand, …; of a scenario also its changes as they were.
    key : str
        Digest of data, verb, question and version of Liantu: the same question has the same key.
    digest : str
        The input's own digest, as every verb prints it.
    zh, en : bytes
        The answer in each language as compressed JSON; none while there is none.
    part_of : Run
        The overview that needed this answer.
    """

    verb = models.CharField(max_length=16, choices=[(verb, verb) for verb in VERBS])
    question = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    scenario = models.ForeignKey(Scenario, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    year = models.IntegerField(null=True, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    version = models.CharField(max_length=32)
    created = models.DateTimeField(default=timezone.now)
    computed = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    is_ok = models.BooleanField(default=False)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    zh = models.BinaryField(null=True, blank=True)
    en = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["part_of", "verb", "id"]),
            models.Index(fields=["asked_by", "id"]),
            models.Index(fields=["snapshot", "verb", "year"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.year or ''}"

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to read."""
        return self.computed is not None

    @property
    def state(self) -> str:
        """``done``, ``wrong`` (the answer says what is wrong with the input), or that of its job."""
        if self.is_answered:
            return "done" if self.is_ok else "wrong"
        return self.job.state if self.job else "queued"
