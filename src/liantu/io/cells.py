"""One cell of text → one value. Owns: the strict grammar of numbers, years, dates, shares and ids. Never: tables, units of materials.

Nothing is guessed in silence: what had to be interpreted (约10万吨, １２３, 2024.5) comes back with the code of the
note that says so, and what cannot be read for certain is refused with an InputError.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass

from liantu.errors import InputError, nearest
from liantu.units import MULTIPLIERS, is_unit
from liantu.units import names as units

PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?")
_ABOUT = re.compile(
    r"^(?:大约|约|近|超过|超|不少于|不低于|至少|~|～|≈|>|≥|about|approx\.?|ca\.?|over)\s*|\s*(?:左右|以上|上下|余|多)$", re.IGNORECASE
)
_LEADING = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)\s*(.*)", re.DOTALL)
_RANGE = re.compile(r"[0-9]\s*(?:-|–|—|~|～|至|到)\s*[0-9]")
_YEAR = re.compile(r"(?:拟|预计|计划|约)?\s*([0-9]{4})\s*年?\s*(?:度|底|末|初|年底|年初|Q[1-4]|[上下]半年|一?季度)?")
_MONTH = re.compile(r"(?:拟|预计|计划|约)?\s*([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?\s*(?:底|末|初|[上中下]旬)?")
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?:[T ]00:00:00)?")
_BLANKS = frozenset({"-", "–", "—", "——", "－", "/", "\\", "无", "未报", "不详", "暂无", "n/a", "na", "null", "none"})
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?|∞|#n/a|#num!)", re.IGNORECASE)
# Full-width forms only: compatibility folding as a whole would read 10² as 102.
_WIDE = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20, 0x2212: 0x2D}
MAX_NUMBER_LENGTH = 64
MAX_ID_LENGTH = 64
FIRST_YEAR, LAST_YEAR = 1900, 2200
# Spreadsheets count days from here: a cell with 2021 in it that is formatted as a date shows 1905-07-13.
_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Read:
    """A value, the unit that stood in the cell, and the code of the note that says how it was read (blank: as written)."""

    value: float
    unit: str = ""
    note: str = ""


def is_blank(text: str) -> bool:
    """Whether the cell holds nothing, or a mark for nothing (—, 无, 未报)."""
    return not text or text.casefold() in _BLANKS


def number(text: str) -> Read:
    """Read a number, with the unit behind it if there is one.

    Raises
    ------
    InputError
        ``number``, ``number-range``, ``number-comma`` or ``number-finite``.

    Examples
    --------
    >>> number("60000")
    Read(value=60000.0, unit='', note='')
    >>> number("约10万吨")
    Read(value=100000.0, unit='吨', note='read-about')
    >>> number("1,234.5").value
    1234.5
    >>> number("１７．５GWh")
    Read(value=17.5, unit='GWh', note='read-wide')
    """
    if PLAIN.fullmatch(text) and len(text) <= MAX_NUMBER_LENGTH:
        return Read(_finite(text, text))
    if len(text) > MAX_NUMBER_LENGTH or _NOT_FINITE.fullmatch(text):
        raise InputError("number-finite" if len(text) <= MAX_NUMBER_LENGTH else "number", {"value": text[:MAX_NUMBER_LENGTH]})
    wide = text.translate(_WIDE).strip()
    note = "read-wide" if wide != text else ""
    bare = _ABOUT.sub("", _ABOUT.sub("", wide)).strip()
    note = "read-about" if bare != wide else note
    digits, rest = _split(bare)
    if _RANGE.search(bare) and rest and rest[0] in "-–—~至到":
        raise InputError("number-range", {"value": text})
    if not PLAIN.fullmatch(digits.replace(",", "")):
        raise InputError("number", {"value": text})
    grouped = bool(_GROUPED.fullmatch(digits))
    if "," in rest[:1]:
        raise InputError("number-comma", {"value": text})
    value = _finite(digits.replace(",", ""), text)
    times, unit = _multiplier(rest.strip())
    if unit and not is_unit(unit):
        near, digits = nearest(unit, (name for names in units().values() for name in names)), bare.removesuffix(unit)
        raise InputError("number", {"value": text, "near": near and digits + near.replace("“", f"“{digits}")})
    return Read(value * times, unit, note or ("read-grouped" if grouped else "read-multiplied" if times != 1 and not unit else ""))


def _split(text: str) -> tuple[str, str]:
    found = _LEADING.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def _multiplier(rest: str) -> tuple[float, str]:
    """``万吨`` → (1e4, 吨); a unit of its own (千克) is left whole."""
    if not rest or (is_unit(rest) and not rest.startswith(("万", "亿"))):
        return 1.0, rest
    for name in sorted(MULTIPLIERS, key=len, reverse=True):
        if rest.startswith(name):
            return MULTIPLIERS[name], rest[len(name) :].strip()
    return 1.0, rest


def _finite(digits: str, text: str) -> float:
    value = float(digits)
    vanished = value == 0 and re.search(r"[1-9]", re.split("[eE]", digits)[0])
    if not math.isfinite(value) or vanished:
        raise InputError("number-finite", {"value": text})
    return value


def share(text: str) -> Read:
    """Read a share of one; per cent needs its sign.

    Examples
    --------
    >>> share("62%").value
    0.62
    """
    read = number(text)
    if read.unit in ("%", "％"):
        return Read(read.value / 100, "", read.note)
    if read.unit:
        raise InputError("share", {"value": text})
    if read.value > 1:
        raise InputError("share-above-one", {"value": text})
    return read


def year(text: str) -> Read:
    """Read a calendar year; a month or day is passed over with a note.

    Examples
    --------
    >>> year("2024-06-18")
    Read(value=2024.0, unit='', note='read-year')
    """
    iso, note = _date(text)
    if len(iso) == len("2024-06-18") and FIRST_YEAR <= (serial := (dt.date.fromisoformat(iso) - _DAY_ZERO).days) <= LAST_YEAR:
        raise InputError("year-serial", {"value": text[:MAX_NUMBER_LENGTH], "year": str(serial)})
    return Read(float(iso[:4]), "", note or ("read-year" if len(iso) > 4 else ""))


def date(text: str) -> tuple[str, str]:
    """Read a date as ISO text (``2024``, ``2024-05``, ``2024-05-18``) and the code of a note.

    Examples
    --------
    >>> date("2024年5月18日")
    ('2024-05-18', '')
    >>> date("2024.5")
    ('2024-05', 'read-date')
    """
    return _date(text)


def _date(text: str) -> tuple[str, str]:
    if _ISO.fullmatch(text):
        parts = text[:10].strip("T ").split("-")
        return _day(text, *parts), ""
    wide = text.translate(_WIDE).strip()
    loose = "read-date" if wide != text or re.search(r"[拟预计划约底末初旬季半Q度]", wide) or "." in wide else ""
    if re.fullmatch(r"[0-9]{8}", wide):
        return _day(text, wide[:4], wide[4:6], wide[6:]), "read-date"
    if re.fullmatch(r"[0-9]{4}\.0+", wide):
        return _day(text, wide[:4]), ""
    for pattern in (_DAY, _MONTH, _YEAR):
        if found := pattern.fullmatch(wide):
            return _day(text, *found.groups()), loose
    raise InputError("date", {"value": text[:MAX_NUMBER_LENGTH]})


def _day(text: str, year_: str, month: str = "", day: str = "") -> str:
    try:
        dt.date(int(year_), int(month or 1), int(day or 1))
    except ValueError:
        raise InputError("date", {"value": text[:MAX_NUMBER_LENGTH]}) from None
    if not FIRST_YEAR <= int(year_) <= LAST_YEAR:
        raise InputError("year-range", {"value": text[:MAX_NUMBER_LENGTH], "first": FIRST_YEAR, "last": LAST_YEAR})
    return "-".join(part for part in (year_, month.zfill(2) if month else "", day.zfill(2) if day else "") if part)


def bad_id(text: str) -> str:
    """What makes the text no id, in a word of the finding ``id``; blank if nothing does."""
    if len(text) > MAX_ID_LENGTH:
        return f"{len(text)} > {MAX_ID_LENGTH}"
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            return f"U+{ord(sign):04X}"
    return "NFC" if unicodedata.normalize("NFC", text) != text else ""


def alike(text: str) -> str:
    """What an id looks like to a hurried reader: two ids with the same look are reported."""
    return unicodedata.normalize("NFKC", text).casefold().replace("-", "").replace("_", "").replace(" ", "")
