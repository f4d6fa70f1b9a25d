"""The reference library: nothing lost, recipes that balance, figures known from elsewhere."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from liantu.io.assemble import assemble
from tests.data.recipes import amount, rows

FIGURES = list(csv.DictReader(Path(__file__).with_name("check_figures.csv").read_text(encoding="utf-8").splitlines()))


def fraction(chain, material, element):
    """Mass fraction of an element in a material."""
    at = chain.material_index[material]
    return float(chain.content[at, chain.elements.index(element)] / chain.mass()[at])


def kg_in_unit(chain, material, element):
    return float(chain.content[chain.material_index[material], chain.elements.index(element)] * 1000)


def residue_ratio(chain):
    acid = amount(chain, "refine_mica_acid", "residue_mica_acid", "out")
    return acid / amount(chain, "refine_mica_sulfate", "residue_mica_sulfate", "out")


def li_recovery(chain):
    taken = amount(chain, "recy_hydro_lfp", "bm_lfp", "in") * fraction(chain, "bm_lfp", "Li")
    return fraction(chain, "li2co3", "Li") / taken


def ore_per_li2co3(chain, dressing, ore):
    return amount(chain, dressing, ore, "in") * amount(chain, "refine_mica_sulfate", "mica_conc", "in")


def cell_energy(chain):
    """kWh of power and gas per kWh of cells."""
    return amount(chain, "make_cell_lfp", "elec", "in") + amount(chain, "make_cell_lfp", "heat", "in") / 3.6


LI2O_PER_LI = 29.88 / (2 * 6.94)
RECIPES = {
    "li_per_kwh_lfp": lambda chain: kg_in_unit(chain, "cell_lfp", "Li"),
    "li_per_kwh_nmc811": lambda chain: kg_in_unit(chain, "cell_nmc811", "Li"),
    "li_per_kwh_nmc622": lambda chain: kg_in_unit(chain, "cell_nmc622", "Li"),
    "ni_per_kwh_nmc811": lambda chain: kg_in_unit(chain, "cell_nmc811", "Ni"),
    "ore_per_li2co3_jjs": lambda chain: ore_per_li2co3(chain, "benef_limica_jjs", "ore_limica_jjs"),
    "ore_per_li2co3_xy": lambda chain: ore_per_li2co3(chain, "benef_limica_xy", "ore_limica_xy"),
    "cell_energy": cell_energy,
    "li_recovery_hydro_lfp": li_recovery,
    "collection": lambda chain: 1 / amount(chain, "collect_ev_lfp", "retired_pack_ev_lfp", "in"),
    "na2so4_spodumene": lambda chain: amount(chain, "refine_spodumene_li2co3", "na2so4", "out"),
    "concentrate_grade": lambda chain: 100 * LI2O_PER_LI * fraction(chain, "mica_conc", "Li"),
    "slag_ratio": residue_ratio,
}


def test_nothing_of_the_library_is_lost(reference):
    expected = {
        "materials": 210, "processes": 78, "exchanges": 741, "technologies": 78, "prices": 202 + 308 + 113,
        "depths": 31, "lifetimes": 17, "sources": 117, "settings": 2,
    }  # fmt: skip
    assert expected == {table.name: len(table) for table in reference}


def test_every_exchange_keeps_its_basis_and_its_bounds(reference):
    exchanges = reference.get("exchanges")
    assert {"estimate": 336, "stoichiometry": 195, "literature": 176, "measured": 34} == Counter(exchanges.column("basis"))
    assert (224, 217) == (sum(map(bool, exchanges.column("low"))), sum(map(bool, exchanges.column("high"))))


def test_the_library_assembles_without_a_finding(reference):
    made, findings = assemble(reference)
    assert [] == [finding.where() for finding in findings]
    assert made is not None


def test_the_four_treatment_processes_take_their_reference_product(chain):
    treating = {name for name, treats in zip(chain.processes.id, chain.treats, strict=True) if treats}
    assert {"recy_hydro_nmc622", "recy_hydro_nmc811", "by_slag_building", "by_tailings_feldspar"} == treating


def test_no_element_of_any_recipe_is_lost_or_made_beyond_half_a_per_cent(chain):
    processes, elements = len(chain.processes), len(chain.elements)
    flows = np.zeros((2, processes, elements))
    at = chain.exchanges
    np.add.at(flows, ((chain.sign < 0).astype(int), at.process), at.amount[:, None] * chain.content[at.material])
    made, taken = flows
    gap = np.abs(made - taken) / np.maximum(taken, 1e-12)
    worst = np.unravel_index(np.argmax(np.where(taken > 1e-9, gap, 0)), gap.shape)
    assert ("cath_nmmt", pytest.approx(0.0046, abs=1e-4)) == (chain.processes.id[worst[0]], gap[worst])
    assert 0 == np.sum((taken <= 1e-9) & (made > 1e-9))


def test_mass_closes_within_the_two_per_mille_of_the_audit(chain):
    tonnes = np.where(chain.in_balance, np.nan_to_num(chain.mass()), 0.0)
    at = chain.exchanges
    mass = at.amount * tonnes[at.material]
    made, taken = (np.bincount(at.process, np.where(chain.sign * sense > 0, mass, 0), len(chain.processes)) for sense in (1, -1))
    gap = np.abs(made - taken) / np.where(taken > 0, taken, 1)
    assert ("cath_nmmt", pytest.approx(0.0019, abs=1e-4)) == (chain.processes.id[int(np.argmax(gap))], gap.max())


def test_no_residue_holds_a_negative_amount_of_an_element(chain):
    assert chain.content.min() >= 0


@pytest.mark.parametrize("figure", [row for row in FIGURES if row["verdict"] == "agrees"], ids=lambda row: row["recipe"])
def test_recipes_agree_with_published_figures(chain, figure):
    assert float(figure["value"]) == pytest.approx(RECIPES[figure["recipe"]](chain), rel=float(figure["tolerance"]) + 1e-9)


@pytest.mark.parametrize("figure", [row for row in FIGURES if row["verdict"].startswith("contradicts")], ids=lambda row: row["recipe"])
def test_recipes_that_contradict_a_published_figure_still_do_as_documented(chain, figure):
    ours = RECIPES[figure["recipe"]](chain)
    assert {"ore_per_li2co3_xy": 75.5, "slag_ratio": 1.2}[figure["recipe"]] == pytest.approx(ours, rel=0.01)
    assert float(figure["value"]) != pytest.approx(ours, rel=0.2)


def test_every_check_figure_has_a_source_in_the_library(reference):
    assert 27 == len(FIGURES)
    assert set() == {row["source"] for row in FIGURES} - set(reference.get("sources").column("id"))


def test_fixed_cost_is_wages_and_upkeep(reference):
    for row in rows(reference.get("technologies")):
        labour, wage, upkeep, capex = (float(row[name]) for name in ("labour", "wage", "maintenance_share", "capex"))
        assert float(row["fixed_cost"]) == pytest.approx(labour * wage + upkeep * capex, rel=1e-12)


def test_the_linwu_carbonate_plant_costs_what_was_announced(chain):
    """1,304.27 M CNY for 20 kt a year; 0.02 persons at 120,000 CNY and 4 % upkeep."""
    at = int(np.flatnonzero(chain.technologies.process == chain.process_index["refine_mica_sulfate"])[0])
    assert 1304.27e6 / 20e3 == pytest.approx(chain.technologies.capex[at], rel=1e-4)
    assert 0.02 * 120_000 + 0.04 * 65_214 == pytest.approx(chain.technologies.fixed_cost[at])
    assert 1.5 == chain.technologies.build_years[at]
    assert 30 / 365 == pytest.approx(chain.technologies.water_m3_d[at], rel=1e-12)


def test_use_and_pass_through_need_no_plant(reference):
    idle = {
        row["process"]: float(row["capex"]) + float(row["fixed_cost"])
        for row in rows(reference.get("technologies"))
        if row["hazard"] == "none"
    }
    assert dict.fromkeys(idle, 0) == idle
    assert {"use", "mix"} == {name.partition("_")[0] for name in idle}


def test_emissions_without_a_price_say_so_in_their_note(reference):
    priced = {row["material"] for row in rows(reference.get("prices")) if row["date"] == "2025" and row["vat"] == "ex"}
    silent = [row["id"] for row in rows(reference.get("materials")) if "no price in the 2025 deck" in row["note"]]
    assert ["co2_fuel", "co2_process", "nh3_air"] == silent
    assert 202 == len(priced)
    assert set() == priced & set(silent)


def test_constant_dollars_are_a_currency_of_their_own(reference):
    assert {"CNY": 202 + 167 + 28 + 113, "USD": 64, "USD2020": 49} == Counter(reference.get("prices").column("currency"))


def test_rubidium_and_caesium_salts_are_worth_nothing_on_purpose(reference):
    deck = {row["material"]: row["price"] for row in rows(reference.get("prices")) if row["date"] == "2025" and row["vat"] == "ex"}
    assert ("0", "0") == (deck["rb2so4"], deck["cs2so4"])
