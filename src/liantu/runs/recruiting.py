"""Whom to recruit, asked of a chain: filters settled, the engine called, links labelled. Owns: RecruitAsked, recruit.
Never: reading files, mathematics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from liantu.engines.planning.judging import Prospect
from liantu.engines.planning.recruit import Recruit, RecruitOptions, neighbours
from liantu.engines.planning.recruit import recruit as judged
from liantu.engines.planning.siting import StepFrom, serving
from liantu.engines.planning.solver import SolverOptions
from liantu.engines.planning.throughput import Throughput, Unmet
from liantu.errors import CallError, nearest
from liantu.model.chain import Chain
from liantu.model.results import Answer, Column, Grid, Points
from liantu.model.rows import Bools, Ints
from liantu.model.said import Said
from liantu.runs import reasons
from liantu.runs.ask import Asked, Question, material_of, yardstick, year_of
from liantu.runs.names import amount, column, name, place, unit_of
from liantu.runs.unmet import unmet

# A link is recommended if it earns and does so in at least half of the corners in which prices and investment may lie.
HOLDS = 0.5
YARDSTICK = "yardstick"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitAsked:
    """What is looked at, in names.

    Attributes
    ----------
    rate : float
        Yearly rate at which an investment is spread over its life.
    stages, sites : sequence of str
        Only these; a site stands for all that lie in it. Empty: all.
    zone : str
        Only sites of this zone; blank: of any.
    serves : sequence of str
        Only links whose product goes into one of these materials; ``yardstick`` stands for what the package measures itself by.
    capital : float, optional
        Money there is for one link.
    """

    rate: float = 0.08
    stages: Sequence[str] = ()
    sites: Sequence[str] = ()
    zone: str = ""
    serves: Sequence[str] = ()
    capital: float | None = None
    solver: SolverOptions = field(default_factory=SolverOptions)


def recruit(chain: Chain, question: Question) -> Asked:
    """Every process at every site: what a step is worth and costs, best first, and what cannot be."""
    year = year_of(chain, question)
    asked = question.options if isinstance(question.options, RecruitAsked) else RecruitAsked()
    found = judged(chain, year, options=_options(chain, asked))
    if isinstance(found, Unmet):
        return unmet(chain, found, year)
    answer: Answer = {
        "year": year,
        "currency": found.base.network.currency,
        "links": _links(chain, found),
        "pairs": _pairs(chain, found),
        "excluded": _excluded(chain, found),
    }
    told = {"year": year, "rate": asked.rate, "stages": list(asked.stages), "sites": list(asked.sites), "zone": asked.zone}
    return Asked(answer=answer, options={**told, "serves": list(asked.serves), "capital": asked.capital}, findings=())


def _options(chain: Chain, asked: RecruitAsked) -> RecruitOptions:
    """Names as positions.

    Raises
    ------
    CallError
        ``stage-unknown``, ``site-unknown``, ``zone-unknown`` or ``recruit-number``.
    """
    capital = math.inf if asked.capital is None else asked.capital
    if not 0 <= asked.rate <= 1 or not capital >= 0:
        raise CallError("recruit-number", {"rate": asked.rate, "capital": capital})
    for given, known, code in ((asked.stages, chain.processes.stage, "stage-unknown"), ((asked.zone,), chain.sites.zone, "zone-unknown")):
        names = ", ".join(dict.fromkeys(text for text in known if text))
        for one in given:
            if one and one not in known:
                raise CallError(code if names else "zone-none", {"value": one, "names": names, "near": nearest(one, known)})
    sites = [at for given in asked.sites for at in _within(chain, place(chain, given))]
    return RecruitOptions(
        rate=asked.rate,
        stages=tuple(asked.stages),
        sites=tuple(sites) if asked.sites else None,
        zone=asked.zone,
        serves=tuple(at for name in asked.serves for at in _served(chain, name)),
        capital=capital,
        solver=asked.solver,
    )


def _in_line(chain: Chain) -> Bools:
    """Processes whose product goes into what the package measures itself by; none where it names nothing."""
    if not chain.setting(YARDSTICK):
        return np.zeros(len(chain.processes), dtype=bool)
    return serving(chain, _served(chain, YARDSTICK))


def _served(chain: Chain, name: str) -> list[int]:
    """A material, or those of the yardstick."""
    return [material_of(chain, one) for one in (yardstick(chain) if name == YARDSTICK else (name,))]


def _within(chain: Chain, site: int) -> list[int]:
    """A site and all that lie in it."""
    found, fresh = [site], [site]
    while fresh:
        fresh = np.flatnonzero(np.isin(chain.sites.parent, fresh)).tolist()
        found += fresh
    return found


def _links(chain: Chain, found: Recruit) -> Grid:
    process, site, ground, of = found.process, found.site, found.siting, found.terms
    prospects = [found.prospects[at] for at in found.prospect.tolist()]
    near = {one: neighbours(chain, found.base, one) for one in np.unique(process).tolist()}
    step = ground.step[process]
    capacity = chain.capacity(found.base.year)[process]
    listed = {one: reasons.listed(chain, *near[one]) for one in near}
    columns: dict[str, Column] = {
        "process": column(chain.processes.id, process),
        "site": column(chain.sites.id, site),
        "stage": column(chain.processes.stage, process),
        "zone": column(chain.sites.zone, site),
        "unit": [unit_of(chain, one) for one in process.tolist()],
        "step": step,
        "step_from": [StepFrom(one).name.lower() for one in ground.step_from[process].tolist()],
        "value_per_year": np.array([one.value for one in prospects]),
        "cost_per_year": found.cost,
        "net_per_year": found.net,
        "useful_size": found.useful,
        "payback_years": found.payback,
        "invest": np.where(of.known[process], of.capex[process] * step + of.fixed_charge[process], np.nan),
        "net_low": np.array([one.held.low for one in prospects]),
        "net_high": np.array([one.held.high for one in prospects]),
        "holds": np.array([one.held.share for one in prospects]),
        "advice": [_advice(net, one) for net, one in zip(found.net.tolist(), prospects, strict=True)],
        "capacity": capacity,
        **_product(chain, found.base, process),
        "last_step": np.array([one.last_step for one in prospects]),
        "last_value_per_year": np.array([one.last_value for one in prospects]),
        **_site_columns(found),
        "uses": [listed[one][0] for one in process.tolist()],
        "serves": [listed[one][1] for one in process.tolist()],
        "serves_yardstick": _in_line(chain)[process].tolist(),
        "curve": [_curve(found, link) for link in range(len(process))],
        "because": [reasons.because(chain, found, link, *near[one]) for link, one in enumerate(process.tolist())],
    }
    return Grid(columns=columns)


def _advice(net: float, prospect: Prospect) -> str:
    """``good``, ``open`` or ``poor``; blank where the cost is not stated."""
    if math.isnan(net):
        return ""
    earns, holds = net > 0, prospect.held.share >= HOLDS
    return "good" if earns and holds else "open" if earns or holds else "poor"


def _product(chain: Chain, base: Throughput, process: Ints) -> dict[str, Column]:
    """How much of its product the best use of the year buys and sells."""
    product = chain.processes.product[process]
    return {"product_bought": base.bought.sum(axis=1)[product], "product_sold": base.sold.sum(axis=1)[product]}


def _site_columns(found: Recruit) -> dict[str, Column]:
    """What a step takes of land, power and water, and what the site has left; null where it states none."""
    step = found.siting.step[found.process]
    columns: dict[str, Column] = {}
    for at, what in enumerate(("land_mu", "power_mw", "water_m3_d")):
        columns[what] = found.siting.need[at, found.process] * step
        columns[f"{what}_left"] = found.siting.free[at, found.site]
    return columns


def _curve(found: Recruit, link: int) -> Points:
    """Net worth by size, up to what the site can bear."""
    process, prospect = int(found.process[link]), found.prospects[int(found.prospect[link])]
    curve = prospect.curve.up_to(float(found.siting.room[process, found.site[link]]))
    if math.isnan(found.cost[link]):
        return ()
    standing = float(found.cost[link] - found.terms.charge[process] * found.siting.step[process])
    nets = curve.values - found.terms.charge[process] * curve.sizes - standing
    return tuple(zip(curve.sizes.tolist(), nets.tolist(), strict=True))


def _pairs(chain: Chain, found: Recruit) -> Grid:
    places = [found.prospects[one.maker].place for one in found.pairs]
    makers, takers = (np.array([found.prospects[at].process for at in side], dtype=np.intp) for side in _sides(found))
    columns: dict[str, Column] = {
        "maker": column(chain.processes.id, makers),
        "taker": column(chain.processes.id, takers),
        "material": column(chain.materials.id, [one.material for one in found.pairs]),
        "site": column(chain.sites.id, found.base.network.sites[places].tolist()) if places else [],
        "maker_size": np.array([one.sizes[0] for one in found.pairs]),
        "maker_unit": [unit_of(chain, at) for at in makers.tolist()],
        "taker_size": np.array([one.sizes[1] for one in found.pairs]),
        "taker_unit": [unit_of(chain, at) for at in takers.tolist()],
        "value_per_year": np.array([one.value for one in found.pairs]),
        "maker_alone": np.array([one.alone[0] for one in found.pairs]),
        "taker_alone": np.array([one.alone[1] for one in found.pairs]),
        "net_per_year": np.array([one.together for one in found.pairs]),
        "because": [_pair(chain, found, at) for at in range(len(found.pairs))],
    }
    return Grid(columns=columns)


def _sides(found: Recruit) -> tuple[list[int], list[int]]:
    return [one.maker for one in found.pairs], [one.taker for one in found.pairs]


def _pair(chain: Chain, found: Recruit, at: int) -> Said:
    one = found.pairs[at]
    filled = {
        "maker": name(chain.processes, found.prospects[one.maker].process),
        "taker": name(chain.processes, found.prospects[one.taker].process),
        "material": name(chain.materials, one.material),
    }
    return Said(parts=(("reason.pair", {**filled, "together": amount(one.together), "currency": found.base.network.currency}),))


def _excluded(chain: Chain, found: Recruit) -> Grid:
    columns: dict[str, Column] = {
        "process": column(chain.processes.id, found.excluded_process),
        "site": column(chain.sites.id, found.excluded_site),
        "because": [reasons.excluded(chain, found, row) for row in range(len(found.excluded_process))],
    }
    return Grid(columns=columns)
