"""Packages in and out as files: convert, template, marked workbook. Owns: the order of calls. Never: formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from liantu.errors import CallError, InputError
from liantu.io.readers import read
from liantu.model.findings import Finding
from liantu.model.tables import placed
from liantu.runs.door import Source, locate, prepare
from liantu.words import Lang


def convert(source: Source, target: Path, *, lang: Lang, base: str = "") -> tuple[str, tuple[Finding, ...]]:
    """Write a package anew as a folder, workbook or zip; rows of its base become its own.

    Nothing is written if anything in the package is wrong.

    Returns
    -------
    str
        Digest of the package.
    tuple of Finding
        What was found.
    """
    from liantu.io.writers import write

    ready = prepare(source, base=base)
    if ready.chain is not None:
        write(ready.tables, target, lang=lang)
    return ready.digest, placed(ready.findings.shown(), ready.tables)


def template(target: Path, *, lang: Lang, only: Sequence[str] = ()) -> None:
    """Write an empty workbook to fill in, with all tables of the contract or only some; never over one that is filled in.

    Raises
    ------
    CallError
        ``write-filled`` if the target holds rows already.
    """
    from liantu.io.template import write_template

    if _is_filled(target):
        raise CallError("write-filled", {"path": str(target)}, file=target.name)
    write_template(target, lang, only=only)


def _is_filled(target: Path) -> bool:
    """Whether a file is there that somebody would miss."""
    if not target.is_file() or not target.stat().st_size:
        return False
    try:
        return any(len(table) for table in read(target))
    except InputError:
        return True


def mark(source: str, findings: Sequence[Finding], target: Path, *, lang: Lang) -> None:
    """Write the user's own workbook back with the cells that findings speak of marked and explained.

    Raises
    ------
    CallError
        ``write-itself`` if the target is the workbook itself.
    """
    from liantu.io.marked import write_marked

    given = locate(source)
    if given.is_file() and target.exists() and target.samefile(given):
        raise CallError("write-itself", {"path": str(target)}, file=target.name)
    write_marked(given, findings, target, lang)
