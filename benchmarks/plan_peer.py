"""The workload "chain expansion" through OR-Tools and linopy, run by the Python of an environment of its own; prints one JSON object.

``pdlp FILE EPS SECONDS`` solves a program by PDLP, one thread, on the arrays ours hands to HiGHS. ``linopy FILE SOLVE`` builds
the workload from labelled arrays, hands it to HiGHS in memory and, if SOLVE is 1, solves it.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

import numpy as np


def pdlp(of, eps, seconds):
    from ortools.pdlp import solve_log_pb2, solvers_pb2
    from ortools.pdlp.python import pdlp
    from scipy import sparse

    asked = pdlp.QuadraticProgram()
    asked.objective_vector = -of["cost"]
    asked.constraint_matrix = sparse.csc_matrix((of["data"], of["indices"], of["indptr"]), shape=tuple(of["shape"]))
    asked.constraint_lower_bounds, asked.constraint_upper_bounds = of["row_lower"], of["row_upper"]
    asked.variable_lower_bounds, asked.variable_upper_bounds = of["lower"], of["upper"]
    how = solvers_pb2.PrimalDualHybridGradientParams()
    end = how.termination_criteria
    end.simple_optimality_criteria.eps_optimal_relative = end.simple_optimality_criteria.eps_optimal_absolute = eps
    end.time_sec_limit = seconds
    how.num_threads = 1
    how.presolve_options.use_glop = True
    before = time.process_time()
    found = pdlp.primal_dual_hybrid_gradient(asked, how)
    cpu = time.process_time() - before
    solved = found.solve_log.termination_reason == solve_log_pb2.TERMINATION_REASON_OPTIMAL
    return {"cpu": cpu, "objective": float(of["cost"] @ found.primal_solution), "solved": bool(solved), "version": version("ortools")}


def linopy(of, solve):
    import linopy as lp

    before = time.process_time()
    model = built(of)
    solver = model.to_highspy() if hasattr(model, "to_highspy") else lp.io.to_highspy(model)
    found = {"cpu": time.process_time() - before, "version": version("linopy")}
    if solve:
        solver.setOptionValue("output_flag", False)
        solver.run()
        found["objective"] = abs(solver.getInfo().objective_function_value)
    return found


def built(of):
    """Labelled arrays with the recipes as a list of exchanges, which is how linopy is quickest."""
    import linopy as lp
    import pandas as pd
    import xarray as xr

    da = xr.DataArray
    (sites, processes), (materials, years), arcs = of["allowed"].shape, of["price"].shape, of["origin"].size
    r, p, t, a, m = (pd.RangeIndex(many, name=name) for many, name in zip((sites, processes, years, arcs, materials), "rptam", strict=True))
    discount = 1.08 ** -np.arange(years)
    rest = discount[::-1].cumsum()[::-1]
    most = da(np.where(of["allowed"], float(of["most"]), 0.0), coords=[r, p]).expand_dims(t=t).transpose("r", "p", "t")
    model = lp.Model()
    x = model.add_variables(0, np.inf, coords=[r, p, t], name="x")
    capacity = model.add_variables(0, most, coords=[r, p, t], name="K")
    build = model.add_variables(0, np.inf, coords=[r, p, t], name="b")
    ship = model.add_variables(0, np.inf, coords=[m, a, t], name="s")
    buy = model.add_variables(0, np.inf, coords=[m, r, t], name="buy")
    sell = model.add_variables(0, np.inf, coords=[m, r, t], name="sell")
    e = pd.RangeIndex(of["exchange_process"].size, name="e")
    runs = x.sel(p=da(of["exchange_process"], coords=[e]))
    made = (da(of["exchange_amount"], coords=[e]) * runs).drop_vars("p").groupby(da(of["exchange_material"], coords=[e], name="m")).sum()
    into = (1 * ship).groupby(da(of["destination"], coords=[a], name="r")).sum()
    out = (1 * ship).groupby(da(of["origin"], coords=[a], name="r")).sum()
    into = into if into.indexes["r"].size == sites else into.reindex(r=r)
    model.add_constraints(made + buy - sell + into - out >= 0, name="balance")
    model.add_constraints(x - capacity <= 0, name="cap")
    before = np.zeros((sites, processes, years))
    before[:, :, 0] = of["capacity"]
    model.add_constraints(capacity - capacity.shift(t=1) - build == da(before, coords=[r, p, t]), name="stock")
    model.add_constraints((capacity * da(of["land_need"], coords=[p])).sum("p") <= da(of["land"], coords=[r]), name="land")
    model.add_constraints((x * da(of["power_need"], coords=[p])).sum("p") <= da(of["power"], coords=[r]), name="power")
    model.add_constraints(buy.sum("r") <= da(of["supply"], coords=[m, t]), name="supply")
    model.add_constraints(sell.sum("r") <= da(of["demand"], coords=[m, t]), name="demand")
    earned = (sell * da(0.97 * of["price"] * discount, coords=[m, t])).sum() - (
        buy * da(1.08 * of["price"] * discount, coords=[m, t])
    ).sum()
    spent = (x * da(of["running"][:, None] * discount, coords=[p, t])).sum() + (
        build * da(of["charge"][:, None] * rest, coords=[p, t])
    ).sum()
    freight = (ship * da(of["freight"][:, :, None] * discount, coords=[m, a, t])).sum()
    model.add_objective(earned - spent - freight, sense="max")
    return model


def main():
    what, file, *more = sys.argv[1:]
    with np.load(file) as stored:
        of = {name: stored[name] for name in stored.files}
    found = pdlp(of, *map(float, more)) if what == "pdlp" else linopy(of, more == ["1"])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
