"""What a demand needs, on chains small enough to solve by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from liantu.engines.requirements import Options, Requirement, Requirements, require
from liantu.errors import CallError, InputError, SolveError
from liantu.model.chain import Chain
from tests.chains import amounts, by_material, by_process, chain_of

DIRECT = Options(sweeps=0)


def ask(chain: Chain, *, buy: tuple[str, ...] = (), year: int = 2025, options: Options | None = None, **demand: float) -> Requirement:
    bought = [chain.material_index[name] for name in buy]
    return require(chain, amounts(chain, demand), year=year, buy=bought, options=options)


def test_two_steps_are_multiplied_back_to_the_ore() -> None:
    chain = chain_of({"mine": {"ore": 1, "waste_rock": 2, "ground": -1}, "smelt": {"metal": 1, "ore": -4}})

    found = ask(chain, metal=10)

    assert {"mine": 40, "smelt": 10} == by_process(chain, found.activity)
    assert {"ground": 40} == by_material(chain, found.bought)
    assert {"waste_rock": 80} == by_material(chain, found.surplus)
    assert {"ore": 40, "metal": 10, "waste_rock": 80} == by_material(chain, found.produced)
    assert {"ground": 40, "ore": 40} == by_material(chain, found.consumed)


@pytest.mark.parametrize("options", [None, DIRECT])
@pytest.mark.parametrize("back", [0.0, 0.25, 0.9, 0.9999, 0.999999])
def test_a_recycling_loop_is_solved_not_unrolled(back: float, options: Options | None) -> None:
    """Of each tonne in use the share `back` comes again: 1 / (1 − back) tonnes go round."""
    chain = chain_of({"make": {"good": 1, "melt": -1}, "melt": {"melt": 1, "good": -back, "fresh": back - 1}})

    found = ask(chain, good=1, options=options)

    assert {"make": 1 / (1 - back), "melt": 1 / (1 - back)} == pytest.approx(by_process(chain, found.activity), rel=1e-9)
    assert found.residual <= 1e-12


def test_a_process_that_takes_some_of_its_own_product_is_counted_net() -> None:
    chain = chain_of({"press": {"plate": (1.25, 0.25), "sheet": -1}, "roll": {"sheet": 1}})

    found = ask(chain, plate=8)

    assert {"press": 8, "roll": 8} == by_process(chain, found.activity)
    assert (10, 2) == (found.produced[chain.material_index["plate"]], found.consumed[chain.material_index["plate"]])


def test_a_co_product_counts_against_its_own_need() -> None:
    chain = chain_of({"crack": {"ethylene": 1, "propylene": 0.5}, "dehydrogenate": {"propylene": 1, "propane": -1.2}})

    found = ask(chain, ethylene=10, propylene=8)

    assert {"crack": 10, "dehydrogenate": 3} == pytest.approx(by_process(chain, found.activity))
    assert {"propane": pytest.approx(3.6)} == by_material(chain, found.bought)
    assert {} == by_material(chain, found.surplus)


def test_a_co_product_beyond_its_need_is_surplus_and_never_makes_its_maker_run_backwards() -> None:
    chain = chain_of({"crack": {"ethylene": 1, "propylene": 0.5}, "dehydrogenate": {"propylene": 1, "propane": -1.2}})

    found = ask(chain, ethylene=10, propylene=2)

    assert {"crack": 10} == by_process(chain, found.activity)
    assert {"propylene": 3} == by_material(chain, found.surplus)


def test_a_credit_frees_what_its_maker_would_have_needed() -> None:
    """Slag replaces clinker, which would have needed limestone; some limestone still goes into iron."""
    chain = chain_of({"iron": {"iron": 1, "binder": 0.3, "lime": -0.2}, "kiln": {"binder": 1, "lime": -1.5}, "quarry": {"lime": 1}})

    found = ask(chain, iron=10, binder=5)

    assert {"iron": 10, "kiln": 2, "quarry": 5} == pytest.approx(by_process(chain, found.activity))


def test_bought_co_products_are_bought_only_as_far_as_none_come_along() -> None:
    chain = chain_of({"crack": {"ethylene": 1, "propylene": 0.5}, "dehydrogenate": {"propylene": 1, "propane": -1.2}})

    found = ask(chain, ethylene=10, propylene=8, buy=("propylene",))

    assert {"crack": 10} == by_process(chain, found.activity)
    assert {"propylene": 3} == by_material(chain, found.bought)


def test_buying_stops_the_chain_there() -> None:
    chain = chain_of({"mine": {"ore": 1}, "smelt": {"metal": 1, "ore": -4}, "roll": {"sheet": 1, "metal": -1.1}})

    found = ask(chain, sheet=10, buy=("metal",))

    assert {"roll": 10} == by_process(chain, found.activity)
    assert {"metal": pytest.approx(11)} == by_material(chain, found.bought)


def test_what_a_treatment_takes_is_treated_as_it_arises_and_its_products_count() -> None:
    chain = chain_of({
        "leach": {"salt": 1, "residue": 5, "acid": -2},
        "bricks": {"residue": -1, "brick": 0.8, "acid": 0.1},
        "burn": {"acid": 1, "sulfur": -0.3},
    })  # fmt: skip

    found = ask(chain, salt=10)

    assert {"leach": 10, "bricks": 50, "burn": 15} == pytest.approx(by_process(chain, found.activity))
    assert {"brick": pytest.approx(40)} == by_material(chain, found.surplus)


def test_a_treatment_that_makes_waste_for_another_is_followed() -> None:
    chain = chain_of({
        "cell": {"cell": 1, "scrap": 0.1},
        "shred": {"scrap": -1, "mass": 0.5, "dust": 0.2},
        "leach": {"mass": -1, "salt": 0.6},
        "filter": {"dust": -1},
    })  # fmt: skip

    found = ask(chain, cell=100)

    assert {"cell": 100, "shred": 10, "leach": 5, "filter": 2} == pytest.approx(by_process(chain, found.activity))
    assert {"salt": pytest.approx(3)} == by_material(chain, found.surplus)


def test_waste_that_is_asked_for_is_kept_from_treatment_and_bought_where_short() -> None:
    chain = chain_of({"leach": {"salt": 1, "residue": 5}, "bricks": {"residue": -1, "brick": 0.8}})

    assert {"leach": 10, "bricks": 30} == by_process(chain, ask(chain, salt=10, residue=20).activity)
    assert {"residue": 10} == by_material(chain, ask(chain, salt=10, residue=60).bought)


def test_a_material_may_have_both_makers_and_treatments() -> None:
    """Black mass is made on purpose where it is short and leached where it is over."""
    chain = chain_of({"shred": {"mass": 1, "scrap": -2}, "cell": {"cell": 1, "mass": 0.1}, "leach": {"mass": -1, "salt": 0.6}})

    assert {"cell": 100, "leach": 6} == pytest.approx(by_process(chain, ask(chain, cell=100, mass=4).activity))
    assert {"cell": 100, "shred": 5} == pytest.approx(by_process(chain, ask(chain, cell=100, mass=15).activity))


def test_the_shares_of_mixes_are_kept() -> None:
    chain = chain_of(
        {"mica": {"carbonate": 1, "concentrate": -20}, "brine": {"carbonate": 1, "water": -100}},
        mixes={"carbonate": {"mica": 0.75, "brine": 0.25}}, capacities={"brine": 1000},
    )  # fmt: skip

    assert {"mica": 6, "brine": 2} == by_process(chain, ask(chain, carbonate=8).activity)


def test_the_shares_hold_for_what_is_left_after_co_products() -> None:
    chain = chain_of(
        {"mica": {"acid": 1}, "brine": {"acid": 1}, "smelt": {"copper": 1, "acid": 3}, "leach": {"nickel": 1, "acid": -5}},
        mixes={"acid": {"mica": 0.75, "brine": 0.25}},
    )  # fmt: skip

    assert {"mica": 6, "brine": 2, "smelt": 4, "leach": 4} == by_process(chain, ask(chain, copper=4, nickel=4).activity)


def test_without_mixes_running_capacity_decides() -> None:
    chain = chain_of({"mica": {"carbonate": 1}, "brine": {"carbonate": 1}, "clay": {"carbonate": 1}}, capacities={"mica": 30, "brine": 10})

    found = ask(chain, carbonate=80)

    assert {"mica": 60, "brine": 20} == by_process(chain, found.activity)
    assert {"mica": 30, "brine": 10} == by_process(chain, found.gap)


def test_capacity_of_another_year_decides_nothing() -> None:
    later = {"id": "later", "process": "brine", "capacity": 10, "site": "here", "status": "planned", "start": 2030}
    chain = chain_of({"mica": {"carbonate": 1}, "brine": {"carbonate": 1}}, capacities={"mica": 30}, plants=[later])

    assert {"mica": 80} == by_process(chain, ask(chain, carbonate=80, year=2025).activity)
    assert {"mica": 60, "brine": 20} == by_process(chain, ask(chain, carbonate=80, year=2030).activity)


def test_treatments_share_by_mixes_too() -> None:
    chain = chain_of(
        {"leach": {"salt": 1, "slag": 10}, "bricks": {"slag": -1}, "cement": {"slag": -1}}, mixes={"slag": {"bricks": 0.3, "cement": 0.7}}
    )  # fmt: skip

    assert {"leach": 1, "bricks": 3, "cement": 7} == pytest.approx(by_process(chain, ask(chain, salt=1).activity))


def test_a_choice_nobody_made_is_asked_for_by_name_and_all_at_once() -> None:
    chain = chain_of({
        "cell": {"cell": 1, "anode": -1},
        "natural": {"anode": 1, "power": -1},
        "synthetic": {"anode": 1, "power": -9},
        "coal": {"power": 1},
        "wind": {"power": 1},
        "idle_1": {"idle": 1},
        "idle_2": {"idle": 1},
    })  # fmt: skip

    with pytest.raises(InputError) as caught:
        ask(chain, cell=1)

    assert "choose-maker" == caught.value.code
    assert "anode (natural, synthetic); power (coal, wind)" == caught.value.values["choices"]
    assert "mixes" in caught.value.hint("en")


def test_a_choice_that_is_not_needed_is_not_asked_for() -> None:
    chain = chain_of({"natural": {"anode": 1}, "synthetic": {"anode": 1}, "cell": {"cell": 1}})

    found = ask(chain, cell=1)

    assert [chain.material_index["anode"]] == found.choices.tolist()


def test_a_choice_may_be_bought_away() -> None:
    chain = chain_of({"natural": {"anode": 1}, "synthetic": {"anode": 1}, "cell": {"cell": 1, "anode": -2}})

    assert {"anode": 6} == by_material(chain, ask(chain, cell=3, buy=("anode",)).bought)


def test_a_choice_of_treatments_is_asked_for() -> None:
    chain = chain_of({"leach": {"salt": 1, "slag": 10}, "bricks": {"slag": -1}, "cement": {"slag": -1}})

    with pytest.raises(InputError) as caught:
        ask(chain, salt=1)

    assert ("choose-treatment", "slag (bricks, cement)") == (caught.value.code, caught.value.values["choices"])


def test_no_static_question_runs_through_use() -> None:
    chain = chain_of(
        {"pack": {"pack": 1}, "use": {"retired": 1, "pack": -1}, "dismantle": {"cells": 1, "retired": -2}}, stages={"use": "use"}
    )

    found = ask(chain, cells=5)

    assert {"dismantle": 5} == by_process(chain, found.activity)
    assert {"retired": 10} == by_material(chain, found.bought)


def test_retired_products_are_not_treated_by_a_process_of_use() -> None:
    chain = chain_of({"pack": {"pack": 1, "spare": 1}, "wear": {"spare": -1, "retired": 1}}, stages={"wear": "use"})

    assert {"spare": 2} == by_material(chain, ask(chain, pack=2).surplus)


@pytest.mark.parametrize(("gain", "shown"), [(1.0, 1.0), (1.5, 1.5), (1e6, 1e6)])
def test_a_loop_that_amplifies_is_refused_by_name(gain: float, shown: float) -> None:
    chain = chain_of({
        "sell": {"sold": 1, "a": -1}, "first": {"a": 1, "b": -2}, "second": {"b": 1, "c": -0.5}, "third": {"c": 1, "a": -gain},
    })  # fmt: skip

    with pytest.raises(SolveError) as caught:
        ask(chain, sold=1)

    assert "gain-loop" == caught.value.code
    assert caught.value.values["gain"] == pytest.approx(shown)
    circle = str(caught.value.values["loop"]).split(" → ")
    assert {"first", "second", "third"} == set(circle)
    assert circle[0] == circle[-1]
    # As material flows: the third feeds the second, that the first.
    assert ("third", "second") in pairwise(circle)


def test_loops_that_amplify_only_together_are_refused() -> None:
    chain = chain_of({"first": {"a": 1, "b": -0.6, "c": -0.6}, "second": {"b": 1, "a": -0.9}, "third": {"c": 1, "a": -0.9}})

    with pytest.raises(SolveError, match="gives back"):
        ask(chain, a=1)


def test_a_treatment_loop_that_amplifies_is_refused() -> None:
    chain = chain_of({"leach": {"salt": 1, "slag": 1}, "wash": {"slag": -1, "sludge": 1.5}, "dry": {"sludge": -1, "slag": 1}})

    with pytest.raises(SolveError, match=r"wash|dry"):
        ask(chain, salt=1)


@pytest.mark.parametrize("gain", [1.0, 2.0])
def test_a_loop_the_demand_does_not_reach_is_in_nobodys_way(gain: float) -> None:
    chain = chain_of(
        {"first": {"a": 1, "b": -1}, "second": {"b": 1, "a": -gain}, "else": {"c": 1, "d": -1}, "more": {"d": 1, "c": -0.9999}}
    )

    assert {"else": 10_000, "more": 10_000} == pytest.approx(by_process(chain, ask(chain, c=1).activity), rel=1e-9)


def test_a_loop_that_is_bought_open_is_solved() -> None:
    chain = chain_of({"first": {"a": 1, "b": -1}, "second": {"b": 1, "a": -2}})

    assert {"first": 3} == by_process(chain, ask(chain, a=3, buy=("b",)).activity)


def test_a_co_product_can_tame_a_loop() -> None:
    """Alone the loop would give back 1.2; half of what the second step needs comes along with the first."""
    chain = chain_of({"first": {"a": 1, "b": -1.2, "c": 0.6}, "second": {"b": 1, "c": -1}, "third": {"c": 1, "a": -1}})

    found = ask(chain, a=1)

    # x1 = 1 + x3, x2 = 1.2 x1, x3 = x2 − 0.6 x1.
    assert {"first": 2.5, "second": 3, "third": 1.5} == pytest.approx(by_process(chain, found.activity))


def test_two_processes_that_make_each_others_product_share_the_work() -> None:
    chain = chain_of({"first": {"a": 1, "b": 2}, "second": {"b": 1, "a": 2}})

    assert {"first": 1 / 3, "second": 1 / 3} == pytest.approx(by_process(chain, ask(chain, a=1, b=1).activity))


def test_a_long_row_of_steps_needs_no_loop_to_be_right() -> None:
    steps = 400
    chain = chain_of({f"step_{at}": {f"m_{at}": 1, f"m_{at + 1}": -1.01} for at in range(steps)})

    found = ask(chain, m_0=1)

    assert 1.01**steps == pytest.approx(by_material(chain, found.bought)[f"m_{steps}"], rel=1e-12)


def test_amounts_of_very_different_size_keep_their_digits() -> None:
    chain = chain_of({"chip": {"chip": 1, "dopant": -1e-12, "sand": -1e9}, "dope": {"dopant": 1, "chip": -1e-3}, "dig": {"sand": 1}})

    found = ask(chain, chip=1)

    once = 1 / (1 - 1e-15)
    assert {"chip": once, "dope": 1e-12 * once, "dig": 1e9 * once} == pytest.approx(by_process(chain, found.activity), rel=1e-9)


def test_nothing_asked_needs_nothing() -> None:
    chain = chain_of({"mine": {"ore": 1, "ground": -1}})

    assert {} == by_process(chain, ask(chain).activity)


@pytest.mark.parametrize(("amount", "code"), [(-1.0, "demand-negative"), (np.nan, "demand-number"), (np.inf, "demand-number")])
def test_a_demand_that_is_no_amount_is_refused(amount: float, code: str) -> None:
    chain = chain_of({"mine": {"ore": 1}})

    with pytest.raises(CallError) as caught:
        ask(chain, ore=amount)

    assert (code, "ore") == (caught.value.code, caught.value.values["material"])


def test_a_demand_of_the_wrong_shape_is_refused() -> None:
    chain = chain_of({"mine": {"ore": 1}})

    with pytest.raises(CallError, match="shape"):
        require(chain, np.ones(3), year=2025)


@pytest.mark.parametrize("along", [0.0, 0.5])
def test_a_prepared_chain_answers_each_demand_as_if_it_were_the_first(along: float) -> None:
    """The third and later demands of a chain without co-products come from factors that are kept."""
    recipe = {"ethylene": 1.0, "gas": -2.0, "propylene": along} if along else {"ethylene": 1.0, "gas": -2.0}
    chain = chain_of({"crack": recipe, "dehydrogenate": {"propylene": 1, "ethylene": -0.1}, "treat": {"gas": 1, "propylene": -0.2}})
    kept = Requirements(chain, 2025)

    for demand in ({"ethylene": 1.0}, {"propylene": 3.0}, {"ethylene": 2.0, "propylene": 5.0}, {"gas": 1e-6}, {}):
        asked = amounts(chain, demand)
        np.testing.assert_allclose(kept.solve(asked).activity, require(chain, asked, year=2025).activity, rtol=1e-11)


def test_a_prepared_chain_with_a_loop_that_amplifies_answers_what_does_not_reach_it() -> None:
    chain = chain_of({"first": {"a": 1, "b": -1}, "second": {"b": 1, "a": -2}, "else": {"c": 1, "d": -1}, "more": {"d": 1, "c": -0.5}})
    kept = Requirements(chain, 2025)

    for amount in (1.0, 2.0, 3.0, 4.0):
        assert {"else": 2 * amount, "more": 2 * amount} == pytest.approx(
            by_process(chain, kept.solve(amounts(chain, {"c": amount})).activity)
        )
    with pytest.raises(SolveError, match="first"):
        kept.solve(amounts(chain, {"a": 1.0}))
