"""Plans of the workload "chain expansion", each in a process of its own. Owns: what is measured. Never: the workload itself.

``python -m benchmarks.planning build L`` or ``solve M`` or ``whole S`` measures one and prints it as JSON. No figure counts
before the answer is checked: S against its known optimum, M and L by the proven gap.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.expansion_workload import ANSWERS, chain_of
from liantu.engines.planning.expansion import Plan, expand
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.solver import Session, SolverOptions
from liantu.engines.planning.stands import stands, terms

# Size, relative gap asked, seconds at most.
SOLVES = (("S", 1e-4, 60.0), ("M", 1e-4, 300.0), ("L", 1e-3, 1200.0))
WHOLES = (("S", 0.05, 60.0), ("M", 0.05, 300.0))
REPORTED = (
    ("CPU seconds", "cpu", ".0f"),
    ("plan", "objective", ",.0f"),
    ("bound", "bound", ",.0f"),
    ("proven gap", "gap", ".1%"),
    ("most memory, MB", "megabytes", ",.0f"),
)


def table() -> list[str]:
    """The section of the page."""
    lines = ["## Plans", "", "| CPU seconds, one thread | S | M | L |", "|---|---:|---:|---:|"]
    built = [_fresh("build", size) for size in "SML"]
    lines.append("| from the labelled chain to the solver | " + " | ".join(f"{one['cpu']:.3f}" for one in built) + " |")
    lines.append("| the same, most memory, MB | " + " | ".join(f"{one['megabytes']:,.0f}" for one in built) + " |")
    solved = [_fresh("solve", size) for size, _, _ in SOLVES]
    lines.append("| best plan | " + " | ".join(f"{one['cpu']:.1f}" for one in solved) + " |")
    lines.append("| the same, most memory, MB | " + " | ".join(f"{one['megabytes']:,.0f}" for one in solved) + " |")
    lines.append("| proven gap | " + " | ".join(f"{one['gap']:.1e}" for one in solved) + " |")
    wholes = [_fresh("whole", size) for size, _, _ in WHOLES]
    for name, key, form in REPORTED:
        lines.append(f"| whole blocks and fixed charges: {name} | " + " | ".join(f"{one[key]:{form}}" for one in wholes) + " | – |")
    return lines


def _fresh(what: str, size: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.planning", what, size], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _build(size: str) -> dict[str, float]:
    chain, options = chain_of(size)
    before = time.process_time()
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    case = Horizon(chain, years, of, stands(chain, years, of), Choices(rate=options.rate))
    session = Session(case.program)
    cpu = time.process_time() - before
    del session
    return {"cpu": cpu, "megabytes": _most()}


def _solve(size: str) -> dict[str, float]:
    found = _planned(size, SOLVES, whole=False)
    if size in ANSWERS:
        np.testing.assert_allclose(found["objective"], ANSWERS[size], rtol=1e-9)
    return found


def _planned(size: str, asked: tuple[tuple[str, float, float], ...], *, whole: bool) -> dict[str, float]:
    gap, seconds = next((gap, seconds) for name, gap, seconds in asked if name == size)
    chain, options = chain_of(size, whole=whole)
    before = time.process_time()
    found = expand(chain, replace(options, solver=SolverOptions(time_limit_s=seconds, gap=gap)))
    if not isinstance(found, Plan):
        raise AssertionError(size)
    cpu = time.process_time() - before
    return {"cpu": cpu, "megabytes": _most(), "objective": found.objective, "bound": found.bound, "gap": found.gap}


def _most() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    what, size = sys.argv[1:]
    found = {"build": _build, "solve": _solve}[what](size) if what != "whole" else _planned(size, WHOLES, whole=True)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
