"""Scenarios side by side. Owns: compare. Never: what a scenario changes, what a verb answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from liantu import __version__
from liantu.errors import CallError, nearest
from liantu.io import changes
from liantu.model.findings import Finding, Findings
from liantu.model.results import Answer, Column, Grid, RunRecord
from liantu.model.scenario import BASE, Scenario, parts
from liantu.runs.door import DEFAULT_PACKAGE, Prepared, Source, prepare, run
from liantu.runs.figures import FIGURES, Figure, figures, objective
from liantu.runs.sides import sides

# Differences below this share are noise of the last digits.
NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class _Told:
    """What one scenario answered, by figure and item."""

    name: str
    solved: bool
    values: Mapping[tuple[str, str], Figure]


def compare(
    package: Source | Prepared = DEFAULT_PACKAGE,
    scenarios: Sequence[str] = (),
    *,
    verb: str = "throughput",
    year: int | None = None,
    base: str = "",
    options: object = None,
) -> RunRecord:
    """Ask one question of several scenarios.

    Parameters
    ----------
    scenarios : sequence of str
        Their names, the first being what the others are compared with; one alone is compared with the chain as it is. By default
        the chain as it is and all scenarios.
    verb : str
        ``balance``, ``require``, ``throughput``, ``recruit`` or ``plan``.

    Returns
    -------
    RunRecord
        ``scenarios``: each with its objective; ``figures``: every figure that differs, the greatest difference first; of plans
        also ``money``, ``processes``, ``builds`` and ``limits`` side by side (`liantu.runs.sides`).
    """
    if verb not in FIGURES:
        raise CallError("verb-unknown", {"value": verb, "verbs": ", ".join(FIGURES), "near": nearest(verb, FIGURES)})
    ready = package if isinstance(package, Prepared) else prepare(package, base=base)
    named = _named(ready)
    reasons = {called: (one.reason, one.reason_zh) for one in named for called in (one.name, one.name_zh)}
    names = tuple(scenarios) or (BASE, *(one.name for one in named))
    names = (BASE, *names) if len(names) == 1 else names
    settled: dict[str, object] = {"verb": verb, "scenarios": list(names)}
    if ready.chain is None:
        return _record(ready, settled, ready.findings.shown(), {}, solved=True)
    records = [run(verb, ready, year=year, scenario=name, options=options) for name in names]
    told = [
        _Told(name, record.ok, {(one.name, one.item): one for one in figures(verb, record.result)} if record.ok else {})
        for name, record in zip(names, records, strict=True)
    ]
    found = [finding for record in records for finding in record.findings]
    unsolved = [Finding(code="scenario-unsolved", values={"scenario": one.name}) for one in told if not one.solved]
    answer: Answer = {"verb": verb, "scenarios": _scenarios(told, records, reasons), "figures": _differences(told)}
    answer = {**answer, **sides(names, records)} if verb == "plan" else answer
    findings = Findings([*unsolved, *_once(found)]).shown()
    return _record(ready, {**settled, **_year(records)}, findings, answer, solved=all(record.solved for record in records))


def _named(ready: Prepared) -> tuple[Scenario, ...]:
    """The scenarios a package has."""
    return () if ready.chain is None else tuple(changes.scenarios(ready.chain, Findings()).values())


def _year(records: Sequence[RunRecord]) -> dict[str, object]:
    return {key: value for key, value in records[0].options.items() if key != "scenario"}


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Each finding once, although every scenario repeats those of the package."""
    seen = {(one.code, one.where(), tuple(sorted((key, str(value)) for key, value in one.values.items()))): one for one in found}
    return list(seen.values())


def _record(ready: Prepared, options: dict[str, object], findings: tuple[Finding, ...], answer: Answer, *, solved: bool) -> RunRecord:
    return RunRecord(
        command="compare", package=ready.name, digest=ready.digest, version=__version__,
        options=options, findings=findings, result=answer, solved=solved,
    )  # fmt: skip


def _scenarios(told: Sequence[_Told], records: Sequence[RunRecord], reasons: Mapping[str, tuple[str, str]]) -> Grid:
    worth = [objective(record.result) for record in records]
    columns: dict[str, Column] = {
        "scenario": [one.name for one in told],
        "reason": [_reason(one.name, reasons, 0) for one in told],
        "reason_zh": [_reason(one.name, reasons, 1) for one in told],
        "solved": [one.solved for one in told],
        "objective": worth,
        "difference": [None if value is None or worth[0] is None else value - worth[0] for value in worth],
    }
    return Grid(columns=columns)


def _reason(called: str, reasons: Mapping[str, tuple[str, str]], lang: int) -> str:
    """Why a scenario is looked at, or several at once."""
    return "; ".join(filter(None, (reasons[part][lang] for part in parts(called, reasons))))


def _differences(told: Sequence[_Told]) -> Grid:
    """A row for each figure and scenario; a figure that one answer does not have is zero there."""
    first, *others = told
    keys = list(dict.fromkeys(key for one in told for key in one.values))
    rows: list[tuple[float, str, str, str, str, float, float]] = []
    for key in keys if first.solved else ():
        unit = next(one.values[key].unit for one in told if key in one.values)
        before = _value(first, key)
        here = [(other.name, _value(other, key)) for other in others if other.solved]
        share = max((abs(value - before) / max(abs(value), abs(before), 1e-300) for _, value in here), default=0.0)
        if share > NOISE or key[0] == "objective":
            rows += [(share, key[0], key[1], unit, name, value, before) for name, value in here]
    order = {name: place for place, name in enumerate(dict.fromkeys(name for name, _ in keys))}
    rows.sort(key=lambda row: (order[row[1]], -row[0]))
    columns: dict[str, Column] = {
        "figure": [row[1] for row in rows],
        "item": [row[2] for row in rows],
        "unit": [row[3] for row in rows],
        "scenario": [row[4] for row in rows],
        "difference": np.array([row[5] - row[6] for row in rows]),
        "value": np.array([row[5] for row in rows]),
        "base": np.array([row[6] for row in rows]),
    }
    return Grid(columns=columns)


def _value(one: _Told, key: tuple[str, str]) -> float:
    return one.values[key].value if key in one.values else 0.0
