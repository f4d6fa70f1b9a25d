"""Who sees and writes which records: firm apart from firm, contract prices, counties on their own sites, and how much is asked of the database."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System
from liantu.web.registry import actions, lists, queries
from liantu.web.registry.models import MODELS, Record
from tests.web.registry.conftest import PRICE

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]
SECRETS = (PRICE, "98,765", "98765", "4321.98", "secretnote")


def bytes_of(client: Client, address: str) -> str:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    return body.decode()


@pytest.mark.parametrize("address", ["", "edit/", "retire/", "undo/1/"])
def test_another_firms_record_answers_like_one_that_does_not_exist(as_: As, registers: Registers, address: str) -> None:
    """Same status, same bytes but for the number of the request."""
    client = as_("firm_a_editor")
    theirs, none = registers["plants"]["b1"].pk, 999_999

    def asked(number: int) -> tuple[int, str]:
        answer = (
            client.post(f"/registers/plants/{number}/{address}", {"reason": "x"})
            if "/" in address and address != "edit/"
            else client.get(f"/registers/plants/{number}/{address}")
        )
        return answer.status_code, answer.content.decode().replace(answer["X-Request-Id"], "")

    assert asked(none)[0] == 404
    assert asked(theirs) == asked(none)


def test_a_firm_lists_its_own_firm_plants_and_contracts_only(as_: As, registers: Registers) -> None:
    client = as_("firm_a")

    mine, theirs = (f'/registers/plants/{registers["plants"][name].pk}/"' for name in ("a1", "b1"))
    assert mine in bytes_of(client, "/registers/plants/") and theirs not in bytes_of(client, "/registers/plants/")
    assert "乙公司" not in bytes_of(client, "/registers/firms/")
    assert "bb" not in bytes_of(client, "/registers/contracts/export.csv")
    assert "碳酸锂" in bytes_of(client, "/registers/materials/")


def test_a_retired_record_of_another_firm_is_not_there_either(as_: As, registers: Registers) -> None:
    plant = registers["plants"]["b1"]
    actions.retire(plant, lock=1, actor=System(), reason="closed")

    assert 404 == as_("firm_a").get(f"/registers/plants/{plant.pk}/").status_code
    assert 200 == as_("viewer").get(f"/registers/plants/{plant.pk}/").status_code


@pytest.mark.parametrize("name", ["viewer", "editor", "lead", "reviewer", "park_editor"])
def test_a_contracts_price_is_in_no_byte_for_who_is_neither_party_nor_compliance(as_: As, registers: Registers, name: str) -> None:
    contract, client = registers["contracts"]["ab"], as_(name)
    actions.change(contract, {"price": PRICE.replace("9", "8", 1), "price_rule": "band"}, lock=1, actor=System(), reason="new price")
    every = "&".join(f"columns={column}" for column in MODELS["contracts"].COLUMNS)

    for address in (
        "/registers/contracts/", f"/registers/contracts/?{every}", f"/registers/contracts/{contract.pk}/", f"/registers/contracts/?q={PRICE}&columns=id",
        f"/registers/contracts/{contract.pk}/edit/", "/registers/contracts/export.csv", "/registers/contracts/export.xlsx", "/registers/contracts/?sort=price",
    ):  # fmt: skip
        page = bytes_of(client, address).replace(f'value="{PRICE}"', "").replace(f"q={PRICE}", "")
        assert [] == [secret for secret in (*SECRETS, "88765") if secret in page], address


def test_sorting_and_filtering_by_a_hidden_column_changes_nothing(as_: As, registers: Registers) -> None:
    client = as_("viewer")
    plain = rows(client, "/registers/contracts/")

    assert plain == rows(client, "/registers/contracts/?sort=-price") == rows(client, "/registers/contracts/?price_rule=fee&price=1")
    assert plain != rows(as_("compliance"), "/registers/contracts/?price_rule=fee")


def rows(client: Client, address: str) -> list[str]:
    return [part.split('"')[0] for part in bytes_of(client, address).split('href="/registers/contracts/')[1:] if part[0].isdigit()]


def test_searching_for_a_price_finds_no_contract(as_: As, registers: Registers) -> None:
    assert [] == rows(as_("viewer"), f"/registers/contracts/?q={PRICE}")
    assert [] == rows(as_("viewer"), "/registers/contracts/?q=secretnote")


@pytest.mark.parametrize("name", ["firm_a", "firm_b", "compliance"])
def test_parties_and_the_compliance_reader_read_the_price(as_: As, registers: Registers, name: str) -> None:
    assert "98,765" in bytes_of(as_(name), f"/registers/contracts/{registers['contracts']['ab'].pk}/")


def test_the_trail_and_the_snapshot_never_hold_a_price(registers: Registers) -> None:
    from liantu.web.audit.models import Event

    actions.change(registers["contracts"]["ab"], {"price": "77777.77"}, lock=1, actor=System(), reason="new price")

    told = "".join(event.before + event.after for event in Event.objects.all())
    whole = queries.tables().tables["contracts"]
    assert PRICE not in told and "77777" not in told
    assert "price" not in whole.columns and "note" not in whole.columns


def test_an_editor_who_cannot_read_prices_leaves_them_as_they_are(as_: As, registers: Registers) -> None:
    contract = registers["contracts"]["ab"]
    cells = {f"c_{name}": text for name, text in contract.cells().items()}

    as_("editor").post(
        f"/registers/contracts/{contract.pk}/edit/", {**cells, "c_price": "1", "c_volume": "600", "lock": "1", "reason": "more"}
    )

    contract.refresh_from_db()
    assert (PRICE, "600") == (contract.cell("price"), contract.cell("volume"))


def test_a_county_writes_on_its_own_sites_only(as_: As, registers: Registers) -> None:
    client = as_("park_editor")

    assert 200 == client.get(f"/registers/plants/{registers['plants']['a1'].pk}/edit/").status_code
    assert 403 == client.get(f"/registers/plants/{registers['plants']['b1'].pk}/edit/").status_code
    assert 403 == client.get("/registers/materials/new/").status_code
    moved = {f"c_{k}": v for k, v in {**registers["plants"]["a1"].cells(), "site": "linwu"}.items()}
    assert (
        422 == client.post(f"/registers/plants/{registers['plants']['a1'].pk}/edit/", {**moved, "lock": "1", "reason": "moved"}).status_code
    )


def test_a_firm_editor_cannot_enter_a_plant_for_another_firm(as_: As, registers: Registers) -> None:
    row = {f"c_{k}": v for k, v in {**registers["plants"]["a1"].cells(), "id": "x1", "firm": "b"}.items()}

    assert 422 == as_("firm_a_editor").post("/registers/plants/new/", {**row, "reason": "x"}).status_code
    assert not MODELS["plants"].objects.filter(c_id="x1").exists()


@pytest.mark.parametrize("name", ["viewer", "firm_a", "lead"])
def test_who_may_not_write_is_refused(as_: As, registers: Registers, name: str) -> None:
    assert 403 == as_(name).get(f"/registers/plants/{registers['plants']['a1'].pk}/edit/").status_code


@pytest.mark.parametrize("name", ["system", "security", "auditor", "nobody_yet"])
def test_administrators_read_no_register(as_: As, registers: Registers, name: str) -> None:
    assert 403 == as_(name).get("/registers/plants/").status_code


def many(count: int) -> None:
    """So many plants more."""
    row = MODELS["plants"].objects.get(c_id="a1").cells()
    for at in range(count):
        actions.create("plants", {**row, "id": f"more{at}"}, actor=System(), reason="more")


@pytest.mark.parametrize(
    "address", ["/registers/", "/registers/plants/?q=more&site=gy_park&stale=", "/registers/plants/{}/", "/registers/plants/{}/edit/"]
)
def test_a_page_asks_the_database_as_often_at_ten_rows_as_at_a_thousand(
    as_: As, registers: Registers, django_assert_max_num_queries: Any, address: str
) -> None:
    client, place = as_("editor"), address.format(registers["plants"]["a1"].pk)

    many(10)
    with django_assert_max_num_queries(15) as few:
        assert 200 == client.get(place).status_code
    at = len(few.captured_queries)
    for start in range(10, 1000, 990):
        row = MODELS["plants"].objects.get(c_id="a1")
        MODELS["plants"].objects.bulk_create([copy(row, f"more{start + n}") for n in range(990)])
    with django_assert_max_num_queries(15) as more:
        assert 200 == client.get(place).status_code
    assert at == len(more.captured_queries)


def copy(record: Record, name: str) -> Record:
    from liantu.web.registry.actions.rows import made

    return made("plants", {**record.cells(), "id": name}, System())


@pytest.mark.parametrize(
    ("name", "query", "shown", "of"),
    [("editor", "", 2, 2), ("editor", "?q=a1", 1, 2), ("editor", "?status=building", 1, 2), ("editor", "?site=nowhere", 0, 2),
     ("firm_a", "", 1, 1), ("firm_a", "?q=b1", 0, 1), ("firm_a", "?status=building", 0, 1)],
)  # fmt: skip
def test_a_list_counts_what_is_asked_for_among_what_one_may_see(
    people: Mapping[str, Person], registers: Registers, name: str, query: str, shown: int, of: int
) -> None:
    page = lists.page(people[name], "plants", QueryDict(query.lstrip("?")), "en")

    assert (shown, shown, of) == (page.listed.total, len(page.rows), page.counts["all"])


def answer_to(client: Client, record: Record, name: str) -> str:
    """What a firm is told that enters a plant under an id, without what it typed and what names the request."""
    row = {**record.cells(), "id": name}
    answer = client.post("/registers/plants/new/", {**{f"c_{k}": v for k, v in row.items()}, "reason": "x"})
    assert 422 == answer.status_code
    return re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(name, "")


def test_a_firm_learns_of_no_id_that_others_have(as_: As, registers: Registers) -> None:
    client = as_("firm_a_editor")

    assert answer_to(client, registers["plants"]["a1"], "b1") == answer_to(client, registers["plants"]["a1"], "zz")
    assert not MODELS["plants"].objects.filter(c_firm="a").exclude(c_id="a1").exists()


def test_a_firms_new_plant_bears_its_own_name(as_: As, registers: Registers) -> None:
    row = {**registers["plants"]["a1"].cells(), "id": "a-2"}
    answer = as_("firm_a_editor").post("/registers/plants/new/", {**{f"c_{k}": v for k, v in row.items()}, "reason": "x"})

    assert 302 == answer.status_code
    assert MODELS["plants"].objects.filter(c_id="a-2").exists()
