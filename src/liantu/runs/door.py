"""Prepare a package, ask a question, get a record. Owns: the order read → assemble → solve → label.
Never: mathematics, presentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from liantu import __version__, data
from liantu.errors import CallError, InputError, LiantuError, SolveError, nearest
from liantu.io import changes
from liantu.io.assemble import assemble
from liantu.io.readers import read
from liantu.model.chain import Chain
from liantu.model.findings import Findings, finding_of
from liantu.model.results import Answer, RunRecord
from liantu.model.scenario import BASE, apply, parts
from liantu.model.tables import Tables, merge, placed
from liantu.runs import ask

Source = str | PathLike[str] | Tables
DEFAULT_PACKAGE = "chenzhou"
VERBS = ("check", "balance", "require", "throughput", "recruit", "whynot", "plan", "alternatives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A package that was read and assembled, ready for any number of questions.

    Attributes
    ----------
    tables : Tables
        Rows as given, the base's included; empty if the package could not be read.
    chain : Chain or None
        None if anything in the package is wrong.
    findings : Findings
        Everything found on the way.
    """

    name: str
    digest: str
    tables: Tables
    chain: Chain | None
    findings: Findings


def prepare(source: Source = DEFAULT_PACKAGE, *, base: str = "") -> Prepared:
    """Read and assemble a package.

    Parameters
    ----------
    source : str, path or Tables
        A bundled name (``chenzhou``), a folder, a workbook, a zip, or tables in memory.
    base : str, optional
        Bundled package that fills what the source does not give; by default the one its settings name.
    """
    name = source.name if isinstance(source, Tables) else str(source)
    try:
        tables = gather(source, base=base)
    except LiantuError as error:
        if error.exit_code != 1:
            raise
        nothing = Tables(name=name, tables={})
        return Prepared(name=name, digest=nothing.digest(), tables=nothing, chain=None, findings=Findings([finding_of(error)]))
    chain, findings = assemble(tables)
    digest = chain.digest if chain else tables.digest()
    return Prepared(name=name, digest=digest, tables=tables, chain=chain, findings=findings)


def gather(source: Source, *, base: str = "") -> Tables:
    """The rows of a package upon those of its base.

    Raises
    ------
    InputError
        If the source cannot be read at all.
    CallError
        ``base-unknown`` if the base is not a bundled package.
    """
    own = source if isinstance(source, Tables) else read(locate(source))
    below = base or own.setting("base")
    # The base's rows are in: written out and read again they must not come twice.
    return _without(merge(_bundled(below), own), "base") if below else own


def _bundled(name: str) -> Tables:
    """A bundled package upon its own base."""
    if not data.is_bundled(name):
        raise CallError("base-unknown", {"value": name, "names": ", ".join(data.names()), "near": nearest(name, data.names())})
    own = _named(read(data.folder(name)), name)
    below = own.setting("base")
    return merge(_bundled(below), own) if below else own


def locate(source: str | PathLike[str]) -> Path:
    """Where a package lies: a bundled one by its name, any other by its path.

    Raises
    ------
    InputError
        ``file-absent`` for what is neither, but nearly the name of a bundled one.
    """
    name = str(source)
    if data.is_bundled(name):
        return data.folder(name)
    near = "" if Path(name).name != name or Path(name).exists() else nearest(name, data.names())
    if near:
        raise InputError("file-absent", {"path": name, "near": near}, file=name)
    return Path(source)


def _named(base: Tables, name: str) -> Tables:
    """The base with its name before each file, so that its rows are not taken for the user's own; its title stays behind."""
    tables = {table.name: replace(table, files=[f"{name}/{file}" for file in table.files]) for table in base}
    return _without(replace(base, tables=tables), "title_en", "title_zh")


def _without(tables: Tables, *keys: str) -> Tables:
    """Tables without some of their settings."""
    settings = tables.get("settings")
    if settings is None:
        return tables
    kept = [row for row, key in enumerate(settings.column("key")) if key not in keys]
    fewer = replace(
        settings,
        columns={name: [cells[row] for row in kept] for name, cells in settings.columns.items()},
        lines=[settings.lines[row] for row in kept],
        files=[settings.file(row) for row in kept],
    )
    return replace(tables, tables={**tables.tables, "settings": fewer})


