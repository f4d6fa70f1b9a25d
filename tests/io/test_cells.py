"""The strict grammar of one cell: what is read, what is read with a note, what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import InputError
from liantu.io import cells


@pytest.mark.parametrize(
    ("text", "value", "unit", "note"),
    [
        ("60000", 60000, "", ""),
        ("-5", -5, "", ""),
        ("+3.2", 3.2, "", ""),
        (".5", 0.5, "", ""),
        ("1e-3", 0.001, "", ""),
        ("1,234,567.8", 1234567.8, "", "read-grouped"),
        ("１７．５", 17.5, "", "read-wide"),
        ("１，２３４", 1234, "", "read-wide"),
        ("约10万吨", 100_000, "吨", "read-about"),
        ("5万吨以上", 50_000, "吨", "read-about"),
        (">5", 5, "", "read-about"),
        ("17.5GWh", 17.5, "GWh", ""),
        ("3亿元", 3e8, "元", ""),
        ("10万", 100_000, "", "read-multiplied"),
        ("12万元/吨", 120_000, "元/吨", ""),
        ("5千克", 5, "千克", ""),
        ("−7", -7, "", "read-wide"),
    ],
)
def test_a_number_is_read(text, value, unit, note):
    got = cells.number(text)
    assert (pytest.approx(value), unit, note) == (got.value, got.unit, got.note)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1_000", "number"), ("١٢٣", "number"), ("0x10", "number"), ("1.2.3", "number"), ("1/2", "number"), ("1 000", "number"),
        ("--3", "number"), ("万", "number"), ("abc", "number"), ("=1+1", "number"), ("1" * 65, "number"), ("²", "number"), ("10²", "number"),
        ("12,34", "number-comma"), ("1,5", "number-comma"), ("10-20", "number-range"), ("10~20万吨", "number-range"), ("10至20", "number-range"),
        ("nan", "number-finite"), ("-inf", "number-finite"), ("1e400", "number-finite"), ("1e-400", "number-finite"), ("∞", "number-finite"),
    ],
)  # fmt: skip
def test_what_is_no_number_for_certain_is_refused(text, code):
    with pytest.raises(InputError) as caught:
        cells.number(text)
    assert code == caught.value.code


@pytest.mark.parametrize(("text", "value"), [("0.62", 0.62), ("62%", 0.62), ("62 ％", 0.62), ("1", 1), ("100%", 1)])
def test_a_share_is_read(text, value):
    assert value == pytest.approx(cells.share(text).value)


def test_a_share_of_62_needs_its_sign():
    with pytest.raises(InputError) as caught:
        cells.share("62")
    assert "share-above-one" == caught.value.code


@pytest.mark.parametrize(
    ("text", "iso", "note"),
    [
        ("2024", "2024", ""), ("2024.0", "2024", ""), ("2024年", "2024", ""), ("2024-05", "2024-05", ""), ("2024/5/18", "2024-05-18", ""),
        ("2024年5月18日", "2024-05-18", ""), ("2024.5", "2024-05", "read-date"), ("20240518", "2024-05-18", "read-date"),
        ("拟2025年底", "2025", "read-date"), ("2024-02-29", "2024-02-29", ""), ("2024-06-18T00:00:00", "2024-06-18", ""),
    ],
)  # fmt: skip
def test_a_date_is_read(text, iso, note):
    assert (iso, note) == cells.date(text)


@pytest.mark.parametrize("text", ["24", "2023-02-29", "2024-13", "2024-06-31", "45444", "next year", "5月2024", "2024-5-18-1", "２０２４x"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(InputError) as caught:
        cells.date(text)
    assert "date" == caught.value.code


def test_a_year_outside_history_is_refused():
    with pytest.raises(InputError) as caught:
        cells.year("1024")
    assert "year-range" == caught.value.code


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_writes_is_read_back_exactly(value):
    assert value == cells.number(repr(value)).value


@given(st.text(max_size=80))
def test_any_text_is_a_finite_number_or_an_input_error(text):
    try:
        got = cells.number(text)
    except InputError as error:
        assert error.code.startswith("number")
    else:
        assert math.isfinite(got.value)


@given(st.text(max_size=40))
def test_any_text_is_a_real_date_or_an_input_error(text):
    try:
        iso, _ = cells.date(text)
    except InputError as error:
        assert error.code in ("date", "year-range")
    else:
        assert cells.date(iso) == (iso, "")


@pytest.mark.parametrize("text", ["a\u200bb", "a\u202eb", "x" * 65, "e\u0301", "a\x00"])
def test_an_id_hides_nothing(text):
    assert cells.bad_id(text)


@pytest.mark.parametrize("text", ["li2co3", "锂云母", "p-1", "A b"])
def test_an_id_may_be_any_visible_name(text):
    assert "" == cells.bad_id(text)
