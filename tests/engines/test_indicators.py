"""Residue use, recovery and their targets, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from liantu.engines.balance import balance
from liantu.model.chain import Chain
from tests.chains import Row, chain_of

MATERIALS: dict[str, Row] = {
    "ground": {"kind": "resource", "composition": "Li:0.01;Be:0.001"},
    "ore": {"composition": "Li:0.01;Be:0.001"},
    "salt": {"composition": "Li:0.2"},
    "pack": {"composition": "Li:0.05"},
    "slag": {"kind": "residue", "composition": "Be:0.001"},
    "brick": {},
}


def chain(*, slag_used: float = 300, salt_sold: float = 30, targets: Sequence[Row] = (), **more: object) -> Chain:
    """1,000 t of ore with 10 t Li make 40 t of salt with 8 t Li and 900 t of slag."""
    return chain_of(
        {
            "mine": {"ore": 1, "ground": -1},
            "refine": {"salt": 1, "ore": -25, "slag": 22.5},
            "bricks": {"brick": 1, "slag": -1},
            "use": {"retired": 1, "pack": -1},
            "assemble": {"pack": 1, "salt": -0.25},
        },
        stages={"mine": "mining", "use": "use"},
        materials=MATERIALS,
        capacities={"mine": 1000, "refine": 40, "bricks": slag_used, **more.get("capacities", {})},  # type: ignore[dict-item]
        markets=[
            {"material": "salt", "direction": "sell", "price": 60, "currency": "CNY", "limit": salt_sold},
            *more.get("markets", ()),  # type: ignore[misc]
        ],
        targets=targets,
    )


def values(of: Chain) -> dict[str, float]:
    found = balance(of, 2025).indicators
    return dict(zip(found.id, found.value.tolist(), strict=True))


def test_residue_use_is_what_processes_take_of_what_is_made() -> None:
    assert values(chain())["residue_use"] == pytest.approx(300 / 900)


def test_a_residue_sold_is_used_and_one_disposed_of_is_not() -> None:
    sold = {"material": "slag", "direction": "sell", "price": 1, "currency": "CNY", "limit": 150}
    dumped = {"material": "slag", "direction": "sell", "price": -1, "currency": "CNY"}

    assert values(chain(markets=[sold, dumped]))["residue_use"] == pytest.approx(450 / 900)


def test_recovery_is_what_is_sold_of_what_is_mined() -> None:
    found = values(chain())

    assert found["recovery_Li"] == pytest.approx(30 * 0.2 / 10)
    assert 0 == found["recovery_Be"]


def test_goods_taken_into_use_are_kept() -> None:
    of = chain(salt_sold=10, capacities={"assemble": 40, "use": 40})

    # 10 t of salt go into 40 t of packs with 2 t Li, all of them used; 10 t are sold.
    assert values(of)["recovery_Li"] == pytest.approx((2 + 2) / 10)


def test_where_material_with_the_element_is_bought_both_ratios_are_given() -> None:
    of = chain(
        slag_used=0,
        salt_sold=100,
        capacities={"refine": 60},
        markets=[{"material": "ore", "direction": "buy", "price": 1, "currency": "CNY"}],
    )

    found = values(of)

    # 60 t of salt need 1,500 t of ore: 1,000 mined, 500 bought.
    assert found["recovery_Li"] == pytest.approx(12 / 10)
    assert found["recovery_all_Li"] == pytest.approx(12 / 15)


def test_a_resource_that_has_a_price_is_mined_all_the_same() -> None:
    of = chain(markets=[{"material": "ground", "direction": "buy", "price": 1, "currency": "CNY"}])

    assert "recovery_all_Li" not in values(of)


def test_air_is_not_mined() -> None:
    materials = {"air": {"formula": "O2", "kind": "resource"}, "salt": {"formula": "Li2O"}}
    of = chain_of({"make": {"air": -1, "salt": 1}}, materials=materials, capacities={"make": 1})

    assert np.isnan(values(of)["recovery_O"])


def test_nothing_mined_is_no_number() -> None:
    of = chain_of({"make": {"salt": 1}}, materials={"salt": {"formula": "LiF"}}, capacities={"make": 1})

    found = values(of)

    assert np.isnan(found["recovery_Li"])
    assert np.isnan(found["residue_use"])


def test_recycling_recovers_what_it_hands_on_of_what_comes_back() -> None:
    """Of 100 t packs with 5 t Li, black mass carries 4.5 t on; half of it is leached to 2 t Li in salt."""
    of = chain_of(
        {
            "collect": {"collected": 1, "retired": -1},
            "shred": {"mass": 1, "collected": -2},
            "leach": {"salt": 1, "mass": -2.5},
            "cathode": {"cathode": 1, "salt": -0.5},
        },
        stages={"collect": "collection", "shred": "recycling", "leach": "recycling"},
        materials={
            "collected": {"composition": "Li:0.05"}, "retired": {"composition": "Li:0.05"}, "mass": {"composition": "Li:0.09"},
            "salt": {"composition": "Li:0.2"},
        },
        capacities={"shred": 50, "leach": 10},
    )  # fmt: skip

    assert values(of)["recycling_recovery_Li"] == pytest.approx(2 / 5)


def test_targets_are_met_or_missed_and_one_without_a_value_is_neither() -> None:
    of = chain(targets=[
        {"id": "use", "indicator": "residue_use", "operator": ">=", "value": 0.8},
        {"id": "li", "indicator": "recovery_Li", "operator": ">=", "value": 0.6},
        {"id": "less", "indicator": "recovery_Li", "operator": "<", "value": 0.6},
        {"id": "odd", "indicator": "happiness", "operator": ">", "value": 0.5},
    ])  # fmt: skip

    found = balance(of, 2025).indicators

    rows = list(zip(found.id, found.row.tolist(), found.met, strict=True))
    assert {("residue_use", 0, False), ("recovery_Li", 1, True), ("recovery_Li", 2, False), ("happiness", 3, None)} <= set(rows)
    assert ("recovery_Be", -1, None) in rows


@pytest.mark.parametrize(
    ("operator", "goal", "met"),
    [(">=", 0.6, True), ("<=", 0.6, True), ("=", 0.6, True), (">", 0.6, False), ("<", 0.6, False), ("<=", 0.59, False), (">", 0.59, True)],
)
def test_every_operator_reads_as_written_and_the_last_digit_decides_nothing(operator: str, goal: float, met: bool) -> None:
    """30 t × 0.2 ÷ 10 t is 0.6 but for rounding."""
    found = balance(chain(targets=[{"id": "t", "indicator": "recovery_Li", "operator": operator, "value": goal}]), 2025).indicators

    assert (met,) == tuple(one for one, row in zip(found.met, found.row, strict=True) if row == 0)


def test_each_part_shows_what_becomes_of_what_it_makes() -> None:
    of = chain()

    found = balance(of, 2025).process_indicators

    rows = {
        (name, of.processes.id[part]): (top, bottom)
        for name, part, top, bottom in zip(found.id, found.part, found.over, found.under, strict=True)
    }
    assert rows["residue_use", "refine"] == pytest.approx((300, 900))
    assert rows["recovery_Li", "mine"] == pytest.approx((0, 10))
    assert rows["recovery_Li", "refine"] == pytest.approx((6, 0))


def test_parts_add_up_to_the_whole() -> None:
    found = balance(chain(), 2025)

    for parts in (found.process_indicators, found.stage_indicators, found.site_indicators):
        mine = np.array(parts.id) == "recovery_Li"
        assert parts.over[mine].sum() / parts.under[mine].sum() == pytest.approx(0.6)
