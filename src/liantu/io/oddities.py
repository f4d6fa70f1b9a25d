"""Words that are no data. Owns: totals, remarks, formulas and error values in cells. Never: numbers, files, tables.

Each rule is one question about a cell's text or a row's cells; a plain negative number or a dash is none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from liantu.io.heads import Head
from liantu.model import schema
from liantu.model.schema import NUMERIC

_LOST = "\ufffd"
_STARTS = frozenset("=+-@#'＝＋－＠＃（(一二三四五六七八九十")
_ENDS = frozenset("计数lLsS)）:：")
_ERRORS = frozenset({
    "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA", "#####",
})  # fmt: skip
_DASHES = frozenset("-+－＋")
_TOTAL = re.compile(
    r"(?P<of>.{0,16}?)(?:合计|小计|总计|共计|合计数)(?:[（(][^（）()]*[)）])?[:：]?|(?:grand)?(?:sub-?)?totals?[:：]?", re.IGNORECASE
)
_REMARK = re.compile(
    r"[（(]?(?:注|备注|说明|填报(?:单位|人|日期|时间)|填表(?:人|日期)|制表(?:人)?|审核(?:人)?|负责人|联系(?:人|电话)|单位负责人|主管|统计(?:人|日期)"
    r"|数据来源|资料来源|来源|报送(?:单位|日期)|打印日期|日期|notes?|sources?|remarks?|prepared by)\s*[0-9]*\s*[:：].*",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_SECTION = re.compile(r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．].+|[（(][一二三四五六七八九十]{1,3}[)）].+)", re.DOTALL)
# A sign before a number (with its unit), a telephone number, or words of text that only begin with a dash.
_SIGNED = re.compile(
    r"[+-]\s*[0-9][0-9.,_ ]*(?:e[+-]?[0-9]+)?\s*[%‰°]?[^\s0-9()|!=+*^&@\"'<>-][^()|!=+*^&@\"'<>-]*"
    r"|[+-]\s*\.?[0-9][0-9.,_ ]*(?:e[+-]?[0-9]+)?\s*[%‰°]?"
    r"|\+[0-9][0-9 -]{6,18}"
    r"|[+-]{1,3}\s*[\u2e80-\u9fff][^()|!=@]*"
    r"|[+-]\s+[^\s=+@|!(][^()|!=@]*",
    re.IGNORECASE,
)


def odd(words: Iterable[str]) -> set[str]:
    """The words that any rule may be about: a cheap first look."""
    return {
        word for word in words
        if word[:1] in _STARTS or word[-1:] in _ENDS or ":" in word
        or (not word.isascii() and ("：" in word or _LOST in word or not unicodedata.is_normalized("NFC", word)))
    }  # fmt: skip


def wrong_cell(word: str) -> str | None:
    """The code of what is wrong with a cell.

    >>> wrong_cell("=1+1"), wrong_cell("-5"), wrong_cell("#N/A"), wrong_cell("—")
    ('formula-cell', None, 'cell-error', None)
    """
    if word.upper() in _ERRORS:
        return "cell-error"
    if is_formula(word):
        return "formula-cell"
    return "lost-text" if _LOST in word or "锟斤拷" in word else None


def is_formula(word: str) -> bool:
    """Whether a spreadsheet would run the text: ``=1+1``, ``@SUM(A1)``, ``+1+cmd|…``; not ``-5`` or ``+86 735 …``.

    >>> is_formula("-3.2 t/a"), is_formula("-1+cmd|' /C calc'!A0"), is_formula("- 暂无"), is_formula("-A1")
    (False, True, False, True)
    """
    text = unicodedata.normalize("NFKC", word[:1]) + word[1:]
    if text[:1] in ("=", "@"):
        return len(text) > 1
    if text[:1] not in ("+", "-") or set(word) <= _DASHES:
        return False
    return not _SIGNED.fullmatch(unicodedata.normalize("NFKC", text))


def may_be_no_data(word: str) -> bool:
    """Whether a row with such a cell may be a total or a remark."""
    return bool(_total(word) or _REMARK.fullmatch(word) or _SECTION.fullmatch(word))


def _total(word: str) -> re.Match[str] | None:
    return _TOTAL.fullmatch(re.sub(r"\s", "", word))


def no_data(cells: Sequence[str], head: Head) -> str | None:
    """Why a row is no data: "" for a blank one, the code of a note for others; None for data."""
    filled = [at for at, cell in enumerate(cells) if cell]
    if not filled:
        return ""
    if [cell for cell in cells if cell] == [text for text in head.texts if text]:
        return "header-repeated"
    first = cells[filled[0]]
    if _total(first) and _is_total(cells, filled, head):
        return "total-dropped"
    alone = len(filled) == 1 and len(head.keys) > 2
    if _REMARK.fullmatch(first) and len(filled) <= max(1, len(cells) // 3):
        return "remark-skipped"
    return "section-skipped" if alone and _SECTION.fullmatch(first) else None


def _is_total(cells: Sequence[str], filled: Sequence[int], head: Head) -> bool:
    """A row of a total has amounts only: no id of its own, and no names where the word itself is the id or a prefix stands before it."""
    columns = schema.tables()[head.table].columns if head.table in schema.tables() else {}
    kinds = {at: columns[head.keys[at]].type for at in filled if head.keys[at] in columns}
    word = filled[0]
    if any(kind == "id" for at, kind in kinds.items() if at != word):
        return False
    named = [at for at, kind in kinds.items() if at != word and kind not in NUMERIC and kind not in ("unit", "text", "sources", "currency")]
    if kinds.get(word) == "id" or any(kind == "id" for kind in kinds.values()) or not columns:
        return not named
    found = _total(cells[word])
    return not named or not (found and found["of"])
