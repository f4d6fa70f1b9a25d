"""The database made ready, and the first start. Owns: migrating, what an empty workbench is given. Never: serving, later changes."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from liantu.errors import CallError
from liantu.runs import DEFAULT_PACKAGE
from liantu.web.accounts import actions as accounts
from liantu.web.accounts.models import Organisation
from liantu.web.audit.actions import System
from liantu.web.registry import actions as registers
from liantu.web.registry.models import Version

FIRST_NAME = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSignIn:
    """Who signs in first; the password is shown once and kept nowhere."""

    username: str
    password: str


def begin() -> FirstSignIn | None:
    """Bring the database up to this program; give an empty one its registers, the office and its first administrator.

    Raises
    ------
    CallError
        ``database-newer`` if a newer Liantu has written it.
    """
    _not_newer()
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        if not Version.objects.exists():
            registers.load(DEFAULT_PACKAGE, System())
        return None if Organisation.objects.exists() else _first()


def _not_newer() -> None:
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    unknown = sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise CallError("database-newer", {"value": ", ".join(unknown)[:200], "home": str(settings.HOME)})


def _first() -> FirstSignIn:
    """The office and somebody who keeps accounts and leads until others are entered. Who gives roles is proposed from there."""
    office = accounts.open_organisation("office", "office", "链长办", name_en="Chain office", actor=System())
    person, password = accounts.open_person(FIRST_NAME, FIRST_NAME, office, actor=System())
    for role in ("system", "lead"):
        accounts.give_role(person, role, actor=System(), confirmed=True)
    return FirstSignIn(username=person.username, password=password)
