"""Wall times of a call. Owns: the median and its spread. Never: what is called."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    median: float
    least: float
    most: float
    runs: int

    def __str__(self) -> str:
        return f"{self.median:,.2f} [{self.least:,.2f}..{self.most:,.2f}]"

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def timed(call: Callable[[], object], runs: int) -> Timing:
    """Call it once to warm up, then `runs` times with the collector cleared before each."""
    call()
    times = []
    for _ in range(runs):
        gc.collect()
        before = time.perf_counter()
        call()
        times.append((time.perf_counter() - before) * 1000)
    return Timing(statistics.median(times), min(times), max(times), runs)
