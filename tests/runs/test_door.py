"""The one door: hand-solved answers, what the year decides, and how a wrong package or call is answered."""

import json

import pytest

from liantu import runs
from liantu.errors import CallError, InputError
from liantu.model.elements import formula_fractions
from tests.packages import CLEAN, package


def row(record, grid, **wanted):
    return next(one for one in record.grid(grid) if all(one[key] == value for key, value in wanted.items()))


def test_balance_of_the_hand_solved_chain():
    """80 kt of ore; half of 6 kt of salt takes 24 kt of it; 2 GWh of cells take 1 kt of salt."""
    record = runs.run("balance", package(), year=2025)
    assert record.ok
    ore, salt, slag = (row(record, "materials", material=name) for name in ("ore", "salt", "slag"))
    assert (80_000, 24_000, 56_000) == pytest.approx((ore["produced"], ore["consumed"], ore["net"]))
    assert (3_000, 1_000, 2_000) == pytest.approx((salt["produced"], salt["consumed"], salt["net"]))
    assert 21_000 == pytest.approx(slag["surplus"])
    assert 3_000 == pytest.approx(row(record, "plants", plant="r1")["activity"])
    assert 0.5 == pytest.approx(row(record, "plants", plant="r1")["utilisation"])


def test_elements_are_counted_in_tonnes():
    """Only the salt has a composition: 3,000 t made and 1,000 t taken."""
    record = runs.run("balance", package(), year=2025)
    lithium = row(record, "elements", element="Li")
    share = formula_fractions("Li2CO3")["Li"]
    assert (1_000 * share, 3_000 * share) == pytest.approx((lithium["in_t"], lithium["out_t"]))


def test_a_recipe_that_makes_an_element_from_nothing_is_a_warning_in_every_verb():
    for verb, options in (("check", {}), ("balance", {"year": 2025}), ("require", {"demand": {"cell": 1}})):
        found = [finding for finding in runs.run(verb, package(), **options).findings if finding.code == "recipe-unbalanced"]
        assert {"refine", "make"} == {finding.values["process"] for finding in found}
        assert all(finding.file == "exchanges.csv" and finding.level == "warning" for finding in found)


@pytest.mark.parametrize(("year", "salt"), [(2020, 0), (2021, 3_000), (2025, 3_000)])
def test_a_plant_runs_from_its_start(year, salt):
    record = runs.run("balance", package(), year=year)
    assert salt == pytest.approx(row(record, "materials", material="salt")["produced"])


def test_a_plant_runs_to_its_end_and_a_closed_one_never():
    ended = runs.run("balance", package(plants=("2021,,0.5", "2021,2023,0.5")), year=2024)
    closed = runs.run("balance", package(plants=("operating,2021", "closed,2021")), year=2024)
    assert 0 == row(ended, "materials", material="salt")["produced"] == row(closed, "materials", material="salt")["produced"]


@pytest.mark.parametrize("year", [1850, 2019, 9999])
def test_a_year_outside_the_data_is_an_error_of_the_input(year):
    record = runs.run("balance", package(), year=year)
    assert not record.ok
    assert ["year-outside"] == [finding.code for finding in record.findings if finding.level == "error"]
    assert {} == record.result


def test_the_default_year_is_the_settings_one_or_the_last_start():
    assert 2022 == runs.run("balance", package()).result["year"]
    assert 2024 == runs.run("balance", package({"settings": "key,value\nyear,2024"})).result["year"]


def test_require_of_the_hand_solved_chain():
    """1 GWh of cells: 500 t of salt: 4,000 t of ore and 3,500 t of slag; capacity is 6,000 and 80,000 t."""
    record = runs.run("require", package(), demand={"cell": "1 GWh"})
    refine, mine = (row(record, "activities", process=name) for name in ("refine", "mine"))
    assert (500, 6_000, -5_500, "long") == (
        pytest.approx(refine["activity"]),
        refine["capacity"],
        pytest.approx(refine["gap"]),
        refine["state"],
    )
    assert 4_000 == pytest.approx(mine["activity"])
    assert 3_500 == pytest.approx(row(record, "materials", material="slag")["surplus"])
    assert 4_000 == pytest.approx(row(record, "materials", material="ground")["bought"])


