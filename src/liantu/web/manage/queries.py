"""Reading what administrators see. Owns: the lists of people and organisations, the state of the workbench. Never: writes."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Prefetch, Q
from django.http import QueryDict
from django.utils import timezone

from liantu import __version__
from liantu.model import schema
from liantu.web.accounts.models import KINDS, ROLES, Grant, Organisation, Person
from liantu.web.audit import anchors
from liantu.web.jobs.models import Job
from liantu.web.kit.listing import Listed, chosen, listed, searched
from liantu.words import Lang, keys, say

_LOW_DISK_BYTES = 2 * 1024**3
_LONG_QUEUE = 50
_STALE = timedelta(hours=36)
_PEOPLE_SORTS = {"name": "name", "username": "username", "organisation": "organisation__display_order", "order": "display_order"}
_HOMES_SORTS = {"name": "name_zh", "code": "code", "kind": "kind", "order": "display_order"}


def people(query: QueryDict) -> Listed[Person]:
    """Everybody, by name, organisation, role and state."""
    held = Grant.in_force(Grant.objects.order_by("role"))
    found = Person.objects.select_related("organisation").prefetch_related(Prefetch("grants", queryset=held, to_attr="held"))
    if text := searched(query):
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(organisation__name_zh__icontains=text))
    if kind := chosen(query, "kind", KINDS):
        found = found.filter(organisation__kind=kind)
    if role := chosen(query, "role", ROLES):
        found = found.filter(pk__in=held.filter(role=role).values("person"))
    if state := chosen(query, "state", ("active", "disabled")):
        found = found.filter(is_active=state == "active")
    return listed(found, query, sorts=_PEOPLE_SORTS, default="order")


def organisations(query: QueryDict) -> Listed[Organisation]:
    """Every organisation with how many people it has."""
    found = Organisation.objects.annotate(count=Count("people", filter=Q(people__is_active=True)))
    if text := searched(query):
        found = found.filter(Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    if kind := chosen(query, "kind", KINDS):
        found = found.filter(kind=kind)
    return listed(found, query, sorts=_HOMES_SORTS, default="order")


@dataclass(frozen=True, slots=True)
class Vital:
    """One thing that keeps the workbench alive: what it is, its light, the word for it and what fills that word."""

    name: str
    tone: str
    word: str
    values: dict[str, str | int | float]


def vitals() -> list[Vital]:
    """Database, disk, queue, worker, backup, anchor, software."""
    return [*_database(), *_disk(), *_jobs(), _dated("backup", _last_backup()), _dated("anchor", _last_anchor()), _software()]


def _database() -> Iterator[Vital]:
    version = connection.Database.sqlite_version if connection.vendor == "sqlite" else str(connection.pg_version)  # type: ignore[attr-defined]
    path = Path(str(settings.DATABASES["default"]["NAME"]))
    size = path.stat().st_size / 1024**2 if connection.vendor == "sqlite" and path.is_file() else 0.0
    yield Vital("database", "green", "database", {"vendor": connection.display_name, "version": version, "size": round(size, 1)})


def _disk() -> Iterator[Vital]:
    free = shutil.disk_usage(settings.HOME).free
    yield Vital("disk", "green" if free > _LOW_DISK_BYTES else "red", "disk", {"free": round(free / 1024**3, 1)})


def _jobs() -> Iterator[Vital]:
    waiting = Job.objects.filter(state="queued").count()
    yield Vital("queue", "green" if waiting < _LONG_QUEUE else "yellow", "queue", {"count": waiting})
    late = Job.objects.filter(Q(state="running", lease_until__lt=timezone.now() - timedelta(minutes=1)) | _long_queued()).count()
    yield Vital("worker", "red" if late else "green", "worker-late" if late else "worker", {"count": late})


def _long_queued() -> Q:
    """Waiting for two minutes while nothing runs: nobody takes jobs up."""
    idle = not Job.objects.filter(state="running").exists()
    return Q(state="queued", created__lt=timezone.now() - timedelta(minutes=2)) if idle else Q(pk=None)


def _dated(name: str, at: datetime | None) -> Vital:
    if at is None:
        return Vital(name, "yellow", f"{name}-never", {})
    hours = int((datetime.now(UTC) - at).total_seconds() // 3600)
    return Vital(name, "yellow" if hours * timedelta(hours=1) > _STALE else "green", name, {"hours": hours})


def _last_backup() -> datetime | None:
    """When the mark that `liantu backup` leaves was last touched."""
    path = Path(settings.HOME) / "last-backup"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else None


def _last_anchor() -> datetime | None:
    parts = anchors.last().split()
    return datetime.fromisoformat(parts[2]) if len(parts) == 4 else None


def _software() -> Vital:
    values: dict[str, str | int | float] = {"liantu": __version__, "python": platform.python_version(), "django": django.__version__}
    return Vital("software", "green", "software", {**values, "process": os.getpid()})


def deed(action: str, lang: Lang) -> str:
    """What was done, in words: ``person.signed_in`` is 人员：登录."""
    kind, _, done = action.partition(".")
    told = say(f"audit.did-{done}", lang) if f"did-{done}" in keys("audit") else done
    return say("audit.deed", lang, {"thing": thing(kind, lang), "done": told})


def thing(kind: str, lang: Lang) -> str:
    """What it was done to: a register by its name, the rest by its word."""
    if kind in schema.tables():
        return schema.table(kind).label(lang)
    return say(f"audit.of-{kind}", lang) if f"of-{kind}" in keys("audit") else kind
