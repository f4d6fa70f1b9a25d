"""Formulas and compositions. Expected values: sums of the printed standard atomic weights, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import InputError
from liantu.model.elements import atomic_weights, composition_fractions, formula_fractions


@pytest.mark.parametrize(
    ("formula", "element", "expected"),
    [
        ("Li2CO3", "Li", 13.88 / (13.88 + 12.011 + 47.997)),
        ("LiOH·H2O", "Li", 6.94 / (6.94 + 15.999 * 2 + 1.008 * 3)),
        ("(NH4)2SO4", "N", 28.014 / (28.014 + 8 * 1.008 + 32.06 + 63.996)),
        ("LiNi0.8Mn0.1Co0.1O2", "Ni", 0.8 * 58.693 / (6.94 + 0.8 * 58.693 + 5.4938 + 5.8933 + 31.998)),
        ("Ni0.8Co0.15Al0.05(OH)2", "O", 31.998 / (46.9544 + 8.83995 + 1.3491 + 31.998 + 2.016)),
        ("CuSO4·5H2O", "Cu", 63.546 / (63.546 + 32.06 + 63.996 + 5 * (2.016 + 15.999))),
        ("Cu", "Cu", 1.0),
    ],
)
def test_a_formula_gives_mass_fractions(formula, element, expected):
    assert expected == pytest.approx(formula_fractions(formula)[element], rel=1e-12)


@pytest.mark.parametrize(
    "text", ["", "2", "Xx", "li2co3", "(Li", "Li)", "()2", "Li2C03", "Li0", "CuSO4.5H2O", "Li2CO3 pure", "=1+1", "Li-2"]
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(InputError) as caught:
        formula_fractions(text)
    assert "formula" == caught.value.code


def test_a_composition_is_read_in_fractions_and_per_cent():
    assert {"Li": 0.0186, "Rb": 0.0009} == pytest.approx(composition_fractions("Li:1.86%；Rb:0.0009"))


@pytest.mark.parametrize("text", ["Li", "Li:x", "Xx:0.1", "Li:0.1;Li:0.2", "Li:-0.1", "Li:nan", ";", "0.1:Li"])
def test_what_is_no_composition_is_refused(text):
    with pytest.raises(InputError) as caught:
        composition_fractions(text)
    assert "composition" == caught.value.code


def test_fractions_above_one_are_refused_with_their_sum():
    with pytest.raises(InputError) as caught:
        composition_fractions("Li:0.6;O:0.5")
    assert "composition-above-one" == caught.value.code
    assert 1.1 == pytest.approx(caught.value.values["total"])


@given(st.dictionaries(st.sampled_from(sorted(atomic_weights())), st.integers(1, 20), min_size=1, max_size=6))
def test_fractions_of_any_formula_add_up_to_one(counts):
    formula = "".join(f"{symbol}{count if count > 1 else ''}" for symbol, count in counts.items())
    fractions = formula_fractions(formula)
    assert 1 == pytest.approx(sum(fractions.values()))
    mass = sum(atomic_weights()[symbol] * count for symbol, count in counts.items())
    for symbol, count in counts.items():
        assert atomic_weights()[symbol] * count / mass == pytest.approx(fractions[symbol])
