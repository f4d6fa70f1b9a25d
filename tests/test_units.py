"""The closed table of units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import InputError
from liantu.units import convert, factor, is_unit, names, parse_unit


@pytest.mark.parametrize(
    ("amount", "written", "target", "expected"),
    [
        (6, "万吨", "t", 60_000),
        (6, "万吨/年", "t/a", 60_000),
        (60, "kt", "t", 60_000),
        (17.5, "GWh", "kWh", 17_500_000),
        (1, "kWh", "MJ", 3.6),
        (15, "亩", "公顷", 1),
        (1, "亿元", "万元", 10_000),
        (2, "斤", "kg", 1),
        (1, "tce", "MJ", 29_307),
        (3, "million t", "Mt", 3),
        (1, "千吨", "t", 1000),
        (1, "千瓦时", "kWh", 1),
    ],
)
def test_a_unit_converts_to_what_the_definitions_say(amount, written, target, expected):
    assert expected == pytest.approx(convert(amount, written, target), rel=1e-12)


@pytest.mark.parametrize("text", ["kgs", "", "吨LCE", "mt", "MT", "10kt", "CNY/kW month", "t//a", "x" * 40, "t/吖"])
def test_what_is_not_in_the_table_is_refused_by_name(text):
    with pytest.raises(InputError) as caught:
        parse_unit(text)
    assert "unit" == caught.value.code
    assert not is_unit(text)


@pytest.mark.parametrize(("one", "other"), [("t", "kWh"), ("m3", "Nm3"), ("MW", "kWh"), ("CNY", "USD"), ("t", "t/a"), ("亩", "km")])
def test_two_measures_do_not_convert(one, other):
    with pytest.raises(InputError, match=r"convert|换算"):
        convert(1, one, other)


def test_a_mass_stands_for_a_counted_material_of_known_mass():
    """A pack of 8 kg per kWh: one tonne is 125 kWh."""
    assert 125 == pytest.approx(factor("t", "kWh", kg_per_unit=8))


def test_a_rate_per_year_is_an_amount_and_a_rate_per_day_is_not():
    assert 1000 == pytest.approx(factor("kt/a", "t", yearly=True))
    with pytest.raises(InputError) as caught:
        factor("t/d", "t", yearly=True)
    assert "unit-not-yearly" == caught.value.code


def test_case_decides_between_mega_and_milli():
    assert 1000 == pytest.approx(convert(1, "GW", "MW"))
    assert not is_unit("mw")
    assert is_unit("kwh")


MASSES = st.sampled_from(names()["mass"])


@given(MASSES, MASSES, st.floats(1e-6, 1e9))
def test_there_and_back_is_the_same_amount(one, other, amount):
    assert amount == pytest.approx(convert(convert(amount, one, other), other, one), rel=1e-12)
