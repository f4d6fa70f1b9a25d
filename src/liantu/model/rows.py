"""What all row classes share. Owns: array types, Rows, Origin. Never: any one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Texts: TypeAlias = tuple[str, ...]
Lists: TypeAlias = tuple[tuple[str, ...], ...]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.signedinteger[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Strings: TypeAlias = NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of one table, as columns of equal length; ``file`` (one for all, or one a row) and ``line`` say where each stood."""

    line: Ints
    file: Texts

    def __len__(self) -> int:
        return len(self.line)

    def stands(self, row: int) -> tuple[str | None, int | None]:
        """File and line of a row."""
        if not self.file:
            return None, None
        return self.file[row if len(self.file) > 1 else 0], int(self.line[row])
