"""Chemistry as far as mass needs it. Owns: atomic weights, formulas, compositions. Never: files, units.

Weights are the abridged standard atomic weights of IUPAC's CIAAW (2021), conventional values for elements whose
weight varies in nature: https://doi.org/10.1515/pac-2019-0603
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from liantu.errors import InputError

_TOKEN = re.compile(r"([A-Z][a-z]?)|(\()|(\))|((?:[1-9]\d*|0)(?:\.\d+)?)(?!\d)")
_PAIR = re.compile(r"([A-Z][a-z]?)\s*[:：=]\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*(%?)")
# Fractions are printed with seven digits: a sum may exceed one by their rounding.
SUM_TOLERANCE = 1e-4


@cache
def atomic_weights() -> Mapping[str, float]:
    """Symbol → standard atomic weight (g/mol)."""
    text = files(__package__).joinpath("elements.csv").read_text(encoding="utf-8")
    return {row["symbol"]: float(row["weight"]) for row in csv.DictReader(text.splitlines())}


@cache
def formula_fractions(formula: str) -> Mapping[str, float]:
    """Mass fraction of each element in a chemical formula; brackets, hydrates and fractional counts are read.

    Raises
    ------
    InputError
        ``formula`` if the text is not a formula, with the place that could not be read.

    Examples
    --------
    >>> round(formula_fractions("Li2CO3")["Li"], 4)
    0.1879
    >>> round(formula_fractions("LiOH·H2O")["Li"], 4)
    0.1654
    """
    counts: dict[str, float] = {}
    if re.search(r"\d\.\d*H2O$", formula.strip()):
        # CuSO4.5H2O would read as O4.5: the dot of a hydrate must not be a full stop.
        raise InputError("formula", {"value": formula, "at": ".H2O"})
    for part in re.split(r"[·•∙*]", formula.strip()):
        found = re.match(r"\d+(?:\.\d+)?", part)
        times = float(found.group()) if found else 1.0
        for symbol, count in _counts(part[found.end() :] if found else part, formula).items():
            counts[symbol] = counts.get(symbol, 0.0) + times * count
    weights = atomic_weights()
    mass = {symbol: weights[symbol] * count for symbol, count in counts.items()}
    total = sum(mass.values())
    if total <= 0:
        raise InputError("formula", {"value": formula, "at": formula})
    return {symbol: share / total for symbol, share in mass.items()}


def _counts(text: str, formula: str) -> dict[str, float]:
    """Atoms in one part of a formula, brackets by a stack."""
    stack: list[dict[str, float]] = [{}]
    last: dict[str, float] | None = None
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.group() == "0":
            raise InputError("formula", {"value": formula, "at": text[at:]})
        symbol, opening, closing, number = found.groups()
        if symbol:
            if symbol not in atomic_weights():
                raise InputError("formula", {"value": formula, "at": text[at:]})
            last = {symbol: 1.0}
        elif opening:
            stack.append({})
            last = None
        elif closing:
            if len(stack) == 1 or not stack[-1]:
                raise InputError("formula", {"value": formula, "at": text[at:]})
            last = stack.pop()
        elif number and last is not None:
            last = {key: count * float(number) for key, count in last.items()}
        else:
            raise InputError("formula", {"value": formula, "at": text[at:]})
        at = found.end()
        # A count belongs to what stands before it: wait for it before adding up.
        if last is not None and not re.match(r"\d", text[at:]):
            for key, count in last.items():
                stack[-1][key] = stack[-1].get(key, 0.0) + count
            last = None
    if len(stack) != 1 or not text:
        raise InputError("formula", {"value": formula, "at": text or formula})
    return stack[0]


@cache
def composition_fractions(composition: str) -> Mapping[str, float]:
    """Mass fractions written as ``Li:0.0186;Rb:0.0009`` (or in percent: ``Li:1.86%``).

    Raises
    ------
    InputError
        ``composition`` if the text does not parse, ``composition-above-one`` if the fractions exceed one.

    Examples
    --------
    >>> composition_fractions("Li:1.5%; Rb:0.0009")
    {'Li': 0.015, 'Rb': 0.0009}
    """
    fractions: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[;；,，]", composition))):
        found = _PAIR.fullmatch(part)
        if found is None or found[1] not in atomic_weights() or found[1] in fractions:
            raise InputError("composition", {"value": composition, "at": part})
        fractions[found[1]] = float(found[2]) / (100 if found[3] else 1)
    if not fractions:
        raise InputError("composition", {"value": composition, "at": composition})
    total = sum(fractions.values())
    if total > 1 + SUM_TOLERANCE:
        raise InputError("composition-above-one", {"value": composition[:80], "total": total})
    return fractions
