"""Entering, changing, retiring and undoing a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from liantu.web.registry import queries
from liantu.web.registry.models import MODELS, Record, Revision

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]


def form(record: Record | None = None, **changed: str) -> dict[str, str]:
    """A form as the page sends it: all cells, those changed anew."""
    cells = {f"c_{name}": text for name, text in record.cells().items()} if record else {}
    lock = str(record.lock) if record else "0"
    return {
        **cells,
        "lock": lock,
        "reason": "as reported",
        **{f"c_{k}" if k not in ("reason", "as_of", "next_due") else k: v for k, v in changed.items()},
    }


def test_a_changed_capacity_is_saved_with_its_reason_and_its_trail(as_: As, registers: Registers) -> None:
    plant, before = registers["plants"]["a1"], queries.revision()

    answer = as_("editor").post(f"/registers/plants/{plant.pk}/edit/", form(plant, capacity="26000", as_of="2026-10-31"))

    assert 302 == answer.status_code
    plant.refresh_from_db()
    assert ("26000", 26000.0, 2, "2026-10-31") == (plant.cell("capacity"), plant.n_capacity, plant.lock, str(plant.as_of))  # type: ignore[attr-defined]
    event = Event.objects.latest("seq")
    assert ("plants.changed", "a1", "as reported") == (event.action, event.target, event.reason)
    assert '"25000"' in event.before and '"26000"' in event.after
    assert before + 1 == queries.revision()


@pytest.mark.parametrize(("column", "value", "said"), [
    ("capacity", "many", "capacity"),
    ("capacity", "-5", "capacity"),
    ("unit", "kWh", "unit"),
    ("site", "atlantis", "site"),
    ("status", "dreaming", "status"),
    ("start", "soon", "start"),
])  # fmt: skip
def test_a_wrong_cell_is_refused_at_its_field_and_what_was_typed_stays(
    as_: As, registers: Registers, column: str, value: str, said: str
) -> None:
    plant = registers["plants"]["a1"]
    editor = as_("editor")
    editor.cookies["lang"] = "en"

    answer = editor.post(f"/registers/plants/{plant.pk}/edit/", form(plant, **{column: value, "note": "kept words"}))

    page = answer.content.decode()
    assert 422 == answer.status_code and "kept words" in page and value in page
    assert f'id="e_{said}"' in page
    assert 1 == MODELS["plants"].objects.get(pk=plant.pk).lock


def test_without_a_reason_nothing_is_saved(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]

    assert 422 == as_("editor").post(f"/registers/plants/{plant.pk}/edit/", form(plant, reason=" ")).status_code
    assert 1 == MODELS["plants"].objects.get(pk=plant.pk).lock


def test_the_second_of_two_edits_is_told_with_both_versions(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]
    address = f"/registers/plants/{plant.pk}/edit/"
    as_("editor").post(address, form(plant, capacity="26000"))

    answer = as_("park_editor").post(address, form(plant, capacity="27000"))

    page = answer.content.decode()
    assert 409 == answer.status_code and "26000" in page and "27000" in page
    assert "26000" == MODELS["plants"].objects.get(pk=plant.pk).cell("capacity")


def test_mine_can_be_saved_over_theirs_once_both_were_seen(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]
    address = f"/registers/plants/{plant.pk}/edit/"
    as_("editor").post(address, form(plant, capacity="26000"))

    as_("park_editor").post(address, {**form(plant, capacity="27000"), "lock": "2"})

    assert "27000" == MODELS["plants"].objects.get(pk=plant.pk).cell("capacity")


def test_a_new_record_enters_and_an_id_that_is_taken_does_not(as_: As, registers: Registers) -> None:
    editor = as_("editor")
    row = {**registers["plants"]["a1"].cells(), "id": "a2"}

    assert 302 == editor.post("/registers/plants/new/", form(None, **row)).status_code
    assert 422 == editor.post("/registers/plants/new/", form(None, **row)).status_code
    assert 1 == MODELS["plants"].objects.filter(c_id="a2").count()


def test_a_firm_with_plants_is_not_retired_one_without_is(as_: As, registers: Registers) -> None:
    firm, plant = registers["firms"]["b"], registers["plants"]["a1"]
    editor = as_("editor")

    assert 409 == editor.post(f"/registers/firms/{firm.pk}/retire/", {"lock": "1", "reason": "closed"}).status_code
    assert 302 == editor.post(f"/registers/plants/{plant.pk}/retire/", {"lock": "1", "reason": "closed"}).status_code
    assert not MODELS["plants"].objects.filter(pk=plant.pk).exists() and MODELS["firms"].objects.filter(pk=firm.pk).exists()


def test_a_retired_record_shows_its_history_and_comes_back_whole(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]
    editor, before = as_("editor"), queries.tables().digest()
    editor.post(f"/registers/plants/{plant.pk}/retire/", {"lock": "1", "reason": "closed"})
    retired = Revision.objects.latest("pk")

    assert "closed" in editor.get(f"/registers/plants/{plant.pk}/").content.decode()
    editor.post(f"/registers/plants/{plant.pk}/undo/{retired.pk}/", {"reason": "by mistake"})

    assert before == queries.tables().digest()
    assert 200 == editor.get(f"/registers/plants/{plant.pk}/edit/").status_code


def test_a_single_change_is_undone_and_only_the_last(as_: As, registers: Registers) -> None:
    plant, editor = registers["plants"]["a1"], as_("editor")
    address = f"/registers/plants/{plant.pk}/"
    editor.post(f"{address}edit/", form(plant, capacity="26000"))
    first = Revision.objects.latest("pk")
    plant.refresh_from_db()
    editor.post(f"{address}edit/", form(plant, capacity="28000"))
    second = Revision.objects.latest("pk")

    assert 409 == editor.post(f"{address}undo/{first.pk}/", {"reason": "wrong"}).status_code
    assert 302 == editor.post(f"{address}undo/{second.pk}/", {"reason": "wrong"}).status_code
    assert "26000" == MODELS["plants"].objects.get(pk=plant.pk).cell("capacity")


def test_every_act_writes_one_event_and_one_revision(as_: As, registers: Registers) -> None:
    plant, editor = registers["plants"]["a1"], as_("editor")
    events, revisions = Event.objects.count(), Revision.objects.count()

    editor.post(f"/registers/plants/{plant.pk}/edit/", form(plant, capacity="26000"))
    editor.post(f"/registers/plants/{plant.pk}/retire/", {"lock": "2", "reason": "closed"})

    assert (events + 2, revisions + 2) == (Event.objects.count(), Revision.objects.count())


def test_the_page_of_a_record_names_sources_and_who_refers_to_it(as_: As, registers: Registers) -> None:
    editor = as_("editor")

    page = editor.get(f"/registers/plants/{registers['plants']['a1'].pk}/").content.decode()
    assert "Own figures" in page and "甲公司" in page and "25,000" in page
    firm = editor.get(f"/registers/firms/{registers['firms']['a'].pk}/").content.decode()
    assert "/registers/plants/?firm=a" in firm


def test_pages_speak_english_too(as_: As, registers: Registers) -> None:
    editor = as_("editor")
    editor.cookies["lang"] = "en"
    plant = registers["plants"]["a1"].pk

    for address in (
        "/registers/",
        "/registers/plants/",
        f"/registers/plants/{plant}/",
        f"/registers/plants/{plant}/edit/",
        "/registers/plants/new/",
    ):
        answer = editor.get(address)
        assert 200 == answer.status_code, address
        assert "登记簿" not in answer.content.decode()


def test_dates_that_are_none_are_said(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["a1"]

    answer = as_("editor").post(f"/registers/plants/{plant.pk}/edit/", form(plant, as_of="yesterday"))

    assert 422 == answer.status_code and 'id="e_as_of"' in answer.content.decode()


def test_signs_no_database_keeps_do_no_harm(as_: As, registers: Registers) -> None:
    plant, editor = registers["plants"]["a1"], as_("editor")

    assert editor.post(f"/registers/plants/{plant.pk}/edit/", form(plant, note="a\0b")).status_code < 500
    assert 400 == editor.get("/registers/plants/?q=%00").status_code
    assert 200 == editor.get("/registers/plants/?owner=9999999999999999999999&page=0&sort=nothing&columns=nothing").status_code


def test_two_people_of_the_cast_are_who_they_are(people: Mapping[str, Person], registers: Registers) -> None:
    assert people["park_editor"].organisation.key == "guiyang" and registers["firms"]["a"].cell("site") == "gy_park"


def test_figures_of_a_newer_date_are_due_anew_by_the_calendar(as_: As, registers: Registers) -> None:
    plant, client = registers["plants"]["a1"], as_("editor")
    address = f"/registers/plants/{plant.pk}/edit/"
    client.post(address, form(plant, as_of="2026-06-30"))
    plant.refresh_from_db()
    assert "2026-09-30" == str(plant.next_due)  # 92 days

    client.post(address, form(plant, as_of="2026-07-01", next_due="2026-09-30"))
    plant.refresh_from_db()
    assert "2026-10-08" == str(plant.next_due)  # 1 October is a holiday
    client.post(address, form(plant, as_of="2026-07-02", next_due="2026-12-01"))
    plant.refresh_from_db()
    assert "2026-12-01" == str(plant.next_due)


def test_a_badge_of_age_waits_for_the_working_day(as_: As, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    plant = registers["plants"]["a1"]
    MODELS["plants"].objects.filter(pk=plant.pk).update(next_due="2026-10-03")
    for today, stale in ((date(2026, 10, 8), 0), (date(2026, 10, 9), 1)):
        monkeypatch.setattr(timezone, "localdate", lambda today=today: today)
        assert stale == as_("editor").get("/registers/plants/?stale=1").content.decode().count(f'href="/registers/plants/{plant.pk}/"')


def test_from_a_firm_a_plant_and_a_contract_are_entered_with_what_is_known(as_: As, registers: Registers) -> None:
    client = as_("editor")
    page = client.get(f"/registers/firms/{registers['firms']['a'].pk}/").content.decode()

    assert {"/registers/plants/new/?firm=a", "/registers/contracts/new/?seller=a", "/registers/contracts/new/?buyer=a"} == set(
        re.findall(r'href="([^"]+/new/[^"]*)"', page)
    )
    assert re.search(r'name="c_firm"[^>]*value="a"', client.get("/registers/plants/new/?firm=a").content.decode())
    assert "/new/" not in as_("viewer").get(f"/registers/firms/{registers['firms']['a'].pk}/").content.decode()


def test_a_link_fills_no_cell_that_one_may_not_read(as_: As, registers: Registers) -> None:
    page = as_("editor").get("/registers/contracts/new/?price=31337").content.decode()

    assert "31337" not in page.split("<main")[1]
