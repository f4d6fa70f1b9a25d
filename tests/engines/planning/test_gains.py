"""Recipes that make something from nothing, by hand: what comes back when all go round once."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.engines.planning.gains import gain
from tests.chains import chain_of
from tests.packages import CLEAN, package


def test_a_loop_that_gives_back_more_than_it_takes_is_found() -> None:
    # A tonne of salt takes 8 of ore, which take 0.4 of salt: 0.6 is from nothing.
    chain = chain_of({"refine": {"salt": 1, "ore": -8}, "leach": {"ore": 1, "salt": -0.05}, "pack": {"cell": 1, "salt": -1}})
    found = gain(chain)
    assert found is not None
    assert [0, 1] == found.processes.tolist()


@pytest.mark.parametrize("back", [-0.125, -0.2])
def test_a_loop_that_loses_or_just_keeps_is_none(back: float) -> None:
    assert gain(chain_of({"refine": {"salt": 1, "ore": -8}, "leach": {"ore": 1, "salt": back}})) is None


def test_what_is_fed_from_outside_makes_nothing_from_nothing() -> None:
    # As above, but power is bought: who made it is not said.
    chain = chain_of({"refine": {"salt": 1, "ore": -8, "power": -1}, "leach": {"ore": 1, "salt": -0.05}})
    assert gain(chain) is None


def test_a_source_is_no_loop() -> None:
    assert gain(chain_of({"dig": {"ore": 1}, "refine": {"salt": 1, "ore": -8}})) is None


def test_the_verbs_say_so_where_it_stands() -> None:
    recipes = {"processes": f"{CLEAN['processes']}\n leach,recycling,ore", "exchanges": f"""{CLEAN["exchanges"]}
        leach,ore,out,1,t,,,estimate,s
        leach,salt,in,0.05,t,,,estimate,s"""}  # fmt: skip
    found = [one for one in runs.run("throughput", package(recipes), year=2025).findings if one.code == "recipes-gain"]
    assert [("exchanges.csv", 4, "refine, leach")] == [(one.file, one.row, one.values["processes"]) for one in found]
