"""Plans of the workload "chain expansion", each in a process of its own. Owns: what is measured. Never: the workload itself.

``python -m benchmarks.planning build L`` or ``solve M``, ``whole S``, ``recruit M``, ``whynot M`` measures one and prints it as
JSON. No figure counts before the answer is checked: S against its known optimum, M and L by the proven gap, peers against
ours, a link by two solves of its own, what is wished for by its parts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import peers
from benchmarks.expansion_workload import ANSWERS, FIRST, chain_of, draw
from liantu.engines.planning.expansion import Plan, PlanOptions, expand
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.program import Program
from liantu.engines.planning.recruit import Recruit, recruit
from liantu.engines.planning.solver import Session, SolverOptions
from liantu.engines.planning.stands import stands, terms
from liantu.engines.planning.throughput import Unmet, throughput
from liantu.engines.planning.whynot import WhyNot, why_not
from liantu.model.chain import Chain

SIZES = "SML"
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


# Accuracy asked of PDLP, its seconds at most, and how near to ours its objective has to come.
EPS, SECONDS, NEAR = 1e-4, 150.0, 1e-3


def table(sizes: str = SIZES) -> list[str]:
    """The section of the page, for some of the sizes."""
    lines = ["## Plans", "", f"| CPU seconds, one thread | {' | '.join(sizes)} |", "|---|" + "---:|" * len(sizes)]
    built = {size: _fresh("build", size) for size in sizes}
    lines += [
        _line("from the labelled chain to the solver", sizes, built, "cpu", ".3f"),
        _line("the same, most memory, MB", sizes, built, "megabytes", ",.0f"),
    ]
    solved = {size: _fresh("solve", size) for size in sizes}
    lines += [
        _line("best plan", sizes, solved, "cpu", ".1f"),
        _line("the same, most memory, MB", sizes, solved, "megabytes", ",.0f"),
        _line("proven gap", sizes, solved, "gap", ".1e"),
    ]
    wholes = {size: _fresh("whole", size) for size, _, _ in WHOLES if size in sizes}
    lines += [_line(f"whole blocks and fixed charges: {name}", sizes, wholes, key, form) for name, key, form in REPORTED]
    for what, name, form in (("recruit", "every link judged", ".1f"), ("whynot", "what stops a wish", ".2f")):
        lines.append(_line(name, sizes, {size: _fresh(what, size) for size in sizes if size != "L"}, "cpu", form))
    try:
        peers.python("plans")
    except (OSError, subprocess.CalledProcessError) as error:
        return [*lines, "", f"OR-Tools and linopy could not be installed, and are left out: {type(error).__name__}."]
    return [*lines, *_peers(sizes, solved)]


def _line(name: str, sizes: str, found: dict[str, dict[str, Any]], key: str, form: str) -> str:
    return f"| {name} | " + " | ".join(f"{found[size][key]:{form}}" if size in found else "–" for size in sizes) + " |"


def _peers(sizes: str, ours: dict[str, dict[str, float]]) -> list[str]:
    """PDLP and linopy, their answers checked against ours.

    Raises
    ------
    AssertionError
        If a peer that says it is done has another answer.
    """
    lps, built = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "program.npz")
        for size in sizes:
            np.savez(file, **asdict(draw(size)))
            built[size] = peers.measure("plans", "plan_peer.py", "linopy", file, str(int(size in ANSWERS)))
            if size in ANSWERS:
                np.testing.assert_allclose(built[size]["objective"], ANSWERS[size], rtol=1e-9)
            if size == "L":
                continue
            _store(file, _horizon(*chain_of(size)).program)
            lps[size] = peers.measure("plans", "plan_peer.py", "pdlp", file, str(EPS), str(SECONDS))
            if lps[size]["solved"]:
                np.testing.assert_allclose(lps[size]["objective"], ours[size]["objective"], rtol=NEAR)
    version = {name: next((one["version"] for one in found.values()), "") for name, found in (("pdlp", lps), ("linopy", built))}
    ended = [size for size, one in lps.items() if not one["solved"]]
    said = f" It was stopped after {SECONDS:.0f} s at {', '.join(ended)}." if ended else ""
    return [
        _line(f"PDLP of OR-Tools {version['pdlp']}, to {EPS:.0e} and without a proven gap", sizes, lps, "cpu", ".1f"),
        _line(f"linopy {version['linopy']}, from labelled arrays to the solver", sizes, built, "cpu", ".3f"),
        "",
        f"Peers' answers were the known optimum (linopy, S: 1e-9) and ours (PDLP: {NEAR:.0e}).{said}",
    ]


def _store(file: str, program: Program) -> None:
    """A program as arrays."""
    matrix = program.matrix
    entries = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": np.array(matrix.shape)}
    bounds = {name: getattr(program, name) for name in ("cost", "lower", "upper", "row_lower", "row_upper")}
    np.savez(file, **entries, **bounds)


def _fresh(what: str, size: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.planning", what, size], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _horizon(size: str) -> Horizon:
    chain, options = chain_of(size)
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    return Horizon(chain, years, of, stands(chain, years, of), Choices(rate=options.rate))


def _build(size: str) -> dict[str, float]:
    chain, options = chain_of(size)
    before = time.process_time()
    session = Session(_horizon(chain, options).program)
    cpu = time.process_time() - before
    del session
    return {"cpu": cpu, "megabytes": _most()}


def _horizon(chain: Chain, options: PlanOptions) -> Horizon:
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    return Horizon(chain, years, of, stands(chain, years, of), Choices(rate=options.rate))


def _recruit(size: str) -> dict[str, float]:
    """Every process at every site; a few links are checked: the worth of a step is the best use with such a plant less that without."""
    chain, _ = chain_of(size)
    before = time.process_time()
    found = recruit(chain, FIRST)
    cpu = time.process_time() - before
    if not isinstance(found, Recruit):
        raise AssertionError(size)
    for at in np.linspace(0, found.process.size - 1, 5).astype(int).tolist():
        process, site = int(found.process[at]), int(found.site[at])
        more = throughput(_with_plant(chain, process, site, float(found.siting.step[process])), FIRST)
        if isinstance(more, Unmet):
            raise AssertionError(size)
        value = found.prospects[found.prospect[at]].value
        np.testing.assert_allclose(more.objective, found.base.objective + value, rtol=1e-9)
    return {"cpu": cpu}


def _with_plant(chain: Chain, process: int, site: int, capacity: float) -> Chain:
    """The chain with one more plant, otherwise like the last one."""
    new = {"process": process, "site": site, "capacity": capacity}
    rows: dict[str, Any] = {}
    for one in fields(chain.plants):
        before = getattr(chain.plants, one.name)
        if one.name != "file":
            rows[one.name] = before + before[-1:] if isinstance(before, tuple) else np.append(before, new.get(one.name, before[-1]))
    return replace(chain, plants=replace(chain.plants, **rows))


def _whynot(size: str) -> dict[str, float]:
    """Far more of a product than could be made; the engine refuses an answer whose parts do not add up to the most."""
    chain, _ = chain_of(size)
    wish = np.zeros(len(chain.materials))
    wish[chain.processes.product[len(chain.processes) // 2]] = 1e4
    before = time.process_time()
    found = why_not(chain, FIRST, wish, make=True)
    cpu = time.process_time() - before
    if not isinstance(found, WhyNot) or not 0 < found.share < 1:
        raise AssertionError(size)
    return {"cpu": cpu}


def _solve(size: str) -> dict[str, float]:
    found = _planned(size, SOLVES, whole=False)
    if size in ANSWERS:
        np.testing.assert_allclose(found["objective"], ANSWERS[size], rtol=1e-9)
    return found


def _whole(size: str) -> dict[str, float]:
    return _planned(size, WHOLES, whole=True)


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
    found = {"build": _build, "solve": _solve, "whole": _whole, "recruit": _recruit, "whynot": _whynot}[what](size)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
