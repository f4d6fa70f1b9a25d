"""What is done to a file on its way in. Owns: take, match, keep what was read and checked, enter, undo, discard.
Never: reading (imports).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.errors import CallError
from liantu.model.findings import Finding
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import Actor
from liantu.web.audit.actions import record as audited
from liantu.web.clock.queries import next_due
from liantu.web.registry import cells, queries
from liantu.web.registry.actions import bulk
from liantu.web.registry.actions.rows import CHUNK, Step, fill, made, put, step
from liantu.web.registry.imports import Compared, as_json
from liantu.web.registry.models import MODELS, Batch, Line, Matching, Record, Revision, Upload


@transaction.atomic
def take(name: str, content: bytes, *, person: Person) -> Batch:
    """Keep a file that was sent, until it is entered or discarded."""
    batch = Batch.objects.create(name=name[:200], by=person, organisation=person.organisation)
    Upload.objects.create(batch=batch, content=content)
    audited(person, "import.taken", "import", batch.pk, after={"name": batch.name, "bytes": len(content)})
    return batch


@transaction.atomic
def keep_reading(batch: Batch, said: Mapping[str, object]) -> None:
    """Keep which tables and headers were read."""
    batch.said, batch.state = json.dumps(said, ensure_ascii=False), "read"
    batch.save()


@transaction.atomic
def refuse(batch: Batch, finding: Finding) -> None:
    """Keep why a file could not be read."""
    batch.said, batch.state = json.dumps({"findings": [as_json(finding)]}, ensure_ascii=False), "failed"
    batch.save()


@transaction.atomic
def match(batch: Batch, chosen: Mapping[str, Mapping[str, str]], *, person: Person) -> None:
    """Settle which header means which column, and remember it for the organisation."""
    said: dict[str, Any] = json.loads(batch.said)
    written = {(one["table"], name): header for one in said["tables"] for name, header, _ in one["headers"]}
    for table, columns in chosen.items():
        for name, column in columns.items():
            where = {"organisation": person.organisation, "table": table, "header": written[table, name][:200]}
            Matching.objects.update_or_create(**where, defaults={"column": column})
    batch.said, batch.state = json.dumps({**said, "match": chosen}, ensure_ascii=False), "read"
    batch.save()
    audited(person, "import.matched", "import", batch.pk, after={table: len(columns) for table, columns in chosen.items()})


@transaction.atomic
def working(batch: Batch, job: object) -> None:
    """Remember which job works on it."""
    batch.job = str(job)
    batch.save()


@transaction.atomic
def keep_check(batch: Batch, compared: Iterable[Compared]) -> None:
    """Keep what became of each row; what was kept before goes."""
    batch.lines.all().delete()
    counts: dict[str, int] = dict.fromkeys((*Line.STATES, "doubtful"), 0)
    waiting: list[Line] = []
    for one in compared:
        line = one.line(batch)
        counts[line.state] += 1
        counts["doubtful"] += line.is_doubtful and line.state != "wrong"
        waiting.append(line)
        if len(waiting) == CHUNK:
            bulk.put(Line, bulk.values(waiting))
            waiting = []
    bulk.put(Line, bulk.values(waiting))
    bulk.weigh(Line)
    batch.said, batch.state = json.dumps({**json.loads(batch.said), "counts": counts}, ensure_ascii=False), "checked"
    batch.save()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Some good rows of one table, ready to be stored: known by what, as images before and after, and of those changed at which lock."""

    state: str
    table: str
    keys: list[str]
    values: list[bulk.Values]
    before: list[str]
    after: list[str]
    locks: dict[int, int]


def prepared(batch: Batch, actor: Actor) -> list[Entry]:
    """The good rows of a checked file; filling them in takes the longest, and is done before anybody has to wait for the transaction."""
    entries = []
    for state in ("new", "changed"):
        rows = batch.lines.filter(state=state)
        for table in rows.order_by().values_list("table", flat=True).distinct():
            lines = list(rows.filter(table=table).order_by("pk"))
            fill_in = _new if state == "new" else _changed
            entries += [fill_in(table, lines[start : start + CHUNK], batch, actor) for start in range(0, len(lines), CHUNK)]
    return entries


def _new(table: str, lines: list[Line], batch: Batch, actor: Actor) -> Entry:
    records = [made(table, json.loads(line.cells), actor) for line in lines]
    today = timezone.localdate()
    due = next_due(table, today)
    for record in records:
        record.owner, record.as_of, record.next_due = batch.organisation, today, due
    return _entry("new", table, records, [""] * len(records), {})


def _changed(table: str, lines: list[Line], _batch: Batch, actor: Actor) -> Entry:
    found = {record.pk: record for record in MODELS[table].objects.filter(pk__in=[line.record for line in lines])}
    records = [found[line.record] for line in lines if line.record in found]
    before = [queries.image_of(record).text() for record in records]
    today = timezone.localdate()
    due = next_due(table, today)
    for line in lines:
        if line.record in found:
            record = found[line.record]
            fill(record, {**record.cells(), **json.loads(line.cells)}, actor)
            record.lock, record.as_of, record.next_due = line.lock + 1, today, due
    return _entry("changed", table, records, before, {line.record or 0: line.lock for line in lines})


def _entry(state: str, table: str, records: list[Record], before: list[str], locks: dict[int, int]) -> Entry:
    values = bulk.values(records, with_key=state == "changed")
    after = [queries.image_of(record).text() for record in records]
    return Entry(state=state, table=table, keys=[record.key for record in records], values=values, before=before, after=after, locks=locks)


