"""Which table and which column a name means. Owns: matching names and headers to the schema. Never: cells, files.

A header may be English or Chinese, both in one cell, starred as required, and carry a unit in brackets or behind a
slash. What is not matched is left as it stands: a wrong guess would put numbers into the wrong column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from liantu.model import schema
from liantu.model.schema import NUMERIC
from liantu.units import MAX_UNIT_LENGTH, MULTIPLIERS, is_unit

MAX_HEADER = 200
_MARKS = re.compile(r"[\s*＊_\-\u200b\ufeff]+|[:：]$")
_BRACKETS = re.compile(r"[(（\[【［]([^()（）\[\]【】［］]*)[)）\]】］]")
_GAPS = re.compile(r"[/／,，:：\s]+|(?=[%％‰]$)")
_HAN = r"\u2e80-\u9fff\uf900-\ufaff"
_SCRIPTS = re.compile(rf"([^{_HAN}]+)([{_HAN}].*)|([{_HAN}].*?)([A-Za-z_][^{_HAN}]*)", re.DOTALL)
_NUMBERED = re.compile(r"^(?:附?表)?\s*[0-9一二三四五六七八九十]{1,3}\s*[、.．:：_\-\s]\s*")
_UNIT_WORDS = re.compile(r"^(?:计量)?单位\s*[:：]?\s*|^(?:unit|in)\s*[:：]?\s+", re.IGNORECASE)
_ASIDES = frozenset({"必填", "选填", "可空", "可选", "required", "optional", "如有", "如无不填"})


@dataclass(frozen=True, slots=True)
class Match:
    """What a header means: its column, the unit it carries, and words in it that were not understood."""

    column: str | None
    unit: str | None = None
    unread: str = ""

    @property
    def is_unread_unit(self) -> bool:
        """Whether the words not understood look like a unit, so that the numbers below cannot be trusted."""
        return bool(re.search(r"[/／每]|^[百千万亿]", self.unread) or re.fullmatch(r"[A-Za-z]{1,3}[0-9]?", self.unread))


@cache
def plain(text: str) -> str:
    """A name without case, blanks, stars and full-width forms.

    >>> plain("Name_EN *"), plain(" 产 能：")
    ('nameen', '产能')
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).strip().casefold())


@cache
def _table_names() -> Mapping[str, str]:
    names = {plain(word): one.name for one in schema.tables().values() for word in reversed((one.name, one.zh, one.en, *one.aliases))}
    return names | {plain(name): name for name in schema.tables()}


@cache
def _column_names(table: str) -> Mapping[str, str]:
    """Names of the columns of a table; the column's own name counts before its Chinese one, that before aliases."""
    columns = schema.tables()[table].columns.values()
    names = {plain(alias): column.name for column in columns for alias in column.aliases}
    names |= {plain(column.zh): column.name for column in columns}
    return names | {plain(column.name): column.name for column in columns}


@cache
def is_header(text: str) -> bool:
    """Whether the text is the plain name of a column of any table."""
    return any(plain(_BRACKETS.sub("", text)) in _column_names(table) for table in schema.tables())


def match_table(name: str) -> str | None:
    """The table that a file or sheet of this name holds.

    >>> match_table(" 装置产能 "), match_table("1.企业表"), match_table("plants 装置产能"), match_table("填写说明")
    ('plants', 'firms', 'plants', None)
    """
    names = _table_names()
    for text in (name, bare := _NUMBERED.sub("", name.strip()), _BRACKETS.sub("", bare)):
        key = plain(text[:MAX_HEADER])
        found = names.get(key) or names.get(key.removesuffix("表")) or names.get(key.removesuffix("table"))
        if found:
            return found
        both = [names.get(plain(part)) for part in _two_scripts(text[:MAX_HEADER])]
        if any(both):
            return _agreed(both)
    return None


def match_header(text: str, table: str) -> tuple[str | None, str | None]:
    """The column of ``table`` that a header means, and the unit written in it.

    >>> match_header("产能（万吨/年）", "plants"), match_header("编号 id*", "firms"), match_header("电话", "firms")
    (('capacity', '万吨/年'), ('id', None), (None, None))
    """
    match = read_header(text, table)
    return match.column, match.unit


@cache
def read_header(text: str, table: str) -> Match:
    """As ``match_header``, with the words that were not understood."""
    if len(text) > MAX_HEADER or table not in schema.tables():
        return Match(None)
    if column := _column_names(table).get(plain(text)):
        return Match(column)
    asides = [aside.strip() for aside in _BRACKETS.findall(text)]
    bare = _bare(_BRACKETS.sub(" ", text).strip(), table)
    return bare if bare.column is None else _with_asides(bare, bare.column, asides, table)


def _bare(text: str, table: str) -> Match:
    """A header without brackets: a name, one in two languages, or one with its unit behind."""
    names = _column_names(table)
    if column := names.get(plain(text)):
        return Match(column)
    for gap in _GAPS.finditer(text):
        before = names.get(plain(text[: gap.start()]))
        if before and (unit := _unit(text[gap.end() :])):
            return Match(before, _counted(before, unit, table))
    parts = _two_scripts(text)
    column = _agreed([names.get(plain(part)) for part in parts])
    other = "".join(part for part in parts if names.get(plain(part)) is None)
    if column and (unit := _unit(other)):
        return Match(column, _counted(column, unit, table))
    return Match(column, unread=other if column else "")


def _two_scripts(text: str) -> tuple[str, ...]:
    """The Chinese and the other part of a name in two languages."""
    found = _SCRIPTS.fullmatch(text.strip())
    return tuple(part.strip(" \t\r\n/／|·") for part in found.groups() if part) if found else ()


def _agreed(parts: Sequence[str | None]) -> str | None:
    """What the parts mean, if they do not contradict each other."""
    meant = {part for part in parts if part}
    return meant.pop() if len(meant) == 1 else None


def _with_asides(bare: Match, column: str, asides: Sequence[str], table: str) -> Match:
    names = _column_names(table)
    strange = [aside for aside in asides if aside and plain(aside) not in _ASIDES and names.get(plain(aside)) != column]
    units = [unit for aside in strange if (unit := _counted(column, _unit(aside), table))]
    unread = [bare.unread, *(aside for aside in strange if not _unit(aside)), *units[0 if bare.unit else 1 :]]
    return Match(column, bare.unit or next(iter(units), None), "; ".join(filter(None, unread)))


def _counted(column: str, unit: str | None, table: str) -> str | None:
    # "投产年份（年）" says what a year is, not in what it is measured.
    kind = schema.table(table).columns[column].type
    return unit if kind in NUMERIC and kind != "year" else None


def _unit(text: str) -> str | None:
    """The text as a unit; 万 alone counts pieces."""
    bare = _UNIT_WORDS.sub("", text.strip())
    if not bare or len(bare) > MAX_UNIT_LENGTH or bare.isdigit():
        return None
    if bare in MULTIPLIERS:
        return f"{bare}个"
    return next((one for one in (bare, unicodedata.normalize("NFKC", bare)) if is_unit(one)), None)


def is_unit_cell(text: str) -> bool:
    """Whether a cell under a header holds nothing but its unit, in brackets or not."""
    return bool(_unit(_BRACKETS.sub(r"\1", text)))
