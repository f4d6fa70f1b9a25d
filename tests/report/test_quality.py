"""Data quality, worked by hand from cast.py: what 100 MWh of cells need at the prices given."""

import pytest

from liantu.report.facts import facts
from liantu.report.quality import quality
from tests.report.cast import asked


def test_reference_products_are_definitions_and_do_not_count() -> None:
    found = quality(facts(*asked()))
    assert {"measured": 1, "literature": 1, "stoichiometry": 1, "estimate": 2} == {share.basis: share.rows for share in found.shares}


def test_weights_are_money_a_year() -> None:
    """Ore 8 × 50 × 100 = 40,000; salt 0.25 × 200 × 60,000 = 3 m; cathode 0.002 × 100,000 × 40,000 = 8 m; ground and slag 0."""
    found = {share.basis: share.weight for share in quality(facts(*asked())).shares}
    total = 40_000 + 3e6 + 8e6
    assert (3e6 / total, 8e6 / total, 0, 40_000 / total) == pytest.approx(tuple(found.values()))


def test_a_doubtful_figure_moves_its_range_times_activity_times_price() -> None:
    """Ore per salt is 7 to 11 t at 50 t of salt and 100 CNY/t: 20,000 CNY a year."""
    (weak,) = quality(facts(*asked())).weakest
    assert 20_000 == pytest.approx(weak.moves)


def test_an_estimate_without_a_range_is_counted_as_such() -> None:
    assert 1 == quality(facts(*asked())).unbounded


def test_without_prices_tonnes_stand_for_money() -> None:
    chain, balance, require = asked({"markets": "material,direction,price,currency,unit,source"})
    found = quality(facts(chain, balance, require))
    assert not found.priced
    assert 200 == pytest.approx(found.weakest[0].moves)
