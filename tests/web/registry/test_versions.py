"""A version is proposed by one person and published by another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from liantu import runs
from liantu.web.audit.actions import System
from liantu.web.registry import actions, handlers, queries
from liantu.web.registry.models import Record, Snapshot, Version

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Registers = Mapping[str, Mapping[str, Record]]
WHY = {"name": "October", "reason": "monthly figures"}


def test_a_second_person_publishes_and_never_the_proposer(as_: As, registers: Registers) -> None:
    assert 302 == as_("lead").post("/versions/propose/", WHY).status_code
    assert 409 == as_("lead").post("/versions/1/publish/", {"reason": "good"}).status_code
    assert queries.published() is None
    assert 403 == as_("editor").post("/versions/1/publish/", {"reason": "good"}).status_code


def test_a_proposed_version_is_published_by_the_lead(as_: As, registers: Registers) -> None:
    as_("editor").post("/versions/propose/", WHY)

    assert 302 == as_("lead").post("/versions/1/publish/", {"reason": "good"}).status_code

    published = queries.published()
    assert published is not None and ("October", "editor", "lead") == (published.name, published.proposed_name, published.published_name)
    assert queries.tables().digest() == published.snapshot.digest


def test_nothing_new_is_no_new_version(as_: As, registers: Registers) -> None:
    as_("editor").post("/versions/propose/", WHY)
    assert 409 == as_("reviewer").post("/versions/propose/", WHY).status_code
    as_("lead").post("/versions/1/publish/", {"reason": "good"})
    assert 409 == as_("editor").post("/versions/propose/", WHY).status_code
    assert 1 == Version.objects.count()


def test_large_registers_are_put_forward_in_the_background(as_: As, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_SMALL_ROWS", 0)
    editor = as_("editor")

    assert 302 == editor.post("/versions/propose/", WHY).status_code
    assert not Version.objects.exists() and not Snapshot.objects.exists()
    waiting = editor.get("/versions/").content.decode()
    assert "data-watch" in waiting and 'action="/versions/propose/"' not in waiting
    assert 302 == as_("reviewer").post("/versions/propose/", {"name": "Another", "reason": "at the same time"}).status_code
    work()

    made = Version.objects.get()
    assert ("October", "monthly figures", "proposed", "editor") == (made.name, made.reason, made.state, made.proposed_name)
    assert queries.tables().digest() == made.snapshot.digest
    assert "data-watch" not in editor.get("/versions/").content.decode()


def test_what_cannot_be_put_forward_in_the_background_is_said_until_something_is(
    as_: As, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_("editor").post("/versions/propose/", WHY)
    as_("lead").post("/versions/1/publish/", {"reason": "good"})
    plant = registers["plants"]["a1"]
    changed = actions.change(plant, {"capacity": "26000"}, lock=plant.lock, actor=System(), reason="counted again")
    actions.change(changed, {"capacity": "25000"}, lock=changed.lock, actor=System(), reason="counted wrongly")
    monkeypatch.setattr(handlers, "_SMALL_ROWS", 0)

    as_("editor").post("/versions/propose/", {"name": "Same", "reason": "no difference"})
    work()

    assert "Same" in as_("editor").get("/versions/").content.decode() and 1 == Version.objects.count()
    actions.create("firms", {"id": "c", "name_zh": "丙公司"}, actor=System(), reason="new here")
    actions.propose("November", actor=System(), reason="one firm more")
    assert "Same" not in as_("editor").get("/versions/").content.decode()


def work() -> None:
    from liantu.web.config.jobs import HANDLERS
    from liantu.web.jobs import actions as jobs
    from liantu.web.jobs import child

    while (job := jobs.claim()) is not None:
        child.run(job.pk, job.token, HANDLERS)


def second(as_: As, registers: Registers) -> None:
    """Version 1 published, then one plant changed, one retired, one new, and version 2 published."""
    as_("editor").post("/versions/propose/", WHY)
    as_("lead").post("/versions/1/publish/", {"reason": "good"})
    plant = registers["plants"]["a1"]
    actions.change(plant, {"capacity": "26000"}, lock=1, actor=System(), reason="more")
    actions.retire(registers["plants"]["b1"], lock=1, actor=System(), reason="closed")
    actions.create("plants", {**plant.cells(), "id": "a9"}, actor=System(), reason="new")
    as_("editor").post("/versions/propose/", {"name": "November", "reason": "monthly figures"})
    as_("lead").post("/versions/2/publish/", {"reason": "good"})


def test_two_versions_are_compared_by_record(as_: As, registers: Registers) -> None:
    second(as_, registers)

    page = as_("viewer").get("/versions/2/against/1/").content.decode()

    assert "2 → 2 行：新增 1，改动 1，停用 1" in page
    assert "25000" in page and "26000" in page and "a9" in page and "b1" in page


def test_without_a_version_the_one_before_is_in_force_again_but_never_none(as_: As, registers: Registers) -> None:
    second(as_, registers)
    lead = as_("lead")

    assert 302 == lead.post("/versions/2/withdraw/", {"reason": "wrong"}).status_code
    published = queries.published()
    assert published is not None and 1 == published.number
    assert 409 == lead.post("/versions/1/withdraw/", {"reason": "wrong"}).status_code


def test_the_package_of_a_version_reads_as_what_it_was(as_: As, registers: Registers) -> None:
    second(as_, registers)

    answer = as_("viewer").get("/versions/1/package.zip")

    read = runs.received(answer.content, "version-1.zip")
    first = Version.objects.get(number=1)
    assert first.snapshot.digest == read.digest()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert b"98765" not in b"".join(archive.read(name) for name in archive.namelist())


def test_firms_do_not_read_versions(as_: As, registers: Registers) -> None:
    as_("editor").post("/versions/propose/", WHY)

    for address in ("/versions/", "/versions/1/", "/versions/1/package.zip"):
        assert 403 == as_("firm_a").get(address).status_code


def test_one_state_of_the_registers_is_kept_once(registers: Registers) -> None:
    first = actions.snapshot()

    assert first == actions.snapshot() and 1 == Snapshot.objects.count()
    actions.change(registers["plants"]["a1"], {"note": "x"}, lock=1, actor=System(), reason="note")
    assert first.digest != actions.snapshot().digest
    assert first.digest == queries.content(first).digest() and "25000" in queries.content(first).tables["plants"].columns["capacity"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_speak_both_languages(as_: As, registers: Registers, lang: str) -> None:
    second(as_, registers)
    client = as_("lead")
    client.cookies["lang"] = lang

    for address in ("/versions/", "/versions/2/", "/versions/2/against/1/"):
        page = client.get(address).content.decode()
        assert ("Version" in page) == (lang == "en") and ("版" in page.replace("EN", "")) == (lang == "zh"), address
