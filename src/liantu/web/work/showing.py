"""How an answer is read: which tables and columns, ids as names, numbers in their form. Owns: that choice. Never: markup, computing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liantu.model import schema
from liantu.report import numbers
from liantu.web.kit.shown import DASH
from liantu.web.work.models import Run
from liantu.words import Lang, say

_SHOWN = 50
Names = Mapping[str, tuple[str, str]]
TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "check": {"balances": ("process", "element", "in_t", "out_t", "gap"), "tables": ("table", "rows")},
    "balance": {
        "materials": ("material", "unit", "produced", "consumed", "bought", "sold", "surplus", "unmet"),
        "plants": ("plant", "process", "site", "unit", "activity", "capacity", "utilisation"),
        "elements": ("element", "in_t", "out_t", "gap"),
    },
    "require": {
        "activities": ("process", "unit", "activity", "capacity", "gap", "state"),
        "materials": ("material", "unit", "demand", "produced", "consumed", "bought", "surplus"),
    },
    "throughput": {
        "plants": ("plant", "process", "site", "unit", "activity", "capacity", "utilisation", "capacity_value"),
        "materials": ("material", "site", "unit", "bought", "sold", "surplus", "unmet", "price"),
    },
    "recruit": {
        "links": ("process", "site", "unit", "step", "net_per_year", "useful_size", "invest", "because"),
        "excluded": ("process", "site", "because"),
    },
    "whynot": {
        "wish": ("material", "unit", "amount", "most", "short", "bought"),
        "limits": ("because",), "missing": ("because",), "lacking": ("because",),
    },
    "plan": {
        "builds": ("year", "process", "site", "capacity", "unit", "ready", "investment"),
        "limits": ("limit", "site", "material", "year", "used", "available", "unit", "value"),
    },
}  # fmt: skip
_YEARS = frozenset({"year", "ready"})
_NAMED = frozenset({"process", "material", "site", "plant", "firm"})
_WORDS = frozenset({"state", "limit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One table of an answer: heads (word, whether a number), rows of cells, how many rows there are in all."""

    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


def tables(run: Run, told: Mapping[str, Any], lang: Lang, names: Names) -> list[Shown]:
    """The tables of a verb's answer; an overview has its page instead."""
    result = told.get("result", {})
    return [_table(key, columns, result[key], lang, names) for key, columns in TABLES.get(run.verb, {}).items() if result.get(key)]


def _table(key: str, columns: tuple[str, ...], rows: list[dict[str, Any]], lang: Lang, names: Names) -> Shown:
    numeric = {column: isinstance(_first(rows, column), (int, float)) and column not in _YEARS for column in columns}
    return Shown(
        title=say(f"work.table-{key}", lang),
        heads=tuple((say(f"work.col-{column}", lang), numeric[column]) for column in columns),
        rows=tuple(tuple(_cell(column, row.get(column), lang, names) for column in columns) for row in rows[:_SHOWN]),
        total=len(rows),
    )


def _first(rows: list[dict[str, Any]], column: str) -> object:
    return next((row[column] for row in rows if row.get(column) is not None), None)


def _cell(column: str, value: object, lang: Lang, names: Names) -> str:
    if value is None or value == "":
        return DASH
    if column in _NAMED:
        return named(str(value), lang, names)
    if column in _WORDS:
        return say(f"work.{column}-{value}", lang)
    if column == "table":
        known = schema.tables().get(str(value))
        return known.label(lang) if known else str(value)
    return numbers.bare(float(value)) if isinstance(value, (int, float)) and column not in _YEARS else str(value)


def named(identifier: str, lang: Lang, names: Names) -> str:
    """What an id is called in the registers."""
    english, chinese = names.get(identifier, ("", ""))
    return (chinese if lang == "zh" else english) or chinese or english or identifier


def question(run: Run, lang: Lang) -> Iterator[tuple[str, str]]:
    """What was asked, as label and value."""
    if run.year:
        yield say("work.pill-year", lang), str(run.year)
    yield say("work.pill-scenario", lang), run.scenario.name if run.scenario else say("work.base", lang)
    for name, value in run.question.get("options", {}).items():
        yield say(f"work.option-{name}", lang), _said(value, lang)


def _said(value: object, lang: Lang) -> str:
    between = "、" if lang == "zh" else ", "
    if isinstance(value, dict):
        return between.join(f"{name} = {amount}" for name, amount in value.items())
    if isinstance(value, bool):
        return say("work.yes" if value else "work.no", lang)
    return between.join(map(str, value)) if isinstance(value, list) else str(value)
