"""Many futures of one question. Owns: sweep, the table of all runs, what they say together. Never: processes, solving."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from liantu import __version__
from liantu.engines.sensitivity import least_telling, rank_correlation
from liantu.errors import CallError, LiantuError, SolveError, nearest
from liantu.io.files import safe_cell, whole
from liantu.model.findings import Finding, Findings, finding_of
from liantu.model.results import Answer, Column, Grid, RunRecord
from liantu.model.rows import Bools, Floats
from liantu.runs import ask, pool
from liantu.runs.door import DEFAULT_PACKAGE, Prepared, Source, prepare, variant
from liantu.runs.factors import design, factors
from liantu.runs.figures import FIGURES
from liantu.runs.shelf import Shelf
from liantu.runs.study import Span, Study

RUNS, MOST_RUNS = 1000, 10_000_000
QUANTILES = (0.05, 0.5, 0.95)
# An activity below this share of the greatest ever seen is rounding.
NOTHING = 1e-9
Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOptions:
    """How a sweep is run; none of it changes any run but ``seed``.

    Attributes
    ----------
    runs : int
        How many futures; a design says it itself.
    workers : int
        Processes of this machine; 1 works in this one.
    scheduler : str
        Address of a Dask scheduler to use instead.
    out : path, optional
        Folder for finished runs and the table of all, or a .csv file for the table (runs then wait in a folder beside it).
    resume : bool
        Go on with what stands in that folder.
    """

    runs: int = RUNS
    seed: int = 0
    workers: int = 1
    scheduler: str = ""
    out: Path | None = None
    resume: bool = False


def sweep(
    package: Source | Prepared = DEFAULT_PACKAGE,
    vary: Sequence[str] | Path = (),
    *,
    verb: str = "throughput",
    year: int | None = None,
    base: str = "",
    scenario: str = "",
    how: SweepOptions | None = None,
    progress: Progress | None = None,
) -> RunRecord:
    """Ask one question of many futures.

    Parameters
    ----------
    vary : sequence of str, or path
        What varies and between which ends (``prices``, ``plants.capacity=±20%``), or a CSV file with a row of numbers for each run.
    progress : callable, optional
        Told how many runs are done, of how many, and the seconds left.

    Returns
    -------
    RunRecord
        ``outcomes``: what happens in which share of the futures and what flips it; ``factors``; ``picture``.

    Raises
    ------
    CallError
        If the call is wrong: a factor, an address, a folder.

    Examples
    --------
    >>> found = sweep("chenzhou", ["prices", "plants.capacity=±10%"], year=2025, how=SweepOptions(runs=20))
    >>> found.result["done"], len(found.grid("outcomes")) > 5
    (20, True)
    """
    how = how or SweepOptions()
    if verb not in FIGURES:
        raise CallError("verb-unknown", {"value": verb, "verbs": ", ".join(FIGURES), "near": nearest(verb, FIGURES)})
    ready = package if isinstance(package, Prepared) else prepare(package, base=base)
    settled: dict[str, object] = {"verb": verb, "scenario": scenario, "seed": how.seed}
    try:
        study = _study(ready, verb, year, scenario, vary, how)
    except CallError:
        raise
    except LiantuError as error:
        return _record(ready, settled, [*ready.findings, finding_of(error)], {}, solved=error.exit_code != SolveError.exit_code)
    if study is None:
        return _record(ready, settled, list(ready.findings), {}, solved=True)
    runs = how.runs if study.design is None else len(study.design)
    settled |= {"year": study.year, "runs": runs, "vary": [one.name for one in study.factors]}
    return _swept(ready, study, runs, how, settled, progress)


def _study(ready: Prepared, verb: str, year: int | None, scenario: str, vary: Sequence[str] | Path, how: SweepOptions) -> Study | None:
    if not 1 <= how.runs <= MOST_RUNS or how.workers < 1 or how.seed < 0:
        raise CallError("sweep-number", {"most": MOST_RUNS})
    if (chain := variant(ready, scenario)) is None:
        return None
    settled = ask.year_of(chain, ask.Question(year=year, demand={}, buy=()))
    if isinstance(vary, Path):
        varied, numbers = design(chain, vary)
        return Study(verb=verb, chain=chain, year=settled, factors=varied, seed=how.seed, design=numbers)
    if not vary:
        raise CallError("vary-none")
    return Study(verb=verb, chain=chain, year=settled, factors=factors(chain, vary), seed=how.seed)


def _swept(
    ready: Prepared, study: Study, runs: int, how: SweepOptions, settled: Mapping[str, object], progress: Progress | None
) -> RunRecord:
    shelf = Shelf(_folder(how.out), _manifest(ready, study, settled), resume=how.resume)
    found: list[Finding] = [*ready.findings, *_cut(study)]
    solved, stopped = True, False
    try:
        _work(study, runs, how, shelf, progress)
    except KeyboardInterrupt:
        stopped = True
    except SolveError as error:
        found.append(finding_of(error))
        solved = False
    done = shelf.done(runs)
    if done < runs:
        code = "sweep-kept" if shelf.folder else "sweep-stopped"
        found.append(Finding(code=code, values={"done": done, "runs": runs, "path": str(shelf.folder or "")}))
    every = _every(study, shelf, runs)
    if how.out is not None and done == runs:
        whole(_table_path(how.out), _csv(study, every))
    answer: Answer = {"verb": study.verb, "year": study.year, "runs": runs, "done": done, "stopped": stopped, **_said(study, every)}
    return _record(ready, settled, found, answer, solved=solved)


def _cut(study: Study) -> list[Finding]:
    names = [one.name for one in study.factors if one.is_cut]
    return [Finding(code="vary-cut", values={"count": len(names), "names": ", ".join(names)})] if names else []


def _record(ready: Prepared, options: Mapping[str, object], found: Sequence[Finding], answer: Answer, *, solved: bool) -> RunRecord:
    findings = Findings(found).shown()
    return RunRecord(
        command="sweep", package=ready.name, digest=ready.digest, version=__version__,
        options=options, findings=findings, result=answer, solved=solved,
    )  # fmt: skip


def _folder(out: Path | None) -> Path | None:
    if out is None:
        return None
    return out.with_name(f"{out.name}.runs") if out.suffix == ".csv" else out


def _table_path(out: Path) -> Path:
    return out if out.suffix == ".csv" else out / "runs.csv"


def _manifest(ready: Prepared, study: Study, settled: Mapping[str, object]) -> dict[str, object]:
    """What must be the same for one sweep to go on with another's runs; how many are asked for need not be."""
    ends = [[one.name, one.low, one.high] for one in study.factors]
    given = None if study.design is None else study.design.tolist()
    asked = {key: value for key, value in settled.items() if key not in ("runs", "vary")}
    return {"liantu": __version__, "digest": ready.digest, **asked, "factors": ends, "design": given}


