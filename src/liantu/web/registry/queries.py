"""What the registers hold. Owns: the state of the registers, whole tables, snapshots, versions. Never: writes, lists of a page (lists)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Value

from liantu.model import schema
from liantu.model.tables import Table, Tables
from liantu.web.registry import cells
from liantu.web.registry.models import MODELS, Record, Revision, Snapshot, State, Version

NAME = "registers"
_CHANGES = 50
_LEVEL = 3  # of compression: a tenth of the bytes at a third of the time of the highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """All that is kept of a record, as a revision holds it."""

    cells: Mapping[str, str]
    extra: str = ""
    owner: int | None = None
    as_of: date | None = None
    next_due: date | None = None

    def text(self) -> str:
        """The image as JSON."""
        kept = {name: text for name, text in self.cells.items() if text}
        return json.dumps({**asdict(self), "cells": kept}, ensure_ascii=False, default=str)


def image(text: str) -> Image:
    """The image a revision holds."""
    held: dict[str, Any] = json.loads(text) if text else {"cells": {}}
    days = {name: date.fromisoformat(held[name]) for name in ("as_of", "next_due") if held.get(name)}
    return Image(**{**held, **days})


def image_of(record: Record) -> Image:
    """The image of a record as it is."""
    return Image(cells=record.cells(), extra=record.extra, owner=record.owner_id, as_of=record.as_of, next_due=record.next_due)


def revision() -> int:
    """How often the registers were changed: the same number, the same rows."""
    return State.objects.filter(id=1).values_list("revision", flat=True).first() or 0


def rows() -> int:
    """How many rows all registers hold, in one query."""
    parts = [model.objects.order_by().values_list(Value(name)).annotate(n=Count("pk")) for name, model in MODELS.items()]
    return sum(count for _, count in parts[0].union(*parts[1:], all=True))


def tables() -> Tables:
    """All registers as the core reads them, confidential cells blank; a row's line is its record's number.

    Reads every row: for jobs, not for pages.
    """
    return Tables(name=NAME, tables={table.name: table for table in map(_table, MODELS) if len(table)})


def _table(name: str) -> Table:
    model = MODELS[name]
    wanted = [column for column in model.COLUMNS if column not in cells.confidential(name)]
    rows = list(model.objects.order_by("pk").values_list("pk", "extra", *(f"c_{column}" for column in wanted)))
    if not rows:
        return Table(name=name, columns={}, lines=(), files=())
    lines, extras, *columns = zip(*rows, strict=True)
    held = {column: values for column, values in zip(wanted, columns, strict=True) if any(values)}
    return Table(name=name, columns={**held, **_extra(extras)}, lines=lines, files=(name,))


def _extra(extras: tuple[str, ...]) -> dict[str, list[str]]:
    """Columns the contract does not know."""
    rows = [json.loads(text) if text else {} for text in extras] if any(extras) else []
    return {name: [row.get(name, "") for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def packed(whole: Tables) -> bytes:
    """Tables as they are stored."""
    kept = {
        table.name: {"columns": {name: list(values) for name, values in table.columns.items()}, "lines": list(table.lines)}
        for table in whole
    }
    return gzip.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), compresslevel=_LEVEL, mtime=0)


def content(snapshot: Snapshot) -> Tables:
    """The registers as they stood then."""
    held = json.loads(gzip.decompress(bytes(snapshot.content)))
    kept = {name: Table(name=name, columns=one["columns"], lines=one["lines"], files=(name,)) for name, one in held.items()}
    return Tables(name=NAME, tables=kept)


def published() -> Version | None:
    """The version in force: the newest that is published."""
    return Version.objects.filter(state="published").select_related("snapshot").defer("snapshot__content").first()


def version(number: int) -> Version | None:
    """A version by its number."""
    return Version.objects.filter(number=number).select_related("snapshot").defer("snapshot__content").first()


def changes_since(number: int) -> list[tuple[str, str, int]]:
    """Table, what was done and to how many records, since a revision of the registers."""
    rows = Revision.objects.filter(number__gt=number).values("table", "action").annotate(count=Count("record", distinct=True))
    return [(row["table"], row["action"], row["count"]) for row in rows.order_by("table", "action")]


def draft() -> Snapshot | None:
    """The snapshot of the registers as they stand, if one was made."""
    return Snapshot.objects.filter(revision=revision()).defer("content").first()


def users(table: str, row: Mapping[str, str], among: Callable[[str], QuerySet[Record]] | None = None) -> list[tuple[str, str, int]]:
    """Which tables refer to a row, by which column, how often, in one query; ``among`` says which rows of a table count."""
    name = row.get("id", "") if "id" in MODELS[table].COLUMNS else ""
    rows = among or (lambda other: MODELS[other].objects.all())
    parts = [
        rows(other).filter(**{f"c_{column}": name}).order_by().values_list(Value(other), Value(column)).annotate(count=Count("pk"))
        for other, column in referring(table)
        if name
    ]
    # A part without rows still counts them: none.
    return [(other, column, count) for other, column, count in (parts[0].union(*parts[1:], all=True) if parts else ()) if count]


def referring(table: str) -> Iterator[tuple[str, str]]:
    """Tables and columns that refer to a table."""
    for other in schema.tables().values():
        for column in other.columns.values():
            if column.type == "ref" and column.refers == table:
                yield other.name, column.name


def history(table: str, record: int) -> list[Revision]:
    """The last changes of a record, the newest first."""
    return list(Revision.objects.filter(table=table, record=record).order_by("-id")[:_CHANGES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A table in two snapshots: how many rows there were and are, which are new, changed, gone."""

    table: str
    before: int
    after: int
    new: list[str]
    changed: list[tuple[str, dict[str, tuple[str, str]]]]
    gone: list[str]

    @property
    def is_different(self) -> bool:
        """Whether anything differs."""
        return bool(self.new or self.changed or self.gone)


def compared(before: Tables, after: Tables) -> Iterator[Compared]:
    """What differs between two snapshots, table by table; a record is known again by its number."""
    for name in schema.tables():
        old, new = _by_line(before.get(name)), _by_line(after.get(name))
        both = [line for line in new if line in old and old[line] != new[line]]
        yield Compared(
            table=name,
            before=len(old),
            after=len(new),
            new=[cells.key_of(name, row) for line, row in new.items() if line not in old],
            changed=[(cells.key_of(name, new[line]), _differences(old[line], new[line])) for line in both],
            gone=[cells.key_of(name, row) for line, row in old.items() if line not in new],
        )


def _by_line(table: Table | None) -> dict[int, dict[str, str]]:
    if table is None:
        return {}
    names = list(table.columns)
    rows = zip(*table.columns.values(), strict=True)
    return {line: {n: c for n, c in zip(names, row, strict=True) if c} for line, row in zip(table.lines, rows, strict=True)}


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (before.get(name, ""), after.get(name, "")) for name in {**before, **after} if before.get(name, "") != after.get(name, "")
    }
