"""Short names. Owns: what may be left out of a name, and that no two become one. Never: which name is shown where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from liantu.words import Lang

_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|（[^（）]*）)\s*$")
# What follows a comma, or a figure with its unit, says which sort it is.
_SORT = re.compile(r"(?:, | \d[\d.]*(?: ?%|\+\d)).*$")


def without_brackets(name: str) -> str:
    """A name without what stands in brackets at its end, unless nothing is left.

    >>> without_brackets("铁锂云母原矿（湘源试样）"), without_brackets("(NH4)2HPO4")
    ('铁锂云母原矿', '(NH4)2HPO4')
    """
    return _BRACKETS.sub("", name) or name


def without_sort(name: str) -> str:
    """A material's name without brackets and without its sort, unless nothing is left.

    >>> without_sort("Iron phosphate, anhydrous"), without_sort("Concentrate 2.25 % Li2O")
    ('Iron phosphate', 'Concentrate')
    """
    plain = without_brackets(name)
    return _SORT.sub("", plain) or plain


def short_names(names: Sequence[str], shorten: Callable[[str], str] = without_sort) -> tuple[str, ...]:
    """Short names of all; where two would become one, both stay whole.

    >>> short_names(["Brine, raw", "Brine, pure", "Ore (rich)"])
    ('Brine, raw', 'Brine, pure', 'Ore')
    """
    short = [shorten(name) for name in names]
    seen = Counter(short)
    return tuple(brief if seen[brief] == 1 else name for brief, name in zip(short, names, strict=True))


def either(zh: str, en: str, identifier: str, lang: Lang) -> str:
    """The name in the language asked for, else in the other, else the identifier."""
    first, second = (zh, en) if lang == "zh" else (en, zh)
    return first or second or identifier
