"""The one door to HiGHS. Owns: handing a program over, its status as ours, checking the answer. Never: what a program means.

HiGHS takes a NaN cost and ends "Optimal" with objective NaN, and 1e21 ends "Unknown": what goes in is checked for size,
what comes out for status, finite objective and residuals. Rows and columns are scaled by powers of two inside, so that
tonnes and kilotonnes, yuan and billions give the same plan; everything is reported in the caller's units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

import highspy
import numpy as np
from scipy import sparse

from liantu.engines.planning.program import Program
from liantu.engines.planning.scaling import Singles, column_scales, middle, scales
from liantu.errors import CallError, SolveError
from liantu.model.rows import Floats, Ints

LARGEST = 1e15
RESIDUAL = 1e-6
# Scaled amounts this near to each other are the same to the solver.
APART = 1e-9
# What HiGHS does unasked: branches without end, eight trials of each whole number.
UNTIRING, CAREFUL = 2**31 - 1, 8
_Options: TypeAlias = Mapping[str, str | int | float]
# Primal simplex, whose last vertex stays feasible when the objective changes; strict, for many steps add up.
_WALKING: _Options = {"solver": "simplex", "simplex_strategy": 4, "presolve": "off", "primal_feasibility_tolerance": 1e-9}
_CHOOSING: _Options = {"solver": "choose", "simplex_strategy": 1, "presolve": "choose", "primal_feasibility_tolerance": 1e-7}


class Status(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time_limit"
    STOPPED = "stopped"


_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Status.TIME_LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Status.TIME_LIMIT,
    highspy.HighsModelStatus.kObjectiveBound: Status.OPTIMAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverOptions:
    """How long to try, how near is near enough, which method.

    Attributes
    ----------
    time_limit_s : float
        Seconds of wall time.
    gap : float
        Relative gap at which a program with whole numbers may stop.
    method : {"choose", "simplex", "ipm"}
    effort : float
        Share of the time that a program with whole numbers spends on finding answers, not on bounding them.
    nodes : int
        Branches of a program with whole numbers at most.
    trials : int
        How often a whole number is tried before its branches are guessed from what was seen; below 8 the search does not
        begin anew either. Few bound sooner where many numbers matter alike.
    """

    time_limit_s: float = 300.0
    gap: float = 1e-4
    method: str = "choose"
    effort: float = 0.05
    nodes: int = UNTIRING
    trials: int = CAREFUL

    def __post_init__(self) -> None:
        for value in (self.time_limit_s, self.gap):
            if not value >= 0:
                raise CallError("question-number", {"value": value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """An answer in the program's own units.

    Attributes
    ----------
    x : float array (columns)
    row_dual : float array (rows)
        What the objective gains when the row's bound is one greater; NaN for a program with whole numbers.
    reduced_cost : float array (columns)
        What the objective gains when the column's active bound is one greater.
    gap : float
        Proven relative distance from the best possible; 0 for a linear program solved to optimality.
    bound : float
        The best possible is at most this; known also where no answer was found.
    residual : float
        Largest violation of a row, relative to the size of its terms.
    """

    status: Status
    objective: float
    x: Floats
    row_dual: Floats
    reduced_cost: Floats
    gap: float
    residual: float
    bound: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The scales and the basis that another session begins with."""

    row_scale: Singles
    column_scale: Singles
    money_scale: float
    basis: highspy.HighsBasis


def solve(program: Program, options: SolverOptions | None = None) -> Solution:
    """Solve once.

    Raises
    ------
    SolveError
        ``solver-numbers`` if the program holds NaN or numbers beyond 1e15, ``solver-status`` if HiGHS gives up,
        ``solver-residual`` if its answer does not keep the rows.
    """
    return Session(program, options).solve()


