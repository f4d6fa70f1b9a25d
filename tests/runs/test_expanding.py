"""The verb plan: names in, labelled tables out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.model.results import RunRecord
from liantu.model.tables import Table, Tables
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
        ({"targets": ["happiness"]}, "target-absent"),
    ],
)
def test_what_cannot_be_is_a_finding(options: dict[str, object], code: str) -> None:
    record = asked(**options)
    assert (1, {code}) == (record.exit_code, {finding.code for finding in record.findings if finding.level == "error"})


def test_what_is_sold_without_a_limit_is_said() -> None:
    endless = package({**BUILDING, "markets": BUILDING["markets"].replace("12000", "")})
    record = runs.run("plan", endless, options=PlanAsked(first=2026, last=2029))
    assert "market-endless" in {finding.code for finding in record.findings if finding.level == "warning"}


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


def found_by(tables: dict[str, str], **options: object) -> list[tuple[str, dict[str, object]]]:
    """Findings of a plan that stand above a note, with their values."""
    record = runs.run("plan", package({**BUILDING, **tables}), options=PlanAsked(**{"first": 2026, "last": 2029, **options}))  # type: ignore[arg-type]
    return [(finding.code, dict(finding.values)) for finding in record.findings if finding.level != "note"]


def test_a_year_without_a_price_is_said() -> None:
    markets = BUILDING["markets"].replace("limit", "limit,start,end").replace("12000", "12000,2026,2027")
    values = next(values for code, values in found_by({"markets": markets}) if code == "market-closed-sell")
    assert {"materials": "salt", "count": 1, "years": "2028, 2029"} == values
    open_again = f"{markets}\n        salt,sell,9100,CNY,t,12000,2028,"
    assert "market-closed-sell" not in dict(found_by({"markets": open_again}))


def test_a_recipe_that_makes_something_from_nothing_is_said_by_every_verb_of_planning() -> None:
    for verb in ("plan", "throughput", "recruit"):
        options = PlanAsked(first=2026, last=2027) if verb == "plan" else None
        codes = [finding.code for finding in runs.run(verb, source(), year=2026, options=options).findings]
        assert "recipe-unbalanced" in codes, verb


def test_a_signed_build_of_less_than_nothing_is_a_wrong_call() -> None:
    with pytest.raises(CallError) as caught:
        asked(fix=["refine@east=-1 kt@2026"])
    assert "below" == caught.value.code


def test_what_cannot_be_ready_in_time_is_noted() -> None:
    late = BUILDING["technologies"].replace("make,100,CNY,10,1", "make,100,CNY,10,9")
    record = runs.run("plan", package({**BUILDING, "technologies": late}), options=PlanAsked(first=2026, last=2029))
    (finding,) = [finding for finding in record.findings if finding.code == "builds-late"]
    assert ("make", 1) == (finding.values["processes"], finding.values["count"])


def test_a_zone_no_site_has_is_loud_enough_to_be_read() -> None:
    assert "zone-nowhere" in dict(found_by({}))


def test_nothing_is_kept_from_one_year_to_the_next_but_capacity() -> None:
    # Salt is bought cheap in 2026 and sold dear in 2027: were there a store, all of it would be carried over.
    markets = """material,direction,price,currency,unit,limit,start,end
        salt,buy,1,CNY,t,100,2026,2026
        salt,sell,9000,CNY,t,,2027,2027
        ground,sell,0,CNY,t,0,,"""
    record = runs.run("plan", package({**BUILDING, "markets": markets}), options=PlanAsked(first=2026, last=2027))
    assert not any(row["bought"] or row["sold"] for row in record.grid("materials") if row["year"] == 2026)


def test_the_plan_of_chenzhou_replayed_through_the_accounts_balances_every_material() -> None:
    record = runs.run("plan", "chenzhou", options=PlanAsked(first=2026, last=2028))
    whole = runs.gather("chenzhou")
    for year in (2026, 2028):
        rows = [row for row in record.grid("plants") if row["year"] == year]
        cells = {
            "id": [f"p{at}" for at in range(len(rows))],
            "firm": ["demo_cells"] * len(rows),
            **{name: [str(row[name]) for row in rows] for name in ("process", "site")},
            "capacity": [repr(row["capacity"]) for row in rows],
            "utilisation": [repr(min(float(str(row["utilisation"])), 1.0)) for row in rows],
            "unit": [f"{row['unit']}/a" for row in rows],
            "status": ["operating"] * len(rows),
            "start": ["2020"] * len(rows),
        }
        plants = Table(name="plants", columns=cells, lines=range(2, len(rows) + 2), files=("plants.csv",))
        accounts = runs.run("balance", replace(whole, tables={**whole.tables, "plants": plants}), year=year)
        assert accounts.ok
        net = {row["material"]: row["net"] for row in accounts.grid("materials")}
        planned: dict[object, float] = {}
        for row in record.grid("materials"):
            if row["year"] == year:
                moved = [float(str(row[name])) for name in ("sold", "surplus", "bought", "unmet")]
                planned[row["material"]] = planned.get(row["material"], 0.0) + moved[0] + moved[1] - moved[2] - moved[3]
        made = {row["material"]: max(row["produced"], row["consumed"], 1.0) for row in accounts.grid("materials")}
        apart = {name: (net[name], planned.get(name, 0.0)) for name in net if abs(net[name] - planned.get(name, 0.0)) > 1e-6 * made[name]}
        assert {} == apart
