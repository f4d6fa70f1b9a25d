"""When figures are due again, whose they are, and what a row without a name is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts import actions as accounts
from liantu.web.audit.actions import System
from liantu.web.clock.models import Cadence
from liantu.web.registry import actions
from liantu.web.registry.models import MODELS, Record
from liantu.web.registry.shown import title
from tests.web.registry.test_records import form

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]


def test_without_a_day_named_a_record_is_due_a_quarter_after_its_own(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]

    as_("editor").post(f"/registers/plants/{plant.pk}/edit/", {**form(plant), "as_of": "2026-03-01"})

    plant.refresh_from_db()
    assert date(2026, 6, 1) == plant.next_due


def test_the_cadence_set_for_a_register_is_the_one_that_counts(as_: As, registers: Registers) -> None:
    Cadence.objects.create(register="plants", days=10, is_working=False)
    plant = registers["plants"]["a1"]

    as_("editor").post(f"/registers/plants/{plant.pk}/edit/", {**form(plant), "as_of": "2026-03-01"})

    plant.refresh_from_db()
    assert date(2026, 3, 11) == plant.next_due


def test_a_day_that_is_named_stands_until_the_figures_are_renewed(as_: As, registers: Registers) -> None:
    plant, client = registers["plants"]["a1"], as_("editor")
    days = {"as_of": "2026-03-01", "next_due": "2026-04-15"}
    client.post(f"/registers/plants/{plant.pk}/edit/", {**form(plant), **days})
    plant.refresh_from_db()
    assert date(2026, 4, 15) == plant.next_due

    client.post(f"/registers/plants/{plant.pk}/edit/", {**form(plant), **days, "as_of": "2026-05-01"})

    plant.refresh_from_db()
    assert date(2026, 8, 3) == plant.next_due  # the first of August is a Saturday


def test_what_is_loaded_first_has_an_owner_and_is_due_a_quarter_from_today() -> None:
    office = accounts.open_organisation("chain", "office", "链长办", actor=System())
    actions.load("chenzhou", System(), office)

    found = MODELS["prices"].objects
    assert found.count() == found.filter(owner=office, next_due=timezone.localdate() + timedelta(days=92)).count() > 0


def test_a_row_without_a_name_is_called_by_what_it_is_about(registers: Registers) -> None:
    plant = registers["plants"]["a1"]
    firm, process = MODELS["firms"].objects.get(key=plant.cell("firm")), MODELS["processes"].objects.get(key=plant.cell("process"))

    assert f"{firm.cell('name_zh')} · {process.cell('name_zh') or process.cell('name_en')}" == title(plant, "zh")
    assert firm.cell("name_zh") == title(firm, "zh")
