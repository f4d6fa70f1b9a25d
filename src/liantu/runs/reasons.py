"""Why a link pays, ends or cannot be, in sentences. Owns: the choice of words. Never: mathematics, printing."""

from __future__ import annotations

import numpy as np

from liantu.engines.planning.heldback import HeldBack, Hold
from liantu.engines.planning.judging import End, Prospect
from liantu.engines.planning.limits import Kind
from liantu.engines.planning.recruit import Recruit
from liantu.engines.planning.siting import SITE_LIMITS, Stop
from liantu.engines.planning.throughput import Throughput
from liantu.model.chain import Chain
from liantu.model.rows import Ints
from liantu.model.said import Filling, Name, Part, Said
from liantu.runs.names import amount, column, firm_of, name, names, unit_of

# More than this many names make no sentence.
TOLD = 3


def because(chain: Chain, found: Recruit, link: int, uses: Ints, serves: Ints) -> Said:
    """Why a link is worth what it is, what ends it, whom it would use and serve."""
    prospect = found.prospects[int(found.prospect[link])]
    process, site = int(found.process[link]), int(found.site[link])
    parts = [*_verdict(chain, found, prospect, link)]
    if prospect.end not in (End.LOSS, End.UNKNOWN):
        parts += [*_end(chain, found, prospect, site, float(found.useful[link]))]
        if found.useful[link] < found.siting.step[process] * (1 - 1e-9):
            parts.append(("reason.less-than-step", {"step": amount(float(found.siting.step[process])), "unit": unit_of(chain, process)}))
    if uses.size:
        parts.append(("reason.uses", {"materials": names(chain.materials, uses[:TOLD])}))
    if serves.size:
        firms = tuple(dict.fromkeys(firm_of(chain, int(plant)) for plant in serves))
        parts.append(("reason.serves", {"plants": _listed(firms)}))
    return Said(parts=(*parts, *_bend(chain, found, prospect)))


def _listed(firms: tuple[Name, ...]) -> Name:
    return Name(en=", ".join(one.en for one in firms[:TOLD]), zh="、".join(one.zh for one in firms[:TOLD]))


def _verdict(chain: Chain, found: Recruit, prospect: Prospect, link: int) -> list[Part]:
    process = int(found.process[link])
    unit, currency = unit_of(chain, process), found.base.network.currency
    slopes = prospect.curve.slopes
    worth = float(slopes[0]) if slopes.size else 0.0
    charge = float(found.terms.charge[process])
    values = {"unit": unit, "currency": currency, "worth": amount(worth), "cost": amount(charge)}
    if prospect.end is End.UNKNOWN:
        return [("reason.unknown", values)]
    if prospect.end is End.LOSS:
        return [("reason.loss" if worth > 0 else "reason.nothing", values)]
    return [("reason.pays", values), ("reason.pays-to", {"useful": amount(float(found.useful[link])), "unit": unit})]


def _end(chain: Chain, found: Recruit, prospect: Prospect, site: int, useful: float) -> list[Part]:
    """What ends it at a site: the site itself, else what binds in the chain."""
    process = prospect.process
    here = Stop(int(found.siting.ends[process, site]))
    if prospect.end is End.SITE or useful < prospect.pays_to * (1 - 1e-9):
        values: dict[str, str | Name] = {"site": name(chain.sites, site), "currency": found.base.network.currency}
        if here in SITE_LIMITS:
            values["amount"] = amount(float(found.siting.free[SITE_LIMITS.index(here), site]))
        elif here is Stop.CAPITAL:
            values["amount"] = amount(float(found.capital))
        return [(f"reason.end-{here.name.lower()}", values)]
    if prospect.end is End.ENDLESS:
        return [("reason.end-endless", {})]
    key, said = limit(chain, prospect.kind, prospect.row)
    return [(f"reason.end-{key}", said)]


