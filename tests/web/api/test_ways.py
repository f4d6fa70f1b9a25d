"""The long ways over the interface: a file brought in, a scenario from its opening to its end, a question and a report, people and roles."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.api import actions
from liantu.web.audit import anchors
from liantu.web.audit.actions import System
from liantu.web.audit.models import Event
from liantu.web.papers.models import File, Paper
from liantu.web.registry import actions as registers
from liantu.web.registry import handlers
from liantu.web.registry.models import MODELS

pytestmark = pytest.mark.django_db
Program = Callable[..., Client]
CHANGE = {"table": "plants", "rows": "p1", "column": "capacity", "operation": "times", "value": "2"}
API = "/api/v1"


def send(client: Client, path: str, given: dict[str, Any], *, method: str = "POST", status: int = 201) -> Any:
    answer = client.generic(method, f"{API}{path}", json.dumps(given), content_type="application/json")
    assert status == answer.status_code, answer.content
    return answer.json() if answer.content else None


def upload(client: Client, name: str, content: bytes) -> Any:
    return client.post(f"{API}/imports", {"file": SimpleUploadedFile(name, content)})


FIRMS = "id,名称,name_en\nn1,新一,New one\nn2,新二,New two\n".encode()


def test_a_file_comes_in_by_four_steps_and_is_taken_back(program: Program) -> None:
    editor = program("editor")
    made = upload(editor, "firms.csv", FIRMS)
    assert 201 == made.status_code, made.content
    number = made.json()["id"]
    assert ("read", ["id", "name_zh", "name_en"]) == (made.json()["state"], [one["column"] for one in made.json()["tables"][0]["headers"]])

    checked = send(editor, f"/imports/{number}/match", {}, status=200)
    assert ("checked", 2, 0) == (checked["state"], checked["counts"]["new"], checked["counts"]["wrong"])
    rows = editor.get(f"{API}/imports/{number}/rows?view=new").json()
    assert (2, "New one") == (rows["total"], rows["rows"][0]["cells"]["name_en"])
    assert "entered" == send(editor, f"/imports/{number}/enter", {"reason": "r"}, status=200)["state"]
    assert 2 == MODELS["firms"].objects.filter(c_id__in=["n1", "n2"]).count()
    assert "batch-state" == send(editor, f"/imports/{number}/enter", {"reason": "r"}, status=409)["code"]
    assert "undone" == send(editor, f"/imports/{number}/undo", {"reason": "r"}, status=200)["state"]
    assert 0 == MODELS["firms"].objects.count()


def test_a_file_that_is_no_table_is_refused_with_the_way_out(program: Program) -> None:
    for name, content, code in (("x.exe", b"MZ", "upload-kind"), ("x.xlsx", b"no workbook", None)):
        answer = upload(program("editor"), name, content)
        assert 422 == answer.status_code
        found = answer.json()["findings"][0]
        assert found["hint"] and code in {None, found["code"]}


def test_what_somebody_sent_is_not_there_for_anybody_else(program: Program) -> None:
    number = upload(program("editor"), "firms.csv", FIRMS).json()["id"]
    theirs, nobodys = (program("park_editor").get(f"{API}/imports/{one}") for one in (number, 999_999))

    assert (404, 404) == (theirs.status_code, nobodys.status_code)
    assert {**theirs.json(), "request": ""} == {**nobodys.json(), "request": ""}


def test_wrong_cells_come_back_red(program: Program) -> None:
    editor = program("editor")
    number = upload(editor, "plants.csv", b"id,firm,capacity\nx,nobody,many\n").json()["id"]
    send(editor, f"/imports/{number}/match", {}, status=200)
    answer = editor.get(f"{API}/imports/{number}/marked.xlsx")

    assert (200, b"PK") == (answer.status_code, answer.content[:2])


def test_a_scenario_is_opened_branched_changed_and_retired(program: Program, version: object) -> None:
    editor = program("editor")
    first = send(editor, "/scenarios", {"name": "twice", "reason": "r", "changes": [CHANGE]})
    branch = send(editor, "/scenarios", {"name": "branch", "reason": "r", "branch_of": first["id"]})
    assert [CHANGE["value"]] == [one["value"] for one in branch["changes"]]

    changed = send(editor, f"/scenarios/{branch['id']}", {"name": "b", "reason": "r", "changes": [], "lock": 1}, method="PUT", status=200)
    assert ([], 2) == (changed["changes"], changed["lock"])
    late = {"name": "c", "reason": "r", "lock": 1}
    assert "scenario-changed" == send(editor, f"/scenarios/{branch['id']}", late, method="PUT", status=409)["code"]
    assert send(editor, f"/scenarios/{branch['id']}/retire", {"reason": "r"}, status=200)["is_retired"]
    assert ["twice"] == [one["name"] for one in editor.get(f"{API}/scenarios").json()]
    assert 404 == program("lead").get(f"{API}/scenarios/{first['id']}").status_code
    send(editor, f"/scenarios/{first['id']}/share", {"reason": "r"}, status=200)
    assert 200 == program("lead").get(f"{API}/scenarios/{first['id']}").status_code


def test_a_change_of_a_column_that_is_none_is_told_at_its_place(program: Program, version: object) -> None:
    wrong = {"name": "n", "reason": "r", "changes": [{**CHANGE, "column": "colour"}, {**CHANGE, "table": "materials"}]}

    assert {"0-column", "1-table"} == set(send(program("editor"), "/scenarios", wrong, status=422)["fields"])


def test_a_question_is_asked_answered_and_answered_again_from_store(
    program: Program, version: object, work: Callable[[], list[str]]
) -> None:
    viewer, asked = program("viewer"), {"verb": "require", "year": 2025, "options": {"demand": {"cell": "20 t"}}}
    run = send(viewer, "/runs", asked)
    assert 404 == viewer.get(f"{API}/runs/{run['id']}/answer").status_code
    assert ["done"] == work()

    told = viewer.get(f"{API}/runs/{run['id']}/answer").json()
    assert {"refine": 40.0, "build": 20.0} == {one["process"]: one["activity"] for one in told["result"]["activities"]}
    again = send(viewer, "/runs", asked)
    assert (run["id"], "done") == (again["id"], again["state"])
    other = send(viewer, "/runs", {**asked, "options": {"demand": {"cell": "10 t"}}})
    work()
    beside = viewer.get(f"{API}/runs/{run['id']}/against/{other['id']}").json()
    assert beside["is_same_verb"] and beside["total"] > 0
    assert "question-verb" == send(viewer, "/runs", {"verb": "guess"}, status=422)["code"]


def test_what_the_map_shows_is_there_once_it_was_computed(program: Program, version: object, work: Callable[[], list[str]]) -> None:
    viewer = program("viewer")
    assert {"run": None, "told": {}}.items() <= viewer.get(f"{API}/chain/overview").json().items()
    send(viewer, "/runs", {"verb": "overview"})
    work()

    assert viewer.get(f"{API}/chain/overview").json()["told"]["page"]
    firms = program("firm_a").get(f"{API}/chain/overview").json()["told"]["page"]
    assert [] == firms["figures"] and ["chain"] == [section["key"] for section in firms["sections"]]


def test_a_report_is_asked_for_fetched_and_approved_by_a_second_person(program: Program, version: object) -> None:
    editor = program("editor")
    made = send(editor, "/reports", {"title": "t", "year": 2025})
    Paper.objects.update(digest="d")
    File.objects.create(paper_id=made["id"], form="pdf", content=b"%PDF", size=4, digest="x")

    assert b"%PDF" == editor.get(f"{API}/reports/{made['id']}/files/pdf").content
    assert 404 == editor.get(f"{API}/reports/{made['id']}/files/docx").status_code
    send(editor, f"/reports/{made['id']}/approve", {"reason": "r"}, status=403)
    assert "lead" == send(program("lead"), f"/reports/{made['id']}/approve", {"reason": "r"}, status=200)["approved_by"]
    assert 403 == program("firm_a").get(f"{API}/reports").status_code


def test_a_version_is_put_forward_and_published_by_another_and_compared(program: Program) -> None:
    editor, lead = program("editor"), program("lead")
    for number in (1, 2):
        registers.create("firms", {"id": f"f{number}", "name_zh": "x"}, actor=System(), reason="r")
        assert number == send(editor, "/versions", {"name": "v", "reason": "r"})["number"]
        assert "published" == send(lead, f"/versions/{number}/publish", {"reason": "r"}, status=200)["state"]

    assert [{"table": "firms", "before": 1, "after": 2, "new": ["f2"], "changed": {}, "gone": []}] == editor.get(
        f"{API}/versions/2/against/1"
    ).json()
    assert {"firms": 2} == editor.get(f"{API}/versions/2").json()["rows"]
    assert b"PK" == editor.get(f"{API}/versions/2/package.zip").content[:2]
    send(lead, "/versions", {"name": "v", "reason": "r"}, status=409)


def test_a_large_version_is_put_forward_in_a_job(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    registers.create("firms", {"id": "f", "name_zh": "x"}, actor=System(), reason="r")
    monkeypatch.setattr(handlers, "_SMALL_ROWS", 0)

    told = send(program("editor"), "/versions", {"name": "v", "reason": "r"}, status=202)
    assert ("version", "queued", "v") == (told["kind"], told["state"], told["title"])


def test_rows_leave_as_a_file_without_what_one_may_not_read(program: Program) -> None:
    registers.create("contracts", {"id": "k", "seller": "a", "buyer": "b", "price": "98765.4321"}, actor=System(), reason="r")
    answer = program("editor").get(f"{API}/tables/contracts/export.csv")
    content = b"".join(answer.streaming_content)

    assert b"98765" not in content and b"k" in content
    assert "contracts.exported" == Event.objects.latest("seq").action
    assert 403 == program("editor", "read:chain").get(f"{API}/tables/contracts/export.csv").status_code


def test_a_retired_row_has_its_history_and_comes_back(program: Program) -> None:
    editor = program("editor")
    made = send(editor, "/tables/firms/records", {"cells": {"id": "n", "name_zh": "新", "name_en": "N"}, "reason": "r"})
    one = f"/tables/firms/records/{made['id']}"
    send(editor, one, {"reason": "gone"}, method="DELETE", status=204)

    last = editor.get(f"{API}{one}/history").json()[0]
    assert ("retired", "gone") == (last["action"], last["reason"])
    send(editor, f"{one}/history/{last['id']}/undo", {"reason": "back"}, status=200)
    assert "n" == editor.get(f"{API}{one}").json()["key"]


def test_a_row_says_whose_it_is_and_when_it_is_due(program: Program) -> None:
    cells = {"cells": {"id": "n", "name_zh": "新", "name_en": "N"}, "reason": "r", "owner": "guiyang", "as_of": "2026-06-30"}
    made = send(program("editor"), "/tables/firms/records", cells)

    assert ("guiyang", "2026-09-30") == (made["owner"], made["next_due"])


def test_a_person_is_entered_and_a_role_travels_through_two_hands(program: Program, people: dict[str, Person]) -> None:
    new = send(program("system"), "/people", {"username": "wang", "name": "王", "organisation": "office", "reason": "r"})
    assert new["password"]
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    grant = send(program("security"), f"/people/{new['id']}/roles", {"role": "viewer", "until": until, "reason": "r"})
    send(program("security"), f"/roles/{grant['id']}/confirm", {}, status=409)
    send(program("lead"), f"/roles/{grant['id']}/confirm", {}, status=204)

    assert ["viewer"] == program("system").get(f"{API}/people/{new['id']}").json()["roles"]
    nowhere = {"username": "li", "name": "李", "organisation": "nowhere", "reason": "r"}
    assert ["organisation"] == list(send(program("system"), "/people", nowhere, status=422)["fields"])
    send(program("lead"), "/people", nowhere, status=403)
    assert 403 == program("system", "read:chain").get(f"{API}/people").status_code


def test_a_token_made_with_a_token_can_do_no_more_and_ends_no_later(program: Program, people: dict[str, Person]) -> None:
    caller = program("editor", "write:register")
    assert "token-scope" == send(caller, "/me/tokens", {"name": "n", "scopes": ["run"], "days": 7}, status=422)["code"]
    token, secret = actions.open_token(people["editor"], "short", ["run"], 1)
    short = Client(headers={"authorization": f"Bearer {secret}"})

    made = send(short, "/me/tokens", {"name": "n", "scopes": ["run"], "days": 90})
    assert token.until.isoformat()[:19] == made["until"][:19]
    assert made["secret"].startswith("lt_")


def test_the_chain_is_checked_piece_by_piece_and_who_asks_is_in_it(
    program: Program, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(anchors, "folder", lambda: tmp_path)  # those of other tests speak of other trails
    auditor, seen = program("auditor"), 0
    first = auditor.get(f"{API}/events/verify?limit=5").json()
    assert (5, 1, 5, None, False) == tuple(first[name] for name in ("events", "first", "last", "wrong", "is_whole"))
    for _ in range(50):
        answer = auditor.get(f"{API}/events/verify?after={seen}&limit=10").json()
        assert answer["wrong"] is None
        seen = answer["last"]
        if answer["is_whole"]:
            break

    assert answer["is_whole"] and "trail.read" == Event.objects.latest("seq").action


def test_what_one_was_told_is_read_over_the_interface(program: Program, people: dict[str, Person]) -> None:
    registers.create("firms", {"id": "f", "name_zh": "x"}, actor=System(), reason="r")
    registers.propose("v", actor=people["editor"], reason="r")
    lead = program("lead")

    told = lead.get(f"{API}/me/notices").json()
    assert (1, "editor put version 1 forward: v. A second person publishes it.") == (told["unread"], told["rows"][0]["sentence"])
    send(lead, f"/me/notices/{told['rows'][0]['id']}/read", {}, status=204)
    assert 0 == lead.get(f"{API}/me/notices").json()["unread"]
    assert "Publish version: v" == lead.get(f"{API}/me/desk").json()["tasks"][0]["title"]
