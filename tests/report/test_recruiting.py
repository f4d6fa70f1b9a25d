"""Whom to recruit and what limits are worth, of a chain worked by hand (tests/report/outlook.py)."""

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from liantu.report import render_html
from liantu.report.curves import small, worth_at
from liantu.report.page import Report, Section, Table, TileMap
from liantu.report.prospects import Prospects, best_places, prospects
from liantu.words import LANGUAGES, Lang
from tests.report.cast import reported
from tests.report.outlook import PRICED, answers, foreseen, known, plan


def section(made: Report, key: str) -> Section:
    return next(section for section in made.sections if section.key == key)


def table(made: Report, key: str) -> Table:
    return next(table for table in made.page.tables() if table.key == key)


def said(made: Report, key: str) -> str:
    return "".join(phrase.text for phrase in section(made, key).lead)


def tiles(made: Report, key: str = "recruit") -> TileMap:
    found = section(made, key).tiles
    assert found is not None
    return found


def test_what_pays_is_ranked_with_step_worth_useful_size_and_reason() -> None:
    (row,) = table(foreseen("en"), "recruit").rows
    cells = [cell.text for cell in row]
    assert ["1", "Cathode", "replaces 160 t bought in; uses Salt made here; serves Assembly", "Missing"] == cells[:4]
    assert ["100", "160", "t", "1.42", "0.4", "100"] == cells[4:10]
    assert row[7].value == pytest.approx(1.42)


def test_what_does_not_pay_is_listed_with_its_loss() -> None:
    """10 t of salt earn 592,000 and cost 1,080,000."""
    (row,) = table(foreseen("en"), "poor").rows
    assert ["Salt", "Long", "10 t"] == [cell.text for cell in row[:3]]
    assert row[3].value == pytest.approx(-488)
    assert "a step earns CNY 592 thousand a year, capital and upkeep take CNY 1.08 m" == row[4].text


def test_what_has_no_cost_is_named_and_not_ranked() -> None:
    notes = " ".join(section(foreseen("en"), "recruit").notes)
    assert "2 more cannot be judged" in notes
    assert "Ore" in notes


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "先招正极，放桂阳、安仁（2 处等值）：每增 100 吨/年，全链每年多得 142 万元；盐不宜再招。"),
        (
            "en",
            "First Cathode, Guiyang, Anren (2 sites alike): each step of 100 t earns the chain CNY 1.42 m more a year; Salt does not pay.",
        ),
    ],
)
def test_the_section_opens_with_the_link_its_place_and_its_worth(lang: str, sentence: str) -> None:
    assert sentence == said(foreseen(lang), "recruit")


def test_what_goes_into_the_product_of_the_chain_leads_before_what_pays_more() -> None:
    """The best of all serves something else: the sentence names the product it speaks for."""
    lane = SimpleNamespace(in_line=False, net=3.0), SimpleNamespace(in_line=True, net=2.0), SimpleNamespace(in_line=False, net=1.0)

    def first(*good: SimpleNamespace) -> object:
        return Prospects(good=cast(Any, good), poor=(), unknown=(), pairs=(), excluded=(), currency="CNY", rate=0.08).first

    assert [lane[1], lane[0], None] == [first(*lane), first(lane[0], lane[2]), first()]


def test_where_nothing_pays_the_section_says_so_and_draws_no_map() -> None:
    made = foreseen("en", changes={"technologies": PRICED["technologies"].replace("coat,10000", "coat,1000000")})
    assert said(made, "recruit").startswith("Nothing pays")
    assert section(made, "recruit").tiles is None
    assert "recruit" not in {one.key for one in made.page.tables()}


def test_the_best_link_is_a_key_figure() -> None:
    figure = next(figure for figure in foreseen("zh").page.figures if figure.label.startswith("先招"))
    assert ("先招：正极", "142", "万元/年") == (figure.label, figure.value, figure.unit)


def test_a_report_without_these_answers_is_as_it_was() -> None:
    assert not {"recruit", "limits", "plan"} & {section.key for section in reported().sections}


def test_places_that_are_alike_are_possible_and_none_is_called_best() -> None:
    found = tiles(foreseen("zh"))
    assert {"桂阳": "possible", "安仁": "possible", "汝城": "impossible"} == {tile.name: tile.siting for tile in found.tiles}
    assert "示意图，不含界线" in found.caption
    assert "没有运费" in found.caption
    assert "示意" == found.badge


def test_a_tile_stands_where_the_drawing_has_it_and_says_why_not() -> None:
    found = {tile.name: tile for tile in tiles(foreseen("en")).tiles}
    assert (3, 2) == (found["Guiyang"].row, found["Guiyang"].column)
    assert (1, 3) == (found["Anren"].row, found["Anren"].column)
    assert ("", "no zone stated") == (found["Rucheng"].figure, found["Rucheng"].word)


def test_one_place_alone_is_the_best() -> None:
    """Where only the county itself is of the zone, the other has no site left."""
    found = tiles(foreseen("en", changes={"sites": PRICED["sites"].replace("north,,general", "north,,mining")}))
    assert {"Guiyang": "best", "Anren": "impossible", "Rucheng": "impossible"} == {tile.name: tile.siting for tile in found.tiles}
    assert "other zone" == next(tile.word for tile in found.tiles if tile.name == "Anren")


