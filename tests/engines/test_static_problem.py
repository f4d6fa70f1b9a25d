"""The static problem whose answer bw2calc, SciPy and pardiso agree on."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import static, workload
from liantu.engines.requirements import Options, require


@pytest.mark.parametrize("options", [None, Options(sweeps=0)])
@pytest.mark.parametrize("size", [100, 2_000])
def test_the_answer_is_the_known_one(size: int, options: Options | None) -> None:
    chain = static.chain_of(size)
    demand = np.zeros(len(chain.materials))
    demand[workload.demands(size)[0]] = 1.0

    found = require(chain, demand, year=2025, options=options)

    supply, score = workload.ANSWERS[size]
    assert supply == pytest.approx(found.activity.sum(), rel=1e-10)
    assert score == pytest.approx(found.produced[size:] @ workload.factors(size), rel=1e-10)
    assert found.residual <= 1e-12
