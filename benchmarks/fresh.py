"""What a user waits for, each in a process of its own: import, first check, a big package. Owns: those three. Never: the solve."""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import Timing

ROWS, PROCESSES, MATERIALS = 200_000, 20_000, 5_000

_IMPORT = """
import time
before = time.perf_counter()
import liantu
bare = time.perf_counter() - before
liantu.run
print(bare, time.perf_counter() - before)
"""
_READ = """
import json, resource, sys, time
from liantu import prepare
before = time.perf_counter()
ready = prepare(sys.argv[1])
took = time.perf_counter() - before
most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
rows = len(ready.chain.exchanges) if ready.chain else [one.message("en") for one in ready.findings.shown()[:3]]
print(json.dumps({"seconds": took, "megabytes": most / 1024, "rows": rows}))
"""


@dataclass(frozen=True)
class Big:
    """Seconds to read, check and assemble, and the most memory held."""

    seconds: Timing
    megabytes: float


def imports(runs: int = 15) -> tuple[Timing, Timing]:
    """Milliseconds of ``import liantu``, alone and with everything a run needs."""
    times = [[1000 * float(part) for part in _out("-c", _IMPORT).split()] for _ in range(runs + 1)][1:]
    bare, whole = zip(*times, strict=True)
    return _timing(bare), _timing(whole)


def check(runs: int = 9) -> Timing:
    """Milliseconds from the call of ``liantu check chenzhou`` to its end."""
    times = []
    for _ in range(runs + 1):
        before = time.perf_counter()
        _out("-m", "liantu", "check", "chenzhou", "--json")
        times.append((time.perf_counter() - before) * 1000)
    return _timing(tuple(times[1:]))


def big(runs: int = 3) -> Big:
    """A package whose exchanges have 200,000 rows, read, checked and assembled.

    Raises
    ------
    AssertionError
        If not every row arrived.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        found = [json.loads(_out("-c", _READ, folder)) for _ in range(runs)]
    if any(one["rows"] != ROWS for one in found):
        raise AssertionError(found[0]["rows"])
    return Big(_timing(tuple(one["seconds"] for one in found)), max(one["megabytes"] for one in found))


def write(folder: Path) -> None:
    """The package: 20,000 processes with ten exchanges each, every amount with a unit of its own choice, bounds and a source."""
    tables = {
        "materials": [("id", "unit", "kind"), *((f"m{at}", "t", "good") for at in range(MATERIALS))],
        "processes": [("id", "stage", "product"), *((f"p{at}", f"stage {at % 12}", f"m{at % MATERIALS}") for at in range(PROCESSES))],
        "exchanges": [
            ("process", "material", "direction", "amount", "unit", "low", "high", "basis", "source", "note"),
            *(_exchange(at) for at in range(ROWS)),
        ],
        "sources": [("id", "citation"), *((f"s{at}", f"Source {at}") for at in range(50))],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def _exchange(at: int) -> tuple[str, ...]:
    process, place = divmod(at, ROWS // PROCESSES)
    if place == 0:
        return (f"p{process}", f"m{process % MATERIALS}", "out", "1", "t", "", "", "stoichiometry", "s0", "reference product")
    amount = (at * 7919 % 100_003 + 1) / 1000
    unit, written = ("kg", amount * 1000) if at % 3 == 0 else ("t", amount)
    material = (process + place * 37) % MATERIALS
    bounds = (f"{written * 0.9:.6g}", f"{written * 1.1:.6g}")
    return (f"p{process}", f"m{material}", "in", f"{written:.6f}", unit, *bounds, "literature", f"s{at % 50}", "")


def _out(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


def _timing(times: tuple[float, ...]) -> Timing:
    return Timing(statistics.median(times), min(times), max(times), len(times))