class Session:
    """A program kept in the solver: bounds and costs may change between solves, which start from the last basis."""

    def __init__(self, program: Program, options: SolverOptions | None = None, *, start: Start | None = None) -> None:
        self._program, self._options = program, options or SolverOptions()
        _check(program)
        if start is None:
            self._row_scale, self._column_scale = scales(program.matrix)
            # Whole numbers are whole in their own unit only.
            self._column_scale[program.integer] = 1.0
            self._money_scale = middle(program.cost * self._column_scale)
        else:
            self._row_scale, self._column_scale, self._money_scale = start.row_scale, start.column_scale, start.money_scale
        self._highs = _handed_over(self._scaled(program), self._options)
        if start is not None and start.basis.valid:
            self._highs.setBasis(start.basis)

    def start(self) -> Start:
        """Where the last solve ended, for a session of a program of the same shape."""
        return Start(
            row_scale=self._row_scale, column_scale=self._column_scale, money_scale=self._money_scale, basis=self._highs.getBasis()
        )

    def bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """New bounds of some columns."""
        at = np.asarray(columns, dtype=np.int32)
        scale = self._column_scale[at]
        low, high = self._program.lower.copy(), self._program.upper.copy()
        low[at], high[at] = lower, upper
        self._program = replace(self._program, lower=low, upper=high)
        self._highs.changeColsBounds(len(at), at, low[at] / scale, high[at] / scale)

    def costs(self, columns: Ints, cost: Floats) -> None:
        """New costs of some columns."""
        at = np.asarray(columns, dtype=np.int32)
        costs = self._program.cost.copy()
        costs[at] = cost
        self._program = replace(self._program, cost=costs)
        self._highs.changeColsCost(len(at), at, costs[at] * self._column_scale[at] * self._money_scale)

    def objective(self, cost: Floats) -> None:
        """Another objective altogether, with a scale of its own."""
        scaled = cost * self._column_scale
        self._money_scale = float(np.exp2(-np.round(np.log2(np.abs(scaled).max())))) if scaled.any() else 1.0
        self._program = replace(self._program, cost=cost)
        self._highs.changeColsCost(cost.size, np.arange(cost.size, dtype=np.int32), scaled * self._money_scale)

    def widen(self, more: Program) -> None:
        """Further columns under the same rows, behind those there are."""
        entries = more.matrix
        scale = column_scales(entries, self._row_scale)
        scaled: Floats = np.asarray(entries.data * self._row_scale[entries.indices] * np.repeat(scale, np.diff(entries.indptr)), np.float64)
        self._highs.addCols(
            more.cost.size, more.cost * scale * self._money_scale, more.lower / scale, more.upper / scale,
            scaled.size, entries.indptr[:-1].astype(np.int32), entries.indices.astype(np.int32), scaled,
        )  # fmt: skip
        self._column_scale = np.concatenate([self._column_scale, scale])
        self._program = self._program.beside(more)

    def prices(self) -> tuple[float, Floats]:
        """The optimum and the row duals alone, for many small solves; NaN where there is none. Nothing is checked."""
        self._highs.run()
        if self._highs.getModelStatus() not in _STATUS:
            self._highs.clearSolver()
            self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.nan, np.full(self._row_scale.size, np.nan)
        duals = np.asarray(self._highs.getSolution().row_dual, dtype=np.float64) * self._row_scale / self._money_scale
        return float(self._highs.getInfo().objective_function_value) / self._money_scale, duals

    def row_bounds(self, row: int, lower: float, upper: float) -> None:
        """New bounds of a row."""
        # As a Python number: a single one would make the bounds singles too.
        low, high, scale = self._program.row_lower.copy(), self._program.row_upper.copy(), float(self._row_scale[row])
        low[row], high[row] = lower, upper
        self._program = replace(self._program, row_lower=low, row_upper=high)
        self._highs.changeRowBounds(row, lower * scale, upper * scale)

    def solve(self) -> Solution:
        """Solve from where the last solve ended; the time limit is for all solves together."""
        return self._read(self._run())

    def glance(self, column: int) -> tuple[float, float]:
        """Solve, and read the objective and the reduced cost of one column: for many solves in a row, of which reading all
        would take a good part of the time.

        Raises
        ------
        SolveError
            As `solve` does, and ``time-limit``.
        """
        if self._run() is not Status.OPTIMAL:
            raise SolveError("time-limit", {"seconds": self._options.time_limit_s})
        info, program, entries = self._highs.getInfo(), self._program, self._program.matrix
        if not info.max_primal_infeasibility <= RESIDUAL:
            raise SolveError("solver-residual", {"residual": info.max_primal_infeasibility})
        own = slice(entries.indptr[column], entries.indptr[column + 1])
        rows = entries.indices[own]
        duals = np.asarray(self._highs.getSolution().row_dual)[rows] * self._row_scale[rows] / self._money_scale
        return info.objective_function_value / self._money_scale, float(program.cost[column] - entries.data[own] @ duals)

    def _run(self) -> Status:
        self._highs.run()
        raw = self._highs.getModelStatus()
        if raw == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            raw = self._without_presolve()
        status = _STATUS.get(raw)
        if status is None:
            raise SolveError("solver-status", {"status": self._highs.modelStatusToString(raw)})
        return status

    def afresh(self) -> Solution:
        """Solve without what the last solve left."""
        self._highs.clearSolver()
        return self.solve()

    def step(self) -> Solution:
        """Solve by walking along the edges from where `hold` was called, which is quick where only the objective changed;
        afresh where rounding adds up on the way.
        """
        self._set(_WALKING)
        self._highs.setBasis(self._held)
        try:
            return self.solve()
        except SolveError:
            self._set(_CHOOSING)
            return self.afresh()
        finally:
            self._set(_CHOOSING)

    def hold(self) -> None:
        """Keep the vertex of the last solve as the one that steps begin from."""
        self._held = self._highs.getBasis()

    def _set(self, options: _Options) -> None:
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    def central_prices(self) -> Floats:
        """Row duals from the middle of all that are optimal, not from a corner: interior points, no crossover.

        Without crossover HiGHS 1.15 gives the duals of a maximum with the sign of a minimum: rows that only bound from one side tell.
        """
        for name, value in (("solver", "ipm"), ("run_crossover", "off")):
            self._highs.setOptionValue(name, value)
        self._highs.run()
        for name, value in (("solver", self._options.method), ("run_crossover", "on")):
            self._highs.setOptionValue(name, value)
        duals = np.asarray(self._highs.getSolution().row_dual)
        above, below = np.isfinite(self._program.row_upper), np.isfinite(self._program.row_lower)
        sign = 1.0 if duals[above & ~below].sum() >= duals[below & ~above].sum() else -1.0
        return np.asarray(sign * duals * self._row_scale / self._money_scale, dtype=np.float64)

    def _without_presolve(self) -> highspy.HighsModelStatus:
        """Presolve may not tell infeasible from unbounded; the simplex method does."""
        self._highs.setOptionValue("presolve", "off")
        self._highs.run()
        self._highs.setOptionValue("presolve", "choose")
        return self._highs.getModelStatus()

    def _scaled(self, program: Program) -> Program:
        rows, columns, entries = self._row_scale, self._column_scale, program.matrix
        scaled = entries.data * rows[entries.indices]
        scaled *= np.repeat(columns, np.diff(entries.indptr))
        matrix = sparse.csc_array((scaled, entries.indices, entries.indptr), shape=entries.shape)
        return replace(
            program,
            cost=program.cost * columns * self._money_scale,
            lower=program.lower / columns if program.lower.any() else program.lower,
            upper=program.upper / columns,
            row_lower=program.row_lower * rows,
            row_upper=program.row_upper * rows,
            matrix=matrix,
        )

    def _read(self, status: Status) -> Solution:
        found, info = self._highs.getSolution(), self._highs.getInfo()
        program, whole = self._program, bool(self._program.integer.any())
        x = self._told_apart(np.asarray(found.col_value) * self._column_scale)
        if status in (Status.INFEASIBLE, Status.UNBOUNDED) or x.size != program.cost.size:
            nothing = np.full(program.cost.size, np.nan)
            duals = np.full(program.row_lower.size, np.nan)
            bound = self._bound(status, np.inf)
            return Solution(
                status=status, objective=np.nan, x=nothing, row_dual=duals, reduced_cost=nothing, gap=np.inf, residual=np.nan, bound=bound
            )
        x = np.clip(x, program.lower, program.upper)
        residual = program.violation(x, 1 / self._row_scale.astype(np.float64))
        if status is Status.OPTIMAL and not residual <= RESIDUAL:
            raise SolveError("solver-residual", {"residual": residual})
        none = np.full(program.row_lower.size, np.nan)
        objective = float(program.cost @ x) if residual <= RESIDUAL else np.nan
        return Solution(
            status=status,
            objective=objective,
            x=x,
            row_dual=none if whole else np.asarray(found.row_dual, dtype=np.float64) * self._row_scale / self._money_scale,
            reduced_cost=np.full(x.size, np.nan) if whole else self._binding(x, np.asarray(found.col_dual)),
            gap=float(info.mip_gap) if whole else 0.0 if status is Status.OPTIMAL else np.inf,
            residual=residual,
            bound=self._bound(status, objective),
        )

    def _told_apart(self, x: Floats) -> Floats:
        """What is nearer to its lower bound than the solver tells apart is there."""
        if x.size != self._program.lower.size:
            return x
        return np.where(np.abs(x - self._program.lower) <= APART * self._column_scale, self._program.lower, x)

    def _binding(self, x: Floats, duals: Floats) -> Floats:
        """Reduced costs in the caller's units; a bound that does not bind is worth nothing, whatever rounding says."""
        program, scale = self._program, self._column_scale
        full, empty = (np.abs(x - bound) <= RESIDUAL * np.maximum(np.abs(x), scale) for bound in (program.upper, program.lower))
        return np.where((duals > 0) & ~full | (duals < 0) & ~empty, 0.0, duals / scale / self._money_scale)

    def _bound(self, status: Status, objective: float) -> float:
        """What no answer exceeds; of whole numbers as branching has proven it, and a margin for its tolerances."""
        if not self._program.integer.any():
            return objective if status is Status.OPTIMAL else np.inf
        if status in (Status.INFEASIBLE, Status.UNBOUNDED):
            return -np.inf if status is Status.INFEASIBLE else np.inf
        proven = float(self._highs.getInfo().mip_dual_bound) / self._money_scale
        return proven + RESIDUAL * abs(proven)


