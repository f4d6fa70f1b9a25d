"""A file comes in by four steps, enters as one batch and goes out again as one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from liantu.web.audit.actions import System
from liantu.web.audit.models import Event
from liantu.web.registry import actions, handlers, queries
from liantu.web.registry.models import MODELS, Batch, Line, Record, Revision, Upload

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]
PLANTS = """编号,企业,过程,地点,产能（吨/年）,状态,开始年份,我们的备注
a1,a,refine,gy_park,26000,在产,2025,更正
b1,b,refine,linwu,30000,在建,2027,
a2,甲公司,refine,桂阳园区,5000,拟建,2028,新线
a3,a,refine,atlantis,5000,拟建,2028,
a4,a,refine,gy_park,many,拟建,2028,
"""


def send(client: Client, content: str | bytes, name: str = "plants.csv") -> int:
    """Send a file; gives the number of its batch, or the status of the refusal."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post("/imports/", {"file": SimpleUploadedFile(name, data)})
    return int(answer["Location"].strip("/").split("/")[-1]) if answer.status_code == 302 else -answer.status_code


def match(client: Client, number: int, **columns: str) -> str:
    """Take what is guessed, but for the columns named, and go to the check."""
    import json

    said = json.loads(Batch.objects.get(pk=number).said)
    picked = {
        f"{one['table']}:{at}": columns.get(name, guess) for one in said["tables"] for at, (name, _, guess) in enumerate(one["headers"])
    }
    answer = client.post(f"/imports/{number}/match/", picked)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(f"/imports/{number}/").content.decode()


def states(number: int) -> dict[str, str]:
    import json

    return {json.loads(line.cells)["id"]: line.state for line in Line.objects.filter(batch=number)}


def test_a_file_is_compared_row_by_row(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, PLANTS)

    page = match(client, number, 我们的备注="note")

    # b1 lacks a note and has another unit of writing; a3 stands nowhere, a4 has no number.
    assert {"a1": "changed", "b1": "changed", "a2": "new", "a3": "wrong", "a4": "wrong"} == states(number)
    assert "5 行里 3 行可以入库" in page and "2 行要改" in page
    assert "atlantis" in page and 'class="cell-error"' in page


def test_a_row_that_says_what_is_known_is_unchanged(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "id,capacity,unit\na1,25000,t/a\nb1,30000,t/a\n")

    match(client, number)

    assert {"a1": "unchanged", "b1": "unchanged"} == states(number)


def test_good_rows_enter_as_one_batch_and_go_out_as_one(as_: As, registers: Registers) -> None:
    client, before = as_("editor"), queries.tables().digest()
    number = send(client, PLANTS)
    match(client, number, 我们的备注="note")
    at, events = queries.revision(), Event.objects.count()

    assert 302 == client.post(f"/imports/{number}/enter/", {"reason": "October report"}).status_code

    new = MODELS["plants"].objects.get(c_id="a2")
    assert ("a", "gy_park", "planned", "5000", "吨/年", "新线") == tuple(
        new.cell(c) for c in ("firm", "site", "status", "capacity", "unit", "note")
    )
    assert "26000" == MODELS["plants"].objects.get(c_id="a1").cell("capacity")
    assert not MODELS["plants"].objects.filter(c_id__in=["a3", "a4"]).exists()
    assert (at + 1, events + 1, 3) == (queries.revision(), Event.objects.count(), Revision.objects.filter(batch=number).count())
    assert not Upload.objects.filter(batch=number).exists() and not Line.objects.filter(batch=number).exists()

    assert 302 == client.post(f"/imports/{number}/undo/", {"reason": "wrong month"}).status_code
    assert before == queries.tables().digest()
    assert "undone" == Batch.objects.get(pk=number).state


def test_a_batch_whose_rows_were_changed_since_is_not_undone(as_: As, registers: Registers) -> None:
    from tests.web.registry.test_records import form

    client = as_("editor")
    number = send(client, PLANTS)
    match(client, number)
    client.post(f"/imports/{number}/enter/", {"reason": "October report"})
    plant = MODELS["plants"].objects.get(c_id="a2")
    client.post(f"/registers/plants/{plant.pk}/edit/", form(plant, capacity="6000"))

    answer = client.post(f"/imports/{number}/undo/", {"reason": "wrong month"})

    assert 409 == answer.status_code and "a2" in answer.content.decode()
    assert "6000" == MODELS["plants"].objects.get(c_id="a2").cell("capacity")


