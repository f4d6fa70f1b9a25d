"""What is done to organisations and people. Owns: opening, changing, disabling them, first passwords. Never: roles, signing in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import Grant, Organisation, Person, Session
from liantu.web.audit.actions import Actor, record

FIRST_PASSWORD = timedelta(hours=72)


@transaction.atomic
def open_organisation(
    code: str, kind: str, name_zh: str, *, name_en: str = "", key: str = "", actor: Actor, reason: str = ""
) -> Organisation:
    """Enter an organisation. Its kind and key stay for ever: they decide what its people see.

    Raises
    ------
    CallError
        ``organisation-there`` if its code is taken.
    """
    if Organisation.objects.filter(code=code).exists():
        raise CallError("organisation-there", {"code": code})
    made = Organisation.objects.create(code=code, kind=kind, name_zh=name_zh, name_en=name_en, key=key)
    record(actor, "organisation.opened", "organisation", code, after={"kind": kind, "name_zh": name_zh, "key": key}, reason=reason)
    return made


@transaction.atomic
def change_organisation(organisation: Organisation, *, name_zh: str, name_en: str, actor: Actor, reason: str) -> None:
    """Call an organisation by other names."""
    before = _values(organisation, ("name_zh", "name_en"))
    organisation.name_zh, organisation.name_en = name_zh, name_en
    organisation.save(update_fields=["name_zh", "name_en"])
    after = _values(organisation, ("name_zh", "name_en"))
    record(actor, "organisation.changed", "organisation", organisation.code, before=before, after=after, reason=reason)


@transaction.atomic
def switch_organisation(organisation: Organisation, *, is_active: bool, actor: Actor, reason: str) -> None:
    """Disable an organisation, and with it everybody in it, or enable it again."""
    if isinstance(actor, Person) and actor.organisation_id == organisation.pk and not is_active:
        raise CallError("own-account")
    organisation.is_active = is_active
    organisation.save(update_fields=["is_active"])
    if not is_active:
        Session.objects.filter(person__organisation=organisation).delete()
    action = "organisation.enabled" if is_active else "organisation.disabled"
    record(actor, action, "organisation", organisation.code, reason=reason)


@transaction.atomic
def open_person(username: str, name: str, organisation: Organisation, *, actor: Actor, reason: str = "") -> tuple[Person, str]:
    """Enter somebody with a password for the first sign-in, which has to be changed then and works for three days.

    Raises
    ------
    CallError
        ``person-there`` if the name to sign in with is taken.
    """
    username = username.strip().lower()
    if Person.objects.filter(username=username).exists():
        raise CallError("person-there", {"username": username})
    person = Person(username=username, name=name, organisation=organisation)
    password = _first_password(person)
    person.save()
    record(actor, "person.opened", "person", username, after={"name": name, "organisation": organisation.code}, reason=reason)
    return person, password


@transaction.atomic
def change_person(person: Person, *, name: str, phone: str, organisation: Organisation, actor: Actor, reason: str) -> None:
    """Change a person's name, office telephone or organisation; roles belong to the place they were given in and end with a move."""
    before = {**_values(person, ("name", "phone")), "organisation": person.organisation.code}
    if organisation != person.organisation:
        if person == actor:
            raise CallError("own-account")
        Grant.objects.filter(person=person, ended=None).update(ended=timezone.now())
        Session.objects.filter(person=person).delete()
    person.name, person.phone, person.organisation = name, phone, organisation
    person.save(update_fields=["name", "phone", "organisation"])
    after = {**_values(person, ("name", "phone")), "organisation": organisation.code}
    record(actor, "person.changed", "person", person.username, before=before, after=after, reason=reason)


@transaction.atomic
def switch_person(person: Person, *, is_active: bool, actor: Actor, reason: str) -> None:
    """Disable somebody, which ends their sessions at once, or enable them again.

    Raises
    ------
    CallError
        ``own-account``: nobody does this to themselves.
    """
    if person == actor:
        raise CallError("own-account")
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    if not is_active:
        Session.objects.filter(person=person).delete()
    record(actor, "person.enabled" if is_active else "person.disabled", "person", person.username, reason=reason)


@transaction.atomic
def reset_password(person: Person, *, actor: Actor, reason: str) -> str:
    """A new password for one sign-in, shown to the administrator once. The authenticator stays: that is another hand's to take off."""
    if person == actor:
        raise CallError("own-account")
    password = _first_password(person)
    person.save()
    Session.objects.filter(person=person).delete()
    record(actor, "password.reset", "person", person.username, reason=reason)
    return password


def _first_password(person: Person) -> str:
    password = secrets.token_urlsafe(12)
    person.must_change_password = True
    person.password_until = timezone.now() + FIRST_PASSWORD
    person.set_password(password)
    return password


def _values(record_: Model, fields: Iterable[str]) -> dict[str, object]:
    return {field: getattr(record_, field) for field in fields}
