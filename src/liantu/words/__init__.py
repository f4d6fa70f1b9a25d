"""Every word a person reads, in Chinese and English. Owns: the word lists and the choice of language. Never: meaning.

Each list is a CSV file beside this module; a key is ``list.name`` (``cli.running``). Findings and errors
live in ``finding.csv`` with a hint of their own, so that terminal, page and JSON can lay it out.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Literal, cast

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

Value = str | int | float
Values = Mapping[str, Value]


def language(wanted: str | None = None) -> Lang:
    """The language to speak: ``wanted`` if given, else ``LIANTU_LANG``, else the locale (English where it says nothing).

    >>> language("zh_CN.UTF-8")
    'zh'
    """
    names = (wanted, *(os.environ.get(name) for name in ("LIANTU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")))
    first = next((name for name in names if name), "en")
    return "zh" if first.lower().startswith("zh") else "en"


@cache
def _list(name: str) -> dict[str, dict[str, str]]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def keys(name: str) -> tuple[str, ...]:
    """All keys of one word list."""
    return tuple(_list(name))


def word(key: str, column: str) -> str:
    """One cell of a word list, e.g. ``word("finding.unknown-id", "level")``."""
    name, _, rest = key.partition(".")
    return _list(name)[rest][column]


def say(key: str, lang: Lang, values: Values | None = None) -> str:
    """The words for ``key`` with ``values`` filled in; numbers are shortened to what a person can read."""
    return fill(word(key, lang), values or {})


def sentences(parts: Iterable[str], lang: Lang) -> str:
    """Sentences behind one another; Chinese sets no blank behind its full stop.

    >>> sentences(["不对。", "请改。"], "zh"), sentences(["Wrong.", "", "Mend it."], "en")
    ('不对。请改。', 'Wrong. Mend it.')
    """
    text = ""
    for part in parts:
        text += " " if text and part and not (lang == "zh" and text[-1] in "。？！；：，") else ""
        text += part
    return text


def fill(template: str, values: Values) -> str:
    """Fill a template; a float without a format of its own is written with up to six significant digits.

    English counts: ``{rows:row|rows}`` is ``1 row`` or ``2 rows``.

    >>> fill("{rows:row|rows}, {notes:note|notes}", {"rows": 1, "notes": 0})
    '1 row, 0 notes'
    """
    return _Words().vformat(template, (), values)


class _Words(Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        one, is_counted, many = format_spec.partition("|")
        if is_counted:
            return f"{self.format_field(value, '')} {one if value in (1, '1') else many}"
        if isinstance(value, float) and not format_spec:
            # From a million on all digits before the point stand: -3,000,000 is read, -3e+06 is not.
            return f"{value:,.0f}" if 1e6 <= abs(value) < 1e15 else f"{value:,.6g}"
        return cast(str, super().format_field(value, format_spec))
