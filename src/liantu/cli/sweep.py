"""``liantu sweep``: hundreds to millions of futures of one question. Owns: its options, progress and print-out."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from liantu.cli import options
from liantu.cli.call import Call
from liantu.model.results import RunRecord
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.runs import Prepared

EVERY_S, SHOWN = 1.0, 30


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    options.package(parser, lang)
    options.scenario(parser, lang)
    parser.add_argument("--verb", dest="question", default="throughput", metavar="VERB", help=say("cli.sweep-verb", lang))
    options.year(parser, lang)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--vary", nargs="+", action="extend", default=[], metavar="SPEC", help=say("cli.vary", lang))
    what.add_argument("--file", type=Path, metavar="DESIGN.csv", help=say("cli.sweep-file", lang))
    parser.add_argument("--runs", type=int, default=1000, metavar="N", help=say("cli.runs-option", lang))
    parser.add_argument("--seed", type=int, default=0, metavar="S", help=say("cli.seed", lang))
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), metavar="N", help=say("cli.workers", lang))
    parser.add_argument("--scheduler", default="", metavar="ADDRESS", help=say("cli.scheduler", lang))
    parser.add_argument("--out", type=Path, metavar="FOLDER|FILE.csv", help=say("cli.sweep-out", lang))
    parser.add_argument("--resume", action="store_true", help=say("cli.resume", lang))


def go(call: Call) -> int:
    """Run the sweep; what an interrupt leaves is said like a whole one."""
    from liantu import runs
    from liantu.runs.sweeps import SweepOptions, sweep

    asked = call.options
    how = SweepOptions(
        runs=asked.runs, seed=asked.seed, workers=asked.workers, scheduler=asked.scheduler, out=asked.out, resume=asked.resume
    )
    ready = runs.prepare(call.package, base=asked.base)
    record = sweep(
        ready, asked.file or asked.vary, verb=asked.question, year=asked.year, scenario=asked.scenario, how=how,
        progress=None if call.json else _Ticker(call).tick,
    )  # fmt: skip
    written = _page(call, ready, record) if asked.out is not None and record.result.get("done") else None
    if not call.json and record.result.get("done"):
        _show(call, ready, record)
    code = call.finish(record)
    if written and not call.json:
        call.print(str(written))
    return 130 if record.result.get("stopped") else code


def _page(call: Call, ready: Prepared, record: RunRecord) -> Path | None:
    """The page of the sweep, in its folder or beside its table."""
    from liantu import report, runs

    chain, out = runs.variant(ready, call.options.scenario), Path(call.options.out)
    if chain is None:
        return None
    path = out.with_suffix(".html") if out.suffix == ".csv" else out / "sweep.html"
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    report.write_page(report.futures(chain, record, lang=call.lang, at=now), path)
    return path


class _Ticker:
    """A line on the error stream, at most once a second."""

    def __init__(self, call: Call) -> None:
        self._call, self._last = call, -EVERY_S
        self._end = "\r" if sys.stderr.isatty() else "\n"

    def tick(self, done: int, runs: int, left: float) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if now - self._last >= EVERY_S or done == runs:
            self._last = now
            minutes, seconds = divmod(round(left), 60)
            line = self._call.say("sweep-progress", {"done": done, "runs": runs, "left": f"{minutes}:{seconds:02d}"})
            print(line, end="\n" if done == runs else self._end, file=sys.stderr, flush=True)


def _show(call: Call, ready: Prepared, record: RunRecord) -> None:
    call.print(call.say("sweep-head", {"done": str(record.result["done"]), "runs": str(record.result["runs"])}))
    call.table(
        [call.say("sweep-ended"), call.say("sweep-runs")],
        [[say(f"report.ended-{row['status']}", call.lang), row["runs"]] for row in record.grid("ended")],
    )
    call.print()
    worth = record.result["objective"]
    if isinstance(worth, dict) and worth["median"] == worth["median"]:
        call.print(call.say("sweep-objective", {name: f"{worth[name]:,.0f}" for name in ("low", "median", "high")}))
        call.print()
    _first(call, ready, record, "outcomes", "sweep-", ("item", "share", "low", "median", "high", "factor", "correlation"))
    _first(call, ready, record, "factors", "sweep-factors-", ("factor", "low", "high", "correlation", "flips"))


def _first(call: Call, ready: Prepared, record: RunRecord, name: str, prefix: str, columns: tuple[str, ...]) -> None:
    """The first rows of a table, and how many more there are."""
    called = options.named(call, ready)
    rows = [[_share(row[column]) if column == "share" else called(column, row[column]) for column in columns] for row in record.grid(name)]
    call.table([call.say(f"{prefix}{column}") for column in columns], rows[:SHOWN])
    if len(rows) > SHOWN:
        call.print(call.say("more", {"count": len(rows) - SHOWN}))
    call.print()


def _share(cell: object) -> str:
    return f"{cell:.0%}" if isinstance(cell, float) else "—"
