"""Programs of plans solved by whatever suits them. Owns: settle. Never: what a program means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Solution, SolverOptions, Status, solve


def settle(program: Program, options: SolverOptions) -> Solution:
    """Solve; a program with whole numbers once more with those given, so that limits have values."""
    found = solve(program, options)
    if not program.integer.any() or not np.isfinite(found.objective):
        return found
    whole = program.integer
    given = np.where(whole, np.round(found.x), 0.0)
    fixed = replace(
        program,
        lower=np.where(whole, given, program.lower),
        upper=np.where(whole, given, program.upper),
        integer=np.zeros_like(whole),
    )
    priced = solve(fixed, options)
    if priced.status is not Status.OPTIMAL:
        return found
    bound = found.objective + found.gap * abs(found.objective)
    gap = max(0.0, bound - priced.objective) / max(abs(priced.objective), 1e-12)
    return replace(priced, status=found.status, gap=gap)
