"""``python -m benchmarks.sweep``: a thousand Chenzhou throughputs, and what a run costs beyond its solve.

The first runs are checked against the verb asked alone before any time counts.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import time  # noqa: E402

import numpy as np  # noqa: E402

from liantu.engines.planning.solver import Session  # noqa: E402
from liantu.engines.planning.throughput import Case, throughput  # noqa: E402
from liantu.model.scenario import apply  # noqa: E402
from liantu.runs import prepare  # noqa: E402
from liantu.runs.factors import Changer, factors  # noqa: E402
from liantu.runs.study import Runner, Study  # noqa: E402
from liantu.runs.sweeps import SweepOptions, sweep  # noqa: E402

VARY, YEAR, RUNS, CHECKED = ("prices", "capacities=±20%"), 2025, 1000, 20


def main() -> int:
    ready = prepare("chenzhou")
    chain = ready.chain
    assert chain is not None
    study = Study(verb="throughput", chain=chain, year=YEAR, factors=factors(chain, VARY), seed=0)
    print(f"{len(study.factors)} factors, {len(chain.plants)} plants, {len(chain.markets)} markets")
    _check(study)
    runner = Runner(study)
    runner.span(0, CHECKED)
    began = time.process_time()
    runner.span(0, RUNS)
    each = (time.process_time() - began) / RUNS * 1000
    solve = _solve_alone(study)
    print(f"a run: {each:.2f} ms CPU, of which the solver itself {solve:.2f} ms: {each - solve:.2f} ms beyond the solve")
    for workers in (1, 2):
        began = time.perf_counter()
        record = sweep(ready, VARY, year=YEAR, how=SweepOptions(runs=RUNS, workers=workers))
        took = time.perf_counter() - began
        print(f"{record.result['done']} throughputs, {workers} worker(s), start of processes included: {took:.1f} s")
    return 0


def _check(study: Study) -> None:
    """The sweep's answers are those of the verb asked alone."""
    span, changer = Runner(study).span(0, CHECKED), Changer(study.factors)
    for run, row in enumerate(study.numbers(0, CHECKED)):
        alone = throughput(apply(study.chain, changer.changes(row)), study.year)
        np.testing.assert_allclose(span.objective[run], getattr(alone, "objective", np.nan), rtol=1e-9)


def _solve_alone(study: Study) -> float:
    """Milliseconds of CPU in the solver, the program standing ready in it."""
    case = Case(study.chain, study.year)
    first = Session(case.program)
    first.solve()
    changer, spent = Changer(study.factors), 0.0
    for row in study.numbers(0, 200):
        session = Session(Case(apply(study.chain, changer.changes(row)), study.year).program, start=first.start())
        began = time.process_time()
        session.solve()
        spent += time.process_time() - began
    return spent / 200 * 1000


if __name__ == "__main__":
    raise SystemExit(main())
