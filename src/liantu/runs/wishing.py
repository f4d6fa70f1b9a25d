"""Why a wish cannot be had, asked of a chain: the wish settled, the engine called, what stops it labelled. Owns: Wish, whynot.
Never: reading files, mathematics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from liantu.engines.planning.limits import Kind
from liantu.engines.planning.solver import SolverOptions
from liantu.engines.planning.throughput import Unmet
from liantu.engines.planning.whynot import WhyNot, why_not
from liantu.errors import CallError
from liantu.model.chain import Chain
from liantu.model.results import Answer, Column, Grid
from liantu.model.rows import Ints
from liantu.model.said import Filling, Part, Said
from liantu.runs.ask import Asked, Question, demanded, unitless, year_of
from liantu.runs.names import amount, column, name, unit_of
from liantu.runs.reasons import limit
from liantu.runs.unmet import unmet

# Less than this beside what plants make is nothing a solver can tell from none.
LEAST = 1e-15
_FIELDS = {Kind.PLANT: "plant", Kind.MARKET: "market", Kind.ROUTE: "route", Kind.DEMAND: "demand"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a wish is meant.

    Attributes
    ----------
    make : bool
        Whether what is wished for has to be made: buying it does not count.
    """

    make: bool = False
    solver: SolverOptions = field(default_factory=SolverOptions)


def whynot(chain: Chain, question: Question) -> Asked:
    """The most of a wish that can be had, and exactly what stops the rest."""
    year = year_of(chain, question)
    asked = question.options if isinstance(question.options, Wish) else Wish()
    wish = demanded(chain, question.demand)
    if not (wish > 0).any() or (wish < 0).any():
        raise CallError("wish-none")
    if small := [at for at in np.flatnonzero(wish).tolist() if wish[at] < LEAST]:
        values = {"material": chain.materials.id[small[0]], "amount": f"{wish[small[0]]:g}", "unit": chain.materials.unit[small[0]]}
        raise CallError("wish-small", {**values, "least": f"{LEAST:g}"})
    found = why_not(chain, year, wish, make=asked.make, options=asked.solver)
    if isinstance(found, Unmet):
        return unmet(chain, found, year)
    answer: Answer = {
        "year": year,
        "share": found.share,
        "met": found.share >= 1 - 1e-9,
        "because": _because(chain, found),
        "wish": _wish(chain, found),
        "limits": _limits(chain, found),
        "missing": _missing(chain, found),
        "lacking": _lacking(chain, found),
    }
    told: dict[str, object] = {"year": year, "wish": dict(question.demand), "make": asked.make}
    return Asked(answer=answer, options=told, findings=tuple(unitless(chain, question.demand)))


def _scale(chain: Chain, found: WhyNot) -> tuple[float, str]:
    """What a share of one is, and in which unit: of a single material its amount, else per cent of the wish."""
    wished = np.flatnonzero(found.amount > 0)
    return (float(found.amount[wished[0]]), chain.materials.unit[wished[0]]) if wished.size == 1 else (100.0, "%")


def _because(chain: Chain, found: WhyNot) -> Said:
    can = "can" if found.share >= 1 - 1e-9 else "cannot"
    if math.isinf(found.share):
        return Said(parts=(("reason.endless", {}),))
    wished = np.flatnonzero(found.amount > 0)
    if wished.size > 1:
        return Said(parts=((f"reason.{can}-share", {"share": f"{found.share:.3g}" if can == "can" else f"{found.share:.1%}"}),))
    whole = float(found.amount[wished[0]])
    values = {
        "material": name(chain.materials, int(wished[0])),
        "unit": chain.materials.unit[wished[0]],
        "amount": amount(whole),
        "most": amount(whole * found.share),
        "short": amount(whole * (1 - found.share)),
    }
    return Said(parts=((f"reason.{can}", values),))


def _wish(chain: Chain, found: WhyNot) -> Grid:
    wished = np.flatnonzero(found.amount > 0)
    most = found.amount[wished] * found.share
    columns: dict[str, Column] = {
        "material": [chain.materials.id[at] for at in wished.tolist()],
        "unit": [chain.materials.unit[at] for at in wished.tolist()],
        "amount": found.amount[wished],
        "most": most,
        "short": np.maximum(found.amount[wished] - most, 0),
        "bought": found.bought[wished],
    }
    return Grid(columns=columns)


