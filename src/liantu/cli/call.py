"""What every verb shares: the parsed call, and printing what it found. Owns: Call, tables in a terminal. Never: arithmetic."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from liantu import __version__
from liantu.errors import LiantuError
from liantu.model.said import Said
from liantu.units import MONEY_ZH
from liantu.words import Lang, Values, say, sentences

if TYPE_CHECKING:
    from liantu.model.findings import Finding
    from liantu.model.results import RunRecord

SHOWN = 20
_MARKS = {"error": "✗", "warning": "!", "note": "·"}


class Call:
    """One call: its options, its language and where it speaks."""

    def __init__(self, options: argparse.Namespace, lang: Lang) -> None:
        self.options, self.lang = options, lang
        self.verb: str = options.verb
        self.json: bool = getattr(options, "json", False)

    @property
    def package(self) -> str:
        """The package asked of, the default one if none was named."""
        from liantu.runs import DEFAULT_PACKAGE

        return self.options.package or DEFAULT_PACKAGE

    def say(self, key: str, values: Values | None = None) -> str:
        """Words of the command line."""
        return say(f"cli.{key}", self.lang, values)

    def called(self, identifier: object, zh: object) -> object:
        """What a table calls a thing: in Chinese by its name, if it has one, else by its id."""
        return zh if self.lang == "zh" and zh else identifier

    def money(self, amount: object) -> str:
        """An amount of an answer with its currency, as the language calls it."""
        return f"{amount['value']:,.0f} {self.currency(amount['currency'])}" if isinstance(amount, dict) else ""

    def currency(self, code: object) -> str:
        """What a currency is called."""
        return MONEY_ZH.get(str(code), str(code)) if self.lang == "zh" else str(code)

    def text(self, cell: object) -> str:
        """A cell as a person reads it, a sentence in the language of the call."""
        return cell.text(self.lang) if isinstance(cell, Said) else _text(cell)

    def print(self, text: str = "") -> None:
        """One line for the person."""
        print(text)

    def answer(self, result: object, *, digest: str = "", findings: Sequence[Finding] = ()) -> None:
        """The one JSON object of a verb that is no run."""
        whole = {
            "liantu": __version__,
            "command": self.verb,
            "digest": digest,
            "findings": [finding.as_dict(self.lang) for finding in findings],
            "result": result,
        }
        print(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))

    def fail(self, error: LiantuError) -> None:
        """Say what stopped the work: as the JSON object if one was asked for, else on the error stream."""
        from liantu.model.findings import finding_of

        finding = finding_of(error)
        if self.json:
            self.answer({}, digest=error.digest, findings=[finding])
        else:
            print(self._finding(finding), file=sys.stderr)

    def finish(self, record: RunRecord) -> int:
        """Print a run's JSON, or its findings; the exit code says whether the input is right."""
        if self.json:
            print(record.to_json(self.lang))
        else:
            self.findings(record.findings)
        return record.exit_code

    def findings(self, found: Sequence[Finding]) -> None:
        """Findings for a person: errors, warnings and notes on what was asked line by line, notes on the input counted."""
        loud = [finding for finding in found if finding.level != "note" or finding.file is None]
        for finding in loud[:SHOWN]:
            self.print(self._finding(finding))
        if len(loud) > SHOWN:
            self.print(self.say("more", {"count": len(loud) - SHOWN}))
        counts = {level: sum(finding.level == level for finding in found) for level in ("error", "warning", "note")}
        self.print(self.say("counts", {f"{level}s": count for level, count in counts.items()}))

    def remarks(self, found: Sequence[Finding]) -> None:
        """What is wrong, and notes on what was asked."""
        for finding in [one for one in found if one.level == "error" or (one.level == "note" and one.file is None)][:SHOWN]:
            self.print(self._finding(finding))

    def notes(self, found: Sequence[Finding]) -> None:
        """The notes on the input too, for the verb that checks."""
        for finding in [one for one in found if one.level == "note" and one.file is not None][:SHOWN]:
            self.print(self._finding(finding))

    def _finding(self, finding: Finding) -> str:
        # A header of two lines, as templates have, is one in a sentence.
        words = " ".join(sentences((finding.message(self.lang), finding.hint(self.lang)), self.lang).splitlines())
        # A file is named once: most that is wrong with a whole file names it already.
        is_named = finding.row is None and finding.column is None and (finding.file or "") in words
        where = "" if is_named else finding.where(self.lang)
        return f"{_MARKS[finding.level]} {where}: {words}" if where else f"{_MARKS[finding.level]} {words}"

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table whose columns line up although Chinese letters are twice as wide; numbers stand to the right."""
        cells = [[_text(cell) for cell in row] for row in rows]
        widths = [max([shown_width(head), *(shown_width(row[at]) for row in cells)]) for at, head in enumerate(headers)]
        right = [all(isinstance(row[at], (int, float)) or row[at] is None for row in rows) for at in range(len(headers))]
        for row in [list(headers), *cells]:
            parts = [_pad(cell, width, left=not is_right) for cell, width, is_right in zip(row, widths, right, strict=True)]
            self.print("  ".join(parts).rstrip())


def _text(cell: object) -> str:
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, int):
        return f"{cell:,}".replace("-", "−")
    if isinstance(cell, float):
        return f"{cell:,.4g}".replace("-", "−") if abs(cell) < 1000 else f"{cell:,.0f}".replace("-", "−")
    return str(cell)


def shown_width(text: str) -> int:
    """Columns that a text takes in a terminal: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(text: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - shown_width(text))
    return text + blanks if left else blanks + text
