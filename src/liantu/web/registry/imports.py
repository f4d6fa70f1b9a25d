"""A file on its way in: read, its headers matched, its rows compared with the registers. Owns: these steps.
Never: writes (actions), what is right (checks).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from liantu import runs
from liantu.errors import CallError
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.model.tables import Table, Tables
from liantu.web.accounts.models import Person
from liantu.web.registry import access, cells, checks
from liantu.web.registry.models import MODELS, Batch, Line, Matching
from liantu.words import Lang

SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et", ".zip")
_PIECE = 1_000  # rows checked at once
_IDS = 400
_JUMP = 0.3  # a figure that moves by more asks whether it is meant
_MARKED = 1_000
_NOT_THEIRS = frozenset({"id-not-yours", "record-not-yours"})
VIEWS = ("wrong", "doubtful", "new", "changed", "all")
Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A row of the file beside the record it means.

    ``given`` are its cells, ``whole`` the row as it would stand, ``before`` what stands now where that differs.
    """

    table: str
    file: str
    number: int
    given: Mapping[str, str]
    whole: Mapping[str, str]
    record: int | None
    lock: int
    before: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> str:
        """wrong, new, changed or unchanged."""
        if any(one.level == "error" for one in self.findings):
            return "wrong"
        return "new" if self.record is None else "changed" if self.before else "unchanged"

    @property
    def is_not_theirs(self) -> bool:
        """Whether whoever brings it may not write it: then nothing more is said of it."""
        return any(one.code in _NOT_THEIRS for one in self.findings)

    def line(self, batch: Batch) -> Line:
        """As it is kept."""
        return Line(
            batch=batch, table=self.table, file=self.file[:300], number=self.number, state=self.state, record=self.record, lock=self.lock,
            is_doubtful=any(one.level == "warning" for one in self.findings), cells=json.dumps(self.given, ensure_ascii=False),
            before=json.dumps(self.before, ensure_ascii=False), findings=kept(self.findings),
        )  # fmt: skip


def kept(findings: Iterable[Finding]) -> str:
    """Findings as JSON."""
    return json.dumps([as_json(one) for one in findings], ensure_ascii=False)


def as_json(finding: Finding) -> dict[str, object]:
    """A finding that can be kept and shown in any language."""
    names = ("code", "file", "row", "column", "table", "header")
    return {**{name: getattr(finding, name) for name in names}, "values": dict(finding.values)}


