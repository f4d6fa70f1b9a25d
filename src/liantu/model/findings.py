"""What is wrong or odd, with the way out. Owns: Finding and the list that is cut but counted. Never: how to check.

The words are in ``words/finding.csv`` under the finding's code, with its level (error, warning, note). Tables, columns and
choices are called what the reader of the message calls them: in Chinese by their Chinese names, a column of a file by its header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from liantu.errors import LiantuError, way_out
from liantu.model import schema
from liantu.words import Lang, Value, Values, fill, say, word

Level = Literal["error", "warning", "note"]
MAX_FINDINGS = 1000
# Values that list names.
_LISTS = frozenset({"names", "verbs", "targets", "zones", "indicators", "processes", "materials", "formats", "kinds"})
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong (error), doubtful (warning) or worth knowing (note), and where it stands.

    ``column`` is the schema's name; ``table`` and ``header`` (the column as the file writes it) are known once the
    finding is handed out.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    file: str | None = None
    row: int | None = None
    column: str | None = None
    table: str = ""
    header: str = ""

    @property
    def level(self) -> Level:
        """error, warning or note."""
        return cast(Level, word(f"finding.{self.code}", "level"))

    def message(self, lang: Lang) -> str:
        """What it is, and what was got."""
        return fill(word(f"finding.{self.code}", lang), self._called(lang))

    def hint(self, lang: Lang) -> str:
        """What to do."""
        return way_out(self.code, self._called(lang), lang)

    def where(self, lang: Lang = "en") -> str:
        """``plants.csv:7 capacity``, as far as it is known."""
        place = f"{self.file or ''}{f':{self.row}' if self.row else ''}"
        return f"{place} {self.label(lang)}".strip()

    def label(self, lang: Lang) -> str:
        """The column as its file writes it, else by the schema's name in the language."""
        return self.header or (_column(self.table, self.column, lang) if self.column else "")

    def _called(self, lang: Lang) -> Values:
        spoken = {name: _spoken(self, name, value, lang) for name, value in self.values.items() if isinstance(value, str)}
        return {**self.values, **spoken}

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


def _spoken(finding: Finding, name: str, value: str, lang: Lang) -> str:
    """What a table, a column or a choice among the values is called in the language."""
    if name == "column":
        return finding.label(lang) if value == finding.column else _column(finding.table, value, lang)
    if name == "table":
        return _table(value, lang)
    if name in ("choices", "status"):
        return _choices(finding, name, value, lang)
    return value.replace(", ", "、") if name in _LISTS and lang == "zh" else value


def _table(name: str, lang: Lang) -> str:
    known = schema.tables().get(name)
    return known.zh if known and lang == "zh" else name


def _column(table: str, name: str, lang: Lang) -> str:
    """``capacity``, or ``plants.capacity`` with its table in front."""
    before, point, after = name.rpartition(".")
    known = schema.tables().get(before or table)
    if known is None or after not in known.columns:
        return name
    return f"{_table(before, lang)}{point}{known.columns[after].label(lang)}"


def _choices(finding: Finding, name: str, value: str, lang: Lang) -> str:
    known = schema.tables().get(finding.table)
    column = known.columns.get(name, known.columns.get(finding.column or "")) if known else None
    if column is None or lang == "en":
        return value
    flags = {word: say(f"workbook.{word}", lang) for word in ("yes", "no")}
    spelled = dict(zip(column.choices, column.spelled(lang), strict=True)) or flags
    return "、".join(spelled.get(one, one) for one in value.split(", "))


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
