"""How a row is filled and a change is kept. Owns: the parts the acts share. Never: an act of its own, transactions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from liantu.model import schema
from liantu.web.accounts.models import Organisation
from liantu.web.audit.actions import Actor
from liantu.web.registry import cells
from liantu.web.registry.actions import bulk
from liantu.web.registry.models import MODELS, Batch, Record, Revision, State
from liantu.web.registry.queries import Image

HIDDEN = "***"
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a record beside its cells."""

    owner: Organisation | None = None
    as_of: date | None = None
    next_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of the registers: its number, who makes it, why, and the batch it is part of."""

    number: int
    actor: Actor
    reason: str
    batch: Batch | None = None

    def revision(self, record: Record, action: str, before: str, after: str, undoes: Revision | None = None) -> Revision:
        """What is kept of the change of one record."""
        return Revision(
            number=self.number, table=record.TABLE, record=record.pk, key=record.key, action=action, before=before, after=after,
            lock=record.lock, reason=self.reason, by=self.actor.audit_id, by_name=self.actor.audit_name, batch=self.batch, undoes=undoes,
        )  # fmt: skip

    def values(self, action: str, table: str, record: int, key: str, lock: int, before: str, after: str) -> bulk.Values:
        """The same of one row of many, as `bulk` puts it in."""
        by = (self.actor.audit_id, self.actor.audit_name, timezone.now(), self.batch.pk if self.batch else None, None)
        return bulk.ready((self.number, table, record, key, action, before, after, lock, self.reason, *by))


def step(actor: Actor, reason: str, batch: Batch | None = None) -> Step:
    """Count one more change; whoever changes next waits until this one is through."""
    State.objects.get_or_create(id=1)
    state = State.objects.select_for_update().get(id=1)
    state.revision += 1
    state.save()
    return Step(number=state.revision, actor=actor, reason=reason, batch=batch)


def made(table: str, row: Mapping[str, str], actor: Actor) -> Record:
    """A record of these cells, not stored yet."""
    record = MODELS[table]()
    fill(record, row, actor)
    record.extra = extra(table, row)
    return record


def extra(table: str, row: Mapping[str, str]) -> str:
    """Cells of columns the contract does not know, as JSON."""
    unknown = {name: text for name, text in row.items() if name not in schema.table(table).columns and text}
    return json.dumps(unknown, ensure_ascii=False) if unknown else ""


def fill(record: Record, row: Mapping[str, str], actor: Actor) -> None:
    """Set the cells of a record, and what is known from them."""
    table = record.TABLE
    for column in schema.table(table).columns.values():
        text = row.get(column.name, "")
        setattr(record, f"c_{column.name}", text)
        if cells.is_number(column):
            setattr(record, f"n_{column.name}", cells.number(text))
    record.key, record.search = cells.key_of(table, row), cells.search_of(table, row)
    record.changed_at, record.changed_by = timezone.now(), actor.audit_name


def put(record: Record, held: Image, actor: Actor) -> None:
    """Set a record to what an image holds."""
    fill(record, held.cells, actor)
    record.extra, record.as_of, record.next_due = held.extra, held.as_of, held.next_due
    record.owner_id = held.owner


def told(table: str, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, object], dict[str, object]]:
    """The cells that differ, as the trail may say them: never a contract's price."""
    names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
    closed = cells.confidential(table)
    return tuple({name: HIDDEN if name in closed else one.get(name, "") for name in names} for one in (before, after))  # type: ignore[return-value]


def store(records: Iterable[Record], table: str) -> None:
    """Store many new records at once, in their order."""
    bulk.put(MODELS[table], bulk.values(list(records)))
