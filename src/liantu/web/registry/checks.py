"""Rows checked by the core before they enter: each with the rows it refers to, never the whole register. Owns: that small package.
Never: what is right (runs), writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from liantu import runs
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.model.tables import Table, Tables, placed
from liantu.web.accounts.models import Person
from liantu.web.registry import access, shown
from liantu.web.registry.models import MODELS

# Tables whose rows are judged together with those that share this column: shares add up, a recipe has one product.
TOGETHER: Mapping[str, str] = {"exchanges": "process", "mixes": "material", "stakes": "firm", "technologies": "process"}
# What only the whole can tell: a process comes before its recipe, or the recipe before the process.
_WHOLE = frozenset({"product-not-made", "source-blank", "table-absent", "table-empty"})
_REGISTER = "~registers"
_CHUNK = 400  # ids asked for at once: SQLite takes so many
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Rows of one table on their way in: where each stands, headers as written, and which records they replace."""

    table: str
    rows: Sequence[Row]
    lines: Sequence[int]
    file: str
    headers: Mapping[str, str] = field(default_factory=dict)
    replaces: frozenset[int] = frozenset()


def checked(given: Sequence[Given], person: Person, pool: Mapping[str, Mapping[str, Row]] | None = None) -> tuple[list[Finding], bool]:
    """What the core finds in these rows, and whether that is all of it.

    Parameters
    ----------
    person : Person
        Who is told: rows are judged together with those that this person sees, and nothing is said of cells they do not read.
    pool : mapping, optional
        Rows that come in together with these, by table and id: they are referred to like rows of the registers.
    """
    closure = _Closure(pool or {}, person)
    for one in given:
        closure.add(one.table, one.rows, one.replaces)
    tables = {one.table: _table(one, closure) for one in given}
    for name, rows in closure.found.items():
        if name not in tables:
            tables[name] = _table(Given(table=name, rows=rows, lines=range(2, len(rows) + 2), file=_REGISTER), None)
    whole = Tables(name=_REGISTER, tables=tables)
    prepared = runs.prepare(whole)
    hidden = {one.file: access.masked(person, one.table) for one in given}
    said = [one for one in prepared.findings if one.file in hidden and one.code not in _WHOLE and one.level != "note"]
    kept = [one for one in said if one.column not in hidden[str(one.file)]]
    unseen = {(one.file, one.row) for one in said if one.level == "error"} - {(one.file, one.row) for one in kept if one.level == "error"}
    # That a cell this person does not read is wrong, and nothing of what stands in it.
    kept += [Finding(code="cell-unseen", file=file, row=row) for file, row in sorted(unseen, key=str)]
    return list(placed(kept, whole)), prepared.findings.counts["error"] < _most()


def _most() -> int:
    from liantu.model.findings import MAX_FINDINGS

    return MAX_FINDINGS


def _table(one: Given, closure: _Closure | None) -> Table:
    below = closure.found.get(one.table, []) if closure else []
    rows = [*one.rows, *below]
    names = dict.fromkeys([*(MODELS[one.table].COLUMNS if one.table in MODELS else ()), *(name for row in one.rows for name in row)])
    columns = {name: [row.get(name, "") for row in rows] for name in names}
    held = {name: column for name, column in columns.items() if any(column) or name in ("id", *_required(one.table))}
    lines = [*one.lines, *range(2, len(below) + 2)]
    files = [one.file] * len(one.rows) + [_REGISTER] * len(below)
    return Table(name=one.table, columns=held, lines=lines, files=files, headers=one.headers)


def _required(table: str) -> Iterable[str]:
    return (column.name for column in schema.table(table).columns.values() if column.required)


class _Closure:
    """The rows of the registers that some rows need to be judged."""

    def __init__(self, pool: Mapping[str, Mapping[str, Row]], person: Person) -> None:
        self._pool, self._person = pool, person
        self._asked: dict[str, set[str]] = {}
        self.found: dict[str, list[Row]] = {}

    def add(self, table: str, rows: Sequence[Row], replaces: frozenset[int]) -> None:
        """What these rows refer to, and those they are judged together with."""
        mine = {row.get("id", "") for row in rows}
        self._asked.setdefault(table, set()).update(mine)
        near = TOGETHER.get(table)
        if near:
            values = {row.get(near, "") for row in rows} - {""}
            self._take(table, self._rows(table, f"c_{near}", values, replaces))
        self._follow(table, rows)

    def _follow(self, table: str, rows: Sequence[Row]) -> None:
        for column in schema.table(table).columns.values():
            if not column.refers:
                continue
            self.found.setdefault(column.refers, [])
            asked = self._asked.setdefault(column.refers, set())
            wanted = {one for row in rows for one in shown.ids(column, row.get(column.name, ""))} - asked - {""}
            if wanted:
                asked |= wanted
                self._take(column.refers, self._referred(column.refers, wanted))

    def _take(self, table: str, rows: list[Row]) -> None:
        self.found.setdefault(table, []).extend(rows)
        self._asked.setdefault(table, set()).update(row.get("id", "") for row in rows)
        if rows:
            self._follow(table, rows)

    def _referred(self, table: str, wanted: set[str]) -> list[Row]:
        pooled = self._pool.get(table, {})
        rows = [pooled[one] for one in wanted if one in pooled]
        left = {one for one in wanted if one not in pooled}
        held = self._rows(table, "c_id", left)
        # A unique name stands for its id, as in a file.
        unknown = left - {row["id"] for row in held}
        if unknown and "name_zh" in MODELS[table].COLUMNS:
            for column in ("c_name_zh", "c_name_en"):
                held += [row for row in self._rows(table, column, unknown) if row["id"] not in {one["id"] for one in held}]
        return rows + held

    def _rows(self, table: str, column: str, values: set[str], replaces: frozenset[int] = frozenset()) -> list[Row]:
        model = MODELS[table]
        # Who a firm deals with it may name, though it does not see their row.
        among = model.objects.all() if table == "firms" else access.seen(self._person, table)
        listed = sorted(values)
        found: list[Row] = []
        for start in range(0, len(listed), _CHUNK):
            rows = among.filter(**{f"{column}__in": listed[start : start + _CHUNK]}).order_by("pk")
            names = [f"c_{name}" for name in model.COLUMNS]
            cells = rows.values_list("pk", *names)
            found += [dict(zip(model.COLUMNS, row[1:], strict=True)) for row in cells if row[0] not in replaces]
        return found
