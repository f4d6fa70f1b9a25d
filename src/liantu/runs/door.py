"""Prepare a package, ask a question, get a record. Owns: the order read → assemble → solve → label.
Never: mathematics, presentation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from liantu import __version__, data
from liantu.errors import CallError, LiantuError
from liantu.io.assemble import assemble
from liantu.io.readers import read
from liantu.model.chain import Chain
from liantu.model.findings import Findings, finding_of
from liantu.model.results import Answer, RunRecord
from liantu.model.tables import Tables, merge, placed
from liantu.runs import ask

Source = str | PathLike[str] | Tables
DEFAULT_PACKAGE = "chenzhou"
VERBS = ("check", "balance", "require")


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
    if not below:
        return own
    if not data.is_bundled(below):
        raise CallError("base-unknown", {"value": below, "names": ", ".join(data.names())})
    # The base's rows are in: written out and read again they must not come twice.
    return _without(merge(_named(read(data.folder(below)), below), own), "base")


def locate(source: str | PathLike[str]) -> Path:
    """Where a package lies: a bundled one by its name, any other by its path."""
    return data.folder(str(source)) if data.is_bundled(str(source)) else Path(source)


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
) -> RunRecord:
    """Ask one question of a package.

    Parameters
    ----------
    verb : {"check", "balance", "require"}
        The question.
    package : str, path, Tables or Prepared
        Of what; a prepared package is not read again.
    year : int, optional
        The year asked for; by default the one the package names, else the last in which a plant started.
    demand : mapping of str to float or str, optional
        For ``require``: material → amount, in its own unit or with one (``"17.5 GWh"``); by default the yardstick.
    buy : sequence of str
        For ``require``: materials to buy instead of making them.
    base : str, optional
        Bundled package that fills what the package does not give.

    Returns
    -------
    RunRecord
        Findings and, if the input is right, the answer.

    Raises
    ------
    CallError
        If the call itself is wrong: an unknown verb, base or material.
    SolveError
        If there is no solution.

    Examples
    --------
    >>> import liantu
    >>> liantu.run("require", "chenzhou", demand={"cell_lfp": "1 GWh"}).ok
    True
    """
    if verb not in VERBS:
        raise CallError("verb-unknown", {"value": verb, "verbs": ", ".join(VERBS)})
    ready = package if isinstance(package, Prepared) else prepare(package, base=base)
    question = ask.Question(year=year, demand=dict(demand or {}), buy=tuple(buy))
    found = ready.findings.copy()
    answer: Answer = {"tables": ask.tables(ready.tables)} if verb == "check" else {}
    options: dict[str, object] = {}
    if ready.chain is not None:
        try:
            asked = ask.VERBS[verb](ready.chain, question)
        except LiantuError as error:
            if error.exit_code != 1:
                error.digest = ready.digest
                raise
            found.add(finding_of(error))
        else:
            answer, options = {**answer, **asked.answer}, asked.options
            found.extend(asked.findings)
    return RunRecord(
        command=verb,
        package=ready.name,
        digest=ready.digest,
        version=__version__,
        options=options,
        findings=placed(found.shown(), ready.tables),
        result=answer,
    )
