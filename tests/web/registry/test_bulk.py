"""Many rows at once: what comes out is what one row at a time would have given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from liantu.web.audit.actions import System
from liantu.web.registry.actions import bulk
from liantu.web.registry.actions.rows import made
from liantu.web.registry.models import MODELS, Record

Registers = Mapping[str, Mapping[str, Record]]
PRICES = MODELS["prices"]


def price(day: str, number: str) -> Record:
    record = made("prices", {"material": "salt", "date": day, "price": number, "unit": "t", "note": "百分之%s，“引号”"}, System())
    record.as_of, record.changed_at = date(2026, 3, 4), datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    return record


def kept(number: int) -> dict[str, object]:
    return {name: value for name, value in PRICES.objects.filter(pk=number).values().get().items() if name != "id"}


@pytest.mark.django_db
def test_rows_put_in_together_are_as_if_each_were_saved() -> None:
    alone = price("2025-01", "72000.5")
    alone.save()

    (number,) = bulk.insert(PRICES, bulk.values([price("2025-01", "72000.5")]))

    assert kept(alone.pk) == kept(number)
    assert (date(2026, 3, 4), 72000.5) == (kept(number)["as_of"], kept(number)["n_price"])


@pytest.mark.django_db
def test_new_rows_are_given_their_keys_in_order_though_the_last_ones_were_taken_out() -> None:
    first = bulk.insert(PRICES, bulk.values([price(f"2025-{month:02}", str(month)) for month in range(1, 13)]))
    PRICES.objects.filter(pk__in=first[6:]).delete()

    second = bulk.insert(PRICES, bulk.values([price("2026-02", "2"), price("2026-01", "1")]))

    assert ["2026-02", "2026-01"] == [PRICES.objects.get(pk=number).cell("date") for number in second]
    assert 8 == PRICES.objects.count()


@pytest.mark.django_db
def test_rows_put_in_the_place_of_others_leave_the_rest_alone(registers: Registers) -> None:
    one, two = PRICES.objects.create(**vars_of(price("2025-01", "1"))), PRICES.objects.create(**vars_of(price("2025-02", "2")))
    one.c_price, one.n_price, one.lock = "3", 3.0, 2

    bulk.replace(PRICES, bulk.values([one], with_key=True))

    assert ("3", 3.0, 2) == PRICES.objects.values_list("c_price", "n_price", "lock").get(pk=one.pk)
    assert "2" == PRICES.objects.get(pk=two.pk).cell("price")


def vars_of(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in bulk.fields(type(record))}


@pytest.mark.django_db
def test_nothing_put_in_asks_the_database_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert [] == bulk.insert(PRICES, bulk.values([]))
        bulk.put(PRICES, [])
        bulk.replace(PRICES, [])


@pytest.mark.django_db
def test_the_database_can_be_told_to_look_at_its_tables() -> None:
    bulk.weigh(*MODELS.values())
