"""Links against the need, worked by hand in cast.py."""

import pytest

from liantu.report.facts import facts
from liantu.report.figures import capacity_bar, chain_map, worst_first
from tests.report.cast import TABLES, asked

RECYCLING = {
    "materials": TABLES["materials"]
    + """
        pack,Old packs,旧包,t,good,,Li:0.0375;Si:0.9625,
        scrap,Scrap cells,废电芯,t,good,,Li:0.0375;Si:0.9625,
        powder,Powder,黑粉,t,good,,Li:0.0375;Si:0.9625,""",
    "processes": TABLES["processes"]
    + """
        open,Dismantling,拆解,recycling,scrap
        shred,Shredding,破碎,recycling,powder""",
    "exchanges": TABLES["exchanges"]
    + """
        open,scrap,out,1,t,,,stoichiometry,s
        open,pack,in,1,t,,,stoichiometry,s
        shred,powder,out,1,t,,,stoichiometry,s
        shred,scrap,in,2,t,,,stoichiometry,s""",
    "plants": TABLES["plants"] + "\n        o1,acme,open,east,60,t/a,operating,2022,,,reported,s",
}


def links(changes: dict[str, str] | None = None, **swaps: tuple[str, str]) -> dict[str, object]:
    known = facts(*asked(changes, **swaps))
    return {known.processes["en"][link.process]: link for link in known.links}


def test_capacity_need_and_state_are_those_worked_by_hand() -> None:
    found = {name: (link.capacity, pytest.approx(link.need), link.state) for name, link in links().items()}
    assert {
        "Mining": (500, 400, "long"),
        "Refining": (120, 50, "long"),
        "Coating": (0, 200, "missing"),
        "Assembly": (80_000, 100_000, "short"),
    } == found


def test_what_is_building_is_shown_but_does_not_count_as_running() -> None:
    assert (120, 60) == (links()["Refining"].capacity, links()["Refining"].building)


def test_a_gap_is_counted_in_typical_plants() -> None:
    assert 2.0 == pytest.approx(links()["Coating"].plants)


def test_the_share_of_illustrative_capacity_stands_with_the_link() -> None:
    assert 0.25 == pytest.approx(links()["Refining"].illustrative)
    assert 0 == links()["Mining"].illustrative


def test_load_is_activity_by_capacity() -> None:
    assert 0.5 == pytest.approx(links()["Refining"].load)


def test_a_mine_that_gives_a_tonne_for_a_tonne_is_a_link_all_the_same() -> None:
    assert "Mining" in links()


def test_a_recipe_that_only_renames_and_needs_no_plant_is_no_link_and_costs_no_step() -> None:
    changes = {
        "materials": TABLES["materials"] + "\n        active,Active mass,活性料,t,good,,Li:0.0375;Si:0.9625,",
        "processes": TABLES["processes"] + "\n        call,Used as active mass,作活性料用,cathode,active",
        "exchanges": TABLES["exchanges"].replace("make,cathode,in,2,kg", "make,active,in,2,kg")
        + "\n        call,active,out,1,t,,,stoichiometry,s\n        call,cathode,in,1,t,,,stoichiometry,s",
        "technologies": "process,capex,unit,currency,source\n        call,0,t,CNY,s",
    }
    found = links(changes)
    assert "Used as active mass" not in found
    assert 1 == found["Coating"].step
    assert "Used as active mass" in links({**changes, "technologies": "process,capex,unit,currency,source\n        call,5,t,CNY,s"})


def test_in_the_return_lane_the_need_is_the_feed_that_arises() -> None:
    """60 t of scrap cells a year would make 30 t of powder; nobody shreds them."""
    found = links(RECYCLING)
    assert (0, 30, "missing") == (found["Shredding"].capacity, pytest.approx(found["Shredding"].need), found["Shredding"].state)
    assert "unused" == found["Dismantling"].state


def test_the_return_lane_lies_beneath_and_not_among_the_stages() -> None:
    drawn = chain_map(facts(*asked(RECYCLING)), "en")
    assert ["Resources", "Salts", "Materials", "Cells"] == [stage.name for stage in drawn.main]
    assert [["Dismantling", "Shredding"]] == [[node.name for node in stage.nodes] for stage in drawn.back]


def test_an_unknown_stage_keeps_its_name_and_its_place_on_the_map() -> None:
    drawn = chain_map(facts(*asked(processes=("coat,Coating,制正极,cathode", "coat,Coating,制正极,plating"))), "en")
    assert "plating" in [stage.name for stage in drawn.main]


def test_the_worst_stands_first() -> None:
    assert ["missing", "short", "long", "long"] == [link.state for link in worst_first(facts(*asked()).links)]


def test_a_bar_is_drawn_to_the_larger_of_need_and_all_capacity() -> None:
    bar = capacity_bar(links()["Refining"])
    assert (pytest.approx(120 / 1.8), pytest.approx(60 / 1.8), 0) == (bar.running, bar.building, bar.planned)
    assert pytest.approx(50 / 1.8) == bar.need
    assert 100 == capacity_bar(links()["Coating"]).need