def test_a_record_changed_after_the_check_stops_the_entry(as_: As, registers: Registers) -> None:
    from tests.web.registry.test_records import form

    client, plant = as_("editor"), registers["plants"]["a1"]
    number = send(client, PLANTS)
    match(client, number)
    client.post(f"/registers/plants/{plant.pk}/edit/", form(plant, capacity="25500"))

    assert 409 == client.post(f"/imports/{number}/enter/", {"reason": "October report"}).status_code
    assert "25500" == MODELS["plants"].objects.get(c_id="a1").cell("capacity")
    assert not MODELS["plants"].objects.filter(c_id="a2").exists()


def test_what_a_header_means_is_remembered_for_the_organisation(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, PLANTS)
    match(client, number, 我们的备注="note")

    again = client.get(f"/imports/{send(client, PLANTS)}/").content.decode()
    other = as_("park_editor")

    assert "表头都认出了" in again
    assert "有 1 个表头没有认出" in other.get(f"/imports/{send(other, PLANTS)}/").content.decode()


def test_a_sheet_may_be_taken_for_another_table(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "编号,企业,地点,产能（吨/年）,过程,状态,开始年份\na5,a,gy_park,5,refine,拟建,2028\n", "十月.csv")
    read = Batch.objects.get(pk=number).said
    first = next(name for name in MODELS if f'"table": "{name}"' in read)

    assert 302 == client.post(f"/imports/{number}/match/", {f"table:{first}": "plants"}).status_code
    match(client, number)
    client.post(f"/imports/{number}/enter/", {"reason": "new line"})

    assert ("5", "吨/年") == tuple(MODELS["plants"].objects.get(c_id="a5").cell(name) for name in ("capacity", "unit"))


def test_two_headers_for_one_column_are_refused(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "id,capacity,其他\na1,1,2\n")

    assert 422 == client.post(f"/imports/{number}/match/", {"plants:0": "id", "plants:1": "capacity", "plants:2": "capacity"}).status_code


def test_an_id_twice_in_a_file_is_wrong_the_second_time(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "id,note\na1,x\na1,y\n")

    match(client, number)

    assert ["changed", "wrong"] == list(Line.objects.filter(batch=number).order_by("pk").values_list("state", flat=True))


def test_a_figure_that_leaps_asks_whether_it_is_meant(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "id,capacity\na1,2.5\n")

    page = match(client, number)

    assert "1 行请确认" in page and "25000" in page
    assert 302 == client.post(f"/imports/{number}/enter/", {"reason": "meant"}).status_code
    assert "2.5" == MODELS["plants"].objects.get(c_id="a1").cell("capacity")


def test_rows_may_refer_to_rows_of_the_same_file(as_: As, registers: Registers) -> None:
    book = workbook({
        "firms": [["id", "name_zh", "site"], ["c", "丙公司", "linwu"]],
        "plants": [["id", "firm", "process", "site", "capacity", "unit", "status", "start"], ["c1", "c", "refine", "linwu", 100, "t/a", "planned", 2028]],
    })  # fmt: skip
    client = as_("editor")
    number = send(client, book, "both.xlsx")

    match(client, number)

    assert {"c": "new", "c1": "new"} == states(number)
    client.post(f"/imports/{number}/enter/", {"reason": "new firm"})
    assert "c" == MODELS["plants"].objects.get(c_id="c1").cell("firm")


def test_the_marked_workbook_comes_back_red(as_: As, registers: Registers) -> None:
    from openpyxl import load_workbook

    client = as_("editor")
    number = send(client, PLANTS)
    match(client, number)

    answer = client.get(f"/imports/{number}/marked.xlsx")

    said = [
        cell.comment.text
        for sheet in load_workbook(io.BytesIO(answer.content))
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    ]
    assert any("atlantis" in text for text in said) and "attachment" in answer["Content-Disposition"]


def test_nobody_else_sees_what_somebody_sent(as_: As, registers: Registers) -> None:
    number = send(as_("editor"), PLANTS)

    assert 404 == as_("park_editor").get(f"/imports/{number}/").status_code
    assert 404 == as_("firm_a_editor").post(f"/imports/{number}/enter/", {"reason": "x"}).status_code
    assert 403 == as_("viewer").get("/imports/").status_code


def test_a_firms_file_writes_its_own_rows_only(as_: As, registers: Registers) -> None:
    client = as_("firm_a_editor")
    actions.change(registers["plants"]["b1"], {"note": "known to b alone"}, lock=1, actor=System(), reason="a note")
    number = send(client, "id,firm,note\na1,a,mine\nb1,b,theirs\n")

    page = match(client, number)

    assert {"a1": "changed", "b1": "wrong"} == states(number)
    assert "known to b alone" not in page and "known to b alone" not in "".join(Line.objects.values_list("before", flat=True))


