"""How far a plan holds, labelled. Owns: the tables and remarks of its corners. Never: making a plan, reading files."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from liantu.engines.planning.corners import MOVES, Corners
from liantu.engines.planning.expansion import Plan
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Column, Grid
from liantu.model.rows import Floats, Ints
from liantu.runs.names import column

_SIDES = {-1: "low", 0: "", 1: "high"}
_NAMED = 8


def shares(made: Corners) -> Floats:
    """In which part of the corners each stand is built upon."""
    return np.asarray((_built(made) > 0).mean(axis=0), dtype=np.float64)


def holds(chain: Chain, plan: Plan, made: Corners) -> Answer:
    """Each process at all sites together and each stand the plan builds: in which corners it is built, how small and how large."""
    base, every = plan.built.sum(axis=1), _built(made)
    stands = np.flatnonzero(base > 0)
    processes = np.unique(plan.stands.process[stands])
    groups: list[Ints] = [np.flatnonzero(plan.stands.process == one) for one in processes]
    groups += [np.array([one]) for one in stands.tolist()]
    sums = np.array([every[:, group].sum(axis=1) for group in groups]).reshape(len(groups), len(made.corners))
    process = np.concatenate([processes, plan.stands.process[stands]])
    columns: dict[str, Column] = {
        "process": column(chain.processes.id, process),
        "site": [*[""] * processes.size, *column(chain.sites.id, plan.stands.site[stands])],
        "unit": column(chain.materials.unit, chain.processes.product[process]),
        "built": np.array([base[group].sum() for group in groups]),
        "holds": (sums > 0).mean(axis=1) if groups else np.zeros(0),
        "low": sums.min(axis=1, initial=np.inf) if groups else np.zeros(0),
        "high": sums.max(axis=1, initial=0.0) if groups else np.zeros(0),
    }
    return {"holds": Grid(columns=columns), "corners": _corners(made)}


def _built(made: Corners) -> Floats:
    return np.array([one.built for one in made.corners])


def _corners(made: Corners) -> Grid:
    columns: dict[str, Column] = {name: [_SIDES[one.sides[at]] for one in made.corners] for at, name in enumerate(MOVES)}
    return Grid(columns={**columns, "objective": np.array([one.objective for one in made.corners])})


def remarks(chain: Chain, made: Corners) -> Iterator[Finding]:
    """Corners without a plan, and prices that were cut at nothing."""
    none = sum(bool(np.isnan(one.objective)) for one in made.corners)
    if none:
        yield Finding(code="corner-none", values={"count": none, "corners": len(made.corners)})
    if made.cut.size:
        names = ", ".join(chain.materials.id[at] for at in made.cut[:_NAMED].tolist()) + (" …" if made.cut.size > _NAMED else "")
        yield Finding(code="vary-cut", values={"count": int(made.cut.size), "names": names})
