"""Writing an event, and writing the head down. Owns: `record`, `anchor`. Never: reading events (queries), checking them (chain)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection, transaction

from liantu.web.audit import anchors
from liantu.web.audit.models import GENESIS, Event, Head, digest_of
from liantu.web.kit import trace


class Actor(Protocol):
    """Whoever acts: a person, or the workbench itself."""

    @property
    def audit_id(self) -> str:
        """What names the actor for ever, even after a change of name."""

    @property
    def audit_name(self) -> str:
        """The name at the time."""

    @property
    def audit_roles(self) -> str:
        """The roles held at the time."""


class System:
    """The workbench itself: the first start, a clock, a job."""

    audit_id = "system"
    audit_name = "system"
    audit_roles = ""


def record(
    actor: Actor,
    action: str,
    kind: str,
    target: object,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    outcome: str = "done",
) -> Event:
    """Write one event behind the last, in the transaction of the act itself: either both are there or neither.

    Parameters
    ----------
    action : str
        Past tense with the thing before it: ``plant.changed``, ``version.published``.
    kind, target : str
        What it was done to: ``plants``, ``csqq-lfp-1``.
    before, after : mapping, optional
        The values changed. Never a password, a token or a contract's price.

    Raises
    ------
    RuntimeError
        Outside a transaction: an act without its trail must not be.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its act")
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(id=1).first() or Head.objects.create(id=1, seq=0, digest=GENESIS)
        where = trace.current()
        fields: dict[str, object] = {
            "seq": head.seq + 1,
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "actor": actor.audit_id,
            "actor_name": actor.audit_name,
            "roles": actor.audit_roles,
            "address": where.address,
            "session": where.session,
            "request": where.request,
            "action": action,
            "kind": kind,
            "target": str(target)[:200],
            "before": _said(before),
            "after": _said(after),
            "reason": reason,
            "outcome": outcome,
            "previous": head.digest,
        }
        event = Event(**fields, digest=digest_of(fields))
        event.save(force_insert=True)
        head.seq, head.digest = event.seq, event.digest
        head.save()
    # A folder that cannot be written must not undo what is done: it is logged, and the page of health shows the last anchor.
    transaction.on_commit(anchors.daily, robust=True)
    return event


@transaction.atomic
def note_reading(actor: Actor, what: object, asked: Mapping[str, object]) -> None:
    """Who reads the trail is in the trail."""
    record(actor, "trail.read", "trail", what, after=asked)


@transaction.atomic
def anchor(actor: Actor) -> str:
    """Write the head down for keeping elsewhere; the line."""
    record(actor, "trail.anchored", "trail", "head")
    return anchors.write()


def _said(values: Mapping[str, object] | None) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str) if values else ""
