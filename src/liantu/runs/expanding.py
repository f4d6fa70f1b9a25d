"""Building over years asked of a chain: names settled, the engine called, the plan labelled. Owns: PlanAsked, plan,
what other questions about plans share with it. Never: reading files, mathematics.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from liantu.engines.planning.aims import aims_of
from liantu.engines.planning.corners import corners
from liantu.engines.planning.expansion import Infeasible, Limit, Plan, PlanOptions, expand
from liantu.engines.planning.solver import SolverOptions
from liantu.engines.planning.stands import Build
from liantu.errors import CallError, InputError, nearest
from liantu.io import cells
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Column, Grid, Scalar
from liantu.model.rows import Floats, Ints, Texts
from liantu.runs import holding, noting
from liantu.runs.ask import Asked, Question, default_year
from liantu.runs.names import amount
from liantu.units import factor, parse_unit

YEARS = 10
_SHORT = {
    "demand": "short-demand", "target": "short-target", "budget": "short-budget",
    "land": "short-land", "power": "short-power", "water": "short-water",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """What is asked of a plan, in names.

    Attributes
    ----------
    first, last : int, optional
        Years from and to; by default ten from the package's own year on.
    rate : float
        Discount rate.
    blocks : bool
        Whole blocks, least sizes, fixed charges.
    budget : float, optional
        Most investment begun in a year; by default the package's own setting, if it has one. Infinity: no limit.
    fix : sequence of str
        Builds that are signed, each ``PROCESS@SITE=AMOUNT@YEAR``.
    forbid : sequence of str
        ``PROCESS@SITE`` where nothing new may come.
    sites : sequence of str
        Sites that may be built upon; by default every county, park and place.
    targets : sequence of str
        Targets of the package that must be met, by id or indicator.
    window, step : int
        Years looked ahead and years then kept; 0 for all at once.
    holds : bool
        Whether the plan is made anew at low and high prices, energy and investment, to see which builds stay.
    """

    first: int | None = None
    last: int | None = None
    rate: float = 0.08
    blocks: bool = False
    budget: float | None = None
    fix: Sequence[str] = ()
    forbid: Sequence[str] = ()
    sites: Sequence[str] = ()
    targets: Sequence[str] = ()
    window: int = 0
    step: int = 0
    holds: bool = False
    solver: SolverOptions = field(default_factory=SolverOptions)


def plan(chain: Chain, question: Question) -> Asked:
    """What to build, where and when."""
    asked = question.options if isinstance(question.options, PlanAsked) else PlanAsked(first=question.year)
    options = options_of(chain, asked)
    found = expand(chain, options)
    told = told_of(asked, options)
    if isinstance(found, Infeasible):
        return unplanned(chain, found, told, options)
    made = corners(chain, options, found) if asked.holds else None
    answer: Answer = {
        "years": Grid(columns={"year": found.years}),
        "objective": {"value": found.objective, "currency": found.network.currency, "bound": found.bound},
        "money": {**found.money},
        "gap": found.gap,
        "status": found.status.value,
        "builds": builds(chain, found, holding.shares(made) if made else None),
        "plants": _plants(chain, found),
        "limits": _limits(chain, found),
        "materials": _materials(chain, found),
        "shipments": _shipments(chain, found),
        "solve": {"residual": found.residual},
        **(holding.holds(chain, found, made) if made else {}),
    }
    held = holding.remarks(chain, made) if made else ()
    findings = (*noting.ended(found, options), *noting.endless(chain, found), *held, *noting.notes(chain, options))
    return Asked(answer=answer, options=told, findings=findings)


def unplanned(chain: Chain, found: Infeasible, told: dict[str, object], options: PlanOptions) -> Asked:
    """No plan: what falls short instead."""
    findings = (*_unmet(chain, found), *noting.notes(chain, options))
    return Asked(answer={"short": _short(chain, found)}, options=told, findings=findings, solved=False)


def options_of(chain: Chain, asked: PlanAsked) -> PlanOptions:
    """Names as positions; years and budget that are not given are the package's own.

    Raises
    ------
    CallError
        ``plan-number``, ``year-range``, ``years-order``, ``question-number``, ``fix-form``, or for a name that is not there.
    """
    first = asked.first if asked.first is not None else default_year(chain)
    last = asked.last if asked.last is not None else first + YEARS - 1
    budget = asked.budget if asked.budget is not None else _own_budget(chain)
    if not 0 <= asked.rate < 1 or (budget is not None and not budget >= 0):
        raise CallError("plan-number", {"rate": asked.rate, "budget": "–" if budget is None else budget})
    if beyond := [year for year in (first, last) if not cells.FIRST_YEAR <= year <= cells.LAST_YEAR]:
        raise CallError("year-range", {"value": str(beyond[0]), "first": str(cells.FIRST_YEAR), "last": str(cells.LAST_YEAR)})
    if last < first:
        raise CallError("years-order", {"first": str(first), "last": str(last)})
    if min(asked.window, asked.step) < 0:
        raise CallError("question-number", {"value": min(asked.window, asked.step)})
    return PlanOptions(
        first=first,
        last=last,
        rate=asked.rate,
        blocks=asked.blocks,
        budget=math.inf if budget is None else budget,
        fixed=tuple(_fixed(chain, text) for text in asked.fix),
        forbidden=tuple(_stand(chain, text, text) for text in asked.forbid),
        sites=tuple(_position("site-unknown", chain.sites.id, (chain.sites.name_zh, chain.sites.name_en), name) for name in asked.sites)
        or None,
        aims=aims_of(chain, tuple(asked.targets)),
        window=asked.window,
        step=asked.step,
        solver=asked.solver,
    )


def _own_budget(chain: Chain) -> float | None:
    """The budget a package plans with unless another is given: its setting, in money of its markets."""
    named = chain.setting("budget")
    if not named:
        return None
    read = cells.number(named)
    return read.value * (parse_unit(read.unit).factor if read.unit else 1.0)


def told_of(asked: PlanAsked, options: PlanOptions) -> dict[str, object]:
    """What was asked, as a record keeps it."""
    told: dict[str, object] = {"from": options.first, "to": options.last}
    told |= {"rate": asked.rate, "blocks": asked.blocks, "budget": asked.budget}
    told |= {"fix": list(asked.fix), "forbid": list(asked.forbid), "sites": list(asked.sites), "targets": list(asked.targets)}
    return {**told, "window": asked.window, "step": asked.step, "time_limit_s": asked.solver.time_limit_s, "gap": asked.solver.gap}


def _fixed(chain: Chain, text: str) -> Build:
    """``PROCESS@SITE=AMOUNT@YEAR``."""
    stand, equals, rest = text.partition("=")
    written, at, year = rest.rpartition("@")
    if not equals or not at:
        raise CallError("fix-form", {"value": text})
    process, site = _stand(chain, stand, text)
    try:
        read, begun = cells.number(written.strip()), int(cells.year(year.strip()).value)
        product = int(chain.processes.product[process])
        kg = float(chain.materials.kg_per_unit[product])
        unit = chain.materials.unit[product]
        times = factor(read.unit, unit, kg_per_unit=None if np.isnan(kg) else kg, yearly=True) if read.unit else 1.0
    except InputError as error:
        raise CallError(error.code, error.values) from error
    if read.value < 0:
        raise CallError("below", {"value": read.value, "low": 0.0})
    return Build(process=process, site=site, year=begun, capacity=read.value * times)


def _stand(chain: Chain, text: str, whole: str) -> tuple[int, int]:
    """``PROCESS@SITE``."""
    process, at, site = text.partition("@")
    if not at:
        raise CallError("fix-form", {"value": whole})
    processes, sites = chain.processes, chain.sites
    return (
        _position("process-unknown", processes.id, (processes.name_zh, processes.name_en), process.strip()),
        _position("site-unknown", sites.id, (sites.name_zh, sites.name_en), site.strip()),
    )


def _position(code: str, ids: Texts, names: tuple[Texts, ...], name: str) -> int:
    """Position by id, or by a name only one has."""
    if name in ids:
        return ids.index(name)
    found = [at for at, shown in enumerate(zip(*names, strict=True)) if name in shown and name]
    if len(found) != 1:
        raise CallError(code, {"value": name, "near": nearest(name, (*ids, *(one for texts in names for one in texts)))})
    return found[0]


def builds(chain: Chain, found: Plan, holds: Floats | None = None) -> Grid:
    """What is begun in each year; ``holds`` is of each stand."""
    stand, year = np.nonzero(found.built)
    order = np.lexsort((stand, year))
    stand, year = stand[order], year[order]
    process, capacity = found.stands.process[stand], found.built[stand, year]
    columns: dict[str, Column] = {
        "process": _named(chain.processes.id, process),
        "site": _named(chain.sites.id, found.stands.site[stand]),
        "year": found.years[year],
        "capacity": capacity,
        "unit": _unit(chain, process),
        "ready": found.years[year] + found.wait[stand],
        "investment": capacity * _capex(chain)[process],
        **({"holds": holds[stand]} if holds is not None else {}),
    }
    return Grid(columns=columns)


def _capex(chain: Chain) -> Floats:
    capex = np.zeros(len(chain.processes))
    capex[chain.technologies.process] = np.nan_to_num(chain.technologies.capex)
    return capex


def _plants(chain: Chain, found: Plan) -> Grid:
    """Every stand that has capacity in a year."""
    stand, year = np.nonzero(found.capacity > 0)
    process, capacity, activity = found.stands.process[stand], found.capacity[stand, year], found.activity[stand, year]
    columns: dict[str, Column] = {
        "process": _named(chain.processes.id, process),
        "site": _named(chain.sites.id, found.stands.site[stand]),
        "year": found.years[year],
        "unit": _unit(chain, process),
        "activity": activity,
        "capacity": capacity,
        "utilisation": activity / capacity,
    }
    return Grid(columns=columns)


def _limits(chain: Chain, found: Plan) -> Grid:
    parts = [_limit(chain, found, limit) for limit in found.limits]
    names = ("limit", "site", "material", "direction", "year", "used", "available", "unit", "value")
    columns: dict[str, Column] = {name: [cell for part in parts for cell in part[name]] for name in names}
    return Grid(columns=columns)


def _limit(chain: Chain, found: Plan, limit: Limit) -> dict[str, list[Scalar]]:
    """A limit in every year it holds."""
    row, year = np.nonzero(np.isfinite(limit.available))
    market = limit.of[row]
    material = np.where(market >= 0, chain.markets.material[market] if len(chain.markets) else -1, -1)
    unit = {"land": "mu", "power": "MW", "water": "m3/d", "budget": found.network.currency}.get(limit.kind, "")
    return {
        "limit": [limit.kind] * row.size,
        "site": list(_named(chain.sites.id, limit.site[row])),
        "material": list(_named(chain.materials.id, material)),
        "direction": [str(chain.markets.direction[at]) if at >= 0 else "" for at in market.tolist()],
        "year": found.years[year].tolist(),
        "used": limit.used[row, year].tolist(),
        "available": limit.available[row, year].tolist(),
        "unit": [unit or chain.materials.unit[at] for at in material.tolist()],
        "value": limit.value[row, year].tolist(),
    }


def _materials(chain: Chain, found: Plan) -> Grid:
    """Materials that are bought, sold, short or over at each place in each year."""
    shown = (found.bought + found.sold + found.surplus + found.unmet) > 0
    material, place, year = np.nonzero(shown)
    of, when = np.nonzero(found.unmet_anywhere)
    every, none = np.concatenate([material, of]), np.zeros(of.size)
    columns: dict[str, Column] = {
        "material": _named(chain.materials.id, every),
        "site": [*_named(chain.sites.id, found.network.sites[place]), *[""] * of.size],
        "year": found.years[np.concatenate([year, when])],
        "unit": _named(chain.materials.unit, every),
        "bought": np.concatenate([found.bought[shown], none]),
        "sold": np.concatenate([found.sold[shown], none]),
        "surplus": np.concatenate([found.surplus[shown], none]),
        "unmet": np.concatenate([found.unmet[shown], found.unmet_anywhere[of, when]]),
        "price": np.concatenate([found.price[shown], np.full(of.size, np.nan)]),
    }
    return Grid(columns=columns)


def _shipments(chain: Chain, found: Plan) -> Grid:
    ways = found.network.transport
    moving = np.flatnonzero(found.shipments > 0)
    columns: dict[str, Column] = {
        "material": _named(chain.materials.id, ways.material[moving]),
        "origin": _named(chain.sites.id, found.network.sites[ways.origin[moving]]),
        "destination": _named(chain.sites.id, found.network.sites[ways.destination[moving]]),
        "year": found.years[ways.year[moving]],
        "amount": found.shipments[moving],
        "unit": _named(chain.materials.unit, ways.material[moving]),
    }
    return Grid(columns=columns)


def _short(chain: Chain, found: Infeasible) -> Grid:
    columns: dict[str, Column] = {
        "what": [one.what for one in found.short],
        "name": [_of(chain, one.what, one.row) for one in found.short],
        "year": [one.year for one in found.short],
        "asked": [one.asked for one in found.short],
        "short": [one.by for one in found.short],
    }
    return Grid(columns=columns)


def _unmet(chain: Chain, found: Infeasible) -> Iterator[Finding]:
    """A sentence for each thing that falls short; if nothing can be named, that there is no plan."""
    for one in found.short:
        file, line = chain.demands.stands(one.row) if one.what == "demand" else (None, None)
        unit = chain.materials.unit[chain.demands.material[one.row]] if one.what == "demand" else ""
        values = {
            "name": _of(chain, one.what, one.row),
            "year": str(one.year),
            "asked": amount(one.asked),
            "short": amount(one.by),
            "unit": unit,
        }
        yield Finding(code=_SHORT[one.what], values=values, file=file, row=line, column="amount" if file else None)
    if not found.short:
        yield Finding(code="plan-none", values={"first": str(found.years[0]), "last": str(found.years[-1])})


def _of(chain: Chain, what: str, row: int) -> str:
    """What a shortfall is of: a material, a site, or the target's number."""
    if what == "demand":
        return chain.materials.id[int(chain.demands.material[row])]
    if what in {"land", "power", "water"}:
        return chain.sites.id[row]
    return str(row + 1) if what == "target" else ""


def _unit(chain: Chain, process: Ints) -> list[str]:
    return _named(chain.materials.unit, chain.processes.product[process])


def _named(names: Texts, at: Ints) -> list[str]:
    return [names[one] if one >= 0 else "" for one in at.tolist()]
