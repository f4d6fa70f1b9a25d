"""Options that several verbs share. Owns: their names, help and reading. Never: what they do."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from liantu.cli.call import Call
from liantu.errors import CallError, InputError
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.engines.planning.solver import SolverOptions
    from liantu.model.records import Materials, Processes, Sites
    from liantu.runs import Prepared


def package(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """PACKAGE and the base it stands on."""
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=say("cli.package", lang))
    parser.add_argument("--base", default="", metavar="NAME", help=say("cli.base", lang))


def scenario(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """The scenario asked of."""
    parser.add_argument("--scenario", default="", metavar="NAME", help=say("cli.scenario-option", lang))


def year(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """The year asked for."""
    parser.add_argument("--year", type=int, metavar="Y", help=say("cli.year", lang))


def named(call: Call, ready: Prepared) -> Callable[[str, object], object]:
    """What a process, site or material is called in the language of the call: ``(kind, id) → name``.

    The kind ``item`` is any of them, or several joined (``cath_lfp @ pk_linwu_gxq``).
    """
    known: dict[str, Mapping[str, str]] = {}
    if ready.chain is not None:
        of = ready.chain
        tables: dict[str, Processes | Sites | Materials] = {"process": of.processes, "site": of.sites, "material": of.materials}
        known = {kind: dict(zip(rows.id, rows.name_zh, strict=True)) for kind, rows in tables.items()}
    every = {identifier: name for names in known.values() for identifier, name in names.items() if name}

    def name(kind: str, identifier: object) -> object:
        if kind != "item":
            return call.called(identifier, known.get(kind, {}).get(str(identifier)))
        return call.called(identifier, " @ ".join(every.get(part, part) for part in str(identifier).split(" @ ")))

    return name


def building(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """What a plan may build, when, and for how much."""
    for name, target in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, dest=target, type=int, metavar="Y", help=say(f"cli.plan-{target}", lang))
    parser.add_argument("--rate", type=float, metavar="N", help=say("cli.plan-rate", lang))
    parser.add_argument("--budget", type=number, metavar="N", help=say("cli.plan-budget", lang))
    parser.add_argument("--fix", action="append", default=[], metavar="PROCESS@SITE=AMOUNT@YEAR", help=say("cli.plan-fix", lang))
    parser.add_argument("--forbid", action="append", default=[], metavar="PROCESS@SITE", help=say("cli.plan-forbid", lang))
    parser.add_argument("--site", action="append", default=[], metavar="SITE", help=say("cli.plan-site", lang))
    parser.add_argument("--target", action="append", default=[], metavar="TARGET", help=say("cli.plan-target", lang))
    limited(parser, lang)


def limited(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """How much time and memory an answer may take."""
    parser.add_argument("--time-limit", type=float, default=300.0, metavar="S", help=say("cli.time-limit", lang))
    parser.add_argument("--memory-limit", type=float, metavar="GB", help=say("cli.memory-limit", lang))


def solver(of: argparse.Namespace, *, gap: float = 1e-4) -> SolverOptions:
    """The limits as the solver takes them."""
    from liantu.engines.planning.solver import SolverOptions

    return SolverOptions(time_limit_s=of.time_limit, gap=gap)


def number(text: str) -> float:
    """An amount of money as an office writes it: ``5e9``, ``5,000,000,000`` or ``50亿``; ``inf`` is no limit.

    Raises
    ------
    ValueError
        For what is no number, or has a unit.
    """
    from liantu.io import cells

    try:
        read = cells.Read(float(text)) if text.strip() in ("inf", "-inf") else cells.number(text.strip())
    except InputError as error:
        raise ValueError(text) from error
    if read.unit:
        raise ValueError(text)
    return read.value


def count(text: str) -> int:
    """How many, one at least.

    Raises
    ------
    ValueError
        For what is no whole number or less than one.
    """
    read = int(text)
    if read < 1:
        raise ValueError(text)
    return read


def demand(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """What is asked of the chain, and what is bought instead of made."""
    parser.add_argument("--demand", nargs="+", action="extend", default=[], metavar="MATERIAL=AMOUNT", help=say("cli.demand", lang))
    parser.add_argument("--buy", nargs="+", action="extend", default=[], metavar="MATERIAL", help=say("cli.buy", lang))


def asked(options: argparse.Namespace) -> dict[str, float | str]:
    """The demand as material → amount; a package named behind ``--demand`` is found there.

    Raises
    ------
    CallError
        ``demand`` for a word that is neither.
    """
    amounts: dict[str, float | str] = {}
    for word in options.demand:
        material, equals, amount = str(word).partition("=")
        if equals and material.strip() and amount.strip():
            if material.strip() in amounts:
                raise CallError("demand-twice", {"value": material.strip()})
            amounts[material.strip()] = amount.strip()
        elif options.package is None and not equals and (_is_package(word) or "." in word or "/" in word):
            options.package = word
        else:
            raise CallError("demand", {"value": word})
    return amounts


def _is_package(word: str) -> bool:
    from pathlib import Path

    from liantu import data

    return data.is_bundled(word) or Path(word).exists()


def last_package(options: argparse.Namespace, words: Sequence[str]) -> list[str]:
    """Names given behind ``--buy``; the last is the package if none was named and it is a file or a bundled name."""
    names = list(words)
    if options.package is None and names and _is_package(names[-1]):
        options.package = names.pop()
    return names
