"""What is odd about a plan. Owns: remarks on what it is asked for, on how the search ended, on sales without a limit. Never: making it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from liantu.engines.planning.expansion import Plan, PlanOptions
from liantu.engines.planning.solver import Status
from liantu.engines.planning.stands import unknown_zones
from liantu.model.chain import Chain
from liantu.model.findings import Finding


def ended(found: Plan, options: PlanOptions) -> Iterator[Finding]:
    """That the search ended before the plan was proven to be as good as asked."""
    code = {Status.STOPPED: "plan-stopped", Status.TIME_LIMIT: "plan-time"}.get(found.status)
    if code and found.gap > options.solver.gap:
        gap = f"{found.gap:.2%}" if math.isfinite(found.gap) else "–"
        yield Finding(code=code, values={"seconds": options.solver.time_limit_s, "gap": gap})


def notes(chain: Chain, options: PlanOptions) -> Iterator[Finding]:
    """What is odd about what a plan is asked for."""
    yield from _zones(chain)
    yield from _late(chain, options.first, options.last)
    yield from _elsewhen(chain, options.first, options.last)


def _zones(chain: Chain) -> Iterator[Finding]:
    """Zones that technologies ask for and no site has."""
    for zone, processes in unknown_zones(chain):
        file, line = chain.technologies.stands(int(np.flatnonzero(chain.technologies.process == processes[0])[0]))
        values = {"zone": zone, "processes": ", ".join(chain.processes.id[at] for at in processes[:5])}
        yield Finding(code="zone-nowhere", values=values, file=file, row=line, column="zones")


def _late(chain: Chain, first: int, last: int) -> Iterator[Finding]:
    """What takes longer to build than the plan is long."""
    rows = chain.technologies
    late = rows.process[np.ceil(np.nan_to_num(rows.build_years) - 1e-9) > last - first]
    if late.size:
        shown = ", ".join(chain.processes.id[at] for at in late[:5].tolist()) + (" …" if late.size > 5 else "")
        file, line = rows.stands(int(np.flatnonzero(rows.process == late[0])[0]))
        yield Finding(
            code="builds-late",
            file=file,
            row=line,
            column="build_years",
            values={"count": int(late.size), "first": str(first), "last": str(last), "processes": shown},
        )


def _elsewhen(chain: Chain, first: int, last: int) -> Iterator[Finding]:
    """Demands of years that the plan does not look at."""
    outside = np.flatnonzero((chain.demands.year < first) | (chain.demands.year > last))
    if outside.size:
        file, line = chain.demands.stands(int(outside[0]))
        values = {"count": str(outside.size), "first": str(first), "last": str(last)}
        yield Finding(code="demands-outside", file=file, row=line, column="year", values=values)


def endless(chain: Chain, found: Plan) -> Iterator[Finding]:
    """What a plan that builds sells without a limit, which is as far as nothing else stops it."""
    trade = found.network.trade
    open_ = trade.sells & np.isinf(trade.limit) & (found.sold[trade.material, trade.place, trade.year] > 0)
    names = [chain.materials.id[at] for at in np.unique(trade.material[open_]).tolist()]
    if names and found.built.any():
        shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        yield Finding(code="market-endless", values={"materials": shown, "count": len(names)})
