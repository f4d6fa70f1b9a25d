"""Tokens of programs. Owns: their fields. Never: the token itself, which is shown once and kept as a digest only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from liantu.web.accounts.models import Person

SCOPES = ("read:chain", "write:register", "run", "export", "audit:read", "manage")


class Token(models.Model):
    """What a program signs its requests with: it may do what its person may, within its scopes, until it ends."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    # Requests in the minute they were last counted in; kept here so that all processes share the count.
    minute = models.BigIntegerField(default=0)
    count = models.IntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    def covers(self, scope: str) -> bool:
        """Whether it may be used for this."""
        return scope in self.scopes.split()
