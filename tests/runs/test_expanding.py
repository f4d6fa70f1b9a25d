"""The verb plan: names in, labelled tables out."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.model.results import RunRecord
from liantu.model.tables import Tables
from liantu.runs.expanding import PlanAsked
from tests.packages import package

BUILDING = {
    "technologies": """process,capex,currency,lifetime,build_years,land_mu,zones
        refine,4000,CNY,10,1,0.01,
        make,100,CNY,10,1,,harbour""",
    "markets": """material,direction,price,currency,unit,limit
        ground,buy,0,CNY,t,
        salt,sell,9000,CNY,t,12000""",
    "sites": """id,parent,kind,land_mu,zone
        city,,city,,
        east,city,county,200,general""",
}


def asked(**options: object) -> RunRecord:
    return runs.run("plan", source(), options=PlanAsked(**{"first": 2026, "last": 2029, **options}))  # type: ignore[arg-type]


def source() -> Tables:
    return package(BUILDING)


def test_a_build_is_named_with_its_year_size_and_investment() -> None:
    # The mine's 80 kt feed 10 kt of salt, of which 6 kt stand: 4 kt more pay, and are ready a year later.
    record = asked()
    assert record.ok, [finding.message("en") for finding in record.findings]
    (build,) = record.grid("builds")
    assert ("refine", "east", 2026, "t", 2027) == tuple(build[name] for name in ("process", "site", "year", "unit", "ready"))
    assert (4000, 16_000_000) == pytest.approx((build["capacity"], build["investment"]))


def test_the_answer_has_the_keys_of_the_contract() -> None:
    result = asked().result
    assert {"objective", "gap", "builds", "plants", "limits"} <= set(result)
    assert {"limit", "site", "year", "used", "available", "value"} <= set(next(iter(asked().grid("limits"))))


def test_a_signed_build_may_be_given_in_any_unit() -> None:
    record = asked(fix=["refine@east=5 kt@2027"])
    built = {(row["process"], row["year"]): row["capacity"] for row in record.grid("builds")}
    assert 5000 == pytest.approx(built["refine", 2027])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"fix": ["refine@east=5"]}, "fix-form"),
        ({"fix": ["nobody@east=5@2026"]}, "process-unknown"),
        ({"forbid": ["refine@nowhere"]}, "site-unknown"),
        ({"rate": -1.0}, "plan-number"),
    ],
)
def test_a_name_that_is_not_there_is_refused(options: dict[str, object], code: str) -> None:
    with pytest.raises(CallError) as caught:
        asked(**options)
    assert code == caught.value.code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"fix": ["make@east=5@2026"]}, "fix-nowhere"),
        ({"fix": ["refine@east=5@2029"]}, "fix-late"),
        ({"targets": ["happiness"]}, "target-unknown"),
    ],
)
def test_what_cannot_be_is_a_finding(options: dict[str, object], code: str) -> None:
    record = asked(**options)
    assert (1, {code}) == (record.exit_code, {finding.code for finding in record.findings if finding.level == "error"})


def test_what_is_sold_without_a_limit_is_said() -> None:
    endless = package({**BUILDING, "markets": BUILDING["markets"].replace("12000", "")})
    record = runs.run("plan", endless, options=PlanAsked(first=2026, last=2029))
    assert ["market-endless"] == [finding.code for finding in record.findings if finding.level == "warning"]


def test_a_zone_no_site_has_is_said() -> None:
    assert "zone-nowhere" in {finding.code for finding in asked().findings}


def test_no_plan_says_what_falls_short_and_ends_with_three() -> None:
    record = asked(fix=["refine@east=5 kt@2026"], budget=1e6)
    assert 3 == record.exit_code
    (short,) = record.grid("short")
    assert ("budget", 2026, 1e6, 19e6) == pytest.approx(tuple(short[name] for name in ("what", "year", "asked", "short")))
    assert ["short-budget"] == [finding.code for finding in record.findings if finding.level == "error"]


def test_the_chain_of_chenzhou_has_a_plan_within_a_budget() -> None:
    record = runs.run("plan", options=PlanAsked(first=2026, last=2031, budget=2e9))
    assert record.ok
    assert 2e9 * (1 + 1e-6) >= max(
        sum(row["investment"] for row in record.grid("builds") if row["year"] == year) for year in range(2026, 2032)
    )  # type: ignore[misc, operator]
