"""What is wrong or odd, with the way out. Owns: Finding and the list that is cut but counted. Never: how to check.

The words are in ``words/finding.csv`` under the finding's code, with its level (error, warning, note).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from liantu.errors import LiantuError
from liantu.words import Lang, Value, fill, word

Level = Literal["error", "warning", "note"]
MAX_FINDINGS = 1000
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong (error), doubtful (warning) or worth knowing (note), and where it stands."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    file: str | None = None
    row: int | None = None
    column: str | None = None

    @property
    def level(self) -> Level:
        """error, warning or note."""
        return cast(Level, word(f"finding.{self.code}", "level"))

    def message(self, lang: Lang) -> str:
        """What it is, and what was got."""
        return fill(word(f"finding.{self.code}", lang), self.values)

    def hint(self, lang: Lang) -> str:
        """What to do."""
        return fill(word(f"finding.{self.code}", f"hint_{lang}"), self.values)

    def where(self) -> str:
        """``plants.csv:7 capacity``, as far as it is known."""
        place = f"{self.file or ''}{f':{self.row}' if self.row else ''}"
        return f"{place} {self.column}".strip() if self.column else place

    def as_dict(self, lang: Lang) -> dict[str, str | int | None]:
        """The finding as design contract 3.2 prints it."""
        return {
            "level": self.level,
            "code": self.code,
            "message": self.message(lang),
            "hint": self.hint(lang),
            "file": self.file,
            "row": self.row,
            "column": self.column,
        }


def finding_of(error: LiantuError) -> Finding:
    """An error as a finding."""
    return Finding(code=error.code, values=error.values, file=error.file, row=error.row, column=error.column)


class Findings:
    """Findings as they come: the first thousand of each level kept, all counted."""

    def __init__(self, found: Iterable[Finding] = ()) -> None:
        self._kept: list[Finding] = []
        self.counts: dict[Level, int] = {"error": 0, "warning": 0, "note": 0}
        self.extend(found)

    def add(self, finding: Finding) -> None:
        """Count one, and keep it while there is room."""
        level = finding.level
        self.counts[level] += 1
        if self.counts[level] <= MAX_FINDINGS:
            self._kept.append(finding)

    def extend(self, found: Iterable[Finding]) -> None:
        """Add all."""
        for finding in found:
            self.add(finding)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._kept)

    def copy(self) -> Findings:
        """The same findings, to add to."""
        twin = Findings()
        twin._kept, twin.counts = list(self._kept), dict(self.counts)
        return twin

    @property
    def has_errors(self) -> bool:
        """Whether the input is wrong."""
        return self.counts["error"] > 0

    def shown(self) -> tuple[Finding, ...]:
        """Errors first, then warnings and notes, at most a thousand; what was left out is a last finding with its count."""
        ranked = sorted(self._kept, key=lambda finding: _ORDER[finding.level])
        total = sum(self.counts.values())
        if total <= MAX_FINDINGS:
            return tuple(ranked)
        return (*ranked[:MAX_FINDINGS], Finding(code="more-findings", values={"shown": MAX_FINDINGS, "total": total}))
