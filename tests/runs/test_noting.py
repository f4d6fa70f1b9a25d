"""How a plan's search ended is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.expansion_workload import chain_of
from liantu.engines.planning.expansion import Plan, expand
from liantu.engines.planning.solver import Status
from liantu.runs import noting


@pytest.mark.parametrize(
    ("status", "gap", "code"),
    [
        (Status.STOPPED, 0.01, "plan-stopped"),
        (Status.TIME_LIMIT, 0.01, "plan-time"),
        (Status.TIME_LIMIT, 0.0, None),
        (Status.OPTIMAL, 0.0, None),
    ],
)
def test_a_plan_says_that_its_search_was_stopped_or_out_of_time_unless_it_is_as_near_as_asked(
    status: Status, gap: float, code: str | None
) -> None:
    chain, options = chain_of((7, 8, 2), whole=True)
    found = expand(chain, options)
    assert isinstance(found, Plan)
    told = list(noting.ended(replace(found, status=status, gap=gap), options))
    assert ([code] if code else []) == [one.code for one in told]
    assert all("1.00%" == one.values["gap"] for one in told)
