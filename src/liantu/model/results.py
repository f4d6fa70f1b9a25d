"""What a run answers. Owns: Grid (a labelled table of results), RunRecord. Never: how it was computed or shown.

A record is replayable: it carries the digest of the input, the version and every option.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from liantu.model.findings import Finding
from liantu.model.said import Said
from liantu.words import Lang, language

if TYPE_CHECKING:
    import pandas as pd

Points: TypeAlias = tuple[tuple[float, float], ...]
Scalar: TypeAlias = str | int | float | bool | Said | Points | None
Column: TypeAlias = Sequence[Scalar] | np.ndarray
Record: TypeAlias = dict[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of results: columns of equal length under their names in the contract."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __iter__(self) -> Iterator[Record]:
        names, columns = tuple(self.columns), [_plain(column) for column in self.columns.values()]
        return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))

    def frame(self) -> pd.DataFrame:
        """The table as a pandas frame."""
        import pandas as pd

        return pd.DataFrame({name: list(column) if not isinstance(column, np.ndarray) else column for name, column in self.columns.items()})


Answer: TypeAlias = Mapping[str, "Grid | Mapping[str, Scalar] | Sequence[str] | Scalar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One computed answer, with all that is needed to repeat it.

    Attributes
    ----------
    command : str
        The verb.
    package, digest : str
        What was asked of, and the SHA-256 of what it says.
    options : mapping
        The question: year, demand, …
    findings : tuple of Finding
        Everything wrong, doubtful or worth knowing, errors first.
    result : mapping
        The answer under the keys of the contract; empty if the input is wrong.
    solved : bool
        False if the input is right and yet there is no answer: nothing meets the demand, or time ran out.
    """

    command: str
    package: str
    digest: str
    version: str
    options: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    result: Answer = field(default_factory=dict)
    solved: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with the input and there is an answer."""
        return self.solved and not any(finding.level == "error" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 good, 1 the input is wrong, 3 no solution."""
        return 0 if self.ok else 1 if self.solved else 3

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Every table of the answer as a pandas frame."""
        return {name: grid.frame() for name, grid in self.result.items() if isinstance(grid, Grid)}

    def grid(self, name: str) -> Grid:
        """One table of the answer."""
        grid = self.result[name]
        if not isinstance(grid, Grid):
            raise TypeError(f"{name!r} is not a table of this answer")
        return grid

    def as_dict(self, lang: Lang | None = None) -> dict[str, object]:
        """The object ``--json`` prints."""
        words = lang or language()
        return {
            "liantu": self.version,
            "command": self.command,
            "digest": self.digest,
            "findings": [finding.as_dict(words) for finding in self.findings],
            "result": {name: _json(value, words) for name, value in self.result.items()},
        }

    def to_json(self, lang: Lang | None = None) -> str:
        """The record as JSON; blanks are null."""
        return json.dumps(self.as_dict(lang), ensure_ascii=False, allow_nan=False, indent=1)


def _plain(column: Column) -> list[Scalar]:
    cells: list[Scalar] = column.tolist() if isinstance(column, np.ndarray) else list(column)
    # −0.0 is a rounding of nothing, and NaN has no place in JSON.
    return [
        None if isinstance(cell, float) and not math.isfinite(cell) else cell + 0.0 if isinstance(cell, float) else cell for cell in cells
    ]


def _rows(grid: Grid, lang: Lang) -> list[dict[str, object]]:
    """Rows with their sentences in one language; columns without any are left as they are."""
    lists = {name: column for name, column in grid.columns.items() if not isinstance(column, np.ndarray)}
    spoken = [name for name, column in lists.items() if any(isinstance(cell, (Said, tuple)) for cell in column)]
    rows: list[dict[str, object]] = [dict(row) for row in grid]
    for row in rows:
        row.update({name: _json(row[name], lang) for name in spoken})
    return rows


def _json(value: object, lang: Lang) -> object:
    if isinstance(value, Said):
        return value.text(lang)
    if isinstance(value, Grid):
        return _rows(value, lang)
    if isinstance(value, Mapping):
        return {key: _json(inner, lang) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner, lang) for inner in value]
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None
    return value