def limit(chain: Chain, kind: int, row: int) -> Part:
    """What a limit is, as the end of a key and what fills its sentence."""
    if kind == Kind.PLANT:
        plants, process = chain.plants, int(chain.plants.process[row])
        filled = {"plant": firm_of(chain, row), "process": name(chain.processes, process), "site": name(chain.sites, int(plants.site[row]))}
        return "plant", {**filled, "amount": amount(float(plants.capacity[row])), "unit": unit_of(chain, process)}
    if kind == Kind.ROUTE:
        routes = chain.routes
        ends = {"origin": name(chain.sites, int(routes.origin[row])), "destination": name(chain.sites, int(routes.destination[row]))}
        carried = int(routes.material[row])
        return "route", {**ends, "amount": amount(float(routes.limit[row])), "unit": chain.materials.unit[carried] if carried >= 0 else "t"}
    of = chain.markets if kind == Kind.MARKET else chain.demands
    material = int(of.material[row])
    key = str(chain.markets.direction[row]) if kind == Kind.MARKET else "demand"
    most = chain.markets.limit[row] if kind == Kind.MARKET else chain.demands.amount[row]
    return key, {"material": name(chain.materials, material), "amount": amount(float(most)), "unit": chain.materials.unit[material]}


def held_back(chain: Chain, found: Throughput, held: HeldBack, at: int) -> Said:
    """What one more unit of a plant would earn, and what holds it back."""
    plant = int(found.plants[at])
    process = int(chain.plants.process[plant])
    value, capacity = float(found.capacity_value[at]), float(found.capacity[at])
    said: Filling = {
        "unit": unit_of(chain, process),
        "process": name(chain.processes, process),
        "site": name(chain.sites, int(chain.plants.site[plant])),
        "value": amount(value),
        "currency": found.network.currency,
        "amount": amount(capacity),
        "share": f"{found.activity[at] / capacity:.0%}" if capacity > 0 else "–",
    }
    if value > 0:
        return Said(parts=(("reason.capacity", said),))
    holds = [_held(chain, hold, row) for hold, row in held.of(at, TOLD)]
    if not holds:
        lost = -held.margin(at)
        holds = [("reason.held-loss", {**said, "value": amount(lost)}) if lost > 0 else ("reason.held-even", said)]
    return Said(parts=(("reason.full" if held.full[at] else "reason.part", said), *holds))


def _held(chain: Chain, hold: Hold, row: int) -> Part:
    if hold in (Hold.LACKING, Hold.UNSOLD):
        return f"reason.held-{hold.name.lower()}", {"material": name(chain.materials, row)}
    key, said = limit(chain, hold, row)
    return f"reason.held-{key}", said


def _bend(chain: Chain, found: Recruit, prospect: Prospect) -> list[Part]:
    """Where one step more and one step less are not worth the same, both are said."""
    step, last, process = prospect.last_step, prospect.last_value, prospect.process
    if np.isnan(last):
        return []
    values = {"step": amount(step), "unit": unit_of(chain, process), "currency": found.base.network.currency}
    if np.isinf(last):
        return [("reason.firm", values)]
    next_ = prospect.curve.at(step)
    if abs(last - next_) <= 0.01 * max(last, next_) + 1e-9:
        return []
    return [("reason.bend", {**values, "last": amount(last), "value": amount(next_)})]


def excluded(chain: Chain, found: Recruit, row: int) -> Said:
    """Why a process cannot come to a site."""
    process, site, stop = int(found.excluded_process[row]), int(found.excluded_site[row]), Stop(int(found.reason[row]))
    if stop is Stop.PASSING:
        return Said(parts=(("reason.stop-passing", {}),))
    if stop is Stop.INPUT:
        return Said(parts=(("reason.stop-input", {"material": name(chain.materials, int(found.lacking[row]))}),))
    if stop is Stop.ZONE:
        rows = np.flatnonzero(chain.technologies.process == process)
        zones = "/".join(chain.technologies.zones[int(rows[-1])])
        zone = chain.sites.zone[site]
        return Said(parts=((f"reason.stop-zone{'' if zone else 'less'}", {"zones": zones, "site": name(chain.sites, site), "zone": zone}),))
    filled = {"step": amount(float(found.siting.step[process])), "unit": unit_of(chain, process), "short": amount(float(found.short[row]))}
    return Said(parts=((f"reason.stop-{stop.name.lower()}", {**filled, "site": name(chain.sites, site)}),))


def listed(chain: Chain, uses: Ints, serves: Ints) -> tuple[str, str]:
    """Ids of materials used and plants served, as a cell lists them."""
    return ";".join(column(chain.materials.id, uses)), ";".join(column(chain.plants.id, serves))
