"""Questions put to a chain: options settled, engine called, answer labelled. Owns: years, demands and which verb asks what.
Never: reading files, mathematics.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from liantu.engines import balance as balancing
from liantu.errors import CallError, InputError, nearest
from liantu.io import cells
from liantu.io.columns import split
from liantu.model import schema
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Grid
from liantu.model.rows import Floats
from liantu.model.tables import Tables
from liantu.runs import answers
from liantu.runs.names import every
from liantu.units import factor

# A gap above half a per cent of the input is a finding: design rule for recipes and for the chain alike.
GAP = 0.005
_ROUNDING = 1e-9
# The unit in which a demand is spoken of, where it is not the one it is kept in.
_LARGER = {"kWh": "GWh", "t": "kt", "kg": "t", "MJ": "GJ", "m2": "Mm2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, as it came: blank parts take the package's own settings."""

    year: int | None = None
    demand: Mapping[str, float | str]
    buy: tuple[str, ...] = ()
    options: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer with the options it was given under and what was found on the way; unsolved if there is none."""

    answer: Answer
    options: dict[str, object]
    findings: tuple[Finding, ...]
    solved: bool = True


def check(chain: Chain, _question: Question) -> Asked:
    """Does every recipe balance, element by element."""
    recipes = balancing.recipe_balances(chain)
    return Asked(answer=answers.recipes(chain, recipes), options={}, findings=tuple(unbalanced(chain, recipes)))


def balance(chain: Chain, question: Question) -> Asked:
    """What the plants of a year make and take."""
    year = year_of(chain, question)
    recipes = balancing.recipe_balances(chain)
    answer = balancing.balance(chain, year)
    findings = (*unbalanced(chain, recipes), *answers.remarks(chain, answer))
    return Asked(answer=answers.balance(chain, answer, recipes, year), options={"year": year}, findings=findings)


def require(chain: Chain, question: Question) -> Asked:
    """What a demand needs, against the capacity of a year."""
    from liantu.engines import requirements

    year = year_of(chain, question)
    wanted = question.demand or yardstick(chain)
    demand = demanded(chain, wanted)
    buy = [material_of(chain, name) for name in question.buy]
    answer = requirements.require(chain, demand, year=year, buy=buy)
    options: dict[str, object] = {"year": year, "demand": dict(wanted), "buy": list(question.buy)}
    findings = (*unbalanced(chain, balancing.recipe_balances(chain)), *unitless(chain, wanted))
    return Asked(answer=answers.require(chain, answer, year), options=options, findings=findings)


VERBS: Mapping[str, Callable[[Chain, Question], Asked]] = {"check": check, "balance": balance, "require": require}


def tables(given: Tables) -> Grid:
    """How many rows each table has, in the order of the contract whatever file they came in."""
    order = [name for name in schema.tables() if name in given.tables]
    names = [*order, *sorted(given.tables.keys() - set(order))]
    return Grid(columns={"table": names, "rows": [len(given.tables[name]) for name in names]})


def year_of(chain: Chain, question: Question) -> int:
    """The year asked for, which some plant must be able to speak of.

    Raises
    ------
    InputError
        ``year-outside`` before the first plant starts, after the last has ended, or beyond the calendar.
    """
    year = question.year if question.year is not None else default_year(chain)
    first, last = _span(chain)
    if not first <= year <= last:
        span = f"≥ {first}" if last == cells.LAST_YEAR else f"{first}–{last}"
        raise InputError("year-outside", {"year": str(year), "span": span})
    return year


def _span(chain: Chain) -> tuple[int, int]:
    plants = chain.plants
    first, last = cells.FIRST_YEAR, cells.LAST_YEAR
    open_ = plants.status != "closed"
    if not open_.any():
        return first, last
    if not np.isnan(plants.start[open_]).any():
        first = int(plants.start[open_].min())
    if not np.isnan(plants.end[open_]).any():
        last = int(plants.end[open_].max())
    return first, last


def default_year(chain: Chain) -> int:
    """The year the package names, else the last in which an operating plant started, else the first it dates, else this one."""
    if named := chain.setting("year"):
        return int(cells.year(named).value)
    operating = chain.plants.start[chain.plants.status == "operating"]
    known = operating[~np.isnan(operating)]
    if known.size:
        return int(known.max())
    dated = np.concatenate([chain.plants.start, chain.demands.year, chain.markets.start, chain.targets.year])
    return int(np.nanmin(dated)) if not np.isnan(dated).all() else dt.datetime.now(tz=dt.UTC).year


def yardstick(chain: Chain) -> dict[str, float | str]:
    """The demand a package measures itself by: its setting."""
    pairs = [part.partition("=") for part in split(chain.setting("yardstick"))]
    if pairs:
        return {material.strip(): amount.strip() for material, _, amount in pairs}
    raise CallError("demand-none")


def demanded(chain: Chain, wanted: Mapping[str, float | str]) -> Floats:
    """Amount of each material, from names and amounts with or without a unit.

    Raises
    ------
    CallError
        For a material or unit that is not known.
    """
    demand = np.zeros(len(chain.materials))
    for name, amount in wanted.items():
        at = material_of(chain, name)
        demand[at] += _amount(chain, at, amount)
    return demand


def _amount(chain: Chain, at: int, amount: float | str) -> float:
    if not isinstance(amount, str):
        return float(amount)
    try:
        read = cells.number(amount.strip())
        if not read.unit:
            return read.value
        kg = float(chain.materials.kg_per_unit[at])
        return read.value * factor(read.unit, chain.materials.unit[at], kg_per_unit=None if np.isnan(kg) else kg, yearly=True)
    except InputError as error:
        raise CallError(error.code, error.values) from error


def unitless(chain: Chain, wanted: Mapping[str, float | str]) -> Iterator[Finding]:
    """Amounts written without a unit: read in the material's own, which may not be the one that was thought of."""
    for name, amount in wanted.items():
        if isinstance(amount, str) and not cells.number(amount.strip()).unit:
            unit = chain.materials.unit[material_of(chain, name)]
            values = {"material": name, "value": amount.strip(), "unit": unit, "larger": _LARGER.get(unit, unit)}
            yield Finding(code="demand-unit", values=values)


def material_of(chain: Chain, name: str) -> int:
    """Position of a material by its id, or by a name only one has."""
    if name in chain.material_index:
        return chain.material_index[name]
    named = [at for at, names in enumerate(zip(chain.materials.name_zh, chain.materials.name_en, strict=True)) if name in names]
    if len(named) != 1:
        raise CallError("material-unknown", {"value": name, "near": nearest(name, every(chain.materials))})
    return named[0]


def unbalanced(chain: Chain, recipes: balancing.RecipeBalances) -> Iterator[Finding]:
    """Recipes in which more than half a per cent of an element comes from nowhere or goes nowhere."""
    exchanges = chain.exchanges
    for row in np.flatnonzero(np.abs(recipes.gap) > GAP * (1 + _ROUNDING)):
        process = int(recipes.process[row])
        file, line = exchanges.stands(int(np.flatnonzero(exchanges.process == process)[0]))
        values = {
            "process": chain.processes.id[process],
            "element": chain.elements[recipes.element[row]],
            "in_t": float(recipes.in_t[row]),
            "out_t": float(recipes.out_t[row]),
        }
        yield Finding(code="recipe-unbalanced", values=values, file=file, row=line, column="amount")