@transaction.atomic
def enter(batch: Batch, entries: Iterable[Entry], *, actor: Actor, reason: str) -> None:
    """Enter the good rows of a checked file as one change.

    Raises
    ------
    CallError
        ``batch-state`` if it is not checked, ``batch-moved`` if a record was changed since the check: nothing is entered then.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != "checked":
        raise CallError("batch-state", {"name": held.name})
    now = step(actor, reason, held)
    counts = {"new": 0, "changed": 0}
    for entry in entries:
        _still(entry)
        counts[entry.state] += len(entry.values)
        _store(entry, now)
    bulk.weigh(Revision, *{MODELS[entry.table] for entry in entries})
    held.state, held.entered, held.reason = "entered", timezone.now(), reason
    held.save()
    held.lines.all().delete()
    Upload.objects.filter(batch=held).delete()
    audited(actor, "import.entered", "import", held.pk, after={"name": held.name, **counts}, reason=reason)


def _still(entry: Entry) -> None:
    """What was checked is what stands: no record moved, no id was taken meanwhile."""
    rows = MODELS[entry.table].objects
    if entry.state == "changed":
        held = dict(rows.select_for_update().filter(pk__in=entry.locks).values_list("pk", "lock"))
        moved = sum(held.get(record) != lock for record, lock in entry.locks.items())
    else:
        moved = rows.filter(key__in=entry.keys).count() if entry.table not in cells.KEYS else 0
    if moved:
        raise CallError("batch-moved", {"count": moved})


def _store(entry: Entry, now: Step) -> None:
    """The rows, and what is kept of the change of each."""
    if entry.state == "new":
        numbers = bulk.insert(MODELS[entry.table], entry.values)
        action, locks = "created", [1] * len(numbers)
    else:
        bulk.replace(MODELS[entry.table], entry.values)
        numbers = list(entry.locks)
        action, locks = "changed", [lock + 1 for lock in entry.locks.values()]
    rows = zip(numbers, entry.keys, locks, entry.before, entry.after, strict=True)
    revisions = [now.values(action, entry.table, *row) for row in rows]
    bulk.put(Revision, revisions)


@transaction.atomic
def undo_batch(batch: Batch, *, actor: Actor, reason: str) -> None:
    """Take back all that a file entered.

    Raises
    ------
    CallError
        ``batch-state``; ``batch-changed`` if a record was changed since, ``record-used`` if others refer to a new one.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != "entered":
        raise CallError("batch-state", {"name": held.name})
    now = step(actor, reason, None)
    revisions = list(held.revisions.order_by("-pk"))
    _unmoved(revisions)
    gone: dict[str, list[str]] = {}
    for start in range(0, len(revisions), CHUNK):
        by_table: dict[str, list[Revision]] = {}
        for one in revisions[start : start + CHUNK]:
            by_table.setdefault(one.table, []).append(one)
        for table, some in by_table.items():
            gone.setdefault(table, []).extend(_take_back(table, some, now))
    for table, ids in gone.items():
        _nobody_refers(table, ids)
    held.state = "undone"
    held.save()
    audited(actor, "import.undone", "import", held.pk, after={"name": held.name, "rows": len(revisions)}, reason=reason)


def _unmoved(revisions: list[Revision]) -> None:
    """No record was changed after the batch."""
    last = {(one.table, one.record): one.pk for one in reversed(revisions)}
    newest = max(last.values(), default=0)
    later = Revision.objects.filter(pk__gt=newest).values_list("table", "record", "key")
    moved = [key for table, record, key in later.iterator() if (table, record) in last]
    if moved:
        raise CallError("batch-changed", {"count": len(moved), "key": moved[0]})


def _take_back(table: str, revisions: list[Revision], now: Step) -> list[str]:
    """Put the records of some changes back; gives the ids that are gone."""
    found = {record.pk: record for record in MODELS[table].objects.filter(pk__in=[one.record for one in revisions])}
    kept, records = [], []
    for one in revisions:
        record = found[one.record]
        if one.action == "created":
            kept.append(now.revision(record, "retired", one.after, "", one))
            continue
        put(record, queries.image(one.before), now.actor)
        record.lock += 1
        kept.append(now.revision(record, "changed", one.after, one.before, one))
        records.append(record)
    bulk.replace(MODELS[table], bulk.values(records, with_key=True))
    new = [found[one.record] for one in revisions if one.action == "created"]
    MODELS[table].objects.filter(pk__in=[record.pk for record in new]).delete()
    bulk.put(Revision, bulk.values(kept))
    return [record.cell("id") for record in new]


def _nobody_refers(table: str, ids: list[str]) -> None:
    for other, column in queries.referring(table):
        for start in range(0, len(ids), CHUNK):
            rows = MODELS[other].objects.filter(**{f"c_{column}__in": [one for one in ids[start : start + CHUNK] if one]})
            used = rows.values_list(f"c_{column}", flat=True).first()
            if used:
                raise CallError("record-used", {"key": used, "table": other, "column": column, "count": rows.count()})


@transaction.atomic
def discard(batch: Batch, *, person: Person) -> None:
    """Throw a file away that was not entered."""
    if batch.state in ("entered", "undone"):
        raise CallError("batch-state", {"name": batch.name})
    audited(person, "import.discarded", "import", batch.pk, before={"name": batch.name})
    batch.delete()
