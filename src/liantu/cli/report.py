"""``liantu report``: the summary on the terminal, the report as files. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from liantu.cli import options
from liantu.cli.call import Call
from liantu.model.findings import Finding
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.model.results import RunRecord
    from liantu.runs import Prepared

FORMATS = ("html", "xlsx", "docx", "pdf")
# Without these a link has no worth or no cost.
_PRICED_BY = ("markets", "technologies")


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    options.package(parser, lang)
    options.year(parser, lang)
    options.demand(parser, lang)
    for name, target in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, dest=target, type=int, metavar="Y", help=say(f"cli.plan-{target}", lang))
    parser.add_argument("--out", metavar="FOLDER", default="liantu-report", help=say("cli.out", lang))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=list(FORMATS[:2]), help=say("cli.format", lang))


def go(call: Call) -> int:
    """Write the report of one year."""
    from liantu import report, runs

    demand = options.asked(call.options)
    buy = options.last_package(call.options, call.options.buy)
    prepared = runs.prepare(call.package, base=call.options.base)
    balance = runs.run("balance", prepared, year=call.options.year)
    require = runs.run("require", prepared, year=call.options.year, demand=demand, buy=buy)
    if prepared.chain is None or not balance.ok or not require.ok:
        return call.finish(require if balance.ok else balance)
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    parts = _parts(call, prepared, balance)
    made = report.report(prepared.chain, balance, require, lang=call.lang, at=now, **parts)
    paths = report.write(made, Path(call.options.out), formats=call.options.format)
    found = _once((balance, require, *parts.values()))
    # What was asked for by name must succeed; whom to recruit is a part that a report can do without.
    code = parts["plan"].exit_code if "plan" in parts else 0
    if call.json:
        call.answer({"files": [str(path) for path in paths]}, digest=balance.digest, findings=found)
        return code
    for line in report.summary(made):
        call.print(line)
    call.notes([finding for finding in found if finding.code == "report-no-table"])
    call.errors(found)
    call.print()
    for path in paths:
        call.print(str(path))
    return code


def _parts(call: Call, prepared: Prepared, balance: RunRecord) -> Mapping[str, RunRecord]:
    """What should come next and what limits are worth, where the package says what things cost; a plan if years were given."""
    from liantu import runs
    from liantu.runs.expanding import PlanAsked

    of = call.options
    lacking = [name for name in _PRICED_BY if not prepared.tables.get(name)]
    if lacking:
        found = tuple(Finding(code="report-no-table", values={"table": name}) for name in lacking)
        parts = {"recruit": replace(balance, command="recruit", findings=found, result={})}
    else:
        parts = {verb: runs.run(verb, prepared, year=of.year) for verb in ("recruit", "throughput")}
    if of.first is not None or of.last is not None:
        parts["plan"] = runs.run("plan", prepared, year=of.year, options=PlanAsked(first=of.first, last=of.last))
    return parts


def _once(records: Iterable[RunRecord]) -> list[Finding]:
    """Findings of several answers, each once."""
    found: list[Finding] = []
    for record in records:
        found += [finding for finding in record.findings if finding not in found]
    return found