def _work(study: Study, runs: int, how: SweepOptions, shelf: Shelf, progress: Progress | None) -> None:
    began, before = time.monotonic(), shelf.done(runs)
    done = before

    def keep(span: Span) -> None:
        nonlocal done
        shelf.keep(span)
        done += len(span.status)
        if progress is not None:
            progress(done, runs, (time.monotonic() - began) / (done - before) * (runs - done))

    work = pool.Work(missing=list(shelf.missing(runs)), keep=keep)
    if not work.missing:
        return
    if how.scheduler:
        pool.together(pool.cluster(study, how.scheduler), work)
    elif how.workers == 1:
        pool.alone(study, work)
    else:
        pool.together(pool.local(study, how.workers), work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All finished runs, in their order."""

    run: np.ndarray
    status: np.ndarray
    objective: Floats
    numbers: Floats
    names: tuple[str, ...]
    values: Floats


def _every(study: Study, shelf: Shelf, runs: int) -> Every:
    spans = shelf.spans(runs)
    names = tuple(sorted({name for span in spans for name in span.names}))
    at = {name: place for place, name in enumerate(names)}
    values = np.zeros((sum(len(span.status) for span in spans), len(names)))
    row = 0
    for span in spans:
        values[row : row + len(span.status), [at[name] for name in span.names]] = span.values
        row += len(span.status)
    empty = np.empty((0, len(study.factors)))
    return Every(
        run=np.concatenate([np.arange(span.first, span.last) for span in spans] or [np.empty(0, dtype=np.intp)]),
        status=np.concatenate([span.status for span in spans] or [np.empty(0, dtype=np.str_)]),
        objective=np.concatenate([span.objective for span in spans] or [np.empty(0)]),
        numbers=np.concatenate([study.numbers(span.first, span.last) for span in spans] or [empty]),
        names=names,
        values=values,
    )


def _csv(study: Study, every: Every) -> bytes:
    """One row a run: its factors, how it ended, and what it counted; numbers to their last digit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([safe_cell(name) for name in ("run", "status", "objective", *(one.name for one in study.factors), *every.names)])
    rows = np.column_stack([every.objective, every.numbers, every.values])
    for run, status, row in zip(every.run.tolist(), every.status.tolist(), rows, strict=True):
        blank = status != "optimal"
        kept = row.tolist()
        cut = len(kept) - len(every.names)
        writer.writerow([run, status, *("" if blank and (place == 0 or place >= cut) else repr(value) for place, value in enumerate(kept))])
    return text.getvalue().encode()


def _said(study: Study, every: Every) -> Answer:
    """What all runs with an answer say together."""
    good = every.status == "optimal"
    numbers, values, worth = every.numbers[good], every.values[good], every.objective[good]
    on = values > NOTHING * np.abs(values).max(axis=0, initial=0.0)
    flips = rank_correlation(numbers, on.astype(np.float64))
    least = least_telling(int(good.sum()))
    statuses, counts = np.unique(every.status, return_counts=True)
    return {
        "ended": Grid(columns={"status": statuses.tolist(), "runs": counts}),
        "objective": dict(zip(("low", "median", "high"), _spread(worth[:, None])[:, 0].tolist(), strict=True)),
        "outcomes": _outcomes(study, every.names, values, on, flips, least),
        "factors": _factors(study, numbers, worth, flips, least),
        "picture": _picture(study, every.names, flips, least),
    }


def _spread(values: Floats) -> Floats:
    """5 %, median and 95 % of each column; NaN without rows."""
    return np.quantile(values, QUANTILES, axis=0) if len(values) else np.full((3, values.shape[1]), np.nan)


def _outcomes(study: Study, names: Sequence[str], values: Floats, on: Bools, flips: Floats, least: float) -> Grid:
    """What runs, is worth it or is built, in which share of futures, the most frequent first; and the factor that flips it most."""
    telling = np.where(np.abs(flips) >= least, np.abs(flips), -1.0)
    best = telling.argmax(axis=0) if telling.size else np.zeros(len(names), dtype=np.intp)
    told = [bool(telling.size) and telling[factor, place] >= 0 for place, factor in enumerate(best.tolist())]
    low, median, high = _spread(values)
    share = on.mean(axis=0) if len(on) else np.full(len(names), np.nan)
    columns: dict[str, Column] = {
        "item": list(names),
        "share": share, "low": low, "median": median, "high": high,
        "factor": [study.factors[factor].name if is_told else "" for factor, is_told in zip(best.tolist(), told, strict=True)],
        "correlation": np.array([flips[factor, place] if told[place] else np.nan for place, factor in enumerate(best.tolist())]),
    }  # fmt: skip
    order = np.lexsort((-median, -share))
    return Grid(columns={name: np.asarray(column)[order] for name, column in columns.items()})


def _factors(study: Study, numbers: Floats, worth: Floats, flips: Floats, least: float) -> Grid:
    """What varies, how the objective hangs on it, and how much it flips."""
    has_worth = not np.isnan(worth).any()
    pull = rank_correlation(numbers, worth[:, None])[:, 0] if has_worth else np.full(len(study.factors), np.nan)
    columns: dict[str, Column] = {
        "factor": [one.name for one in study.factors],
        "low": np.array([one.low for one in study.factors]),
        "high": np.array([one.high for one in study.factors]),
        "correlation": pull,
        "flips": (np.abs(flips) >= least).sum(axis=1),
    }
    order = np.argsort(-np.nan_to_num(np.abs(pull)), kind="stable")
    return Grid(columns={name: np.asarray(column)[order] for name, column in columns.items()})


def _picture(study: Study, names: Sequence[str], flips: Floats, least: float) -> Grid:
    """Cells of a heat map: every outcome and factor that tell on each other."""
    factor, item = np.nonzero(np.abs(flips) >= least)
    columns: dict[str, Column] = {
        "item": [names[at] for at in item.tolist()],
        "factor": [study.factors[at].name for at in factor.tolist()],
        "correlation": flips[factor, item],
    }
    return Grid(columns=columns)
