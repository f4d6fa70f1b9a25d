"""What is done to people and organisations. Owns: their writes, each one transaction with one event. Never: forms, pages."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from liantu.web.accounts.models import Grant, Organisation, Person
from liantu.web.audit.actions import Actor, record

_FIRST_PASSWORD_HOURS = 72


@transaction.atomic
def open_organisation(
    code: str, kind: str, name_zh: str, *, name_en: str = "", key: str = "", actor: Actor, reason: str = ""
) -> Organisation:
    """Enter an organisation."""
    made = Organisation.objects.create(code=code, kind=kind, name_zh=name_zh, name_en=name_en, key=key)
    record(actor, "organisation.opened", "organisation", code, after={"kind": kind, "name_zh": name_zh, "key": key}, reason=reason)
    return made


@transaction.atomic
def open_person(username: str, name: str, organisation: Organisation, *, actor: Actor, reason: str = "") -> tuple[Person, str]:
    """Enter somebody with a password for the first sign-in, which has to be changed then and works for three days."""
    password = secrets.token_urlsafe(12)
    person = Person(username=username, name=name, organisation=organisation, must_change_password=True)
    person.password_until = timezone.now() + timedelta(hours=_FIRST_PASSWORD_HOURS)
    person.set_password(password)
    person.save()
    record(actor, "person.opened", "person", username, after={"name": name, "organisation": organisation.code}, reason=reason)
    return person, password


@transaction.atomic
def give_role(
    person: Person, role: str, *, actor: Actor, confirmed: bool = False, until: datetime | None = None, reason: str = ""
) -> Grant:
    """Propose a role; ``confirmed`` at first start only, where there is no second hand yet."""
    proposer = actor if isinstance(actor, Person) else None
    grant = Grant.objects.create(person=person, role=role, proposed_by=proposer, until=until, is_confirmed=confirmed, reason=reason)
    record(actor, "role.given" if confirmed else "role.proposed", "person", person.username, after={"role": role}, reason=reason)
    return grant
