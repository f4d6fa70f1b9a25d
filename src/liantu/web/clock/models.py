"""Days that break the week's rule, and how often each register is due. Owns: their fields. Never: counting days (queries)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Day(models.Model):
    """A weekday without work or a weekend day with it (调休)."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Cadence(models.Model):
    """How many days after its date a register's record is due again."""

    register = models.CharField(max_length=64, unique=True)
    days = models.PositiveIntegerField()
    is_working = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["register"]

    def __str__(self) -> str:
        return f"{self.register} {self.days}"
