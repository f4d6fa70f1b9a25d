"""Amounts and money as offices write them: one meaning whatever the column, header or cell says, and never two at once."""

import pytest

from liantu.runs import run
from tests.packages import assembled, chain, package

MARKET = "material,direction,{head},currency,unit\nsalt,sell,{price},{currency},{unit}"


def codes(*args, **swaps) -> list[str]:
    return [finding.code for finding in assembled(*args, **swaps)[1] if finding.level == "error"]


def market(head: str, price: str, currency: str, unit: str) -> dict[str, str]:
    return {"markets": MARKET.format(head=head, price=price, currency=currency, unit=unit)}


@pytest.mark.parametrize(
    ("head", "price", "currency", "unit"),
    [
        ("price", "75000", "CNY", ""), ("price", "75000", "元", "t"), ("price", "75", "CNY", "kg"), ("price", "75", "CNY", "元/kg"),
        ("price", "7.5", "万元", ""), ("price", "7.5", "万元", "吨"), ("price", "7.5", "CNY", "万元/吨"), ("price", "7.5", "万元", "万元/吨"),
        ("price", "7.5万元/吨", "CNY", ""), ("price", "7.5万元", "CNY", "t"), ("price", "75元", "CNY", "kg"), ("price", "7.5万", "CNY", "t"),
    ],
)  # fmt: skip
def test_a_price_means_the_same_however_its_money_is_written(head, price, currency, unit):
    assert 75_000 == pytest.approx(chain(market(head, price, currency, unit)).markets.price[0], rel=1e-12)


@pytest.mark.parametrize(("currency", "unit"), [("USD", "元/t"), ("CNY", "$/t"), ("万元", "元/t"), ("元", "USD/kg")])
def test_a_unit_that_contradicts_the_currency_is_refused(currency, unit):
    assert ["currency-twice"] == codes(market("price", "5", currency, unit))


def test_bare_money_is_no_unit_of_an_amount():
    assert ["unit-convert"] == codes(plants=("80,kt/a", "80,元"))


@pytest.mark.parametrize(("currency", "times"), [("CNY", 1), ("元", 1), ("万元", 1e4)])
def test_costs_of_a_technology_are_in_its_currency(currency, times):
    rows = chain({"technologies": f"process,capex,fixed_cost,variable_cost,fixed_charge,currency\nrefine,5,2,-1,7,{currency}"}).technologies
    assert [5 * times, 2 * times, -1 * times, 7 * times] == [
        rows.capex[0], rows.fixed_cost[0], rows.variable_cost[0], rows.fixed_charge[0]
    ]  # fmt: skip
    assert ("CNY",) == rows.currency


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [("0.8", "", 0.8), ("0.8", "fraction", 0.8), ("80%", "", 0.8), ("80", "%", 0.8), ("80%", "%", 0.8), ("800", "‰", 0.8), ("80", "t", 80)],
)
def test_a_target_in_per_cent_is_a_fraction(value, unit, read):
    targets = chain({"targets": f"id,indicator,operator,value,unit\nx,residue_use,>=,{value},{unit}"}).targets
    assert read == pytest.approx(targets.value[0], rel=1e-15)
    assert targets.unit[0] == ("fraction" if read == 0.8 and unit + value != "0.8" else unit)


def test_a_target_in_another_unit_than_its_column_says_is_refused():
    assert ["unit-unexpected"] == codes({"targets": "id,indicator,operator,value,unit\nx,residue_use,>=,80%,t"})


def test_a_target_of_eighty_per_cent_is_compared_with_a_share():
    """No slag is used: a target of at most 80 % is met."""
    record = run("balance", package({"targets": "id,indicator,operator,value,unit\nx,residue_use,<=,80,%"}), year=2025)
    (row,) = (row for row in record.grid("indicators") if row["id"] == "residue_use")
    assert (0, 0.8, True) == (row["value"], row["target"], row["met"])


@pytest.mark.parametrize(
    ("total", "code"),
    [("0.5001", "mix-scaled"), ("0.50005", "mix-scaled"), ("0.4999", "mix-scaled"), ("0.501", "mix-sum"), ("0.5", None)],
)
def test_shares_that_miss_one_by_their_last_digit_are_scaled_and_said_to_be(total, code):
    found = assembled(
        {
            "processes": "id,stage,product\nmine,mining,ore\nrefine,salts,salt\nbuy,salts,salt\nmake,cell,cell",
            "mixes": f"material,process,share\nsalt,refine,0.5\nsalt,buy,{total}",
        },
        exchanges=("refine,salt", "buy,salt,out,1,t,,,stoichiometry,s\nrefine,salt"),
    )[1]
    assert ([code] if code else []) == [finding.code for finding in found if finding.code.startswith("mix")]
