"""What is done to single records, and the first load. Owns: create, change, retire, undo, load.
Never: imports, versions, whether one may (access).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from liantu import data, runs
from liantu.errors import CallError
from liantu.model.tables import Tables
from liantu.web.accounts.models import Organisation
from liantu.web.audit.actions import Actor
from liantu.web.audit.actions import record as audited
from liantu.web.clock.queries import next_due
from liantu.web.registry import cells, queries
from liantu.web.registry.actions import bulk, versions
from liantu.web.registry.actions.rows import Kept, Step, fill, made, put, step, store, told
from liantu.web.registry.models import MODELS, Record, Revision

__all__ = ["ConflictError", "Kept", "change", "create", "load", "retire", "tell_export", "undo"]


class ConflictError(Exception):
    """Somebody else changed the record since it was read; ``theirs`` is how it stands now, None where it was retired."""

    def __init__(self, theirs: Record | None) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs


@transaction.atomic
def create(table: str, row: Mapping[str, str], *, kept: Kept | None = None, actor: Actor, reason: str) -> Record:
    """Enter a record.

    Raises
    ------
    CallError
        ``record-exists`` if there is one of the same id.
    """
    now = step(actor, reason)
    new = made(table, row, actor)
    _only(new)
    _keep(new, kept or Kept())
    new.save(force_insert=True)
    now.revision(new, "created", "", queries.image_of(new).text()).save()
    _, after = told(table, {}, new.cells())
    audited(actor, f"{table}.created", table, new.key, after=after, reason=reason)
    return new


@transaction.atomic
def change(record: Record, row: Mapping[str, str], *, lock: int, kept: Kept | None = None, actor: Actor, reason: str) -> Record:
    """Change cells of a record; those not given stay.

    Raises
    ------
    ConflictError
        If it is not at ``lock`` any more.
    CallError
        ``record-exists``, ``record-used``: an id that others have or refer to.
    """
    now = step(actor, reason)
    found: Record | None = type(record).objects.select_for_update().filter(pk=record.pk).first()
    if found is None or found.lock != lock:
        raise ConflictError(found)
    before, key = queries.image_of(found), found.key
    fill(found, {**found.cells(), **row}, actor)
    if key != found.key:
        _only(found)
        _unused(found.TABLE, before.cells)
    if kept and kept.as_of != found.as_of and kept.next_due == found.next_due:
        kept = replace(kept, next_due=None)  # renewed: the day it was due says nothing of the day it is due again
    _keep(found, kept or Kept(owner=found.owner, as_of=found.as_of, next_due=found.next_due))
    found.lock += 1
    found.save()
    now.revision(found, "changed", before.text(), queries.image_of(found).text()).save()
    old, new = told(found.TABLE, before.cells, found.cells())
    audited(actor, f"{found.TABLE}.changed", found.TABLE, found.key, before=old, after=new, reason=reason)
    return found


@transaction.atomic
def retire(record: Record, *, lock: int, actor: Actor, reason: str) -> Revision:
    """Take a record out of its register; its history stays, and the act can be undone.

    Raises
    ------
    ConflictError
        If it is not at ``lock`` any more.
    CallError
        ``record-used`` if other records refer to it.
    """
    now = step(actor, reason)
    found: Record | None = type(record).objects.select_for_update().filter(pk=record.pk).first()
    if found is None or found.lock != lock:
        raise ConflictError(found)
    _unused(found.TABLE, found.cells())
    kept = now.revision(found, "retired", queries.image_of(found).text(), "")
    kept.save()
    before, _ = told(found.TABLE, found.cells(), {})
    audited(actor, f"{found.TABLE}.retired", found.TABLE, found.key, before=before, reason=reason)
    found.delete()
    return kept


@transaction.atomic
def undo(revision: Revision, *, actor: Actor, reason: str) -> Revision:
    """Take back the last change of a record.

    Raises
    ------
    CallError
        ``undo-not-last`` if it was changed since; ``record-used``, ``record-exists`` as the other acts.
    """
    now = step(actor, reason)
    last = Revision.objects.filter(table=revision.table, record=revision.record).order_by("-id").first()
    if last is None or last.pk != revision.pk:
        raise CallError("undo-not-last", {"key": revision.key})
    kept = reverse(revision, now)
    before, after = told(revision.table, queries.image(revision.after).cells, queries.image(revision.before).cells)
    audited(actor, f"{revision.table}.undone", revision.table, revision.key, before=before, after=after, reason=reason)
    return kept


def reverse(revision: Revision, now: Step) -> Revision:
    """Put a record back to what it was before a change; for undo and for undoing a batch."""
    manager = MODELS[revision.table].objects
    if revision.action == "retired":
        record = MODELS[revision.table](lock=revision.lock + 1)
        record.pk = revision.record
        put(record, queries.image(revision.before), now.actor)
        _only(record)
        record.save(force_insert=True)
        kept = now.revision(record, "created", "", revision.before, revision)
    else:
        record = manager.select_for_update().get(pk=revision.record)
        if revision.action == "created":
            _unused(record.TABLE, record.cells())
            kept = now.revision(record, "retired", revision.after, "", revision)
            record.delete()
        else:
            put(record, queries.image(revision.before), now.actor)
            record.lock += 1
            _only(record)
            record.save()
            kept = now.revision(record, "changed", revision.after, revision.before, revision)
    kept.save()
    return kept


@transaction.atomic
def load(package: str, actor: Actor, owner: Organisation | None = None) -> None:
    """First start: all rows of a bundled package, kept by ``owner``, and version 1 of them, published.

    Nobody was asked for these figures before: each is due a cadence after today, however old its source.

    Raises
    ------
    CallError
        ``registers-filled`` if there are rows already.
    """
    if any(model.objects.exists() for model in MODELS.values()):
        raise CallError("registers-filled", {"package": package})
    whole = runs.gather(package)
    now = step(actor, "")
    days = _days(whole)
    for table in whole:
        if table.name in MODELS:
            kept = Kept(owner=owner, next_due=next_due(table.name, timezone.localdate()))
            store((_loaded(table.name, row, days, kept, actor) for row in cells.rows_of(table)), table.name)
    bulk.weigh(*MODELS.values())
    audited(actor, "registers.loaded", "registers", package, after={table.name: len(table) for table in whole})
    about = data.describe(package)
    versions.begin(about.title_zh, number=now.number, actor=actor)


def _days(whole: Tables) -> dict[str, date]:
    """Source → the day up to which it can know anything."""
    sources = whole.get("sources")
    if sources is None:
        return {}
    rows = zip(sources.column("id"), sources.column("published"), sources.column("year"), strict=True)
    known = ((name, cells.day(published) or cells.day(year)) for name, published, year in rows)
    # Of a source of this year only the year may be known; nothing is known of days to come.
    return {name: min(day, timezone.localdate()) for name, day in known if day}


def _loaded(table: str, row: Mapping[str, str], days: Mapping[str, date], kept: Kept, actor: Actor) -> Record:
    record = made(table, row, actor)
    cited = [days[one] for one in row.get("source", "").split(";") if one in days]
    record.owner, record.as_of, record.next_due = kept.owner, max(cited, default=None), kept.next_due
    return record


def _keep(record: Record, kept: Kept) -> None:
    """What is said beside the cells; where no day is named, a record is due again a cadence after its day."""
    record.owner, record.as_of = kept.owner, kept.as_of
    record.next_due = kept.next_due or (next_due(record.TABLE, kept.as_of) if kept.as_of else None)


def _only(record: Record) -> None:
    """No two records of one id."""
    if record.TABLE in cells.KEYS:
        return
    if type(record).objects.filter(key=record.key).exclude(pk=record.pk).exists():
        raise CallError("record-exists", {"table": record.TABLE, "key": record.key})


def _unused(table: str, row: Mapping[str, str]) -> None:
    """Nothing refers to a record whose id goes away."""
    for other, column, count in queries.users(table, row):
        raise CallError("record-used", {"key": cells.key_of(table, row), "table": other, "column": column, "count": count})


@transaction.atomic
def tell_export(table: str, kind: str, asked: Mapping[str, str], *, actor: Actor) -> None:
    """Write into the trail that rows left the registers as a file."""
    audited(actor, f"{table}.exported", table, table, after={"kind": kind, "asked": asked})
