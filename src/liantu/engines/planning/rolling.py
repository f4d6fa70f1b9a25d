"""A long plan in overlapping windows: look some years ahead, keep the first of them, go on. Owns: Windows, roll.
Never: the last solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.solver import SolverOptions, Status
from liantu.engines.planning.stands import Build, Terms, stands
from liantu.engines.planning.whole import settle
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Years looked ahead, years then kept, and where may be built."""

    ahead: int
    step: int
    sites: Sequence[int] | None
    forbidden: Sequence[tuple[int, int]]


def roll(chain: Chain, years: Ints, of: Terms, choices: Choices, windows: Windows, solver: SolverOptions) -> Choices:
    """The builds decided window by window, as choices with nothing left open.

    A window that has no plan leaves the years it would have kept without builds: the whole then says what falls short.
    """
    kept: list[Build] = []
    step = max(1, windows.step or windows.ahead // 2)
    for start in range(0, years.size, step):
        ahead = years[start : start + windows.ahead]
        signed = tuple(one for one in choices.fixed if ahead[0] <= one.year <= ahead[-1] - of.wait[one.process])
        late = tuple(one for one in choices.fixed if one.year in ahead and one not in signed)
        now = stands(chain, ahead, of, sites=windows.sites, forbidden=windows.forbidden, past=kept)
        case = Horizon(chain, ahead, of, now, replace(choices, fixed=signed))
        found = settle(case, solver)
        if found.status is Status.TIME_LIMIT and not np.isfinite(found.objective):
            raise SolveError("time-limit", {"seconds": solver.time_limit_s})
        kept.extend(one for one in late if one.year < ahead[0] + step)
        if not np.isfinite(found.objective):
            continue
        built = case.begun(found.x)[:, :step]
        for at, year in zip(*np.nonzero(built), strict=True):
            stand = case.open[at]
            kept.append(
                Build(process=int(now.process[stand]), site=int(now.site[stand]), year=int(ahead[year]), capacity=float(built[at, year]))
            )

    return replace(choices, fixed=tuple(kept), settled=True)
