"""``python -m benchmarks``: measures ours and the peers in one run, prints the tables and writes docs/benchmarks.md.

``--no-write`` only prints; so does naming some of ``static plans waiting``, or ``--sizes SM``. No time counts before the answer
agrees with the known one.
"""

from __future__ import annotations

import os

# Before NumPy is loaded: one thread on both sides, here and in every process started from here.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import datetime as dt  # noqa: E402
import json  # noqa: E402
import platform  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks import fresh, peers, planning, static, workload  # noqa: E402
from benchmarks.timing import Timing  # noqa: E402

# n, cold runs, runs with a new demand.
SIZES = ((100, 15, 41), (2_000, 15, 41), (20_000, 5, 21))
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("sections", nargs="*", metavar="SECTION", help="static, plans, waiting; all if none is named")
    options.add_argument("--sizes", default=planning.SIZES, help="sizes of the plans")
    options.add_argument("--no-write", action="store_true")
    asked = options.parse_args()
    sections: dict[str, Callable[[], list[str]]] = {"static": _static, "plans": lambda: planning.table(asked.sizes), "waiting": _waiting}
    if unknown := {*asked.sections} - {*sections}:
        options.error(f"no section {', '.join(sorted(unknown))}: there are {', '.join(sections)}")
    if not asked.sizes or {*asked.sizes} - {*planning.SIZES}:
        options.error(f"--sizes: some of {planning.SIZES}")
    made = [line for name, section in sections.items() if name in asked.sections or not asked.sections for line in (*section(), "")]
    page = "\n".join(("# Benchmarks", "", *_introduction(), "", *made, f"The whole run took {_seconds():,.0f} CPU seconds.", ""))
    sys.stdout.write(page)
    if not (asked.no_write or asked.sections or asked.sizes != planning.SIZES):
        PAGE.write_text(page, encoding="utf-8")
    return 0


def _seconds() -> float:
    """CPU seconds of this process and all it started."""
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _introduction() -> list[str]:
    return [
        f"Measured on {dt.datetime.now(dt.UTC).date().isoformat()} by `make bench`, everything in one run: {_machine()}",
        "Times are medians [least..most]. What is measured and how is said in `benchmarks/README.md`.",
    ]


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    return (
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}, BLAS on one thread."
    )  # fmt: skip


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _static() -> list[str]:
    ours = {n: static.measure(n, cold, warm) for n, cold, warm in SIZES}
    try:
        theirs = peers.measure("bw2calc", "peer.py", json.dumps(SIZES))
    except (OSError, subprocess.CalledProcessError) as error:
        return [*_static_head("no peer"), *(_row(n, ours[n], None) for n in ours), "", f"bw2calc could not be run: {type(error).__name__}."]
    for n, found in theirs["sizes"].items():
        np.testing.assert_allclose((found["supply"], found["score"]), workload.ANSWERS[int(n)], rtol=static.TOLERANCE)
    named = ", ".join(f"{name} {of}" for name, of in theirs["versions"].items())
    worst = max(one.residual for one in ours.values())
    return [
        *_static_head("bw2calc"),
        *(_row(n, ours[n], theirs["sizes"][str(n)]) for n in ours),
        "",
        f"Peer: {named}, Python {theirs['python']}, SuperLU. Both sides gave the known sums of activities and scores to 1e-9;",
        f"our largest relative residual is {worst:.0e}.",
    ]


def _static_head(peer: str) -> list[str]:
    return [
        "## Static solve",
        "",
        f"| ms | n | Liantu | {peer} | times as fast |",
        "|---|---:|---:|---:|---:|",
    ]


def _row(n: int, ours: static.Static, theirs: dict[str, Any] | None) -> str:
    rows = []
    for name, mine, key in (("cold: matrices and solve", ours.cold, "cold"), ("a new demand", ours.again, "again")):
        other = Timing(**theirs[key]) if theirs else None
        rows.append(f"| {name} | {n:,} | {mine} | {other or '–'} | {f'{other.median / mine.median:,.1f}' if other else '–'} |")
    return "\n".join(rows)


def _waiting() -> list[str]:
    bare, whole = fresh.imports()
    check, big = fresh.check(), fresh.big()
    return [
        "## Waiting",
        "",
        "| | measured | at most |",
        "|---|---:|---:|",
        f"| `import liantu`, ms | {bare} | 300 |",
        f"| the same with all that a run needs, ms | {whole} | – |",
        f"| `liantu check chenzhou`, ms | {check} | 1,000 |",
        f"| {fresh.ROWS:,} exchanges read, checked and assembled, s | {big.seconds} | 5 |",
        f"| the same, most memory, MB | {big.megabytes:,.0f} | 1,024 |",
    ]


if __name__ == "__main__":
    raise SystemExit(main())