def test_prices_in_the_file_of_one_who_may_not_read_them_are_left_out(as_: As, registers: Registers) -> None:
    client = as_("editor")
    number = send(client, "id,price,volume\nab,1,777\n", "contracts.csv")

    page = match(client, number)
    client.post(f"/imports/{number}/enter/", {"reason": "volumes"})

    contract = MODELS["contracts"].objects.get(c_id="ab")
    assert ("98765.4321", "777") == (contract.cell("price"), contract.cell("volume")) and "98765" not in page


def workbook(sheets: Mapping[str, list[list[object]]]) -> bytes:
    held = io.BytesIO()
    with Workbook(held) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return held.getvalue()


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plants.csv", b"0" * (120 << 20))
    return held.getvalue()


@pytest.mark.parametrize(("name", "content"), [
    ("plants.xlsx", b"this is no workbook"),
    ("plants.xls", b"\xd0\xcf\x11\xe0 half a file"),
    ("plants.zip", bomb()),
    ("plants.zip", b"PK\x03\x04 cut off"),
    ("plants.exe", b"MZ"),
    ("plants.csv", b""),
    ("plants.csv", b"\x00\xff\xfe\x00"),
    ("plants", b"id\na1\n"),
    ("plants.csv", (",".join(f"c{n}" for n in range(301)) + "\n").encode() * 2),
])  # fmt: skip
def test_a_hostile_file_is_refused_in_words(as_: As, registers: Registers, name: str, content: bytes) -> None:
    client = as_("editor")
    before = queries.revision()

    assert send(client, content, name) in (-400, -422)
    assert before == queries.revision() and not Batch.objects.exists()


def test_a_file_above_the_limit_is_refused(as_: As, registers: Registers, settings: object) -> None:
    settings.UPLOAD_LIMIT = 10  # type: ignore[attr-defined]

    assert -422 == send(as_("editor"), PLANTS)


def test_no_formula_leaves_live(as_: As, registers: Registers) -> None:
    from tests.web.registry.test_records import form

    client, plant = as_("editor"), registers["plants"]["a1"]
    assert 302 == client.post(f"/registers/plants/{plant.pk}/edit/", form(plant, note='=HYPERLINK("http://x")')).status_code

    exported = b"".join(client.get("/registers/plants/export.csv?q=a1").streaming_content).decode()  # type: ignore[arg-type]
    assert "'=HYPERLINK" in exported and ',"=HYPERLINK' not in exported
    book = b"".join(client.get("/registers/plants/export.xlsx").streaming_content)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets" in name)


def test_a_large_file_is_worked_on_in_the_background(as_: As, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    from liantu.web.config.jobs import HANDLERS
    from liantu.web.jobs import actions as jobs
    from liantu.web.jobs import child

    monkeypatch.setattr(handlers, "_SMALL_BYTES", 0)
    monkeypatch.setattr(handlers, "_SMALL_ROWS", 0)
    client = as_("editor")

    def work() -> None:
        job = jobs.claim()
        assert job is not None
        child.run(job.pk, job.token, HANDLERS)

    number = send(client, PLANTS)
    assert "data-watch" in client.get(f"/imports/{number}/").content.decode()
    work()
    assert (
        302
        == client.post(
            f"/imports/{number}/match/",
            {f"plants:{n}": c for n, c in enumerate(("id", "firm", "process", "site", "capacity", "status", "start"))},
        ).status_code
    )
    work()
    assert 200 == client.get(f"/imports/{number}/").status_code
    client.post(f"/imports/{number}/enter/", {"reason": "October report"})
    work()
    assert MODELS["plants"].objects.filter(c_id="a2").exists()
    assert "entered" == Batch.objects.get(pk=number).state
    client.post(f"/imports/{number}/undo/", {"reason": "no"})
    work()
    assert not MODELS["plants"].objects.filter(c_id="a2").exists()


def test_the_steps_speak_english_too(as_: As, registers: Registers) -> None:
    client = as_("editor")
    client.cookies["lang"] = "en"
    assert "Match headers" in client.get("/imports/").content.decode()
    number = send(client, PLANTS)

    assert "1 header is not known" in client.get(f"/imports/{number}/").content.decode()
    assert "3 of 5 rows can enter" in match(client, number)


def test_in_a_file_an_id_that_another_firm_has_reads_like_one_that_nobody_has(as_: As, registers: Registers) -> None:
    number = send(as_("firm_a_editor"), "id,firm,note\nb1,a,theirs\nzz,a,nobodys\n")
    match(as_("firm_a_editor"), number)
    lines = Line.objects.order_by("number").values_list("state", "record", "before", "findings")

    assert ("wrong", None) == lines[0][:2] == lines[1][:2]
    assert lines[0][2] == lines[1][2]
    assert [one["code"] for one in json.loads(lines[0][3])] == [one["code"] for one in json.loads(lines[1][3])]
