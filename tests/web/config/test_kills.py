"""Killed while it is used: every promise is kept and nothing is done twice. `make drill` does the same a hundred times."""

from __future__ import annotations

from tools import kills


def test_a_workbench_that_is_killed_while_it_is_used_keeps_what_it_promised() -> None:
    found = kills.drill(2)

    assert 2 == sum(len(times) for times in found.away.values())
    assert ([], [], 0, True) == (found.lost, found.twice, found.unanswered, found.whole)
    assert found.states["done"] and not found.states["failed"]
