"""Other ways to plan nearly as well, asked of a chain: options settled, the engine called, ranges and ways labelled.
Owns: OthersAsked, alternatives. Never: reading files, mathematics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from liantu.engines.planning.alternatives import Alternatives, Ranges
from liantu.engines.planning.alternatives import alternatives as others
from liantu.engines.planning.expansion import Infeasible
from liantu.errors import CallError, InputError
from liantu.io import cells
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Column, Grid
from liantu.runs import noting
from liantu.runs.ask import Asked, Question
from liantu.runs.expanding import PlanAsked, builds, options_of, told_of, unplanned
from liantu.runs.names import column
from liantu.units import parse_unit

WITHIN, WAYS = "2%", 3
# A range this small against its most is one value.
_SAME = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersAsked:
    """What is asked of other ways.

    Attributes
    ----------
    plan : PlanAsked
        The plan they are other ways of; without blocks and windows.
    within : str or float
        How much less than the best they may earn, as a share of it: ``0.02``, ``"2%"``.
    ways : int
        How many other plans are sought.
    """

    plan: PlanAsked = field(default_factory=PlanAsked)
    within: str | float = WITHIN
    ways: int = WAYS


def alternatives(chain: Chain, question: Question) -> Asked:
    """How differently a plan could be made within a share of the best."""
    asked = question.options if isinstance(question.options, OthersAsked) else OthersAsked(plan=PlanAsked(first=question.year))
    share = _share(asked)
    options = options_of(chain, asked.plan)
    told = {**told_of(asked.plan, options), "within": share, "ways": asked.ways}
    found = others(chain, options, share=share, count=asked.ways)
    if isinstance(found, Infeasible):
        return unplanned(chain, found, told, options)
    built = _builds(chain, found)
    answer: Answer = {
        "years": Grid(columns={"year": found.plan.years}),
        "objective": {"value": found.plan.objective, "currency": found.plan.network.currency},
        "within": _within(found),
        "ranges": _ranges(chain, found.ranges),
        "ways": _ways(found, built),
        "builds": built,
        "solve": {"residual": found.residual, "in_time": found.in_time},
    }
    return Asked(answer=answer, options=told, findings=(*_remarks(found, asked), *noting.notes(chain, options)))


def _share(asked: OthersAsked) -> float:
    """The share asked for.

    Raises
    ------
    CallError
        ``within-form``, ``alternatives-whole``.
    """
    if asked.plan.blocks or asked.plan.window:
        raise CallError("alternatives-whole")
    try:
        share = _read(asked.within)
    except InputError as error:
        raise CallError("within-form", {"value": str(asked.within)}) from error
    if not 0 <= share <= 1 or asked.ways < 0:
        raise CallError("within-form", {"value": str(asked.within)} if asked.ways >= 0 else {"value": str(asked.ways)})
    return share


def _read(given: str | float) -> float:
    if not isinstance(given, str):
        return float(given)
    number = cells.number(given.strip())
    return number.value * (parse_unit(number.unit).factor if number.unit else 1.0)


def _within(found: Alternatives) -> dict[str, str | float | int | bool | None]:
    allowed = found.allowance
    return {
        "share": allowed.share,
        "measured_by": "turnover" if allowed.by_turnover else "objective",
        "of": allowed.of,
        "less": allowed.amount,
        "least": found.plan.objective - allowed.amount,
    }


def _ranges(chain: Chain, found: Ranges) -> Grid:
    columns: dict[str, Column] = {
        "process": column(chain.processes.id, found.process),
        "site": column(chain.sites.id, found.site),
        "unit": column(chain.materials.unit, chain.processes.product[found.process]),
        "least": found.least,
        "best": found.best,
        "most": found.most,
        "built": _reading(found),
    }
    return Grid(columns=columns)


def _reading(found: Ranges) -> list[str]:
    """Built in every way, in some, or in none; blank where it is not known."""
    read = np.where(found.least > _SAME * found.most, "every", np.where(found.most > 0, "some", "none"))
    return [str(one) for one in np.where(np.isnan(found.least) | np.isnan(found.most), "", read)]


def _ways(found: Alternatives, built: Grid) -> Grid:
    """The best plan as way 0, then the others."""
    plan, ways = found.plan, found.ways
    columns: dict[str, Column] = {
        "way": np.arange(len(ways) + 1),
        "objective": np.array([plan.objective, *(way.objective for way in ways)]),
        "less": np.array([0.0, *(plan.objective - way.objective for way in ways)]),
        "investment": np.bincount(np.asarray(built.columns["way"]), np.asarray(built.columns["investment"]), len(ways) + 1),
        "differs": np.array([0.0, *(way.differs for way in ways)]),
        "other_process": np.array([0.0, *(way.other_process for way in ways)]),
        "nearest": np.array([np.nan, *(way.nearest for way in ways)]),
    }
    return Grid(columns=columns)


def _builds(chain: Chain, found: Alternatives) -> Grid:
    parts = [builds(chain, replace(found.plan, built=built)) for built in (found.plan.built, *(way.built for way in found.ways))]
    columns: dict[str, Column] = {"way": np.repeat(np.arange(len(parts)), [len(part) for part in parts])}
    for name in parts[0].columns:
        columns[name] = np.concatenate([np.asarray(part.columns[name]) for part in parts])
    return Grid(columns=columns)


def _remarks(found: Alternatives, asked: OthersAsked) -> Iterator[Finding]:
    unknown = int(np.isnan(found.ranges.least + found.ranges.most).sum())
    if not found.in_time:
        values = {"seconds": asked.plan.solver.time_limit_s, "unknown": unknown, "ranges": int(found.ranges.process.size)}
        code = "alternatives-stopped" if found.stopped else "alternatives-time"
        yield Finding(code=code, values={**values, "ways": len(found.ways), "asked": asked.ways})
    elif len(found.ways) < asked.ways:
        yield Finding(code="alternatives-few", values={"ways": len(found.ways), "asked": asked.ways})
    if found.allowance.by_turnover:
        yield Finding(code="alternatives-floor", values={"best": found.plan.objective, "of": found.allowance.of})
