"""Tables → Chain: what is wrong is found at its cell, all of it at once; what is right is in base units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packages import CLEAN, assembled, chain, package

MONEY = """material,direction,price,currency,unit,limit,start,end
        salt,sell,7.5万,CNY,t,1万,2020,
        ore,buy,200,元,t,,,2030"""


def errors(found):
    return [(finding.code, finding.file, finding.row, finding.column) for finding in found if finding.level == "error"]


def codes(found):
    return {finding.code for finding in found}


def test_the_clean_package_has_no_errors_and_no_warnings():
    made, found = assembled()
    assert made is not None
    assert 0 == found.counts["error"] + found.counts["warning"]


def test_amounts_are_in_the_materials_own_unit():
    made = chain()
    assert [1, 1, 1, 8, 7, 1, 0.0005] == pytest.approx(made.exchanges.amount.tolist())
    assert [80_000, 6_000, 2_000_000] == pytest.approx(made.plants.capacity.tolist())


def test_references_are_positions():
    made = chain()
    assert [0, 0, 1, 1, 1, 2, 2] == made.exchanges.process.tolist()
    assert [-1, 0] == made.sites.parent.tolist()


def test_blank_utilisation_is_one_and_a_blank_kind_is_good():
    made = chain()
    assert [1, 0.5, 1] == made.plants.utilisation.tolist()
    assert "good" == chain(materials=("cell,kWh,good,,4", "cell,kWh,,,4")).materials.kind[3]


def test_a_price_is_money_per_own_unit():
    made = chain({"markets": MONEY})
    assert [75_000, 200] == pytest.approx(made.markets.price.tolist())
    assert ("CNY", "CNY") == made.markets.currency
    assert 10_000 == made.markets.limit[0] and np.isnan(made.markets.limit[1])


@pytest.mark.parametrize(
    ("price", "currency", "unit", "expected"),
    [
        ("7.5", "万元", "t", 75_000),
        ("75", "CNY", "kg", 75_000),
        ("7.5", "CNY", "万元/t", 75_000),
        ("0.075", "CNY", "元/g", 75_000),
        ("75000", "CNY", "", 75_000),
        ("7.5万元/吨", "CNY", "t", 75_000),
        ("-30", "CNY", "t", -30),
    ],
)
def test_a_price_reads_the_same_however_it_is_written(price, currency, unit, expected):
    rows = f"material,direction,price,currency,unit\nsalt,sell,{price},{currency},{unit}"
    assert expected == pytest.approx(chain({"markets": rows}).markets.price[0])


def test_a_capacity_in_tonnes_of_a_counted_product_uses_its_mass():
    """4 kg per kWh: 8,000 t of cells are 2 GWh."""
    assert 2e6 == pytest.approx(chain(plants=("2,GWh/a", "8,kt/a")).plants.capacity[2])


def test_a_header_unit_serves_rows_without_one():
    tables = package(plants=("kt/a", ""))
    plants = tables.tables["plants"]
    from dataclasses import replace

    from liantu.io.assemble import assemble

    with_header = replace(plants, units={"capacity": "万吨/年"})
    made, found = assemble(replace(tables, tables={**tables.tables, "plants": with_header}))
    assert made is None
    # The third row says GWh/a against the header's 万吨: the two contradict each other.
    assert [("unit-twice", "plants.csv", 4, "unit")] == errors(found)


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "row", "column"),
    [
        ("exchanges", "ore,in,8,t", "ore,in,-8,t", "below", 5, "amount"),
        ("exchanges", "ore,in,8,t", "ore,in,nan,t", "number-finite", 5, "amount"),
        ("exchanges", "ore,in,8,t", "ore,in,inf,t", "number-finite", 5, "amount"),
        ("exchanges", "ore,in,8,t", "ore,in,1e999,t", "number-finite", 5, "amount"),
        ("exchanges", "ore,in,8,t", "ore,in,,t", "missing-value", 5, "amount"),
        ("exchanges", "ore,in,8,t", "ore,in,8,", "missing-value", 5, "unit"),
        ("exchanges", "ore,in,8,t", "ore,in,8,kgs", "unit", 5, "unit"),
        ("exchanges", "ore,in,8,t", "ore,in,8,kWh", "unit-convert", 5, "unit"),
        ("exchanges", "ore,in,8,t", "ore,in,8,t/a", "unit-convert", 5, "unit"),
        ("exchanges", "ore,in,8,t", "ore,beside,8,t", "choice", 5, "direction"),
        ("exchanges", "refine,ore,in", "refine,oar,in", "unknown-near", 5, "material"),
        ("exchanges", "refine,ore,in", "smelt,ore,in", "unknown", 5, "process"),
        ("exchanges", "measured,s", "measured,t", "unknown", 5, "source"),
        ("exchanges", "measured,s", "guessed,s", "choice", 5, "basis"),
        ("exchanges", "measured,s", "measured,", "missing-value", 5, "source"),
        ("exchanges", "make,cell,out,1", "make,cell,out,2", "product-amount", 7, "amount"),
        ("exchanges", "make,salt,in", "make,cell,out", "product-twice", 8, "material"),
        ("materials", "Li2CO3", "Li2C03", "formula", 4, "formula"),
        ("materials", "salt,t,", "ore,t,", "id-twice", 4, "id"),
        ("materials", "salt,t,", ",t,", "missing-value", 4, "id"),
        ("materials", "ore,t,good,,", "ore,t,good,,1", "mass-differs", 3, "kg_per_unit"),
        ("materials", "slag,t,residue", "slag,tt,residue", "unit", 6, "unit"),
        ("materials", "slag,t,residue", "slag,t,rubbish", "choice", 6, "kind"),
        ("sites", "city,,city", "city,east,city", "site-loop", 2, "parent"),
        ("plants", "6,kt/a", "6,", "missing-value", 3, "unit"),
        ("plants", "6,kt/a", "6,t/d", "unit-not-yearly", 3, "unit"),
        ("plants", "6,kt/a", "-6,kt/a", "below", 3, "capacity"),
        ("plants", "operating,2021", "humming,2021", "choice", 3, "status"),
        ("plants", "operating,2021", "planned,", "start-absent", 3, "start"),
        ("plants", "2021,,0.5", "2021,2019,0.5", "end-before-start", 3, "end"),
        ("plants", "2021,,0.5", "2021,,50", "share-above-one", 3, "utilisation"),
        ("plants", "2021,,0.5", "21,,0.5", "date", 3, "start"),
        ("plants", "r1,acme", "r1,acne", "unknown-near", 3, "firm"),
        ("plants", "r1,acme", "r1\u200b,acme", "id", 3, "id"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_found_where_it_stands(table, old, new, code, row, column):
    made, found = assembled(**{table: (old, new)})
    assert made is None
    assert (code, f"{table}.csv", row, column) in errors(found)


def test_a_process_that_does_not_make_its_product_is_named():
    made, found = assembled(processes=("make,cell,cell", "make,cell,slag"))
    assert made is None
    assert ("product-not-made", "processes.csv", 4, "product") in errors(found)


def test_a_process_may_take_its_product_back_if_one_is_left():
    rows = CLEAN["exchanges"] + "\nmake,cell,in,0.1,kWh,,,estimate,s"
    made, _ = assembled({"exchanges": rows.replace("make,cell,out,1,", "make,cell,out,1.1,")})
    assert made is not None


def test_a_treatment_process_takes_its_product():
    processes = CLEAN["processes"] + "\nbury,waste,slag"
    made = chain({"processes": processes, "exchanges": CLEAN["exchanges"] + "\nbury,slag,in,1,t,,,estimate,s"})
    assert [False, False, False, True] == made.treats.tolist()


def test_composition_above_one_is_found():
    _, found = assembled(materials=("kind,formula", "kind,composition"))
    assert ("composition", "materials.csv", 4, "composition") in errors(found)
    made, found = assembled(
        {"materials": "id,unit,composition\nore,t,Li:0.6;O:0.6\nsalt,t,\nground,t,\ncell,kWh,\nslag,t,"},
        exchanges=("0.5,kg", "0.5,kg"),
    )
    assert made is None
    assert [("composition-above-one", "materials.csv", 2, "composition")] == errors(found)


@pytest.mark.parametrize("table", ["materials", "processes", "exchanges"])
def test_a_required_table_that_is_missing_or_empty_is_named(table):
    for text, code in ((None, "table-absent"), (CLEAN[table].splitlines()[0], "table-empty")):
        made, found = assembled({table: text})
        assert made is None
        assert code in codes(found)


@pytest.mark.parametrize(
    ("table", "column"), [("exchanges", "amount"), ("plants", "capacity"), ("materials", "unit"), ("processes", "stage")]
)
def test_a_required_column_that_is_missing_is_named_once(table, column):
    header, *rows = CLEAN[table].splitlines()
    names = ["other" if name == column else name for name in header.split(",")]
    made, found = assembled({table: "\n".join([",".join(names), *rows])})
    assert made is None
    assert ["column-absent"] == [code for code, *_ in errors(found) if code.startswith("column")]


def test_a_missing_register_is_one_finding_and_not_one_a_row():
    made, found = assembled({"firms": None})
    assert made is None
    assert [("missing-table", "plants.csv", None, "firm")] == errors(found)


def test_all_errors_come_at_once():
    made, found = assembled(exchanges=("8,t", "-8,t"), materials=("Li2CO3", "??"), plants=("6,kt/a", "6,furlong"))
    assert made is None
    assert {"below", "formula", "unit"} <= codes(found)


def test_a_thousand_findings_are_shown_and_all_are_counted():
    rows = CLEAN["exchanges"] + "".join(f"\nrefine,ghost{at},in,1,t,,,estimate,s" for at in range(1500))
    _, found = assembled({"exchanges": rows})
    shown = found.shown()
    assert 1500 == found.counts["error"]
    assert 1001 == len(shown)
    assert 1500 <= shown[-1].values["total"]


def test_unknown_columns_and_tables_are_kept_and_noted():
    made, found = assembled({"weather": "day,rain\nmonday,3"}, firms=("id,site", "id,site,colour"))
    assert made is not None
    assert {"column-unknown", "table-unknown"} <= codes(found)


def test_an_office_may_write_names_and_chinese_words():
    changes = {
        "sites": "id,name_zh,kind\neast,桂阳县,县",
        "firms": "id,name_zh,site\nacme,某公司,桂阳县",
        "plants": "id,firm,process,site,capacity,unit,status,start\nr1,某公司,refine,桂阳县,约0.6万吨,吨/年,在产,2021.5",
    }
    made, found = assembled(changes)
    assert made is not None
    assert 6000 == pytest.approx(made.plants.capacity[0])
    assert 2021 == made.plants.start[0]
    assert {"read-name", "read-about", "read-date"} <= codes(found)


def test_a_name_that_two_rows_share_is_no_reference():
    made, found = assembled({"sites": "id,name_zh\neast,新区\nwest,新区", "firms": "id,site\nacme,新区"})
    assert made is None
    assert ("name-twice", "firms.csv", 2, "site") in errors(found)


def test_shares_of_a_mix_add_up_to_one_over_its_makers():
    _, found = assembled({"mixes": "material,process,share\nsalt,refine,0.6"})
    assert [("mix-sum", "mixes.csv", 2, "share")] == errors(found)
    _, found = assembled({"mixes": "material,process,share\nsalt,mine,1"})
    assert ("mix-maker", "mixes.csv", 2, "process") in errors(found)
    assert chain({"mixes": "material,process,share\nsalt,refine,100%"}).mixes.share.tolist() == [1.0]


def test_the_digest_counts_what_is_said_and_not_how():
    assert package().digest() == package(plants=("80,kt/a", "8e1,kt/a")).digest()
    assert package().digest() != package(plants=("80,kt/a", "81,kt/a")).digest()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CLEAN)), st.integers(0, 60), st.text(max_size=12))
def test_any_text_in_any_cell_ends_in_findings_or_a_chain(table, place, text):
    lines = [line.strip().split(",") for line in CLEAN[table].strip().splitlines()]
    row = 1 + place % (len(lines) - 1)
    lines[row][place % len(lines[row])] = text.replace(",", "").replace("\n", "").replace("\r", "")
    made, found = assembled({table: "\n".join(",".join(line) for line in lines)})
    assert (made is None) == found.has_errors
    for finding in found.shown():
        assert finding.message("en") and finding.message("zh")


def test_a_route_for_all_materials_is_counted_in_tonnes():
    made = chain(
        {"routes": "origin,destination,cost,currency,unit,limit\neast,city,0.05,CNY,kg,2万"},
    )
    assert 50 == pytest.approx(made.routes.cost[0])
    assert [-1] == made.routes.material.tolist()


def test_a_wrong_unit_that_serves_three_columns_is_found_once():
    _, found = assembled(exchanges=("ore,in,8,t,7,9", "ore,in,8,kgs,7,9"))
    assert [("unit", "exchanges.csv", 5, "unit")] == errors(found)


def test_a_unit_in_the_cell_beats_the_unit_column_and_is_noted():
    made, found = assembled(plants=("80,kt/a", "80kt,t/a"))
    assert made is not None
    assert 80_000 == pytest.approx(made.plants.capacity[0])
    assert "read-unit" in codes(found)
