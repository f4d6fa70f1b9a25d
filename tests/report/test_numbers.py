"""Numbers as an office reads them: the examples of the visual language, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.report import numbers


@pytest.mark.parametrize(
    ("zh", "en", "value", "unit"),
    [
        ("3.72 万吨", "37.2 kt", 37_200, "t"),
        ("2,707 吨", "2,707 t", 2_707, "t"),
        ("17.5 GWh", "17.5 GWh", 17.5e6, "kWh"),
        ("2.63 亿㎡", "263 Mm²", 2.63e8, "m2"),
        ("16.0 万吨", "160 kt", 1.597e8, "kg"),
        ("0 吨", "0 t", 0.0, "t"),
        ("1.00 万吨", "10.0 kt", 9_999.6, "t"),
        ("500 公斤", "500 kg", 0.5, "t"),
        ("3.50 PJ", "3.50 PJ", 3.5e9, "MJ"),
        ("12.0 vehicles", "12.0 vehicles", 12, "vehicles"),
        ("—", "—", float("nan"), "t"),
    ],
)
def test_an_amount_is_written_in_the_unit_it_reads_best_in(zh: str, en: str, value: float, unit: str) -> None:
    assert (zh, en) == (numbers.amount(value, unit, "zh"), numbers.amount(value, unit, "en"))


@pytest.mark.parametrize(
    ("text", "value", "decimals"), [("+5.03", 5.03, 2), ("−0.72", -0.72, 2), ("0.00", 0.0, 2), ("0.00", -0.001, 2), ("−1,234", -1234.4, 0)]
)
def test_a_balance_always_has_its_sign_and_zero_has_none(text: str, value: float, decimals: int) -> None:
    assert text == numbers.signed(value, decimals)


@pytest.mark.parametrize(
    ("text", "share"),
    [("62 %", 0.62), ("4.7 %", 0.047), ("0.12 %", 0.0012), ("0 %", 0.0), ("10 %", 0.0999), ("< 0.01 %", 1e-6), ("154 %", 1.54)],
)
def test_per_cent_has_a_space_and_no_more_figures_than_it_carries(text: str, share: float) -> None:
    assert text == numbers.percent(share)


@pytest.mark.parametrize(("text", "ratio"), [("6.2", 6.167), ("18", 18.4), ("10", 9.96)])
def test_how_many_times_is_short_enough_to_repeat(text: str, ratio: float) -> None:
    assert text == numbers.times(ratio)


@given(st.floats(-1e8, 1e8), st.integers(0, 6))
def test_a_written_number_reads_back_within_its_rounding(value: float, decimals: int) -> None:
    text = numbers.fixed(value, decimals)
    assert "-" not in text
    assert value == pytest.approx(float(text.replace(numbers.MINUS, "-").replace(",", "")), abs=0.51 * 10**-decimals)


@given(st.floats(1e-6, 1e12), st.sampled_from(["t", "kg", "kWh", "MJ", "m2", "m3", "Nm3"]), st.sampled_from(["zh", "en"]))
def test_no_scale_leaves_a_number_too_long_to_read(value: float, unit: str, lang: str) -> None:
    shown = numbers.scale(unit, value, lang)
    assert value * shown.factor < 1e5 or (unit in ("t", "kg", "MJ", "m2", "m3", "Nm3") and value * shown.factor < 1e7)
