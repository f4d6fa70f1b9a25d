"""The database made ready, and the first start. Owns: migrating, what an empty workbench is given. Never: serving, later changes."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from liantu import runs
from liantu.errors import CallError
from liantu.web.accounts import actions as accounts
from liantu.web.accounts.models import Organisation, Person
from liantu.web.audit.actions import System
from liantu.web.audit.models import Event
from liantu.web.registry import actions as registers
from liantu.web.registry.models import Version

FIRST_NAME = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSignIn:
    """Who signs in first; the password is shown once and kept nowhere.

    Attributes
    ----------
    is_anew : bool
        Whether one was shown before, with which nobody has signed in.
    """

    username: str
    password: str
    is_anew: bool = False


def begin() -> FirstSignIn | None:
    """Bring the database up to this program; give an empty one its registers, the office and its first administrator.

    What was printed may have been lost with the process that printed it: until somebody has signed in, every start makes a new password.

    Raises
    ------
    CallError
        ``database-newer`` if a newer Liantu has written it.
    """
    _not_newer()
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        first = _anew() if Organisation.objects.exists() else _first()
        if not Version.objects.exists():
            registers.load(runs.DEFAULT_PACKAGE, System(), Organisation.objects.filter(kind="office").first())
        return first


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


def _anew() -> FirstSignIn | None:
    """A new password for the first administrator, as long as there is nobody else and nobody has ever signed in."""
    people = list(Person.objects.all()[:2])
    is_first = [one.username for one in people] == [FIRST_NAME] and people[0].must_change_password
    if not is_first or Event.objects.filter(action="person.signed_in").exists():
        return None
    password = accounts.reset_password(people[0], actor=System(), reason="")
    return FirstSignIn(username=FIRST_NAME, password=password, is_anew=True)