def _check(program: Program) -> None:
    """Refuse what HiGHS would take without a word."""
    numbers = (program.cost, program.matrix.data)
    bounds = (program.lower, program.upper, program.row_lower, program.row_upper)
    if any(not (np.abs(one) <= LARGEST).all() for one in numbers):
        raise SolveError("solver-numbers", {"limit": LARGEST})
    if any((np.isnan(one) | ((np.abs(one) > LARGEST) & np.isfinite(one))).any() for one in bounds):
        raise SolveError("solver-numbers", {"limit": LARGEST})


def _handed_over(program: Program, options: SolverOptions) -> highspy.Highs:
    """HiGHS with a copy of the program, made from the arrays at once: by way of a HighsLp it takes twice the time and memory."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", options.time_limit_s),
        ("mip_rel_gap", options.gap),
        ("mip_heuristic_effort", options.effort),
        ("mip_max_nodes", options.nodes),
        ("mip_pscost_minreliable", options.trials),
        ("mip_allow_restart", options.trials >= CAREFUL),
        ("solver", options.method),
        # Thousandths and billions in one recipe are both meant: 1e-9 is where HiGHS would drop an entry.
        ("small_matrix_value", 1e-12),
    ):
        highs.setOptionValue(name, value)
    rows, columns = program.matrix.shape
    taken = highs.passModel(
        columns, rows, program.matrix.nnz, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMaximize), 0.0,
        program.cost, program.lower, program.upper, program.row_lower, program.row_upper,
        program.matrix.indptr, program.matrix.indices, program.matrix.data, program.integer.astype(np.int32),
    )  # fmt: skip
    if taken != highspy.HighsStatus.kOk:
        raise SolveError("solver-status", {"status": "refused"})
    return highs
