"""``liantu report``: the summary on the terminal, the report as files. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
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
    parser.add_argument("--scenario", action="append", default=[], metavar="NAME", help=say("cli.report-scenario", lang))
    for name, target in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, dest=target, type=int, metavar="Y", help=say(f"cli.plan-{target}", lang))
    parser.add_argument("--holds", action="store_true", help=say("cli.plan-holds", lang))
    parser.add_argument("--within", metavar="SHARE", help=say("cli.report-within", lang))
    parser.add_argument("--out", metavar="FOLDER", default="liantu-report", help=say("cli.out", lang))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=list(FORMATS[:2]), help=say("cli.format", lang))


def go(call: Call) -> int:
    """Write the report of one year."""
    from liantu import report, runs

    demand = options.asked(call.options)
    buy = options.last_package(call.options, call.options.buy)
    prepared, scenarios = runs.prepare(call.package, base=call.options.base), _scenarios(call)
    chain = runs.variant(prepared, scenarios[0])
    balance = runs.run("balance", prepared, year=call.options.year, scenario=scenarios[0])
    require = runs.run("require", prepared, year=call.options.year, demand=demand, buy=buy, scenario=scenarios[0])
    if chain is None or not balance.ok or not require.ok:
        return call.finish(require if balance.ok else balance)
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    parts, plans = _parts(call, prepared, balance, scenarios[0]), _plans(call, prepared, scenarios)
    made = report.report(chain, balance, require, lang=call.lang, at=now, plan=plans, **parts)
    paths = report.write(made, Path(call.options.out), formats=call.options.format)
    found = _once((balance, require, *parts.values(), *plans))
    # What was asked for by name must succeed; whom to recruit is a part that a report can do without.
    code = max((plan.exit_code for plan in plans), default=0)
    if call.json:
        call.answer({"files": [str(path) for path in paths]}, digest=balance.digest, findings=found)
        return code
    for line in report.summary(made):
        call.print(line)
    call.remarks(found)
    call.print()
    for path in paths:
        call.print(str(path))
    return code


def _scenarios(call: Call) -> list[str]:
    """The scenarios asked of, each once; the report is of the first and sets the plans of the others against its own."""
    return list(dict.fromkeys(call.options.scenario)) or [""]


def _parts(call: Call, prepared: Prepared, balance: RunRecord, scenario: str) -> Mapping[str, RunRecord]:
    """What should come next and what limits are worth, where the package says what things cost."""
    from liantu import runs

    lacking = [name for name in _PRICED_BY if not prepared.tables.get(name)]
    if lacking:
        found = tuple(Finding(code="report-no-table", values={"table": name}) for name in lacking)
        return {"recruit": replace(balance, command="recruit", findings=found, result={})}
    return {verb: runs.run(verb, prepared, year=call.options.year, scenario=scenario) for verb in ("recruit", "throughput")}


def _plans(call: Call, prepared: Prepared, scenarios: Sequence[str]) -> Sequence[RunRecord]:
    """A plan of each scenario, if years were given or there is more than one; other ways to make the first, if asked for."""
    from liantu import runs
    from liantu.runs.expanding import PlanAsked
    from liantu.runs.others import OthersAsked

    of = call.options
    asked = PlanAsked(first=of.year if of.first is None else of.first, last=of.last)
    made: list[RunRecord] = []
    if of.first is not None or of.last is not None or of.holds or len(scenarios) > 1:
        each = [replace(asked, holds=of.holds), *(asked for _ in scenarios[1:])]
        made += [runs.run("plan", prepared, options=one, scenario=name) for one, name in zip(each, scenarios, strict=True)]
    if of.within is not None:
        made.append(runs.run("alternatives", prepared, options=OthersAsked(plan=asked, within=of.within), scenario=scenarios[0]))
    return made


def _once(records: Iterable[RunRecord]) -> list[Finding]:
    """Findings of several answers, each once."""
    found: list[Finding] = []
    for record in records:
        found += [finding for finding in record.findings if finding not in found]
    return found
