"""Events and the head of their chain. Owns: their fields and what is hashed. Never: when one is recorded (actions)."""

from __future__ import annotations

import hashlib
import json
from typing import ClassVar

from django.db import models

GENESIS = "0" * 64
# In this order an event is hashed; a field may be added at the end only, and never taken away.
HASHED = (
    "seq", "at", "actor", "actor_name", "roles", "address", "session", "request",
    "action", "kind", "target", "before", "after", "reason", "outcome", "previous",
)  # fmt: skip


class Event(models.Model):
    """One act: who, when, what before and after, why. Written once; triggers of the database refuse every change."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    roles = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=64, blank=True)
    session = models.CharField(max_length=16, blank=True)
    request = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    target = models.CharField(max_length=200)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, default="done")
    # Two events behind one and the same would be a fork: the database refuses the second.
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target", "seq"]),
            models.Index(fields=["action", "seq"]),
            models.Index(fields=["actor", "seq"]),
            models.Index(fields=["kind", "seq"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.kind} {self.target}"


class Head(models.Model):
    """The last event: one row, locked while the next is written, so that there is one chain and no gap."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.digest}"


def digest_of(fields: dict[str, object]) -> str:
    """SHA-256 of an event's fields, written as a JSON list in their fixed order."""
    text = json.dumps([fields[name] for name in HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
