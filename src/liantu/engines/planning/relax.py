"""Why there is no plan: what falls short, or what earns without end. Owns: Short, shortfalls, ways_of_endless.
Never: a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import solve
from liantu.engines.planning.throughput import endless, listed
from liantu.errors import InputError
from liantu.model.rows import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Something asked for that falls short: ``what`` is demand, target, budget, land, power or water.

    ``row`` is the demands row, the target's number or the site; ``asked`` the bound, ``by`` how much is missing.
    """

    what: str
    row: int
    year: int
    asked: float
    by: float


def shortfalls(case: Horizon) -> tuple[Short, ...]:
    """The least there must be missing, each measured against what is asked, if all else is kept."""
    wants = case.net.wants
    firm = np.flatnonzero(np.isnan(wants.penalty) & (wants.amount > 0))
    program = case.program
    lower = program.upper.copy()
    lower[case.laid.unmet[firm]] = wants.amount[firm]
    cost = np.zeros(program.cost.size)
    cost[case.laid.unmet[firm]] = -1.0 / wants.amount[firm]
    rows, size = _soft(case)
    slack = _with_slack(replace(program, cost=cost, upper=lower), rows, size)
    # What falls short already without whole builds is known at once; else it is the whole builds that do not fit.
    return _short(case, firm, solve(slack.smooth()).x) or (_short(case, firm, solve(slack).x) if slack.integer.any() else ())


def _short(case: Horizon, firm: Ints, x: Floats) -> tuple[Short, ...]:
    """What an answer leaves short; nothing if there is no answer."""
    wants = case.net.wants
    short = [
        Short(what="demand", row=int(wants.row[at]), year=int(case.years[wants.year[at]]), asked=float(wants.amount[at]), by=float(by))
        for at, by in zip(firm, x[case.laid.unmet[firm]], strict=True)
        if by > 1e-7 * wants.amount[at]
    ]
    return (*short, *_rows(case, x[case.program.cost.size :]))


def _soft(case: Horizon) -> tuple[Ints, Floats]:
    """Rows that may give way, and what each is measured by: targets, budget, then site limits."""
    program = case.program
    parts = [case.aimed.ravel(), case.budget, *(limit.row.ravel() for limit in case.limits)]
    rows = np.concatenate([np.asarray(part, dtype=np.intp) for part in parts])
    bound = np.where(np.isfinite(program.row_upper[rows]), program.row_upper[rows], 0.0)
    scale = np.asarray(abs(program.matrix[rows]).max(axis=1).toarray(), dtype=np.float64).ravel() if rows.size else bound
    return rows, np.maximum(np.maximum(np.abs(bound), scale), 1e-9)


def _with_slack(program: Program, rows: Ints, size: Floats) -> Program:
    """The program with a column that lets each of the rows give way by ``size``."""
    many = rows.size
    sign = np.where(np.isfinite(program.row_upper[rows]), -1.0, 1.0)
    extra = sparse.csc_array((sign * size, (rows, np.arange(many))), shape=(program.row_lower.size, many))
    return Program(
        cost=np.concatenate([program.cost, np.full(many, -1.0)]),
        lower=np.concatenate([program.lower, np.zeros(many)]),
        upper=np.concatenate([program.upper, np.full(many, np.inf)]),
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        matrix=sparse.csc_array(sparse.hstack([program.matrix, extra])),
        integer=np.concatenate([program.integer, np.zeros(many, dtype=np.bool_)]),
    )


def _rows(case: Horizon, slack: Floats) -> list[Short]:
    rows, size = _soft(case)
    parts = [
        ("target", case.aimed, np.arange(len(case.choices.aims))),
        ("budget", case.budget.reshape(-1, case.years.size), np.array([-1])),
    ]
    parts += [(limit.kind, limit.row, limit.site) for limit in case.limits]
    found, start = list[Short](), 0
    for what, block, owner in parts:
        here = slack[start : start + block.size].reshape(block.shape)
        wide = size[start : start + block.size].reshape(block.shape)
        for at, year in zip(*np.nonzero(here > 1e-7), strict=True):
            upper = case.program.row_upper[rows[start + at * block.shape[1] + year]]
            by = float(here[at, year] * wide[at, year])
            found.append(Short(what=what, row=int(owner[at]), year=int(case.years[year]), asked=float(upper), by=by))
        start += block.size
    return found


def ways_of_endless(case: Horizon) -> InputError:
    """The refusal of what is bought, made and sold without end.

    To find it: limits to nothing, the endless to one, and whatever still earns.
    """
    program, chain = case.program, case.chain
    box = replace(
        program,
        lower=np.zeros(program.lower.size),
        upper=np.where(np.isinf(program.upper), 1.0, 0.0),
        row_lower=np.where(np.isfinite(program.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(program.row_upper), 0.0, np.inf),
        integer=np.zeros_like(program.integer),
    )
    x = solve(box).x
    moving = np.flatnonzero(x[case.laid.trade] > 1e-9)
    running = np.flatnonzero((x[case.activity] > 1e-9).any(axis=1))
    runs = listed(chain.processes.id[case.here.process[at]] for at in running)
    return endless("plan-endless", chain, case.net, moving, runs=runs)
