"""What is done to roles. Owns: proposing, confirming, ending, reviewing them. Never: what a role may do (rights).

A role is given by two hands: the security administrator proposes, another security administrator or the lead confirms. While there
is no security administrator, the system administrator may propose the first one, and who is proposed accepts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import ADMINISTRATORS, Grant, Person, Session
from liantu.web.audit.actions import Actor, record

LONGEST = timedelta(days=366)


@transaction.atomic
def give_role(
    person: Person, role: str, *, actor: Actor, confirmed: bool = False, until: datetime | None = None, reason: str = ""
) -> Grant:
    """Enter a role without asking whether it may be; ``confirmed`` at first start only, where there is no second hand yet."""
    proposer = actor if isinstance(actor, Person) else None
    grant = Grant.objects.create(person=person, role=role, proposed_by=proposer, until=until, is_confirmed=confirmed, reason=reason)
    record(actor, "role.given" if confirmed else "role.proposed", "person", person.username, after=_said(grant), reason=reason)
    return grant


@transaction.atomic
def propose_role(person: Person, role: str, *, actor: Person, until: datetime, reason: str) -> Grant:
    """Propose a role for somebody until a day.

    Raises
    ------
    CallError
        ``role-own`` for oneself, ``role-proposer`` by whom it is not to propose, ``role-held`` if held already,
        ``role-apart`` if it would join two administrations in one hand, now or over time, ``role-until`` for too long a time.
    """
    if person == actor:
        raise CallError("role-own")
    if "security" not in actor.roles and not ("system" in actor.roles and role == "security" and not is_guarded()):
        raise CallError("role-proposer")
    _close_run_out(person)
    _apart(person, role)
    if person.grants.filter(role=role, ended=None).exists():
        raise CallError("role-held", {"name": person.name})
    if not timezone.now() < until <= timezone.now() + LONGEST:
        raise CallError("role-until", {"days": LONGEST.days})
    return give_role(person, role, actor=actor, until=until, reason=reason)


@transaction.atomic
def confirm_role(grant: Grant, *, actor: Person) -> None:
    """The second hand; it takes effect at once.

    Raises
    ------
    CallError
        ``role-own``, ``role-second`` by whom it is not to confirm, ``role-gone`` if it waits no longer.
    """
    grant = _waiting(grant)
    if actor.pk == grant.proposed_by_id:
        raise CallError("role-second")
    if actor == grant.person and not _is_first_guard(grant):
        raise CallError("role-own")
    if actor != grant.person and not actor.roles & {"security", "lead"}:
        raise CallError("role-second")
    _apart(grant.person, grant.role)
    grant.is_confirmed, grant.confirmed_by, grant.since = True, actor, timezone.now()
    grant.save(update_fields=["is_confirmed", "confirmed_by", "since"])
    Session.objects.filter(person=grant.person).delete()
    record(actor, "role.given", "person", grant.person.username, after=_said(grant), reason=grant.reason)


@transaction.atomic
def refuse_role(grant: Grant, *, actor: Person, reason: str) -> None:
    """Take a proposal off the table."""
    grant = _waiting(grant)
    grant.ended = timezone.now()
    grant.save(update_fields=["ended"])
    record(actor, "role.refused", "person", grant.person.username, before=_said(grant), reason=reason)


@transaction.atomic
def end_role(grant: Grant, *, actor: Person, reason: str) -> None:
    """Take a role away; the person signs in anew."""
    if grant.ended or not grant.is_confirmed:
        raise CallError("role-gone")
    grant.ended = timezone.now()
    grant.save(update_fields=["ended"])
    Session.objects.filter(person=grant.person).delete()
    record(actor, "role.ended", "person", grant.person.username, before=_said(grant), reason=reason)


@transaction.atomic
def review_role(grant: Grant, *, actor: Person, reason: str) -> None:
    """Note that a role was looked at and is still needed; nobody does so for themselves."""
    if grant.person == actor:
        raise CallError("role-own")
    grant.reviewed = timezone.now()
    grant.save(update_fields=["reviewed"])
    record(actor, "role.reviewed", "person", grant.person.username, after=_said(grant), reason=reason)


def is_guarded() -> bool:
    """Whether there is a security administrator who can sign in."""
    return Grant.in_force(Grant.objects.filter(role="security", person__is_active=True)).exists()


def _is_first_guard(grant: Grant) -> bool:
    return grant.role == "security" and not is_guarded()


def _waiting(grant: Grant) -> Grant:
    found = Grant.objects.select_for_update().filter(pk=grant.pk, is_confirmed=False, ended=None).first()
    if found is None:
        raise CallError("role-gone")
    return found


def _close_run_out(person: Person) -> None:
    person.grants.filter(ended=None, until__lte=timezone.now()).update(ended=timezone.now())


def _apart(person: Person, role: str) -> None:
    """Who kept accounts never reads the trail of that time, and so on: the three administrations stay apart for ever."""
    held = set(person.grants.filter(role__in=ADMINISTRATORS, is_confirmed=True).values_list("role", flat=True))
    if role in ADMINISTRATORS and held - {role}:
        raise CallError("role-apart", {"name": person.name})


def _said(grant: Grant) -> dict[str, object]:
    return {"role": grant.role, "until": grant.until}
