"""Packages in and out as files: convert, template, marked workbook. Owns: the order of calls. Never: formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
    """Write an empty workbook to fill in, with all tables of the contract or only some."""
    from liantu.io.template import write_template

    write_template(target, lang, only=only)


def mark(source: str, findings: Sequence[Finding], target: Path, *, lang: Lang) -> None:
    """Write the user's own workbook back with the cells that findings speak of marked and explained."""
    from liantu.io.marked import write_marked

    write_marked(locate(source), findings, target, lang)
