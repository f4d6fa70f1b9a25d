"""The figures of an answer by which two answers are told apart. Owns: which those are for each verb. Never: computing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from liantu.model.results import Answer, Grid


@dataclass(frozen=True, slots=True)
class Figures:
    """Columns of one table of an answer, and the columns that name its rows."""

    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]


# The first table of a verb is the one a sweep counts by: what runs, what is worth recruiting, what is built.
FIGURES: Mapping[str, tuple[Figures, ...]] = {
    "balance": (Figures("plants", ("plant",), ("activity",)), Figures("materials", ("material",), ("net", "bought", "sold")),
                Figures("indicators", ("id",), ("value",))),
    "require": (Figures("activities", ("process",), ("activity", "gap")), Figures("materials", ("material",), ("bought", "surplus"))),
    "throughput": (Figures("plants", ("plant",), ("activity", "capacity_value")),
                   Figures("materials", ("material", "site"), ("bought", "sold", "surplus", "unmet", "price"))),
    "recruit": (Figures("links", ("process", "site"), ("net_per_year", "useful_size")),),
    "plan": (Figures("builds", ("process", "site", "year"), ("capacity",)),),
}  # fmt: skip


# Columns that hold money: of the whole, or for each unit.
_MONEY = {"net_per_year": "whole", "price": "each", "capacity_value": "each"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``plants.activity`` of ``r1``, in its unit."""

    name: str
    item: str
    unit: str
    value: float


def figures(verb: str, answer: Answer) -> Iterator[Figure]:
    """All figures of an answer that are compared, blank ones left out; rows of one name are added up."""
    if (value := objective(answer)) is not None:
        money = answer["objective"]
        yield Figure("objective", "", str(money.get("currency") or "") if isinstance(money, Mapping) else "", value)
    for of in FIGURES[verb]:
        totals: dict[tuple[str, str, str], float] = {}
        for column, item, unit, amount in _cells(of, answer):
            totals[column, item, unit] = totals.get((column, item, unit), 0.0) + amount
        yield from (Figure(f"{of.table}.{column}", item, unit, amount) for (column, item, unit), amount in totals.items())


def counted(verb: str, answer: Answer) -> dict[str, float]:
    """The figures a sweep counts: activity by plant, net worth by link, capacity built by process and site."""
    of, totals = FIGURES[verb][0], dict[str, float]()
    first = Figures(of.table, tuple(key for key in of.keys if key != "year"), of.columns[:1])
    for _, item, _, amount in _cells(first, answer):
        totals[item] = totals.get(item, 0.0) + amount
    return totals


def objective(answer: Answer) -> float | None:
    """What was to be as great as possible, if the verb has such a thing."""
    found = answer.get("objective")
    value = found.get("value") if isinstance(found, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else None


def _cells(of: Figures, answer: Answer) -> Iterator[tuple[str, str, str, float]]:
    grid = answer.get(of.table)
    for row in grid if isinstance(grid, Grid) else ():
        item = " @ ".join(str(row[key]) for key in of.keys if row[key] not in (None, ""))
        for column in of.columns:
            value = row[column]
            if isinstance(value, (int, float)):
                yield column, item, _unit(answer, column, str(row.get("unit") or "")), float(value)


def _unit(answer: Answer, column: str, unit: str) -> str:
    """What a figure is counted in: money, money per unit, or the unit of its row."""
    if column not in _MONEY:
        return unit
    worth = answer.get("objective")
    currency = str(answer.get("currency") or (worth.get("currency") if isinstance(worth, Mapping) else "") or "")
    return "/".join(part for part in (currency, unit if _MONEY[column] == "each" else "") if part)