def test_require_stops_where_it_is_told_to_buy():
    record = runs.run("require", package(), demand={"cell": "1 GWh"}, buy=["salt"])
    assert 0 == row(record, "activities", process="refine")["activity"]
    assert 500 == pytest.approx(row(record, "materials", material="salt")["bought"])


def test_a_gap_is_told_in_plants():
    """3 GWh against one plant of 2 GWh: half a plant is missing."""
    record = runs.run("require", package(), demand={"cell": "3 GWh"})
    cells = row(record, "activities", process="make")
    assert (1e6, 0.5, "short") == (pytest.approx(cells["gap"]), pytest.approx(cells["plants"]), cells["state"])


@pytest.mark.parametrize(
    ("demand", "code"),
    [
        ({"gold": 1}, "material-unknown"),
        ({"cell": "1 m3"}, "unit-convert"),
        ({"cell": "much"}, "number"),
        ({"cell": -1}, "demand-negative"),
        ({}, "demand-none"),
    ],
)
def test_a_demand_that_cannot_be_is_an_error_of_the_call(demand, code):
    with pytest.raises(CallError) as caught:
        runs.run("require", package(), demand=demand)
    assert code == caught.value.code


def test_an_unknown_verb_or_base_is_an_error_of_the_call():
    for verb, base in (("dream", ""), ("check", "atlantis")):
        with pytest.raises(CallError):
            runs.run(verb, package(), base=base)


def test_a_wrong_package_gives_its_findings_and_no_answer():
    record = runs.run("balance", package(exchanges=("8,t", "-8,t")), year=2025)
    assert not record.ok
    assert {} == record.result
    assert ("exchanges.csv", 5, "amount") == (record.findings[0].file, record.findings[0].row, record.findings[0].column)


def test_the_record_is_one_json_object_without_nan():
    record = runs.run("balance", package(), year=2025)
    said = json.loads(record.to_json("en"), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert {"liantu", "command", "digest", "findings", "result"} == set(said)
    assert package().digest() == said["digest"]
    assert {"level", "code", "message", "hint", "file", "row", "column"} == set(said["findings"][0])


def test_frames_carry_the_labels():
    frame = runs.run("balance", package(), year=2025).frames["materials"].set_index("material")
    assert 56_000 == pytest.approx(frame.loc["ore", "net"])


def test_the_same_question_has_the_same_answer():
    one, other = (runs.run("require", package(), demand={"cell": 1000}).to_json("en") for _ in range(2))
    assert one == other


def test_the_base_fills_what_the_package_does_not_give():
    own = package(dict.fromkeys(("materials", "processes", "exchanges")) | {"plants": CLEAN["plants"].splitlines()[0]})
    record = runs.run("check", own, base="reference")
    assert record.ok
    assert 78 == row(record, "tables", table="processes")["rows"]


def test_a_source_that_is_not_there_is_one_clear_finding(tmp_path):
    record = runs.run("check", tmp_path / "不 在.xlsx")
    assert 1 == len([finding for finding in record.findings if finding.level == "error"])
    assert not isinstance(record.findings[0], InputError)


def test_a_package_on_a_base_converted_and_read_again_is_the_same(tmp_path):
    """Prices have no id of their own: were the base read once more, each would come twice."""
    digest, _ = runs.convert("chenzhou", tmp_path / "alone", lang="en")
    again, whole = runs.prepare(tmp_path / "alone"), runs.prepare("chenzhou")
    assert digest == again.digest == whole.digest
    assert runs.run("check", whole).as_dict()["result"] == runs.run("check", again).as_dict()["result"]


def test_a_demand_without_solution_still_names_its_input():
    loop = package({"exchanges": CLEAN["exchanges"] + "\n        mine,salt,in,0.125,t,,,measured,s"})
    record = runs.run("require", loop, demand={"salt": 1})
    assert (3, runs.prepare(loop).digest) == (record.exit_code, record.digest)
    assert ["gain-loop"] == [finding.code for finding in record.findings if finding.level == "error"]


def test_without_dated_plants_the_first_dated_demand_says_the_year():
    undated = CLEAN["plants"].replace("2020", "").replace("2021", "").replace("2022", "")
    record = runs.run("balance", package({"plants": undated, "demands": "material,year,amount,unit\n    cell,2031,1,GWh"}))
    assert 2031 == record.result["year"]