def run(
    verb: str,
    package: Source | Prepared = DEFAULT_PACKAGE,
    *,
    year: int | None = None,
    demand: Mapping[str, float | str] | None = None,
    buy: Sequence[str] = (),
    base: str = "",
    scenario: str = "",
    options: object = None,
) -> RunRecord:
    """Ask one question of a package.

    Parameters
    ----------
    verb : {"check", "balance", "require", "throughput", "recruit", "whynot", "plan", "alternatives"}
        The question.
    package : str, path, Tables or Prepared
        Of what; a prepared package is not read again.
    year : int, optional
        The year asked for; by default the one the package names, else the last in which a plant started.
    demand : mapping of str to float or str, optional
        For ``require`` and ``whynot``: material → amount, in its own unit or with one (``"17.5 GWh"``); ``require`` takes the
        yardstick if there is none.
    buy : sequence of str
        For ``require``: materials to buy instead of making them.
    base : str, optional
        Bundled package that fills what the package does not give.
    scenario : str, optional
        Scenario of the package to ask of; by default (or ``base``) the chain as it is.
    options : optional
        What a verb of planning may be asked besides: `SolverOptions` for ``throughput``, `RecruitAsked` for ``recruit``,
        `Wish` for ``whynot``, `PlanAsked` for ``plan``, `OthersAsked` for ``alternatives``.

    Returns
    -------
    RunRecord
        Findings and, if the input is right, the answer; `RunRecord.solved` says whether there is one.

    Raises
    ------
    CallError
        If the call itself is wrong: an unknown verb, base, scenario or material.

    Examples
    --------
    >>> import liantu
    >>> liantu.run("require", "chenzhou", demand={"cell_lfp": "1 GWh"}).ok
    True
    """
    if verb not in VERBS:
        raise CallError("verb-unknown", {"value": verb, "verbs": ", ".join(VERBS), "near": nearest(verb, VERBS)})
    ready = package if isinstance(package, Prepared) else prepare(package, base=base)
    question = ask.Question(year=year, demand=dict(demand or {}), buy=tuple(buy), options=options)
    found = ready.findings.copy()
    answer: Answer = {"tables": ask.tables(ready.tables)} if verb == "check" else {}
    settled: dict[str, object] = {}
    solved = True
    chain = variant(ready, scenario)
    if chain is not None:
        try:
            asked = question_of(verb)(chain, question)
        except CallError as error:
            error.digest = ready.digest
            raise
        except LiantuError as error:
            found.add(finding_of(error))
            solved = error.exit_code != SolveError.exit_code
        else:
            answer, settled, solved = {**answer, **asked.answer}, asked.options, asked.solved
            found.extend(asked.findings)
    return RunRecord(
        command=verb,
        package=ready.name,
        digest=ready.digest,
        version=__version__,
        options={**settled, "scenario": scenario} if scenario else settled,
        findings=placed(found.shown(), ready.tables),
        result=answer,
        solved=solved,
    )


def variant(ready: Prepared, scenario: str) -> Chain | None:
    """The chain of a package under one of its scenarios.

    Raises
    ------
    CallError
        ``scenario-unknown``; ``scenario-together`` if several that were asked for at once do not go together.
    """
    if ready.chain is None or not scenario or scenario == BASE:
        return ready.chain
    named = changes.scenarios(ready.chain, Findings())
    called = {**{one.name_zh: one for one in named.values()}, **named}
    asked = [called[part] for part in parts(scenario, called)]
    if not asked:
        near = nearest(scenario, called)
        raise CallError("scenario-unknown", {"value": scenario, "names": ", ".join((BASE, *named)), "near": near})
    if len(asked) == 1:
        return apply(ready.chain, asked[0].changes)
    found = Findings()
    together = changes.together(ready.chain, [one.name for one in asked], found)
    if found.has_errors:
        raise CallError("scenario-together", {"value": scenario, "where": found.shown()[0].where()})
    return apply(ready.chain, together.changes)


def question_of(verb: str) -> Callable[[Chain, ask.Question], ask.Asked]:
    """What answers a verb; the solver is imported by the verbs that need it."""
    if verb in ask.VERBS:
        return ask.VERBS[verb]
    from liantu.runs import plans

    return plans.VERBS[verb]
