"""Bytes → text that is known to be right. Owns: which encoding a file is in, and which of its lines are not. Never: CSV, tables.

UTF-8 is taken at its word; GBK only where all of it is plain Chinese text, because almost any bytes decode as GBK.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liantu.errors import InputError
from liantu.io.kinds import kind
from liantu.model.findings import Finding

UTF8, GBK = "utf-8", "gb18030"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# What a descriptor may ask for, by the codec's own name; others hide what they do (rot13, zlib) or nobody uses.
_DECLARED = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "gb2312", "gbk", "gb18030", "big5",
    "iso8859-1", "cp1252",
})  # fmt: skip
_COMMON_SHARE = 0.9
# In UTF-8 these begin letters of two bytes that are neither Latin-1 (·, °, é) nor Greek.
_STRANGE = re.compile(rb"[\xc4-\xcd\xd0-\xdf]")


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes that decode without fail as ``encoding``, and what had to be said about them."""

    data: bytes
    encoding: str
    findings: tuple[Finding, ...] = ()


def decodable(data: bytes, file: str, declared: str = "") -> Text:
    """Find the encoding; lines that are in none are replaced by marks and reported.

    Raises
    ------
    InputError
        ``file-empty``, ``csv-binary``, ``csv-encoding`` where it is no text at all.
    """
    if not data.strip():
        raise InputError("file-empty", file=file)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked:
        return _checked(data, marked, file)
    wanted = _codec(declared, file)
    _refuse_binary(data, file, wide=wanted.startswith(("utf-16", "utf-32")))
    if wanted != UTF8:
        return _checked(data, wanted, file)
    return Text(data, UTF8, tuple(_by_chance(data, file))) if _decodes(data, UTF8) else _doubtful(data, file)


def _by_chance(data: bytes, file: str) -> Iterator[Finding]:
    """Lines that are UTF-8 perhaps only by chance, as 铜业 in GBK is: letters of no script used here, and common Chinese in GBK."""
    for at, line in enumerate(data.split(b"\n") if _STRANGE.search(data) else ()):
        if _STRANGE.search(line) and not _is_utf8_text(line) and _is_chinese(line):
            taken, other = (re.sub(r"[\x00-\x7f]+", " ", line.decode(encoding)).strip()[:20] for encoding in (UTF8, GBK))
            yield Finding(code="encoding-doubtful", values={"value": taken, "other": other}, file=file, row=at + 1)


def _codec(declared: str, file: str) -> str:
    if not declared:
        return UTF8
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    if name not in _DECLARED:
        raise InputError("encoding-unknown", {"value": declared[:40]}, file=file)
    return "utf-8" if name == "ascii" else GBK if name in ("gb2312", "gbk") else name


def _refuse_binary(data: bytes, file: str, *, wide: bool) -> None:
    if found := kind(data):
        raise InputError("file-disguised", {"kind": found}, file=file)
    if not wide and b"\0" in data:
        raise InputError("csv-binary", {"at": data.index(b"\0") + 1}, file=file)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _checked(data: bytes, encoding: str, file: str) -> Text:
    """A file that says what it is: a marked or declared encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise InputError("csv-encoding", _bad(data[error.start : error.start + 4], encoding), file=file, row=row) from None
    except UnicodeError:
        raise InputError("csv-encoding", _bad(data[:4], encoding), file=file, row=1) from None
    if "\0" in text:
        raise InputError("csv-binary", {"at": text.index("\0") + 1}, file=file)
    note = () if encoding.startswith(UTF8) else (Finding(code="read-encoding", values={"encoding": encoding.upper()}, file=file),)
    return Text(data, encoding, note)


def _bad(data: bytes, encoding: str) -> dict[str, str | int | float]:
    return {"bytes": data.hex(" ").upper(), "encoding": encoding.upper()}


def _doubtful(data: bytes, file: str) -> Text:
    """Not UTF-8 as a whole: GBK as a whole, or a file with lines of both or neither."""
    lines = data.split(b"\n")
    odd = [at for at, line in enumerate(lines) if not line.isascii() and not _decodes(line, UTF8)]
    utf8 = [at for at, line in enumerate(lines) if not line.isascii() and _is_utf8_text(line)]
    if odd and _is_chinese(b"\n".join(lines[at] for at in odd)):
        if not utf8:
            return Text(data, GBK, (Finding(code="read-encoding", values={"encoding": "GBK"}, file=file),))
        if len(utf8) < len(odd):
            return _mended(lines, utf8, GBK, "csv-mixed", file)
        return _mended(lines, odd, UTF8, "csv-mixed", file)
    return _mended(lines, odd, UTF8, "csv-encoding", file)


def _is_utf8_text(line: bytes) -> bool:
    # Two-byte UTF-8 may be GBK by chance; three bytes that make a CJK letter hardly ever are.
    return _decodes(line, UTF8) and any(letter >= "\u2e80" for letter in line.decode())


def _is_chinese(data: bytes) -> bool:
    """Whether it is GBK, and common Chinese letters at that: Latin-1 decodes as GBK too, into rare ones."""
    if not _decodes(data, GBK):
        return False
    letters = re.sub(r"[\x00-\x7f]+", "", data.decode(GBK))
    common = len(letters.encode("gb2312", "ignore")) / 2
    return bool(letters) and common >= _COMMON_SHARE * len(letters)


def _mended(lines: list[bytes], bad: Sequence[int], rest: str, code: str, file: str) -> Text:
    """The file with marks where its bad lines could not be read; each such line is an error."""
    found = [Finding(code=code, values=_bad(_odd_bytes(lines[at]), rest), file=file, row=at + 1) for at in bad]
    wrong = set(bad)
    text = "\n".join(line.decode("ascii" if at in wrong else rest, "replace") for at, line in enumerate(lines))
    return Text(text.encode(), UTF8, tuple(found))


def _odd_bytes(line: bytes) -> bytes:
    first = next((at for at, byte in enumerate(line) if byte >= 128), 0)
    return line[first : first + 4]
