"""The ``datapackage.json`` of a chain package. Owns: descriptor. Never: reading one, the cells themselves.

The schema is stated as strictly as the rows keep it: a column with ``约10万吨`` among its numbers is said to hold
text, a reference into the bundled library is no foreign key here. So every package we write passes
``frictionless validate`` (Frictionless Data Package 1, tabular profile).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping

from liantu.io.cells import PLAIN
from liantu.io.workbook import header, schema_columns
from liantu.model import schema
from liantu.model.schema import NUMERIC, Column
from liantu.model.tables import Table, Tables

Json = dict[str, object]
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_FLAG = re.compile("yes|no")
_NAME = re.compile(r"[-a-z0-9._]+")


def descriptor(tables: Tables, paths: Mapping[str, str]) -> bytes:
    """The descriptor of tables that are written to these paths, by table."""
    titles = [title for title in (tables.setting("title_en"), tables.setting("title_zh")) if title]
    package: Json = {
        "profile": "tabular-data-package",
        "name": _slug(tables.name),
        **({"title": " ".join(titles)} if titles else {}),
        "resources": [_resource(tables, name, path, at) for at, (name, path) in enumerate(paths.items(), start=1)],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", re.sub(r"\.(?:xlsx?|zip|csv)$", "", name.lower())).strip("-") or "chain"


def _resource(tables: Tables, name: str, path: str, at: int) -> Json:
    known = schema.tables().get(name)
    return {
        # Frictionless takes small ASCII letters only; a table outside the contract keeps its name in the path.
        "name": name if _NAME.fullmatch(name) else f"table-{at}",
        **({"title": f"{known.en} {known.zh}", "description": known.help_en} if known else {"title": name}),
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(tables, tables.tables[name]),
    }


def _schema(tables: Tables, table: Table) -> Json:
    columns = schema_columns(table.name)
    keys = [name for name, column in columns.items() if name in table.columns and _is_key(column, table)]
    links = [link for name, column in columns.items() if name in table.columns and (link := _link(tables, table, column))]
    return {
        "fields": [_field(table, name, columns.get(name)) for name in table.columns],
        "missingValues": [""],
        **({"primaryKey": keys} if keys else {}),
        **({"foreignKeys": links} if links else {}),
    }


def _field(table: Table, name: str, column: Column | None) -> Json:
    field: Json = {"name": header(name, table.units.get(name, ""))}
    if column is None:
        return {**field, "type": "string"}
    cells = table.column(name)
    given = set(cells) - {""}
    kind = _kind(column, given)
    limits = {**_required(column, cells), **_limits(column, kind, given)}
    spelled = {"trueValues": ["yes"], "falseValues": ["no"]} if kind == "boolean" else {}
    return {
        **field, "type": kind, **spelled, "title": column.zh, "description": column.help_en,
        **({"unit": unit} if (unit := table.units.get(name) or column.unit) else {}),
        **({"constraints": limits} if limits else {}),
    }  # fmt: skip


def _kind(column: Column, given: set[str]) -> str:
    """The narrowest Frictionless type that all cells keep."""
    kinds: list[tuple[bool, str, Callable[[str], object]]] = [
        (column.type == "year", "integer", _WHOLE.fullmatch),
        (column.type in NUMERIC, "number", _is_finite),
        (column.type == "date", "date", _DAY.fullmatch),
        (column.type == "flag", "boolean", _FLAG.fullmatch),
    ]
    return next((kind for wanted, kind, keeps in kinds if wanted and all(map(keeps, given))), "string")


def _is_finite(text: str) -> bool:
    return bool(PLAIN.fullmatch(text)) and math.isfinite(float(text))


def _required(column: Column, cells: object) -> Json:
    return {"required": True} if column.required and isinstance(cells, (list, tuple)) and cells and "" not in cells else {}


def _limits(column: Column, kind: str, given: set[str]) -> Json:
    if column.choices:
        return {"enum": list(column.choices)} if given <= set(column.choices) else {}
    if kind not in ("number", "integer"):
        return {}
    values = [float(text) for text in given]
    low = {"minimum": column.low} if math.isfinite(column.low) and min(values, default=column.low) >= column.low else {}
    high = {"maximum": column.high} if math.isfinite(column.high) and max(values, default=column.high) <= column.high else {}
    return {**low, **high}


def _is_key(column: Column, table: Table) -> bool:
    cells = table.column(column.name)
    return column.type == "id" and "" not in cells and len(set(cells)) == len(cells)


def _link(tables: Tables, table: Table, column: Column) -> Json | None:
    """A foreign key, where every reference is found in this package."""
    target = tables.get(column.refers) if column.refers else None
    if target is None or not len(target) or set(table.column(column.name)) - {""} - set(target.column("id")):
        return None
    return {"fields": [column.name], "reference": {"resource": "" if target.name == table.name else target.name, "fields": ["id"]}}
