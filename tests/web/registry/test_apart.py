"""What a firm, or an office that reads no prices, learns of others in passing: from histories, findings, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System
from liantu.web.registry import actions, handlers
from liantu.web.registry.models import Batch, Record, Revision
from liantu.words import say

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]
SECRET = "98765.4321"
UNLIKE = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|content="[^"]{64}"')


def sent(client: Client, path: str, cells: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and page of a form, without what is new each time and without what was typed."""
    answer = client.post(path, {**{f"c_{name}": text for name, text in cells.items()}, "reason": "r", "lock": "1"})
    return answer.status_code, UNLIKE.sub(b"", answer.content)


@pytest.mark.parametrize("path", ["/registers/plants/new/", "/registers/plants/{a1}/edit/"])
def test_a_plant_is_not_given_to_another_firm_whether_that_one_exists_or_not(as_: As, registers: Registers, path: str) -> None:
    client, plant = as_("firm_a_editor"), registers["plants"]["a1"]
    answers = []
    for firm in ("b", "z"):
        status, page = sent(client, path.format(a1=plant.pk), {**plant.cells(), "id": "a1" if "edit" in path else "a-2", "firm": firm})
        answers.append((status, page.replace(f'value="{firm}"'.encode(), b"")))

    assert 422 == answers[0][0]
    assert answers[0] == answers[1]


def test_a_file_tells_no_more_of_other_firms_than_a_form(people: dict[str, Person], registers: Registers) -> None:
    told = []
    for firm in ("b", "z"):
        content = f"id,firm,process,site,capacity,unit,status,start\na-2,{firm},refine,gy_park,1,t/a,operating,2025\n".encode()
        batch = handlers.receive("plants.csv", content, person=people["firm_a_editor"])
        handlers.match(batch, lambda _table, name, _at: name, person=people["firm_a_editor"])
        told += [line.findings for line in Batch.objects.get(pk=batch.pk).lines.all()]

    assert told[0] == told[1] and "record-not-yours" in told[0]


def test_what_others_hold_in_a_firm_shows_in_no_finding(as_: As, registers: Registers) -> None:
    actions.create("stakes", {"owner": "fund", "firm": "b", "share": "0.637"}, actor=System(), reason="r")
    client = as_("firm_a_editor")
    _, page = sent(client, "/registers/stakes/new/", {"owner": "a", "firm": "b", "share": "1", "start": "soon"})
    entered, _ = sent(client, "/registers/stakes/new/", {"owner": "a", "firm": "b", "share": "1"})

    assert b"63.7" not in page and b"163" not in page
    assert 302 == entered


def test_a_contract_that_changed_hands_keeps_its_history_from_the_new_ones(
    as_: As, registers: Registers, people: dict[str, Person]
) -> None:
    contract = registers["contracts"]["bb"]
    moved = actions.change(
        contract, {"seller": "a", "buyer": "a", "price": "1"}, lock=contract.lock, actor=people["compliance"], reason="r"
    )
    actions.change(moved, {"price": "2"}, lock=moved.lock, actor=people["compliance"], reason="r")
    client, where = as_("firm_a_editor"), f"/registers/contracts/{contract.pk}/"
    page, told = client.get(where), client.get(f"/api/v1/tables/contracts/records/{contract.pk}/history")

    assert 200 == page.status_code == told.status_code
    assert b"4321.98" not in page.content + told.content
    assert [{"price": "2"}] == [one["after"] for one in told.json()]
    first = Revision.objects.filter(table="contracts", record=contract.pk).order_by("pk")[1]
    assert 404 == client.post(f"{where}undo/{first.pk}/", {"reason": "r"}).status_code


def test_no_finding_of_a_form_or_a_file_says_a_price_to_who_does_not_read_it(
    as_: As, registers: Registers, people: dict[str, Person]
) -> None:
    """The rows are judged whole, with the cells that this person does not see."""
    contract = actions.create(
        "contracts", {"id": "k", "kind": "offtake", "seller": "b", "buyer": "b", "material": "salt", "price": f"{SECRET} or so"},
        actor=System(), reason="r",
    )  # fmt: skip
    client, where = as_("editor"), f"/registers/contracts/{contract.pk}/edit/"
    for cells in ({"volume": "many"}, {"currency": "USD"}, {"material": "none"}, {"seller": "zz"}, {"take_or_pay": "3"}):
        status, page = sent(client, where, cells)
        assert 422 == status
        assert SECRET.encode() not in page and b"98,765" not in page
    assert say("finding.cell-unseen", "zh").encode() in sent(client, where, {"currency": "CNY"})[1]
    sheet = SimpleUploadedFile("contracts.csv", b"id,kind,seller,buyer,volume,currency\nk,offtake,b,b,many,XXX\n")
    batch = handlers.receive("contracts.csv", sheet.read(), person=people["editor"])
    handlers.match(batch, lambda _table, name, _at: name, person=people["editor"])
    client.get(f"/imports/{batch.pk}/")

    assert not [line for line in Batch.objects.get(pk=batch.pk).lines.all() if SECRET in line.findings + line.before + line.cells]
