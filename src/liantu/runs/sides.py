"""Plans side by side. Owns: what plans build alike, in another size, place or year, or only in some; limits and money of each.
Never: planning, words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from liantu.model.results import Column, Grid, Record, RunRecord, Scalar

# Capacities nearer than this share are one.
ALIKE = 1e-6
# What each plan builds of one thing: (site, year) → capacity.
Built = Mapping[tuple[str, int], float]


def sides(names: Sequence[str], plans: Sequence[RunRecord]) -> Mapping[str, Grid]:
    """Plans beside the first of them, in rows of one plan each.

    Returns
    -------
    mapping
        ``money``: the parts of the objective, discounted, and the investment; ``processes`` and ``builds`` (process by site and
        year): what is built, ``apart`` saying whether it is the ``same`` in all, or of another ``size``, ``place`` or ``year``,
        or only in ``some``, what differs most first; ``limits`` that bind in any.
    """
    told = {name: plan for name, plan in zip(names, plans, strict=True) if plan.ok}
    rows = {name: [*plan.grid("builds")] for name, plan in told.items()}
    return {"money": _money(told, rows), "processes": _processes(rows), "builds": _builds(rows), "limits": _limits(told)}


def _money(told: Mapping[str, RunRecord], rows: Mapping[str, Sequence[Record]]) -> Grid:
    parts = {name: {**_values(plan.result.get("money")), "objective": _worth(plan), "investment": _sum(rows[name], "investment")}
             for name, plan in told.items()}  # fmt: skip
    first = next(iter(parts.values()), {})
    lines = [(part, name, values[part], values[part] - first[part]) for part in first for name, values in parts.items()]
    return _grid(("part", "scenario", "value", "difference"), lines)


def _values(money: object) -> dict[str, float]:
    return {str(part): float(value) for part, value in money.items()} if isinstance(money, Mapping) else {}


def _worth(plan: RunRecord) -> float:
    objective = plan.result.get("objective")
    return _number(objective.get("value")) if isinstance(objective, Mapping) else 0.0


def _sum(rows: Sequence[Record], column: str) -> float:
    return sum(_number(row.get(column)) for row in rows)


def _number(cell: Scalar) -> float:
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def _processes(rows: Mapping[str, Sequence[Record]]) -> Grid:
    """All sites and years of a process together."""
    lines: list[tuple[Scalar, ...]] = []
    for (process,), of in _grouped(rows, ("process",)):
        unit, said = _unit(of), apart([_built(some) for some in of.values()])
        for name, some in of.items():
            sites = len({row["site"] for row in some})
            lines.append((process, unit, said, name, _sum(some, "capacity"), sites, _sum(some, "investment")))
    return _grid(("process", "unit", "apart", "scenario", "capacity", "sites", "investment"), lines)


def _builds(rows: Mapping[str, Sequence[Record]]) -> Grid:
    lines: list[tuple[Scalar, ...]] = []
    for (process, site), of in _grouped(rows, ("process", "site")):
        said = apart([_built(some) for some in of.values()])
        for name, some in of.items():
            lines += [
                (process, site, said, name, *(row.get(key) for key in ("year", "capacity", "unit", "ready", "investment"))) for row in some
            ]
    return _grid(("process", "site", "apart", "scenario", "year", "capacity", "unit", "ready", "investment"), lines)


def _grouped(rows: Mapping[str, Sequence[Record]], keys: Sequence[str]) -> list[tuple[tuple[str, ...], dict[str, list[Record]]]]:
    """Rows of each plan under their keys, what is furthest apart in money first and what is the same last."""
    found: dict[tuple[str, ...], dict[str, list[Record]]] = {}
    for name, some in rows.items():
        for row in some:
            found.setdefault(tuple(str(row[key]) for key in keys), {each: [] for each in rows})[name].append(row)

    def rank(of: Mapping[str, Sequence[Record]]) -> tuple[bool, float]:
        costs = [_sum(some, "investment") for some in of.values()]
        return apart([_built(some) for some in of.values()]) == "same", min(costs) - max(costs)

    return sorted(found.items(), key=lambda item: rank(item[1]))


def _unit(of: Mapping[str, Sequence[Record]]) -> str:
    return next(str(row["unit"]) for some in of.values() for row in some)


def _built(rows: Sequence[Record]) -> Built:
    built: dict[tuple[str, int], float] = {}
    for row in rows:
        key = str(row["site"]), int(_number(row["year"]))
        built[key] = built.get(key, 0.0) + _number(row["capacity"])
    return built


def apart(each: Sequence[Built]) -> str:
    """How plans differ in one thing: ``some`` build none of it, else by ``size``, ``place`` or ``year``; else it is the ``same``."""
    totals = [sum(one.values()) for one in each]
    if any(total <= 0 for total in totals):
        return "some"
    if not _alike([{"": total} for total in totals]):
        return "size"
    if not _alike([_by(one, lambda key: key[0]) for one in each]):
        return "place"
    return "same" if _alike([_by(one, lambda key: f"{key[0]}@{key[1]}") for one in each]) else "year"


def _by(built: Built, key: Callable[[tuple[str, int]], str]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for at, capacity in built.items():
        sums[key(at)] = sums.get(key(at), 0.0) + capacity
    return sums


def _alike(each: Sequence[Mapping[str, float]]) -> bool:
    keys = {key for one in each for key in one}
    spans = [[one.get(key, 0.0) for one in each] for key in keys]
    return all(max(span) - min(span) <= ALIKE * max(span) for span in spans)


def _limits(told: Mapping[str, RunRecord]) -> Grid:
    """Limits that are worth something in any plan, the worth furthest apart first."""
    keys, figures = ("limit", "site", "material", "direction", "year", "unit"), ("used", "available", "value")
    found: dict[tuple[Scalar, ...], dict[str, Record]] = {}
    for name, plan in told.items():
        for row in plan.grid("limits"):
            found.setdefault(tuple(row[key] for key in keys), {})[name] = row
    binding = {at: of for at, of in found.items() if any(_number(row["value"]) > 0 for row in of.values())}

    def spread(of: Mapping[str, Record]) -> float:
        worth = [_number(of[name]["value"]) * _number(of[name]["available"]) if name in of else 0.0 for name in told]
        return max(worth) - min(worth)

    order = sorted(binding.items(), key=lambda item: -spread(item[1]))
    lines = [(*at, name, *(of[name][key] if name in of else None for key in figures)) for at, of in order for name in told]
    return _grid((*keys, "scenario", *figures), lines)


def _grid(names: Sequence[str], lines: Sequence[Sequence[Scalar]]) -> Grid:
    columns: dict[str, Column] = {name: [line[at] for line in lines] for at, name in enumerate(names)}
    return Grid(columns=columns)
