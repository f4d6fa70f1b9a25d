"""The Chenzhou chain: reported totals hold exactly, real firms show only what is reported, everything finds a maker."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from liantu import runs
from liantu.engines.balance import balance
from liantu.engines.planning.network import network
from liantu.engines.requirements import require
from liantu.io import changes
from liantu.model.findings import Findings
from liantu.model.scenario import apply
from liantu.runs.expanding import PlanAsked
from tests.data.recipes import amount, rows, signed

# The steps of one LFP cell from ore, with the one process each material is made by.
STEPS = (
    "mine_limica_jjs", "benef_limica_jjs", "refine_mica_sulfate", "salt_lif", "salt_lipf6", "salt_fepo4", "cath_lfp",
    "anode_syn_calcine", "anode_syn_graphitise", "anode_syn_coat", "mix_anode_synthetic", "elyte_li", "sep_wet_coated",
    "foil_cu", "foil_al", "make_cell_lfp",
)  # fmt: skip


def made(chain, year, product):
    """Running capacity of all processes that make a product."""
    makes = (chain.processes.product == chain.material_index[product]) & ~chain.treats
    return float(chain.capacity(year)[makes].sum())


@pytest.fixture(scope="module")
def ready():
    return runs.prepare("chenzhou")


@pytest.fixture(scope="module")
def cells(chain):
    """Activities of the steps behind 17.5 GWh of cells."""
    columns = [chain.process_index[name] for name in STEPS]
    lines = chain.processes.product[columns]
    demand = np.zeros(len(STEPS))
    demand[STEPS.index("make_cell_lfp")] = 17.5e6
    return dict(zip(STEPS, np.linalg.solve(signed(chain)[np.ix_(lines, columns)], demand), strict=True))


def test_every_table_has_all_its_rows(own):
    expected = {
        "sites": 47, "firms": 45, "projects": 100, "totals": 96, "distances": 161, "tariffs": 43, "sources": 87, "routes": 92,
        "plants": 18, "mixes": 3, "targets": 12, "deposits": 5, "settings": 6, "markets": 243, "scenarios": 23,
    }  # fmt: skip
    assert expected == {table.name: len(table) for table in own}


def test_the_bundled_layouts_move_what_is_new_and_nothing_that_stands(chain):
    named = changes.scenarios(chain, Findings())
    called = {"core-three-poles": "一核三极", "one-park": "一园集中", "road-freight": "公路运费"}
    assert called == {name: one.name_zh for name, one in named.items()}
    assert all("示意" in one.reason_zh and "llustrative" in one.reason for one in named.values())
    where = {name: _sites_of(apply(chain, one.changes)) for name, one in named.items()}
    core, one = where["core-three-poles"], where["one-park"]
    # Printed on the seed pages: batteries in the core city, salts in resource counties, recycling in chemical parks.
    assert {"cz_beihu", "cz_suxian"} == {county for county, _ in core["make_cell_lfp"]}
    assert {"cz_linwu", "cz_yizhang"} == {county for county, _ in core["refine_mica_sulfate"]}
    assert {"chemical"} == {chain.sites.zone[chain.sites.id.index(park)] for _, park in core["recy_hydro_lfp"] | core["recy_shred_lfp"]}
    assert {("cz_linwu", "pk_linwu_gxq")} == one["make_cell_lfp"] == one["refine_mica_sulfate"] == one["recy_shred_lfp"]
    assert core["mine_limica_jjs"] == one["mine_limica_jjs"]


def test_a_road_costs_its_kilometres_at_the_published_rate_and_lies_idle(chenzhou, own):
    rate = next(float(row["value"]) for row in rows(own.get("tariffs")) if row["id"] == "r042")
    assert 0.5 == rate
    distances = rows(own.get("distances"))
    km = {
        frozenset((row["origin"], row["destination"])): row
        for row in distances
        if row["basis"] == "computed" or "pk_lutang" in row.values()
    }
    routes = rows(own.get("routes"))
    assert {"yes"} == {row["idle"] for row in routes}
    assert [] == [
        row for row in routes if float(row["cost"]) != pytest.approx(rate * float(km[frozenset((row["origin"], row["destination"]))]["km"]))
    ]
    # Every pair of counties both ways; Suxian, whose seat is under 1 km from that of Beihu, stands there; and Lutang.
    counties = [row["id"] for row in rows(own.get("sites")) if row["kind"] == "county" and row["id"] != "cz_suxian"]
    pairs = {(one, other) for one in counties for other in counties if one != other} | {
        ("cz_beihu", "pk_lutang"),
        ("pk_lutang", "cz_beihu"),
    }
    assert pairs == {(row["origin"], row["destination"]) for row in routes}
    stands = {row["id"]: row["freight_at"] for row in rows(own.get("sites")) if row["kind"] in ("park", "place")}
    assert ["pk_lutang"] == [site for site, at in stands.items() if not at]


def test_with_roads_in_use_a_tonne_costs_its_way_and_what_has_no_mass_goes_nowhere(ready):
    chain = runs.variant(ready, "road-freight")
    net = network(chain, np.array([2025]))
    ways, ids, mass = net.transport, chain.materials.id, chain.mass()
    assert {"cz_linwu"} == {
        chain.sites.id[net.sites[net.place[chain.sites.id.index(park)]]] for park in ("pk_linwu_gxq", "pk_xiangyue", "st_jjs")
    }
    at = {chain.sites.id[site]: place for place, site in enumerate(net.sites.tolist())}
    of = (ways.origin == at["cz_linwu"]) & (ways.destination == at["cz_beihu"])
    cost = {ids[material]: cost for material, cost in zip(ways.material[of].tolist(), ways.cost[of].tolist(), strict=True)}
    # 99.8 km at 0.5: by the tonne, and a kWh of cells by its 5.875 kg.
    assert (49.9, 49.9 * 5.875e-3) == pytest.approx((cost["li2co3"], cost["cell_lfp"]))
    assert set() == {"elec", "heat", "water", "nitrogen"} & set(cost)
    assert {"elec", "heat", "water", "nitrogen"} <= {ids[at] for at in np.flatnonzero(np.isnan(mass))}
    everywhere = {ids[material] for material in chain.markets.material[chain.markets.site < 0].tolist()}
    assert {"elec", "heat", "diesel", "water", "nitrogen", "residue_mica_sulfate"} <= everywhere
    assert [] == [name for name in everywhere if chain.materials.kind[chain.material_index[name]] == "good" and name != "nitrogen"]


def test_without_roads_a_layout_costs_nothing_for_distance_and_with_them_its_longer_ways(ready):
    """一核三极 sends retired packs to the chemical parks of the poles, and their scrap back."""
    names = ("base", "core-three-poles", "road-freight", "road-freight+core-three-poles", "road-freight+one-park")
    plans = [runs.run("plan", ready, scenario=name, options=PlanAsked(first=2026, last=2028)).result for name in names]
    worth = [plan["objective"]["value"] for plan in plans]
    freight = [plan["money"]["freight"] for plan in plans]
    assert [0, 0] == freight[:2]
    assert worth[1] > worth[2] > worth[3]
    assert freight[4] < freight[3] < freight[2] < 0
    # What the layout costs more with roads than without is what its goods travel further, within what else it then does.
    assert freight[2] - freight[3] == pytest.approx((worth[2] - worth[3]) - (worth[0] - worth[1]), rel=0.3)


def _sites_of(chain):
    """County and site in whose zone each process may stand."""
    sites, found = chain.sites, {}
    for process, zones in zip(chain.technologies.process.tolist(), chain.technologies.zones, strict=True):
        at = [site for site, zone in enumerate(sites.zone) if zone in zones]
        found[chain.processes.id[process]] = {(_county(sites, site), sites.id[site]) for site in at}
    return found


def _county(sites, at):
    while sites.kind[at] != "county":
        at = int(sites.parent[at])
    return sites.id[at]


def test_ninety_one_projects_are_reported_and_nine_are_illustrations(own):
    projects = rows(own.get("projects"))
    assert {"no": 91, "yes": 9} == Counter(row["illustrative"] for row in projects)
    reported = Counter(row["status"] for row in projects if row["illustrative"] == "no")
    assert {"planned": 52, "building": 20, "operating": 13, "closed": 1} == {
        name: reported[name] for name in ("planned", "building", "operating", "closed")
    }


@pytest.mark.parametrize(
    ("product", "total"),
    [("li2co3", 60_000), ("lif", 10_000), ("lipf6", 3_000), ("cell_lfp", 17.5e6)],
    ids=["Li2CO3", "LiF", "LiPF6", "cells"],
)
def test_the_plants_of_2025_are_the_reported_totals(chain, product, total):
    assert total == made(chain, 2025, product)


def test_the_recyclers_of_2025_take_220_kilotonnes_of_packs(chain):
    packs = made(chain, 2025, "ret_cell_lfp") * amount(chain, "recy_dismantle_ev_lfp", "collected_pack_ev_lfp", "in")
    kg = packs * float(chain.materials.kg_per_unit[chain.material_index["collected_pack_ev_lfp"]])
    assert 220e6 == pytest.approx(kg, rel=1e-14)
    assert 27.2e6 == pytest.approx(packs, rel=2e-3)


def test_the_dressing_line_treats_the_reported_ore(chain):
    assert 3.6e6 == pytest.approx(made(chain, 2025, "mica_conc") * 11.825, rel=1e-14)


def test_dazhong_joins_in_2026_and_its_second_half_is_not_counted(chain):
    reported = {year: made(chain, year, "ore_limica_jjs") - 3.6e6 for year in (2025, 2026)}
    assert {2025: 0, 2026: 10e6} == reported
    assert 80_000 == made(chain, 2026, "li2co3")


def test_a_plan_never_runs_before_its_reported_date(chain):
    assert 3_000 == made(chain, 2025, "lipf6")
    assert 31_000 == made(chain, 2026, "lipf6")


def test_every_plant_but_the_illustrative_mine_is_a_row_of_the_register_of_reports(own):
    projects = {row["id"]: row for row in rows(own.get("projects"))}
    for plant in rows(own.get("plants")):
        if plant["id"] == "ill_mine":
            continue
        project = projects[plant["id"]]
        assert (plant["firm"], plant["process"], plant["site"]) == (project["firm"], project["process"], project["site"])
        if "derived" not in plant["note"]:
            assert (plant["capacity"], plant["unit"]) == (project["capacity"], project["unit"])
        assert plant["source"] == project["source"]
    assert {row["id"] for row in projects.values() if row["demo_use"] == "yes"} | {"zl_p2", "ill_mine"} == {
        row["id"] for row in rows(own.get("plants"))
    }


def test_no_illustration_stands_beside_a_real_firm(own):
    anonymous = {row["id"] for row in rows(own.get("firms")) if row["illustrative"] == "yes"}
    assert {"demo_cells", "demo_mining", "demo_recycling", "demo_salts"} == anonymous
    for plant in rows(own.get("plants")):
        assert (plant["basis"] == "illustrative") == (plant["firm"] in anonymous)


def test_illustrative_zones_are_marked(own):
    assert [] == [row["id"] for row in rows(own.get("sites")) if row["zone"] and row["illustrative"] != "yes"]


def test_every_source_that_is_cited_exists(chenzhou):
    known = set(chenzhou.get("sources").column("id"))
    cited = {name.strip() for table in chenzhou for text in table.column("source") for name in text.split(";")} - {""}
    assert set() == cited - known


@pytest.mark.parametrize(
    "table", ["exchanges", "prices", "technologies", "depths", "lifetimes", "plants", "markets", "targets", "totals", "deposits", "mixes"]
)
def test_every_number_has_a_source(chenzhou, table):
    assert [] == [row for row, text in enumerate(chenzhou.get(table).column("source")) if not text]


def test_every_composition_has_a_source(chenzhou):
    assert [] == [row["id"] for row in rows(chenzhou.get("materials")) if row["composition"] and not row["source"]]


def test_sources_of_the_base_are_kept(chenzhou):
    assert 117 + 87 - 4 == len(chenzhou.get("sources"))


@pytest.mark.parametrize(
    ("process", "kilotonnes"),
    [("cath_lfp", 37.2), ("salt_fepo4", 35.8), ("mix_anode_synthetic", 18.1), ("elyte_li", 23.9), ("salt_lipf6", 3.0), ("foil_cu", 9.2),
     ("foil_al", 6.1), ("sep_wet_coated", 1.8), ("refine_mica_sulfate", 9.7), ("mine_limica_jjs", 2430)],
)  # fmt: skip
def test_17_5_gwh_of_cells_need_what_the_audit_computed(cells, process, kilotonnes):
    assert kilotonnes == pytest.approx(cells[process] / 1000, abs=0.05 if kilotonnes < 100 else 5)


@pytest.mark.parametrize("asked", ["cell_lfp", "pack_ev_lfp", "pack_ess_lfp"])
def test_the_chain_finds_a_maker_for_everything(chain, cells, asked):
    """Cells go into packs one to one, so that the steps behind the cells are the same for all three."""
    demand = np.zeros(len(chain.materials))
    demand[chain.material_index[asked]] = 17.5e6
    activity = require(chain, demand, year=2025).activity
    assert [cells[name] for name in STEPS] == pytest.approx([activity[chain.process_index[name]] for name in STEPS], rel=1e-9)


def test_ten_kilotonnes_of_fluoride_take_14_5_of_carbonate(chain):
    assert 14.5 == pytest.approx(10 * amount(chain, "salt_lif", "li2co3", "in"), abs=0.05)
    assert 56 == pytest.approx(10 / amount(chain, "salt_lipf6", "lif", "in"), abs=0.5)


def test_sixty_kilotonnes_of_carbonate_need_15_megatonnes_of_ore(chain):
    concentrate = 60e3 * amount(chain, "refine_mica_sulfate", "mica_conc", "in")
    assert 1.27e6 == pytest.approx(concentrate, rel=0.005)
    assert 15.0e6 == pytest.approx(concentrate * 11.825, rel=0.005)


@pytest.mark.parametrize("asked", ["cell_lfp", "pack_ev_lfp", "pack_ess_lfp"])
@pytest.mark.parametrize("year", [2022, 2025, 2026])
def test_every_material_on_the_way_has_one_choice_of_maker(chain, asked, year):
    """Without a mix and without running capacity, two makers would leave the answer open; before 2023 only Li2CO3 is so."""
    mixed, capacity = set(chain.mixes.material), chain.capacity(year)
    stages = np.array(chain.processes.stage)
    matrix, todo, seen, undecided = signed(chain), [chain.material_index[asked]], set(), set()
    while todo:
        material = todo.pop()
        makers = np.flatnonzero((chain.processes.product == material) & ~chain.treats & (stages != "use"))
        if material in seen or not len(makers):
            continue
        seen.add(material)
        if material not in mixed and len(makers) > 1 and not capacity[makers].any():
            undecided.add(chain.materials.id[material])
        todo += [int(taken) for maker in makers for taken in np.flatnonzero(matrix[:, maker] < 0)]
    running = {"li2co3", "ret_cell_lfp"} if year < 2023 else set()
    assert undecided <= running


def test_all_that_the_plants_of_2025_lack_can_be_bought(chain):
    lacking = signed(chain) @ chain.capacity(2025)
    buys = chain.markets.direction == "buy"
    bought = set(chain.markets.material[buys])
    assert [] == [chain.materials.id[at] for at in np.flatnonzero(lacking < -1e-6) if at not in bought]


def test_market_prices_are_those_of_the_2025_deck(chenzhou):
    deck = {row["material"]: row["price"] for row in rows(chenzhou.get("prices")) if row["date"] == "2025" and row["vat"] == "ex"}
    assert [] == [row["material"] for row in rows(chenzhou.get("markets")) if row["price"] != deck[row["material"]]]


def test_sales_of_thin_products_stop_at_the_market_depth(chain):
    depths = dict(zip(chain.depths.material, chain.depths.central, strict=True))
    sells = np.flatnonzero(chain.markets.direction == "sell")
    limits = {int(chain.markets.material[at]): chain.markets.limit[at] for at in sells}
    # napf6 alone has a depth and no maker in the library.
    assert {chain.material_index["napf6"]} == set(depths) - set(limits)
    assert [] == [at for at in limits if at in depths and limits[at] > depths[at]]
    # Less than the depth of all China, or a limit where none is known, is said to be an illustration.
    said = {int(chain.markets.material[at]): "limit illustrative" in chain.markets.note[at] for at in sells}
    assert [] == [at for at in limits if (np.isfinite(limits[at]) and limits[at] != depths.get(at)) != said[at]]
    rare = [chain.material_index[name] for name in ("rb2so4", "cs2so4")]
    assert [60, 400] == [limits[at] for at in rare] == [depths[at] for at in rare]


def test_no_limit_cuts_what_the_city_makes_or_takes_in_2025(chain):
    found = balance(chain, 2025)
    rare = [chain.material_index[name] for name in ("rb2so4", "cs2so4")]
    goods = np.flatnonzero(chain.materials.kind == "good")
    left = [chain.materials.id[at] for at in goods if at not in rare and found.sold[at] > 0 and found.surplus[at] > 0]
    assert [] == left
    assert [] == [chain.materials.id[at] for at in np.flatnonzero(found.unmet > 0)]


def test_nobody_is_paid_to_take_a_residue_as_feed(chenzhou):
    assert [] == [row["material"] for row in rows(chenzhou.get("markets")) if row["direction"] == "buy" and float(row["price"]) < 0]


def test_no_market_opens_for_what_is_not_in_the_city(chenzhou):
    outside = {
        row["material"]: row["limit"]
        for row in rows(chenzhou.get("markets"))
        if "limica_xy" in row["material"] or "ore_flake" in row["material"]
    }
    assert {"inground_ore_limica_xy": "0", "inground_graphite_ore_flake": "0"} == outside


def test_targets_are_the_printed_minima(own):
    targets = {row["indicator"]: (row["operator"], row["value"], row["source"].split(";")[0]) for row in rows(own.get("targets"))}
    associated = {f"recovery_{element}": (">=", "0.6", "seed_s1") for element in ("Rb", "Cs", "Be", "Sn", "W", "Nb", "Ta")}
    recycling = {f"recycling_recovery_{element}": (">=", "0.98", "miit2024") for element in ("Ni", "Co", "Mn")}
    expected = {"residue_use": (">=", "0.8", "seed_s1"), **associated, **recycling, "recycling_recovery_Li": (">=", "0.9", "miit2024")}
    assert expected == targets


def test_the_yardstick_is_the_reported_cell_capacity(own):
    assert ("reference", "2025", "cell_lfp=17.5 GWh") == tuple(own.setting(key) for key in ("base", "year", "yardstick"))


def test_deposits_hold_the_published_lithium(chain):
    lithia = {
        chain.deposits.id[at]: chain.deposits.ore[at] * chain.deposits.grade[at]
        for at in range(len(chain.deposits))
        if chain.deposits.content_of[at] == "Li2O"
    }
    assert {"dep_jjs_li2o": pytest.approx(1_313_500, rel=2e-3), "dep_dachongli_li2o": pytest.approx(323_700, rel=1e-4)} == lithia
