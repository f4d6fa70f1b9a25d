"""What is done to roles. Owns: proposing, confirming, ending, reviewing them. Never: what a role may do (rights).

A role is given by two hands: the security administrator proposes, another security administrator or the lead confirms. While there
is no security administrator, the system administrator may propose one; the very first accepts, where there is no lead to confirm it a
later one does too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import ADMINISTRATORS, Grant, Person, Session
from liantu.web.audit.actions import Actor, record

LONGEST = timedelta(days=366)
_CONFIRMING, _FEWEST = ("security", "lead"), 2  # hands give a role


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
    if actor == grant.person and not may_accept(grant):
        raise CallError("role-own")
    if not may_confirm(grant, actor):
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
    """Take a role away; the person signs in anew.

    Raises
    ------
    CallError
        ``role-gone``; ``role-last`` if nobody were left to confirm what the security administrator proposes.
    """
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    if grant.ended or not grant.is_confirmed:
        raise CallError("role-gone")
    grant.ended = timezone.now()
    grant.save(update_fields=["ended"])
    if grant.role in _CONFIRMING and is_guarded() and len(_hands()) < _FEWEST:
        raise CallError("role-last", {"name": grant.person.name})
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
    return bool(_hands("security"))


def may_confirm(grant: Grant, person: Person) -> bool:
    """Whether this person is the second hand of a proposal."""
    if person.pk == grant.proposed_by_id:
        return False
    return may_accept(grant) if person.pk == grant.person_id else not person.roles.isdisjoint(_CONFIRMING)


def may_accept(grant: Grant) -> bool:
    """Whether who is proposed accepts: of security administrators the first, or one where no lead beside the proposer could confirm it.

    Else whoever keeps accounts would disable the one there is, and be proposed under a second name.
    """
    if grant.role != "security" or is_guarded():
        return False
    is_first = not Grant.objects.filter(role="security", is_confirmed=True).exists()
    return is_first or not _hands("lead") - {grant.proposed_by_id, grant.person_id}


def _hands(*roles: str) -> set[int]:
    """Who can sign in and holds one of these roles, else one by which roles are confirmed."""
    held = Grant.objects.filter(role__in=roles or _CONFIRMING, person__is_active=True, person__organisation__is_active=True)
    return set(Grant.in_force(held).values_list("person", flat=True))


def _waiting(grant: Grant) -> Grant:
    found = Grant.objects.select_for_update().filter(pk=grant.pk, is_confirmed=False, ended=None).first()
    if found is None:
        raise CallError("role-gone")
    return found


def _close_run_out(person: Person) -> None:
    person.grants.filter(ended=None, until__lte=timezone.now()).update(ended=timezone.now())


def _apart(person: Person, role: str) -> None:
    """Who kept accounts never reads the trail of that time, and so on: the three administrations stay apart for ever."""
    known = person.grants.filter(Q(is_confirmed=True) | Q(ended=None), role__in=ADMINISTRATORS)
    held = set(known.values_list("role", flat=True))
    if role in ADMINISTRATORS and held - {role}:
        raise CallError("role-apart", {"name": person.name})


def _said(grant: Grant) -> dict[str, object]:
    return {"role": grant.role, "until": grant.until}
