"""Roles, and telling whom they concern, in one transaction. Owns: that. Never: the rules of roles (accounts), who hears (notices)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liantu.web.accounts import actions as accounts
from liantu.web.accounts.models import Grant, Person
from liantu.web.audit.actions import Actor
from liantu.web.notices.actions import hear


@transaction.atomic
def propose_role(person: Person, role: str, *, actor: Person, until: datetime, reason: str) -> Grant:
    """Propose a role; who may confirm it is told, and of the first security administration the one who is to accept it."""
    made = accounts.propose_role(person, role, actor=actor, until=until, reason=reason)
    values = {"by": actor.name, "person": person.name, "role": role}
    hear("role.offered" if accounts.may_accept(made) else "role.proposed", values, by=actor, person=person)
    return made


@transaction.atomic
def confirm_role(grant: Grant, *, actor: Person) -> None:
    """Confirm a role; its holder is told."""
    accounts.confirm_role(grant, actor=actor)
    _tell("role.given", grant, actor)


@transaction.atomic
def end_role(grant: Grant, *, actor: Person, reason: str) -> None:
    """End a role; who held it is told."""
    accounts.end_role(grant, actor=actor, reason=reason)
    _tell("role.ended", grant, actor)


def _tell(event: str, grant: Grant, actor: Actor) -> None:
    hear(event, {"role": grant.role}, by=actor, person=grant.person)
