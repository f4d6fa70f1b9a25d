"""Organisations, people, roles, sessions. Owns: their fields. Never: who may change them (rights), changing them (actions)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

ROLES = ("viewer", "editor", "reviewer", "lead", "compliance", "system", "security", "audit")
# Never in one hand: who keeps accounts, who gives roles, who reads the trail.
ADMINISTRATORS = ("system", "security", "audit")
KINDS = ("office", "county", "park", "firm")


class Organisation(models.Model):
    """The office, a county or park, a firm; a firm and a county are tied to their rows in the registers by ``key``."""

    code = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    key = models.CharField(max_length=64, blank=True, db_index=True)
    display_order = models.IntegerField(default=1000)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["display_order", "id"]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def is_firm(self) -> bool:
        """Whether its people see their own records only."""
        return self.kind == "firm"

    def name(self, lang: str) -> str:
        """The name in a language, in the other where there is none."""
        return (self.name_en if lang == "en" else self.name_zh) or self.name_zh or self.name_en


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=2, default="zh")
    phone = models.CharField(max_length=32, blank=True)
    display_order = models.IntegerField(default=1000)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_since = models.DateTimeField(default=timezone.now)
    # A password given by somebody else works until then.
    password_until = models.DateTimeField(null=True, blank=True)
    # The authenticator's secret is made of this and a key outside the database; blank where none is used.
    totp_seed = models.CharField(max_length=64, blank=True)
    totp_last = models.BigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Person"]()

    class Meta:
        ordering: ClassVar = ["display_order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles held now; read once a request."""
        return frozenset(self._held)

    @property
    def must_enrol(self) -> bool:
        """Whether an authenticator is due: everybody's, or that of who has administered for some days."""
        if self.totp_seed:
            return False
        late = timezone.now() - timedelta(days=settings.AUTHENTICATOR_GRACE_DAYS)
        return settings.AUTHENTICATOR_FOR_ALL or any(role in ADMINISTRATORS and since < late for role, since in self._held.items())

    @property
    def must_renew(self) -> bool:
        """Whether a password of one's own is due: it was given by somebody else, or is too old."""
        days = settings.PASSWORD_DAYS
        is_old = days is not None and self.password_since < timezone.now() - timedelta(days=days)
        return self.must_change_password or is_old

    @property
    def _held(self) -> dict[str, datetime]:
        if not hasattr(self, "_grants"):
            self._grants = {grant.role: grant.since for grant in Grant.in_force(self.grants.all())}
        return self._grants

    @property
    def audit_id(self) -> str:
        """What names this person in the trail for ever."""
        return f"person:{self.pk}"

    @property
    def audit_name(self) -> str:
        """The name at the time."""
        return self.name

    @property
    def audit_roles(self) -> str:
        """The roles held at the time."""
        return " ".join(sorted(self.roles))


class Grant(models.Model):
    """A role given to a person until a day: proposed by one hand, confirmed by another, ended by a third or by time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_confirmed = models.BooleanField(default=False)
    reviewed = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role"], condition=Q(ended=None), name="a_role_is_held_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended=None, role__in=ADMINISTRATORS), name="one_administration_in_one_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"

    @staticmethod
    def in_force(grants: QuerySet[Grant]) -> QuerySet[Grant]:
        """Those confirmed, not ended and not run out."""
        now = timezone.now()
        return grants.filter(Q(until=None) | Q(until__gt=now), is_confirmed=True, since__lte=now, ended=None)


class OldPassword(models.Model):
    """The hash of a password used before: it must not come back at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"{self.person_id}"


class RecoveryCode(models.Model):
    """A code that signs in once where the authenticator is lost; kept as its digest, gone when used."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.person_id}"


class Session(AbstractBaseSession):
    """A signed-in browser; without its row it is signed out."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    started = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    objects: ClassVar = BaseSessionManager["Session"]()

    class Meta:
        ordering: ClassVar = ["-seen"]


class Attempt(models.Model):
    """A sign-in that failed, kept to slow the next one down; counted here so that all processes share the count.

    ``account`` is a digest: what is typed into a name's field may be a password.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "address", "at"]), models.Index(fields=["address", "at"])]

    def __str__(self) -> str:
        return f"{self.account} {self.at}"
