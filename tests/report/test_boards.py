"""What answers when it is pressed, of the chain worked by hand (tests/report/outlook.py)."""

import json
from dataclasses import asdict

import pytest

from liantu import runs
from liantu.report import boards
from liantu.report.board import Board, Card, Panel
from liantu.report.boards import years_of
from liantu.words import LANGUAGES, Lang
from tests.report.outlook import answers

CONTRACTS = """id,kind,seller,buyer,material,start,end,volume,unit,price,currency
    k1,offtake,F1,F2,salt,2025-01-01,2027-12-31,20,t,123457,CNY"""
STAKES = "owner,firm,share\nF2,F1,0.4\nA fund,F1,0.2"


def board(lang: Lang = "en", **changes: str) -> Board:
    ready, recruit, _ = answers(changes)
    assert ready.chain is not None
    return boards(ready.chain, runs.run("balance", ready), runs.run("require", ready), recruit=recruit)[lang]


def panel(made: Board, name: str) -> Panel:
    return next(one for one in made.panels if one.name == name)


def card(made: Board, name: str) -> Card:
    return next(one for one in made.cards if one.name == name)


def text(one: Panel) -> str:
    return "".join(phrase.text for phrase in one.sentence)


def test_a_panel_says_what_is_needed_what_can_be_made_and_what_is_coming() -> None:
    made = board()
    assert "The chain needs 200 t a year; the city has no capacity, all is bought in. Nothing is building or planned." == text(
        panel(made, "Cathode")
    )
    assert "capacity is 120 t: 70.0 t must be sold elsewhere. 60.0 t more is building or planned" in text(panel(made, "Salt"))
    assert "20.0 MWh short" in text(panel(made, "Cell"))


def test_links_are_tied_from_the_ore_to_the_cell() -> None:
    made = board()
    assert [("resource.ore", "salts.salt"), ("salts.salt", "materials.cathode"), ("materials.cathode", "cells.cell")] == [
        (edge.origin, edge.end) for edge in made.edges
    ]
    assert ((("resource.ore", "Ore"),), (("materials.cathode", "Cathode"),)) == (panel(made, "Salt").feeds, panel(made, "Salt").serves)


def test_a_panel_has_the_plants_those_that_run_first_and_the_firms_behind_them() -> None:
    salt = panel(board(), "Salt")
    assert [("90.0 t", "running · 2021"), ("30.0 t", "running · 2021"), ("60.0 t", "building · 2030")] == [
        (plant.capacity, plant.status) for plant in salt.plants
    ]
    assert (1, 1.0) == (salt.firms, salt.largest)
    assert (("Ore", "960 t"),) == salt.takes


def test_capacity_by_year_stands_beside_the_need_of_the_year_shown() -> None:
    """The year is 2025, of 2024 to 2030; in 2030 the 60 t are added to 120, and 50 of 180 are needed."""
    bars = panel(board(), "Salt").years
    assert bars is not None
    assert ["2024", "2025", "2026", "2027", "2028", "2029", "2030"] == [name for _, name in bars.names]
    assert 1 == bars.here
    heights = [bar[3] for bar in bars.bars]
    assert heights[0] == pytest.approx(heights[-1] * 120 / 180, abs=0.1)
    foot = bars.bars[0][1] + bars.bars[0][3]
    assert bars.need == pytest.approx(foot - heights[-1] * 50 / 180, abs=0.1)


def test_the_worth_of_one_more_step_leads_to_what_to_recruit() -> None:
    made = board()
    assert ("coat", "One more step of 100 t earns the chain CNY 1.42 m a year.") == (
        panel(made, "Cathode").prospect,
        panel(made, "Cathode").worth,
    )
    assert ("", "One more step of 10 t does not pay: CNY −488 thousand a year.") == (
        panel(made, "Salt").prospect,
        panel(made, "Salt").worth,
    )


def test_a_card_has_its_places_with_county_and_zone_and_whom_to_call() -> None:
    cathode = card(board(), "Cathode")
    assert ("coat", "materials.cathode", 1_420_000, 1_000_000) == (cathode.key, cathode.node, pytest.approx(cathode.net), cathode.invest)
    assert [("Guiyang", "east", "general"), ("West park", "north", "general")] == [
        (spot.site, spot.county, spot.zone) for spot in cathode.spots
    ]
    assert (("acme", "Guiyang", "uses it"),) == cathode.firms


def test_what_becomes_of_lithium_adds_up() -> None:
    shares = [float(phrase.text.removesuffix(" %")) for phrase in board().split if phrase.tone]
    assert 3 == len(shares)
    assert sum(shares) == pytest.approx(100, abs=1.5)


def test_the_places_to_begin_are_what_is_long_what_is_missing_and_the_target_furthest_off() -> None:
    first = board().first
    assert ["node", "recruit", "targets"] == [deed.page for deed in first]
    assert "Salt: 70.0 t a year more than the chain needs" == first[0].title
    assert "Residue use 0 %, target ≥ 80 %" == first[2].title


def test_contracts_and_holdings_stand_without_any_price() -> None:
    firms = "id,name_en,site\nacme,Acme,east\nF1,First,east\nF2,Second,east"
    made = board(firms=firms, contracts=CONTRACTS, stakes=STAKES)
    (bond,) = made.bonds
    assert ("offtake", "First", "Second", "Salt", "20.0 t", "2027-12-31") == (
        bond.kind, bond.seller, bond.buyer, bond.material, bond.volume, bond.until,
    )  # fmt: skip
    assert [("Second", "F2", 0.4), ("A fund", "", 0.2)] == [(one.owner, one.owner_id, one.share) for one in made.holdings]
    assert "123" not in json.dumps([asdict(one) for one in made.bonds])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_board_can_be_stored_as_json(lang: Lang) -> None:
    assert json.loads(json.dumps(asdict(board(lang)), allow_nan=False))["panels"][0]["key"] == "resource.ore"


def test_without_an_answer_on_recruiting_nothing_is_said_about_it() -> None:
    ready, _, _ = answers()
    assert ready.chain is not None
    made = boards(ready.chain, runs.run("balance", ready), runs.run("require", ready))["zh"]
    assert ((), "") == (made.cards, panel(made, "正极").worth)


def test_the_year_asked_for_is_among_the_years() -> None:
    ready, _, _ = answers()
    assert ready.chain is not None
    assert (2019, *range(2024, 2031)) == years_of(ready.chain, 2019)
