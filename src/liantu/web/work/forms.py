"""What is typed in: options of a question, changes of a scenario. Owns: reading them, and what is wrong with them. Never: storing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from liantu.errors import CallError
from liantu.model import schema
from liantu.web.kit.listing import whole
from liantu.web.work.questions import CHANGE, OPTIONS
from liantu.words import Lang, say

_LINES, _PARTS = re.compile(r"[\n;；]"), re.compile(r"[\n,，;；、]")
_LONGEST_CELL = 200
_MOST_ROWS, _BLANK_ROWS = 60, 3
# What a scenario may not change: the chain is built on it.
_FIXED = frozenset({"materials", "processes", "sources", "settings", "scenarios"})


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CallError("question-number", {"value": text[:40]})
    return value


def _whole(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise CallError("question-number", {"value": text[:40]})
    return int(value)


def _list(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def _demand(text: str) -> dict[str, str]:
    """``cell_lfp=17.5 GWh``, one a line."""
    asked: dict[str, str] = {}
    for line in filter(str.strip, _LINES.split(text)):
        material, equals, amount = (part.strip() for part in line.replace("＝", "=").partition("="))
        if not (material and equals and amount):
            raise CallError("demand", {"value": line.strip()[:80]})
        asked[material] = amount
    return asked


_READ: Mapping[str, Callable[[str], Any]] = {
    "demand": _demand, "buy": _list, "first": _whole, "last": _whole, "rate": _number, "budget": _number, "capital": _number,
    "blocks": bool, "make": bool, "stages": _list, "sites": _list, "fix": _list, "forbid": _list, "targets": _list, "zone": str.strip,
}  # fmt: skip


def options(verb: str, given: QueryDict) -> dict[str, Any]:
    """The options of a question as they were typed in; blank ones are left out.

    Raises
    ------
    CallError
        ``question-number``, ``demand`` for what cannot be read.
    """
    named = {name: str(given[name]) for name in OPTIONS.get(verb, ()) if given.get(name, "").strip()}
    return {name: _READ[name](text) for name, text in named.items()}


@dataclass(kw_only=True)
class ScenarioForm:
    """Name, reason and changes of a scenario, as typed in; ``wrong`` says what is wrong where."""

    name: str = ""
    reason: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)
    lock: int = 0
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: QueryDict, lang: Lang) -> ScenarioForm:
        """What was sent; what the changes do to the chain is checked by a run."""
        rows = [
            {name: given.get(f"{place}-{name}", "").strip()[:_LONGEST_CELL] for name in CHANGE}
            for place in range(_MOST_ROWS)
            if f"{place}-table" in given
        ]
        made = cls(
            name=given.get("name", "").strip()[:100], reason=given.get("reason", "").strip()[:1000],
            changes=[row for row in rows if any(row[name] for name in ("rows", "column", "value"))],
            lock=whole(given.get("lock")) or 0,
        )  # fmt: skip
        return made.checked(lang)

    def checked(self, lang: Lang) -> ScenarioForm:
        """The same with what is wrong with it, as far as a form can say."""
        self.wrong = {key: say(f"work.wrong-{word}", lang) for key, word in self._check().items()}
        return self

    def _check(self) -> dict[str, str]:
        found = {name: "blank" for name in ("name", "reason") if not getattr(self, name)}
        for place, row in enumerate(self.changes):
            found |= {f"{place}-{name}": "blank" for name in ("rows", "column") if not row[name]}
            if row["table"] not in changeable():
                found[f"{place}-table"] = "table"
            elif row["column"] and column_of(row["table"], row["column"]) is None:
                found[f"{place}-column"] = "column"
            if row["operation"] not in ("set", "times", "plus"):
                found[f"{place}-operation"] = "operation"
        return found

    def shown(self) -> list[dict[str, str]]:
        """The rows of the form: those given and some blank ones."""
        blank = dict.fromkeys(CHANGE, "") | {"table": "plants", "operation": "set"}
        return [*self.changes, *[dict(blank) for _ in range(_BLANK_ROWS)]][:_MOST_ROWS]


def changeable() -> list[str]:
    """Tables a scenario may change."""
    return [name for name in schema.tables() if name not in _FIXED]


def column_of(table: str, text: str) -> str | None:
    """The column of a table that is meant: by its name, or by its header in Chinese."""
    for column in schema.table(table).columns.values():
        if text.strip().lower() in {column.name, column.zh.lower(), *(alias.lower() for alias in column.aliases)}:
            return column.name
    return None
