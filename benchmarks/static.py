"""The static problem through Liantu, from the labelled chain to the score. Owns: our side of the comparison. Never: the peer's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks import workload
from benchmarks.timing import Timing, timed
from liantu.engines.requirements import Requirement, Requirements, require
from liantu.io.assemble import assemble
from liantu.model.chain import Chain
from liantu.model.tables import Table, Tables

_YEAR = 2025
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Static:
    """What was found and how long it took."""

    supply: float
    score: float
    residual: float
    cold: Timing
    again: Timing


def chain_of(n: int) -> Chain:
    """The problem as a chain: n materials with one maker each, and 100 emissions, all labelled."""
    inputs, emissions = workload.inputs(n), workload.emissions(n)
    seed, every = _seed(), np.arange(n)
    process = np.concatenate([every, inputs.column, emissions.column])
    order = np.argsort(process, kind="stable")
    material = np.concatenate([every, inputs.row, n + emissions.row])[order]
    amount = np.concatenate([np.ones(n), inputs.value, emissions.value])[order]
    sign = np.concatenate([np.ones(n), -np.ones(inputs.row.size), np.ones(emissions.row.size)])[order]
    names = tuple(f"product {at}" for at in every) + tuple(f"emission {at}" for at in range(workload.EMISSIONS))
    many = len(names)
    return replace(
        seed,
        materials=replace(seed.materials, line=np.arange(many), id=names, unit=("kg",) * many,
                          kind=np.array(["good"] * n + ["emission"] * workload.EMISSIONS), kg_per_unit=np.ones(many)),
        processes=replace(seed.processes, line=every, id=tuple(f"process {at}" for at in every), stage=("making",) * n, product=every),
        exchanges=replace(seed.exchanges, line=np.arange(amount.size), process=process[order], material=material, amount=amount),
        content=np.zeros((many, 0)), elements=(), in_balance=np.zeros(many, dtype=bool),
        sign=sign, treats=np.zeros(n, dtype=bool),
    )  # fmt: skip


def measure(n: int, cold_runs: int, warm_runs: int) -> Static:
    """Solve, check the answer, then take the time.

    Raises
    ------
    AssertionError
        If the answer is not the known one to 1e-9, or the balance is not kept to 1e-9.
    """
    chain, weight, asked = chain_of(n), workload.factors(n), workload.demands(n)
    kept, turn = Requirements(chain, _YEAR), [0]

    def demand(turn: int) -> np.ndarray:
        amounts = np.zeros(len(chain.materials))
        amounts[asked[turn % asked.size]] = 1.0
        return amounts

    def score(answer: Requirement) -> float:
        return float(answer.produced[n:] @ weight)

    def cold() -> float:
        return score(require(chain, demand(0), year=_YEAR))

    def again() -> float:
        turn[0] += 1
        return score(kept.solve(demand(turn[0])))

    answer = require(chain, demand(0), year=_YEAR)
    supply, total = float(answer.activity.sum()), score(answer)
    np.testing.assert_allclose((supply, total), workload.ANSWERS[n], rtol=TOLERANCE)
    np.testing.assert_array_less(answer.residual, TOLERANCE)
    return Static(supply, total, answer.residual, timed(cold, cold_runs), timed(again, warm_runs))


def _seed() -> Chain:
    rows = {
        "materials": {"id": ["a"], "unit": ["kg"]},
        "processes": {"id": ["p"], "stage": ["making"], "product": ["a"]},
        "exchanges": {"process": ["p"], "material": ["a"], "direction": ["out"], "amount": ["1"], "unit": ["kg"], "source": ["s"]},
        "sources": {"id": ["s"], "citation": ["drawn from a seed"]},
    }
    chain, findings = assemble(
        Tables(name="static", tables={name: Table(name=name, columns=cells, lines=(2,), files=(name,)) for name, cells in rows.items()})
    )
    if chain is None:
        raise AssertionError([finding.message("en") for finding in findings])
    return chain