def _limits(chain: Chain, found: WhyNot) -> Grid:
    """What binds; the parts add up to the most."""
    whole, unit = _scale(chain, found)
    of = found.limits
    parts = of.explains * whole
    rows = list(zip(of.kind.tolist(), of.row.tolist(), strict=True))
    told = [limit(chain, kind, row) for kind, row in rows]
    tied = [(int(material[row]), int(site[row])) for (material, site), row in ((_ties(chain, kind), row) for kind, row in rows)]
    columns: dict[str, Column] = {
        "limit": [_FIELDS[Kind(kind)] for kind, _ in rows],
        "id": [_id(chain, kind, row) for kind, row in rows],
        "material": column(chain.materials.id, [material for material, _ in tied]),
        "site": column(chain.sites.id, [site for _, site in tied]),
        "amount": of.amount,
        "unit": [str(values["unit"]) for _, values in told],
        "value": of.value * whole,
        "part": parts,
        "part_unit": [unit] * len(parts),
        "because": [_stops(one, part, unit) for one, part in zip(told, parts.tolist(), strict=True)],
    }
    return Grid(columns=columns)


def _stops(told: Part, part: float, unit: str) -> Said:
    key, values = told
    return Said(parts=((f"reason.by-{key}", {**values, "part": f"{amount(abs(part))} {unit}"}),))


def _id(chain: Chain, kind: int, row: int) -> str:
    """A plant has a name of its own; anything else is told by the line it stands in."""
    if kind == Kind.PLANT:
        return chain.plants.id[row]
    of = chain.markets if kind == Kind.MARKET else chain.routes if kind == Kind.ROUTE else chain.demands
    return f"{_FIELDS[Kind(kind)]}s:{of.stands(row)[1]}"


def _ties(chain: Chain, kind: int) -> tuple[Ints, Ints]:
    """Material and site of each row of a table of limits; of a route the site where it begins."""
    if kind == Kind.PLANT:
        return chain.processes.product[chain.plants.process], chain.plants.site
    if kind == Kind.ROUTE:
        return chain.routes.material, chain.routes.origin
    of = chain.markets if kind == Kind.MARKET else chain.demands
    return of.material, of.site


def _missing(chain: Chain, found: WhyNot) -> Grid:
    """Processes without a plant that would bring the wish nearer."""
    whole, unit = _scale(chain, found)
    process = found.missing_process.tolist()
    gains = (found.missing_value * whole).tolist()
    columns: dict[str, Column] = {
        "process": [chain.processes.id[at] for at in process],
        "site": column(chain.sites.id, found.sites[found.missing_place].tolist()),
        "unit": [unit_of(chain, at) for at in process],
        "value": gains,
        "because": [_lacks(chain, at, gain, unit) for at, gain in zip(process, gains, strict=True)],
    }
    return Grid(columns=columns)


def _lacking(chain: Chain, found: WhyNot) -> Grid:
    """Materials nobody makes or sells that would bring the wish nearer."""
    whole, unit = _scale(chain, found)
    gains = (found.lacking_value * whole).tolist()
    units = [chain.materials.unit[at] for at in found.lacking.tolist()]
    told: list[Filling] = [
        {"material": name(chain.materials, at), "unit": of, "part": f"{amount(gain)} {unit}"}
        for at, of, gain in zip(found.lacking.tolist(), units, gains, strict=True)
    ]
    columns: dict[str, Column] = {
        "material": column(chain.materials.id, found.lacking.tolist()),
        "unit": units,
        "value": gains,
        "because": [Said(parts=(("reason.by-lacking", values),)) for values in told],
    }
    return Grid(columns=columns)


def _lacks(chain: Chain, process: int, gain: float, unit: str) -> Said:
    values: Filling = {"process": name(chain.processes, process), "unit": unit_of(chain, process), "part": f"{amount(gain)} {unit}"}
    return Said(parts=(("reason.by-missing", values),))