def test_a_chain_without_these_counties_has_no_map() -> None:
    made = foreseen("en", changes={"sites": re.sub("4310..", "", PRICED["sites"])})
    assert section(made, "recruit").tiles is None
    assert section(made, "recruit").spotlight is not None


def test_a_curve_has_its_step_on_the_line_and_its_useful_size_where_it_turns() -> None:
    _, recruit, _ = answers()
    row = next(iter(recruit.grid("links")))
    curve = small(row, "CNY", "t", "en")
    assert curve is not None
    assert (96.0, 30.0) == curve.box
    top = min(curve.line, key=lambda point: point[1])
    assert curve.useful == top[0]
    assert curve.step is not None
    assert curve.step[1] == pytest.approx(worth_at(curve.line, curve.step[0]), abs=0.1)
    assert all(0 <= x <= 96 and 0 <= y <= 30 for x, y in curve.line)


def test_a_link_without_a_curve_draws_none() -> None:
    _, recruit, _ = answers()
    row = next(row for row in recruit.grid("links") if not row["curve"])
    assert small(row, "CNY", "t", "en") is None


def test_several_sites_are_named_by_their_counties() -> None:
    found, recruit, _ = known()
    chain, best = found.chain, prospects(found, recruit).good[0].best
    assert "Guiyang, Anren (2 sites alike)" == best_places(chain, best, "en")
    assert "西园区" == best_places(chain, [chain.sites.id.index("west")], "zh")


def test_full_capacity_is_ordered_by_what_one_per_cent_more_would_earn() -> None:
    """Cells: 800 kWh at 220; salt: 1.2 t at 59,200; ore: 5 t at 100."""
    rows = table(foreseen("en"), "capacity").rows
    assert ["Assembly", "Refining", "Mining"] == [row[0].text for row in rows]
    assert [176, 71.04, 0.5] == pytest.approx([row[-1].value for row in rows])
    assert "800 kWh a year more would earn CNY 176 thousand a year" == rows[0][1].text


def test_a_shadow_price_says_whether_the_margin_is_bought_or_sold() -> None:
    rows = {row[0].text: row for row in table(foreseen("en"), "shadow").rows}
    assert ("sold at the margin", "bought at the margin") == (rows["Cell"][-1].text, rows["Cathode"][-1].text)
    assert rows["Cathode"][2].value == pytest.approx(40000)


def test_the_drawings_are_in_the_file_and_need_no_script() -> None:
    html = render_html(foreseen("zh")).decode()
    assert '<svg class="curve" viewBox="0 0 96.0 30.0" role="img"' in html
    assert 'class="tile tile-impossible row-3 col-5"' in html
    assert "一步 100 吨 值 142 万元" in html


def test_an_answer_that_was_not_found_leaves_its_part_out_and_says_why() -> None:
    """A firm demand of 9 GWh where 80 MWh can be made."""
    made = foreseen("en", changes={"demands": "material,year,amount,unit\n        cell,2025,9,GWh"})
    assert not {"recruit", "limits"} & {section.key for section in made.sections}
    assert "red" in {row[0].tone for row in table(made, "findings").rows}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_of_a_process_a_place_or_a_material_is_only_ever_text(lang: Lang) -> None:
    """In the ranked table, the map, the spotlight, the plan."""
    bad = "</script><img src=x onerror=window.ran=2>"
    changed = {
        name: PRICED[name]
        .replace(",Coating,制正极", f",{bad}1,{bad}1")
        .replace("Guiyang,桂阳县", f"{bad}2,{bad}2")
        .replace("Cathode,正极", f"{bad}3,{bad}3")
        for name in ("processes", "sites", "materials")
    }
    html = render_html(foreseen(lang, (plan(), plan(60.0)), changed)).decode()
    assert "<img src=x" not in html
    assert "&lt;/script&gt;&lt;img src=x onerror=window.ran=2&gt;2" in html


def swayed(changes: dict[str, str | None], key: str) -> Table:
    return table(foreseen("en", changes=changes), key)


def test_a_loss_that_turns_into_a_gain_in_half_of_the_cases_is_said_to_be_open() -> None:
    """Salt costs 54,000 to 162,000 a ton where it earns 59,200: the investment alone decides, in eight of sixteen cases."""
    technologies = PRICED["technologies"].replace("process,capex,", "process,capex,capex_low,capex_high,")
    technologies = technologies.replace("coat,10000,", "coat,10000,,,").replace("refine,100000,", "refine,100000,50000,150000,")
    (row,) = swayed({"technologies": technologies}, "poor").rows
    assert row[-1].text.endswith("; yet it pays in 50 % of the cases")


def test_a_gain_that_mostly_turns_into_a_loss_has_a_yellow_light() -> None:
    """Cathode bought at 40,000 today, at 20,000 to 21,000 in the dated prices' range: in no case does a step cover 10,800 a ton."""
    prices = "material,date,price,low,high,currency,unit,source\n        cathode,2025-06,40000,20000,21000,CNY,t,s"
    (row,) = swayed({"prices": prices}, "recruit").rows
    assert ("0", "yellow") == (row[9].text, row[9].tone)
