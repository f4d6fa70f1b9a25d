"""Fills the database of the environment as a fortnight of use leaves it: the Chenzhou chain, the cast, something on every page.

``python -m tests.web.browser.filled`` prints as JSON the numbers that stand in addresses. A program of its own, so that server, worker
and browser meet a whole workbench and not the transaction of a test.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping

PASSWORD = "a horse, a battery, a staple"
# One row enters, one is wrong: the page of the check shows both.
PLANTS = "编号,企业,过程,地点,产能（吨/年）,状态,开始年份\nnew-1,{firm},{process},{site},30000,拟建,2028\nnew-2,{firm},{process},atlantis,many,拟建,2028\n"
SCENARIO = {
    "name": "扩产一倍",
    "reason": "看看缺口还剩多少",
    "0-table": "plants",
    "0-column": "capacity",
    "0-operation": "times",
    "0-value": "2",
}


def people() -> None:
    """The cast, each with the same password; the two firms are the first two of the register."""
    from liantu.web.accounts import actions
    from liantu.web.audit.actions import System
    from liantu.web.registry.models import MODELS
    from tests.web.conftest import CAST, ORGANISATIONS

    firms = dict(zip(("firm-a", "firm-b"), MODELS["firms"].objects.order_by("pk")[:2], strict=True))
    homes = {}
    for code, (kind, name, key) in ORGANISATIONS.items():
        row = firms.get(code)
        homes[code] = actions.open_organisation(
            code, kind, row.cell("name_zh") if row else name, key=row.key if row else key, actor=System()
        )
    for name, (home, roles) in CAST.items():
        person, _ = actions.open_person(name, name, homes[home], actor=System())
        person.must_change_password = False
        person.set_password(PASSWORD)
        person.save()
        for role in roles:
            actions.give_role(person, role, actor=System(), confirmed=True)


def work() -> None:
    """Do what waits, here."""
    from liantu.web.config.jobs import HANDLERS
    from liantu.web.jobs import actions, child

    while (job := actions.claim()) is not None:
        child.run(job.pk, job.token, HANDLERS)


def use() -> dict[str, int]:
    """What people left behind."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from liantu.web.accounts.models import Organisation, Person
    from liantu.web.papers.models import Paper
    from liantu.web.registry.models import MODELS, Batch, Version
    from liantu.web.work.models import Run, Scenario

    editor = Client()
    editor.force_login(Person.objects.get(username="editor"))

    def post(path: str, **fields: object) -> None:
        answer = editor.post(path, fields)
        assert answer.status_code == 302, (path, answer.status_code, answer.content.decode())

    MODELS["plants"].objects.update(owner=Organisation.objects.get(code="office"))
    plant = MODELS["plants"].objects.order_by("pk")[0]
    rows = PLANTS.format(**{name: plant.cell(name) for name in ("firm", "process", "site")})
    post("/runs/ask/", verb="overview")
    post("/runs/ask/", verb="outlook", first="2026", last="2028")
    post("/scenarios/new/", **SCENARIO, **{"0-rows": f"id={plant.key}"})
    post("/runs/ask/", verb="overview", scenario=Scenario.objects.get().code)
    post("/reports/", title="九月报告", lang="zh")
    post("/imports/", file=SimpleUploadedFile("plants.csv", rows.encode()))
    post("/imports/", file=SimpleUploadedFile("plants.csv", rows.encode()))
    work()
    match, check = Batch.objects.order_by("pk")
    said = json.loads(check.said)
    picked = {f"{one['table']}:{at}": guess for one in said["tables"] for at, (_, _, guess) in enumerate(one["headers"])}
    post(f"/imports/{check.pk}/match/", **picked)
    work()
    runs = list(Run.objects.filter(verb="overview", part_of=None, asked_by__isnull=False).order_by("pk"))
    return {
        "plant": plant.pk, "version": Version.objects.get().number, "run": runs[0].pk, "other_run": runs[1].pk,
        "scenario": Scenario.objects.get().pk, "paper": Paper.objects.get().pk, "match": match.pk, "check": check.pk,
        "person": Person.objects.get(username="viewer").pk, "organisation": Organisation.objects.get(code="office").pk,
    }  # fmt: skip


def fill() -> Mapping[str, int]:
    """A database with all of it."""
    from django.core.management import call_command

    from liantu.web.audit.actions import System
    from liantu.web.registry import actions

    call_command("migrate", verbosity=0)
    actions.load("chenzhou", System())
    people()
    return use()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(fill()))
