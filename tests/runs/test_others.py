"""The verb alternatives: names in, ranges and ways out; and how far a plan holds."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.model.results import RunRecord
from liantu.model.tables import Tables
from liantu.runs.expanding import PlanAsked
from liantu.runs.others import OthersAsked
from tests.packages import package
from tests.runs.test_expanding import BUILDING

TWO = """id,parent,kind,land_mu,zone
    city,,city,,
    east,city,county,200,general
    west,city,county,200,general"""


def source(**tables: str) -> Tables:
    return package({**BUILDING, "sites": TWO, **tables})


def asked(within: str | float = "5%", ways: int = 3, **plan: object) -> RunRecord:
    options = OthersAsked(plan=PlanAsked(**{"first": 2026, "last": 2029, **plan}), within=within, ways=ways)  # type: ignore[arg-type]
    return runs.run("alternatives", source(), options=options)


def test_ranges_and_ways_come_with_their_names() -> None:
    record = asked()
    assert record.ok, [finding.message("en") for finding in record.findings]
    rows = {(row["process"], row["site"]): row for row in record.grid("ranges")}
    # 4 kt of salt pay wherever they are built; either county may have none of them.
    assert "every" == rows["refine", ""]["built"]
    assert ["some", "some"] == [rows["refine", site]["built"] for site in ("east", "west")]
    assert rows["refine", ""]["least"] <= 4000 == pytest.approx(rows["refine", ""]["best"])


def test_way_nought_is_the_best_plan_and_the_others_say_what_they_build() -> None:
    record = asked()
    ways = list(record.grid("ways"))
    assert (0, 0, 0) == tuple(ways[0][name] for name in ("way", "less", "differs"))
    plan = runs.run("plan", source(), options=PlanAsked(first=2026, last=2029))
    assert plan.result["objective"]["value"] == pytest.approx(ways[0]["objective"])  # type: ignore[index, call-overload]
    least = record.result["within"]["least"]  # type: ignore[index, call-overload]
    assert len(ways) > 1
    assert all(way["objective"] >= least * (1 - 1e-9) for way in ways)
    assert {way["way"] for way in ways} == {row["way"] for row in record.grid("builds")}


def test_the_share_may_be_written_either_way() -> None:
    assert asked("5%").result["within"] == asked(0.05).result["within"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"within": "much"}, "within-form"),
        ({"within": "-1%"}, "within-form"),
        ({"within": 1.5}, "within-form"),
        ({"within": "2 t"}, "within-form"),
        ({"within": float("nan")}, "within-form"),
        ({"ways": -1}, "within-form"),
        ({"blocks": True}, "alternatives-whole"),
        ({"window": 2}, "alternatives-whole"),
    ],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, object], code: str) -> None:
    with pytest.raises(CallError) as caught:
        asked(**options)  # type: ignore[arg-type]
    assert code == caught.value.code


def test_fewer_ways_than_asked_for_are_said() -> None:
    assert "alternatives-few" in {finding.code for finding in asked(ways=9).findings}


def test_no_plan_says_what_falls_short() -> None:
    record = asked(fix=["refine@east=5 kt@2026"], budget=1e6)
    assert (3, ["short-budget"]) == (record.exit_code, [one.code for one in record.findings if one.level == "error"])


def test_a_scenario_may_be_asked_of() -> None:
    scenarios = """scenario,table,rows,column,operation,value,reason
        closed,sites,west,land_mu,set,0,no land"""
    options = OthersAsked(plan=PlanAsked(first=2026, last=2029))
    record = runs.run("alternatives", source(scenarios=scenarios), options=options, scenario="closed")
    assert ["east"] == sorted({str(row["site"]) for row in record.grid("builds")})


PRICES = """material,date,price,low,high,currency,unit,source
    salt,2026,9000,300,12000,CNY,t,s"""


def test_how_far_a_plan_holds_stands_beside_its_builds() -> None:
    """At 300 a tonne the charge of 596 is not covered: the build is made in one corner of two."""
    record = runs.run("plan", source(prices=PRICES), options=PlanAsked(first=2026, last=2029, holds=True))
    assert record.ok, [finding.message("en") for finding in record.findings]
    every = next(row for row in record.grid("holds") if row["process"] == "refine" and not row["site"])
    assert (4000, 0.5, 0, 4000) == pytest.approx(tuple(every[name] for name in ("built", "holds", "low", "high")))
    assert ["low", "high"] == [row["sells"] for row in record.grid("corners")]
    assert {0.5} == {row["holds"] for row in record.grid("builds")}


def test_without_being_asked_a_plan_does_not_say_how_far_it_holds() -> None:
    record = runs.run("plan", source(), options=PlanAsked(first=2026, last=2029))
    assert "holds" not in record.result
    assert "holds" not in next(iter(record.grid("builds")))
