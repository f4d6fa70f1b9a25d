"""Something to act upon, and for every route that writes: who does what with which data. For the test of events."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core import signing as signed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liantu.web.accounts import actions as accounts
from liantu.web.accounts import totp
from liantu.web.accounts.models import Grant, Person
from liantu.web.accounts.queries import mark
from liantu.web.api.actions import open_token
from liantu.web.audit.actions import System
from liantu.web.clock.actions import set_day
from liantu.web.notices.actions import tell
from liantu.web.papers import actions as papers
from liantu.web.papers.models import Paper
from liantu.web.registry import actions, handlers
from liantu.web.registry.models import MODELS, Revision
from liantu.web.work import actions as work
from liantu.web.work import context
from tests.web.registry.conftest import ROWS

PASSWORD, NEXT = "three calm rivers", "four loud mountains"
CSV = "id,name_zh,name_en\nnew,新公司,New firm\n".encode()
R = {"reason": "r"}
LATER = (timezone.localdate() + timedelta(days=90)).isoformat()


def world(people: dict[str, Person]) -> dict[str, Any]:
    """Numbers of what there is to act upon, by name."""
    made: dict[str, Any] = {name: person.pk for name, person in people.items()}
    for table, rows in ROWS.items():
        for row in rows:
            actions.create(table, {name: row.get(name, "") for name in MODELS[table].COLUMNS}, actor=System(), reason="first")
    editor, security = people["editor"], people["security"]
    firm = actions.create("firms", {"id": "c", "name_zh": "丙", "name_en": "C"}, actor=editor, reason="r")
    made |= {"firm": firm.pk, "lock": firm.lock, "change": Revision.objects.latest("pk").pk}
    for step in ("read", "checked", "entered"):
        batch = handlers.receive("firms.csv", CSV.replace(b"new", step.encode()), person=editor)
        if step != "read":
            handlers.match(batch, lambda _table, name, _at: name, person=editor)
        if step == "entered":
            handlers.go(batch, "enter", person=editor, reason="r")
        made[step] = batch.pk
    made["published"] = actions.propose("v1", actor=editor, reason="r").number
    actions.publish(made["published"], actor=people["lead"], reason="r")
    actions.create("firms", {"id": "d", "name_zh": "丁", "name_en": "D"}, actor=editor, reason="r")
    asked = context.settled(editor)
    made["scenario"] = work.open_scenario("s", "r", [], person=editor).pk
    made["job"] = work.ask("balance", asked, person=editor).job_id
    paper = papers.ask("p", asked, "zh", person=editor)
    Paper.objects.filter(pk=paper.pk).update(digest="x")
    made["paper"] = paper.pk
    until = timezone.now() + timedelta(days=90)
    made["waiting"] = accounts.propose_role(people["nobody_yet"], "viewer", actor=security, until=until, reason="r").pk
    made["held"] = Grant.objects.get(person=people["viewer"], role="viewer").pk
    made["guard"] = accounts.give_role(people["nobody_yet"], "security", actor=System(), reason="r").pk
    for name in ("viewer", "editor"):
        person = people[name]
        made[f"token_{name}"] = open_token(person, "t", ["read:chain"], 30)[0].pk
        made[f"notice_{name}"] = tell(person, "notices.says", {"unread": 1}).pk
        person.set_password(PASSWORD)
        person.password_until = None
        person.save()
    browser = Client()
    browser.force_login(editor)
    made["session"] = mark(str(browser.session.session_key))
    made["day"] = set_day(timezone.localdate(), is_working=False, name="x", actor=System()).pk
    made["home"] = editor.organisation_id
    made["firm_home"] = people["firm_a"].organisation_id
    return made


def code(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What the page of the authenticator sends."""

    def made(ids: dict[str, Any]) -> dict[str, Any]:
        seed = totp.new_seed()
        counter = int(time.time() // totp.STEP)
        return {"seed": signed.dumps(seed, salt=f"totp:{ids[name]}"), "code": totp.code(totp.secret(seed), counter)}

    return made


def unguarded(ids: dict[str, Any]) -> None:
    """There was no security administrator yet."""
    Grant.objects.filter(role="security", is_confirmed=True).delete()


def enrolled(ids: dict[str, Any]) -> None:
    """The viewer has an authenticator."""
    Person.objects.filter(pk=ids["viewer"]).update(totp_seed=totp.new_seed())


def unproposed(ids: dict[str, Any]) -> None:
    """Nothing is proposed to who has no role."""
    Grant.objects.filter(person=ids["nobody_yet"]).update(ended=timezone.now())


def proposed(ids: dict[str, Any]) -> None:
    """A version waits to be published."""
    actions.propose("v2", actor=Person.objects.get(pk=ids["editor"]), reason="r")


def file(_: dict[str, Any]) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("firms.csv", CSV)}


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does it, where (arguments by the names of `world`, or as they are), with which data; ``events`` are to follow."""

    who: str = "editor"
    at: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] | Callable[[dict[str, Any]], dict[str, Any]] = field(default_factory=dict)
    before: Callable[[dict[str, Any]], None] | None = None
    events: int = 1

    def send(self, client: Client, route: str, method: str, ids: dict[str, Any], *, empty: bool = False) -> int:
        """The status of the answer."""
        arguments = {name: ids[value] if isinstance(value, str) and value in ids else value for name, value in self.at.items()}
        path = reverse(route, kwargs=arguments)
        data = {} if empty else self.data(ids) if callable(self.data) else self.data
        given = {name: ids[value[1:]] if isinstance(value, str) and value.startswith("#") else value for name, value in data.items()}
        if route.startswith("api:") and route not in {"api:tokens", "api:token-end"} and "file" not in given:
            return client.generic(method, path, json.dumps(given), content_type="application/json").status_code
        return client.post(path, given).status_code


FIRM = {"id": "e", "name_zh": "戊", "name_en": "E"}
NEW_ROW = {f"c_{name}": value for name, value in FIRM.items()}
HOME = {"code": "new", "kind": "county", "name_zh": "新县", "name_en": "", "key": "", **R}
CHANGES = [{"table": "plants", "rows": "a1", "column": "capacity", "operation": "times", "value": "2"}]
SCENARIO = {"name": "n", **R, **{f"0-{name}": value for name, value in CHANGES[0].items()}}
ROW = {"table": "firms", "record": "firm"}

ACTS: dict[tuple[str, str], Act] = {
    ("accounts:login", "POST"): Act(who="", data={"username": "viewer", "password": PASSWORD}),
    ("accounts:logout", "POST"): Act(who="viewer"),
    ("accounts:language", "POST"): Act(who="viewer", at={"lang": "en"}, events=0),
    ("accounts:choose", "POST"): Act(who="viewer", data={"language": "en"}),
    ("accounts:password", "POST"): Act(who="viewer", data={"old": PASSWORD, "new": NEXT, "again": NEXT}),
    ("accounts:authenticator", "POST"): Act(who="viewer", data=code("viewer")),
    ("accounts:authenticator-off", "POST"): Act(who="viewer", data={"password": PASSWORD}, before=enrolled),
    ("accounts:end-session", "POST"): Act(data={"session": "#session"}),
    ("accounts:accept", "POST"): Act(who="nobody_yet", at={"grant": "guard"}, before=unguarded),
    ("api:tokens", "POST"): Act(who="viewer", data={"name": "n", "scopes": ["run"], "days": "7"}),
    ("api:token-end", "POST"): Act(who="viewer", at={"number": "token_viewer"}),
    ("clock:set-day", "POST"): Act(who="lead", data={"day": "2026-11-21", "is_working": "1", "name": "x"}),
    ("clock:clear-day", "POST"): Act(who="lead", at={"day": "day"}),
    ("clock:set-cadence", "POST"): Act(who="lead", data={"register": "plants", "days": "30", "is_working": "1", **R}),
    ("desk:read", "POST"): Act(events=0),
    ("notices:read", "POST"): Act(events=0),
    ("notices:follow", "POST"): Act(at={"notice": "notice_editor"}, events=0),
    ("jobs:cancel", "POST"): Act(at={"number": "job"}, data=R),
    ("manage:new-person", "POST"): Act(who="system", data={"username": "n", "name": "n", "organisation": "#home", **R}),
    ("manage:change-person", "POST"): Act(
        who="system", at={"person": "viewer"}, data={"name": "x", "phone": "", "organisation": "#home", **R}
    ),
    ("manage:switch-person", "POST"): Act(who="system", at={"person": "viewer"}, data={"is_active": "0", **R}),
    ("manage:reset-password", "POST"): Act(who="system", at={"person": "viewer"}, data=R),
    ("manage:drop-authenticator", "POST"): Act(who="security", at={"person": "viewer"}, data=R, before=enrolled),
    ("manage:end-sessions", "POST"): Act(who="security", at={"person": "viewer"}, data=R),
    ("manage:propose-role", "POST"): Act(
        who="security", at={"person": "nobody_yet"}, data={"role": "viewer", "until": LATER, **R}, before=unproposed
    ),
    ("manage:new-organisation", "POST"): Act(who="system", data=HOME),
    ("manage:change-organisation", "POST"): Act(who="system", at={"organisation": "firm_home"}, data={"name_zh": "x", "name_en": "", **R}),
    ("manage:switch-organisation", "POST"): Act(who="system", at={"organisation": "firm_home"}, data={"is_active": "0", **R}),
    ("manage:confirm-role", "POST"): Act(who="lead", at={"grant": "waiting"}),
    ("manage:refuse-role", "POST"): Act(who="lead", at={"grant": "waiting"}, data=R),
    ("manage:end-role", "POST"): Act(who="security", at={"grant": "held"}, data=R),
    ("manage:review-role", "POST"): Act(who="security", at={"grant": "held"}, data=R),
    ("manage:audit-anchor", "POST"): Act(who="auditor"),
    ("papers:index", "POST"): Act(data={"title": "t", "lang": "zh"}),
    ("papers:approve", "POST"): Act(who="lead", at={"number": "paper"}, data=R),
    ("registry:new", "POST"): Act(at={"table": "firms"}, data={**NEW_ROW, **R}),
    ("registry:edit", "POST"): Act(at=ROW, data={"c_name_en": "Other", "lock": "#lock", **R}),
    ("registry:retire", "POST"): Act(at=ROW, data={"lock": "#lock", **R}),
    ("registry:undo", "POST"): Act(at={**ROW, "revision": "change"}, data=R),
    ("registry:imports", "POST"): Act(data=file),
    ("registry:match", "POST"): Act(at={"batch": "read"}, data={"firms:0": "id", "firms:1": "name_zh", "firms:2": "name_en"}),
    ("registry:enter", "POST"): Act(at={"batch": "checked"}, data=R),
    ("registry:undo-import", "POST"): Act(at={"batch": "entered"}, data=R),
    ("registry:discard", "POST"): Act(at={"batch": "read"}),
    ("registry:propose", "POST"): Act(data={"name": "v2", **R}),
    ("registry:publish", "POST"): Act(who="lead", at={"number": 2}, data=R, before=proposed),
    ("registry:withdraw", "POST"): Act(who="lead", at={"number": 2}, data=R, before=proposed),
    ("work:ask", "POST"): Act(data={"verb": "throughput"}),
    # The scenario, and the check of it that is asked for at once.
    ("work:scenario-new", "POST"): Act(data=SCENARIO, events=2),
    ("work:scenario-edit", "POST"): Act(at={"number": "scenario"}, data={**SCENARIO, "lock": "1"}, events=2),
    ("work:scenario-share", "POST"): Act(at={"number": "scenario"}, data={"shared": "1", **R}),
    ("work:scenario-retire", "POST"): Act(at={"number": "scenario"}, data=R),
    ("api:me", "PATCH"): Act(data={"language": "en"}),
    ("api:session", "DELETE"): Act(at={"mark": "session"}),
    ("api:accept", "POST"): Act(who="nobody_yet", at={"number": "guard"}, before=unguarded),
    ("api:my-tokens", "POST"): Act(data={"name": "n", "scopes": ["run"], "days": 7}),
    ("api:my-token", "DELETE"): Act(at={"number": "token_editor"}),
    ("api:notices-read", "POST"): Act(events=0),
    ("api:notice-read", "POST"): Act(at={"number": "notice_editor"}, events=0),
    ("api:days", "POST"): Act(who="lead", data={"day": "2026-11-21", "is_working": True, "name": "x"}),
    ("api:day", "DELETE"): Act(who="lead", at={"number": "day"}),
    ("api:cadence", "PUT"): Act(who="lead", at={"table": "plants"}, data={"days": 30, "is_working": True, **R}),
    ("api:job-cancel", "POST"): Act(at={"number": "job"}, data=R),
    ("api:people", "POST"): Act(who="system", data={"username": "n", "name": "n", "organisation": "office", **R}),
    ("api:person", "PATCH"): Act(who="system", at={"number": "viewer"}, data={"name": "x", "organisation": "office", **R}),
    ("api:person-switch", "POST"): Act(who="system", at={"number": "viewer"}, data={"is_active": False, **R}),
    ("api:password", "POST"): Act(who="system", at={"number": "viewer"}, data=R),
    ("api:authenticator", "DELETE"): Act(who="security", at={"number": "viewer"}, data=R, before=enrolled),
    ("api:person-sessions", "DELETE"): Act(who="security", at={"number": "viewer"}, data=R),
    ("api:person-roles", "POST"): Act(
        who="security", at={"number": "nobody_yet"}, data={"role": "viewer", "until": LATER, **R}, before=unproposed
    ),
    ("api:organisations", "POST"): Act(who="system", data=HOME),
    ("api:organisation", "PATCH"): Act(who="system", at={"number": "firm_home"}, data={"name_zh": "x", **R}),
    ("api:organisation-switch", "POST"): Act(who="system", at={"number": "firm_home"}, data={"is_active": False, **R}),
    ("api:role-confirm", "POST"): Act(who="lead", at={"number": "waiting"}),
    ("api:role-refuse", "POST"): Act(who="lead", at={"number": "waiting"}, data=R),
    ("api:role-end", "POST"): Act(who="security", at={"number": "held"}, data=R),
    ("api:role-review", "POST"): Act(who="security", at={"number": "held"}, data=R),
    ("api:anchor", "POST"): Act(who="auditor"),
    ("api:papers", "POST"): Act(data={"title": "t"}),
    ("api:approve", "POST"): Act(who="lead", at={"number": "paper"}, data=R),
    ("api:records", "POST"): Act(at={"table": "firms"}, data={"cells": FIRM, **R}),
    ("api:record", "PATCH"): Act(at=ROW, data={"cells": {"name_en": "Other"}, **R}),
    ("api:record", "DELETE"): Act(at=ROW, data=R),
    ("api:undo", "POST"): Act(at={**ROW, "revision": "change"}, data=R),
    ("api:imports", "POST"): Act(data=file),
    ("api:match", "POST"): Act(at={"number": "read"}),
    ("api:enter", "POST"): Act(at={"number": "checked"}, data=R),
    ("api:undo-import", "POST"): Act(at={"number": "entered"}, data=R),
    ("api:import", "DELETE"): Act(at={"number": "read"}),
    ("api:versions", "POST"): Act(data={"name": "v2", **R}),
    ("api:publish", "POST"): Act(who="lead", at={"number": 2}, data=R, before=proposed),
    ("api:withdraw", "POST"): Act(who="lead", at={"number": 2}, data=R, before=proposed),
    ("api:runs", "POST"): Act(data={"verb": "throughput"}),
    ("api:scenarios", "POST"): Act(data={"name": "n", "changes": CHANGES, **R}),
    ("api:scenario", "PUT"): Act(at={"number": "scenario"}, data={"name": "n", "changes": CHANGES, **R}),
    ("api:share", "POST"): Act(at={"number": "scenario"}, data=R),
    ("api:retire", "POST"): Act(at={"number": "scenario"}, data=R),
}
