"""What somebody is told. Owns: its fields. Never: when one is told (the actions of the apps), words (word lists)."""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models

from liantu.web.accounts.models import Person
from liantu.words import Lang, say


class Notice(models.Model):
    """A fact for one person: the key of its sentence and the values; the sentence is made in the reader's language."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=100)
    values = models.TextField(default="{}")
    link = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["person", "read"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"

    def sentence(self, lang: Lang) -> str:
        """What is told, in a language; a role by its name."""
        values = json.loads(self.values)
        if "role" in values:
            values["role"] = say(f"accounts.role-{values['role']}", lang)
        return say(self.key, lang, values)
