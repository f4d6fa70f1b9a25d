"""What is done to versions. Owns: snapshot, propose, publish, withdraw. Never: comparing them (queries)."""

from __future__ import annotations

import json

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from liantu.errors import CallError
from liantu.model.tables import Tables
from liantu.web.accounts.queries import person_of
from liantu.web.audit.actions import Actor
from liantu.web.audit.actions import record as audited
from liantu.web.notices.actions import hear
from liantu.web.registry import queries
from liantu.web.registry.models import Snapshot, Version
from liantu.words import Values

_TRIES = 3


def snapshot() -> Snapshot:
    """The registers as they stand, kept; made only where they changed since the last one.

    Reads every row where it has to be made: for jobs, and for proposing a version.
    """
    number, whole = _still()
    if whole is None:
        return Snapshot.objects.get(revision=number)
    return _stored(number, whole)


def _still() -> tuple[int, Tables | None]:
    """The rows of one and the same moment: read again where somebody wrote meanwhile; None where they are kept already."""
    number = queries.revision()
    for _ in range(_TRIES):
        if Snapshot.objects.filter(revision=number).exists():
            return number, None
        whole = queries.tables()
        now = queries.revision()
        if now == number:
            return number, whole
        number = now
    with transaction.atomic():
        return queries.revision(), queries.tables()


def _stored(number: int, whole: Tables) -> Snapshot:
    rows = json.dumps({table.name: len(table) for table in whole})
    defaults = {"digest": whole.digest(), "content": queries.packed(whole), "rows": rows}
    return Snapshot.objects.get_or_create(revision=number, defaults=defaults)[0]


@transaction.atomic
def begin(name: str, *, number: int, actor: Actor) -> Version:
    """Version 1 at first start, published by the workbench itself: there is no second person yet."""
    made = Version(number=1, name=name, reason=name, snapshot=_stored(number, queries.tables()), state="published")
    made.proposed_by = made.published_by = actor.audit_id
    made.proposed_name = made.published_name = actor.audit_name
    made.published_at = timezone.now()
    made.save()
    audited(actor, "version.published", "version", made.number, after={"name": name, "digest": made.snapshot.digest})
    return made


def propose(name: str, *, actor: Actor, reason: str, kept: Snapshot | None = None) -> Version:
    """Put the registers as they stand forward as the next version; a snapshot of them may have been made already.

    Raises
    ------
    CallError
        ``version-same`` if nothing changed since the version in force, ``version-waits`` if one is proposed already.
    """
    kept = kept or snapshot()
    with transaction.atomic():
        before = queries.published()
        if before and before.snapshot.digest == kept.digest:
            raise CallError("version-same", {"number": before.number})
        waiting = Version.objects.select_for_update().filter(state="proposed").first()
        if waiting:
            raise CallError("version-waits", {"number": waiting.number})
        number = (Version.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        made = Version(number=number, name=name, reason=reason, snapshot=kept)
        made.proposed_by, made.proposed_name = actor.audit_id, actor.audit_name
        made.save()
        audited(actor, "version.proposed", "version", number, after={"name": name, "digest": kept.digest}, reason=reason)
        hear("version.proposed", {"by": actor.audit_name, "version": number, "name": name}, by=actor, at=number)
        return made


@transaction.atomic
def publish(number: int, *, actor: Actor, reason: str) -> Version:
    """Put a proposed version in force: a second person does it.

    Raises
    ------
    CallError
        ``version-own`` for the person who proposed it, ``version-state`` if it does not wait for it.
    """
    found = _locked(number, "proposed")
    if found.proposed_by == actor.audit_id:
        raise CallError("version-own", {"number": number})
    found.state, found.published_at = "published", timezone.now()
    found.published_by, found.published_name = actor.audit_id, actor.audit_name
    found.save()
    audited(actor, "version.published", "version", number, after={"name": found.name, "digest": found.snapshot.digest}, reason=reason)
    _tell("version.published", found, actor, reason)
    return found


@transaction.atomic
def withdraw(number: int, *, actor: Actor, reason: str) -> Version:
    """Take a version out of use; the one published before it is in force again. It stays readable.

    Raises
    ------
    CallError
        ``version-state`` if it is out of use, ``version-last`` if no other is in force.
    """
    found = _locked(number, "proposed", "published")
    if found.state == "published" and not Version.objects.filter(state="published").exclude(number=number).exists():
        raise CallError("version-last", {"number": number})
    before, found.state = found.state, "retired"
    found.save()
    audited(actor, "version.retired", "version", number, before={"state": before}, after={"state": "retired"}, reason=reason)
    if before == "proposed":
        _tell("version.returned", found, actor, reason)
    return found


def _tell(event: str, version: Version, actor: Actor, reason: str) -> None:
    """Tell who proposed it, if that was a person."""
    proposer = person_of(version.proposed_by)
    if proposer:
        values: Values = {"by": actor.audit_name, "version": version.number, "name": version.name, "reason": reason}
        hear(event, values, by=actor, at=version.number, person=proposer)


def _locked(number: int, *states: str) -> Version:
    found = Version.objects.select_for_update(of=("self",)).select_related("snapshot").defer("snapshot__content").get(number=number)
    if found.state not in states:
        raise CallError("version-state", {"number": number})
    return found