def findings_of(held: str | Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Findings that were kept."""
    return [Finding(**one) for one in (json.loads(held) if isinstance(held, str) and held else held or ())]


def reading(data: bytes, name: str, person: Person, taken: Mapping[str, str] | None = None) -> dict[str, object]:
    """What a file holds: its tables, their headers and what each is taken to mean.

    Parameters
    ----------
    taken : mapping, optional
        Tables as read → those they shall be taken for.

    Raises
    ------
    InputError
        If it cannot be read at all.
    """
    read = runs.received(data, name)
    found = list(read.findings)
    tables = []
    for table in _taken(read, taken or {}):
        if table.name not in MODELS:
            found.append(Finding(code="table-unknown", values={"table": table.name}, file=table.file(0)))
        elif not access.may_add(person, table.name):
            found.append(Finding(code="import-not-yours", values={"table": table.name}, file=table.file(0)))
        else:
            tables.append({"table": table.name, "rows": len(table), "file": table.file(0), "headers": _headers(table, person)})
    return {"tables": tables, "findings": [as_json(one) for one in found[:200]], "taken": dict(taken or {})}


def _taken(read: Tables, taken: Mapping[str, str]) -> Iterator[Table]:
    """The tables as they shall be taken; of two that would be the same, the first."""
    seen: set[str] = set()
    for table in read:
        meant = runs.taken_for(table, taken[table.name]) if table.name in taken else table
        if meant.name not in seen:
            seen.add(meant.name)
            yield meant


def _headers(table: Table, person: Person) -> list[list[str]]:
    """Each column as read, its header as written, and the column of ours it is taken for: as last time, else as the reader knows it."""
    known = schema.table(table.name).columns
    held = Matching.objects.filter(organisation=person.organisation, table=table.name).values_list("header", "column")
    last = {header: column for header, column in held if not column or column in known}
    told = [(name, table.headers.get(name, name)) for name in table.columns]
    return [[name, header, last.get(header[:200], name if name in known else "")] for name, header in told]


def settled(said: Mapping[str, Any], wanted: Callable[[str, str, int], str], person: Person) -> dict[str, dict[str, str]]:
    """Which header means which column; ``wanted`` says so by table, header as read and its place. What is no column is left out.

    Raises
    ------
    CallError
        ``match-twice`` if two headers of a table mean the same column.
    """
    picked: dict[str, dict[str, str]] = {}
    for one in said["tables"]:
        table = one["table"]
        known = set(schema.table(table).columns) - access.masked(person, table)
        meant = {name: wanted(table, name, at) for at, (name, _, _) in enumerate(one["headers"])}
        picked[table] = {name: column if column in known else "" for name, column in meant.items()}
        counted = Counter(column for column in picked[table].values() if column)
        if twice := next((column for column, times in counted.items() if times > 1), ""):
            raise CallError("match-twice", {"column": twice, "table": table})
    return picked


def retaken(said: Mapping[str, Any], wanted: Mapping[str, str], person: Person) -> dict[str, str]:
    """Tables as read → what they shall be taken for; empty where nothing else is wanted than before."""
    before = {meant: read for read, meant in said.get("taken", {}).items()}
    tables = {one["table"] for one in said["tables"]}
    changed = {table: meant for table, meant in wanted.items() if table in tables and meant != table and access.may_add(person, meant)}
    return {**said.get("taken", {}), **{before.get(table, table): meant for table, meant in changed.items()}} if changed else {}


def lines(batch: Batch, view: str) -> QuerySet[Line]:
    """The rows of a checked file: wrong, doubtful, new, changed, unchanged or all."""
    if view == "all":
        return batch.lines.all()
    return batch.lines.filter(is_doubtful=True).exclude(state="wrong") if view == "doubtful" else batch.lines.filter(state=view)


def marked(batch: Batch, lang: Lang) -> bytes:
    """The file that was sent, as a workbook with its wrong cells red."""
    match = json.loads(batch.said)["match"]
    written = {table: {column: name for name, column in columns.items() if column} for table, columns in match.items()}
    found = batch.lines.exclude(findings="[]").order_by("pk")[:_MARKED]
    told = ((line.table, one) for line in found for one in findings_of(line.findings))
    findings = [replace(one, column=written[table].get(one.column or "", one.column)) for table, one in told]
    return runs.mark_received(bytes(batch.upload.content), batch.name, findings, lang=lang)


def compare(data: bytes, batch: Batch, report: Report) -> Iterator[Compared]:
    """Every row of the file beside the record it means."""
    said = json.loads(batch.said)
    match: Mapping[str, Mapping[str, str]] = said["match"]
    read = runs.received(data, batch.name)
    report(0.2, "registry.said-read")
    tables = [_matched(table, match[table.name], batch.by) for table in _taken(read, said.get("taken", {})) if table.name in match]
    given = {table.name: list(cells.rows_of(table)) for table in tables}
    pool = {name: {row["id"]: row for row in rows if row.get("id")} for name, rows in given.items() if "id" in MODELS[name].COLUMNS}
    whole = Tables(name=batch.name, tables={table.name: table for table in tables})
    done, total = 0, sum(map(len, given.values())) or 1
    for table in whole:
        rows = resolved(table.name, given[table.name], pool)
        for piece in _pieces(table, rows, pool, batch.by, read.findings):
            yield from piece
            done += len(piece)
            report(0.2 + 0.7 * done / total, "registry.said-check")


def _matched(table: Table, match: Mapping[str, str], person: Person) -> Table:
    """The columns under the names chosen for them; what this person does not read is not written either."""
    closed = access.masked(person, table.name)
    return runs.renamed(table, {name: "" if match.get(name, "") in closed else match.get(name, "") for name in table.columns})


def resolved(table: str, rows: Sequence[Mapping[str, str]], pool: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[dict[str, str]]:
    """Rows that refer by ids: a unique name stands for its id."""
    meant: dict[str, dict[str, str]] = {}
    for column in schema.table(table).columns.values():
        if column.type == "ref":
            asked = {row.get(column.name, "") for row in rows} - {""} - set(pool.get(column.refers, ()))
            meant[column.name] = _by_name(column.refers, asked)
    return [{**row, **{name: ids.get(row.get(name, ""), row.get(name, "")) for name, ids in meant.items() if name in row}} for row in rows]


def _by_name(table: str, asked: set[str]) -> dict[str, str]:
    """Names → ids, of those that are no ids and mean one record only."""
    model, found = MODELS[table], dict[str, list[str]]()
    left = asked - {name for some in _some(asked) for name in model.objects.filter(c_id__in=some).values_list("c_id", flat=True)}
    for column in ("c_name_zh", "c_name_en") if "name_zh" in model.COLUMNS else ():
        for some in _some(left):
            for name, id_ in model.objects.filter(**{f"{column}__in": some}).values_list(column, "c_id"):
                found.setdefault(name, []).append(id_)
    return {name: ids[0] for name, ids in found.items() if len(set(ids)) == 1}


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(values)
    return (listed[start : start + _IDS] for start in range(0, len(listed), _IDS))


def _pieces(
    table: Table, rows: list[dict[str, str]], pool: Mapping[str, Mapping[str, checks.Row]], person: Person, read: Sequence[Finding]
) -> Iterator[list[Compared]]:
    """So many rows at a time, each piece checked whole."""
    said: dict[tuple[str, int], list[Finding]] = {}
    for one in read:
        if one.row and one.level != "note":
            said.setdefault((one.file or "", one.row), []).append(one)
    seen: Counter[str] = Counter()
    for start in range(0, len(rows), _PIECE):
        beside = list(_beside(table, rows, range(start, min(start + _PIECE, len(rows))), seen, person))
        found = _found(table, [one for one in beside if (one.before or one.record is None) and not one.is_not_theirs], pool, person)
        yield [
            replace(one, findings=(*one.findings, *said.get((one.file, one.number), ()), *found.get((one.file, one.number), ())))
            for one in beside
        ]


def _beside(table: Table, rows: list[dict[str, str]], at: range, seen: Counter[str], person: Person) -> Iterator[Compared]:
    """Rows with their records: those of one key in their order."""
    name = table.name
    keys = [cells.key_of(name, rows[row]) for row in at]
    records, may_write = _records(name, set(keys)), access.writer(person, name)
    for row, key in zip(at, keys, strict=True):
        held = records.get(key, [])
        turn, seen[key] = seen[key], seen[key] + 1
        is_twice = turn > 0 and name not in cells.KEYS and bool(key)
        number, lock, was = held[turn] if turn < len(held) and not is_twice else (None, 0, {})
        # Of a record that this person does not see, nothing is told but that it is not theirs.
        is_hidden = bool(was) and not access.sees(person, name, was)
        number, was = (None, {}) if is_hidden else (number, was)
        whole = {**was, **rows[row]}
        before = {one: was[one] for one in was if was[one] != whole[one]}
        findings = list(_doubts(name, was, whole, before))
        if is_twice:
            findings.append(Finding(code="import-twice", values={"key": key}, column=cells.identity(name)[0]))
        if number is None and not access.may_name(person, name, whole):
            findings = [Finding(code="id-not-yours", values={"begins": f"{person.organisation.key}-"}, column="id")]
        elif is_hidden or ((before or not was) and not may_write(*filter(None, (was, whole)))):
            findings.append(Finding(code="record-not-yours"))
        file, line = table.file(row), int(table.lines[row])
        compared = Compared(table=name, file=file, number=line, given=rows[row], whole=whole, record=number, lock=lock, before=before)
        yield replace(compared, findings=tuple(replace(one, file=file, row=line, table=name) for one in findings))


def _records(table: str, keys: set[str]) -> dict[str, list[tuple[int, int, dict[str, str]]]]:
    model = MODELS[table]
    found: dict[str, list[tuple[int, int, dict[str, str]]]] = {}
    for some in _some(keys):
        rows = model.objects.filter(key__in=some).order_by("pk").values_list("pk", "lock", "key", *(f"c_{name}" for name in model.COLUMNS))
        for number, lock, key, *held in rows:
            found.setdefault(key, []).append((number, lock, dict(zip(model.COLUMNS, held, strict=True))))
    return found


def _doubts(table: str, was: Mapping[str, str], now: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    """A figure that moves far asks whether that is meant."""
    for column in before:
        known = schema.table(table).columns[column]
        if not cells.is_number(known) or known.type == "year":
            continue
        old, new = cells.number(was[column]), cells.number(now[column])
        if old and new is not None and abs(new / old - 1) > _JUMP:
            yield Finding(code="import-jump", values={"before": was[column], "after": now[column], "column": column}, column=column)


def _found(
    table: Table, rows: list[Compared], pool: Mapping[str, Mapping[str, checks.Row]], person: Person
) -> dict[tuple[str, int], list[Finding]]:
    """What the core finds, by row; where it found more than it keeps, the rows are asked again in halves."""
    if not rows:
        return {}
    given = checks.Given(
        table=table.name,
        rows=[one.whole for one in rows],
        lines=[one.number for one in rows],
        file=table.file(0),
        headers=table.headers,
        replaces=frozenset(one.record for one in rows if one.record is not None),
    )
    findings, is_all = checks.checked([given], person, pool)
    if not is_all and len(rows) > 1:
        half = len(rows) // 2
        return {**_found(table, rows[:half], pool, person), **_found(table, rows[half:], pool, person)}
    found: dict[tuple[str, int], list[Finding]] = {}
    for one in findings:
        if one.row:
            found.setdefault((one.file or "", one.row), []).append(one)
    return found
