"""A job and its states. Owns: their fields. Never: moving from one state to the next (actions)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.words import Lang, say

WAITING = ("queued", "running")
ENDED = ("done", "failed", "cancelled", "cut")
STATES = (*WAITING, *ENDED)

LEASE = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=10)
MOST_ATTEMPTS = 3
MOST_RUNNING = 2
MOST_QUEUED = 200
SECONDS = 600
MEMORY_BYTES = 4 * 1024**3


class Job(models.Model):
    """Something to be computed. A worker holds it by a lease it has to renew; whoever lost the lease can no longer finish it.

    Attributes
    ----------
    right : str
        Route and method that one must be allowed to use to have this done (``work:ask POST``); asked again when it starts.
    key : str
        Of two waiting jobs with one key there is only one; blank binds nothing.
    token : str
        Who holds the lease.
    said, log, error : JSON
        Key and values of words, so that everybody reads them in their own language.
    """

    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    right = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=16, default="queued", choices=[(state, state) for state in STATES])
    progress = models.FloatField(default=0.0)
    said = models.JSONField(default=list, blank=True)
    log = models.JSONField(default=list, blank=True)
    error = models.JSONField(default=dict, blank=True)
    seconds = models.IntegerField(default=SECONDS)
    attempts = models.IntegerField(default=0)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"]), models.Index(fields=["asked_by", "state"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=WAITING) & ~Q(key=""), name="one_waiting_job_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    def says(self, lang: Lang) -> str:
        """How far it is, or how it ended, in one line."""
        if self.error:
            return CallError(self.error["code"], self.error["values"]).message(lang)
        if self.state == "running" and self.said:
            return say(self.said[0], lang, self.said[1])
        return say(f"jobs.state-{self.state}", lang)

    def way_out(self, lang: Lang) -> str:
        """What to do, where something went wrong."""
        return CallError(self.error["code"], self.error["values"]).hint(lang) if self.error else ""

    def lines(self, lang: Lang) -> list[tuple[str, str]]:
        """The log: when, and what was said."""
        return [(at, say(key, lang, values)) for at, key, values in self.log]
