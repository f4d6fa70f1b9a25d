"""Kill the workbench while it is used, again and again. Owns: the drill and what it counts. Never: mending anything.

People save scenarios and ask questions over http; an answer to them is a promise. Meanwhile the server, one of its processes, the worker or
a job is killed at a random moment. In the end: is every promise kept, was any job done twice, is the trail whole, how long was each away?
``python -m tools.kills 100`` prints the table.
"""

from __future__ import annotations

import http.cookiejar
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_PASSWORD = "drill-" + "x" * 12
_PERSON = f"""
from liantu.web.accounts import actions
from liantu.web.accounts.models import Organisation
from liantu.web.audit.actions import System
from liantu.web.config.beginning import begin
begin()
person, _ = actions.open_person("drill", "drill", Organisation.objects.get(), actor=System())
person.set_password({_PASSWORD!r}); person.must_change_password = False; person.password_until = None; person.save()
actions.give_role(person, "editor", actor=System(), confirmed=True)
"""
_WAIT_S, _SOON_S, _SERVERS = 120.0, 5.0, 2
_THINK_S = 2.0  # between two things a person does; without it two people ask for more than any worker does


@dataclass
class Counted:
    """What came out of a drill."""

    away: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    saved: list[str] = field(default_factory=list)
    asked: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    whole: bool = False


class Person:
    """Somebody with a browser, signed in."""

    def __init__(self, address: str) -> None:
        self._address, self._jar = address, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.post("login/", {"username": "drill", "password": _PASSWORD})

    def post(self, path: str, given: dict[str, str]) -> int:
        """Send a form; the status in the end, 0 if nobody answered."""
        try:
            page = self._opener.open(f"{self._address}{path if path == 'login/' else 'scenarios/new/'}", timeout=_WAIT_S).read().decode()
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            data = urllib.parse.urlencode({**given, "csrfmiddlewaretoken": token.group(1) if token else ""}).encode()
            with self._opener.open(f"{self._address}{path}", data, timeout=_WAIT_S) as answer:
                return int(answer.status) if answer.url != f"{self._address}{path}" or path == "login/" else 0
        except (OSError, http.client.HTTPException):
            return 0


def drill(times: int, seed: int = 1, say: bool = False) -> Counted:
    """Kill ``times`` times, then look."""
    found, chance = Counted(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="liantu-drill-") as home:
        kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
        environment = {**kept, "LIANTU_HOME": home, "LIANTU_LANG": "en"}
        subprocess.run([sys.executable, "-m", "liantu.web", "shell", "-v0", "-c", _PERSON], env=environment, check=True)
        with _served(environment) as (address, supervisor):
            _use_and_kill(address, supervisor, found, chance, times, say=say)
            _settle(Path(home))
        found.whole = subprocess.run([sys.executable, "-m", "liantu", "audit", "verify"], env=environment, check=False).returncode == 0
        _look(Path(home), found)
    return found


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "liantu.web", "serve", "--port", "0", "--workers", str(_SERVERS)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        lines = iter(process.stdout or ())
        address = next(found.group(1) for line in lines if (found := re.search(r"Open (http://\S+/)", line)))
        try:
            yield address, process.pid
        finally:
            process.terminate()


def _use_and_kill(address: str, supervisor: int, found: Counted, chance: random.Random, times: int, *, say: bool) -> None:
    stopped = threading.Event()
    people = [threading.Thread(target=_use, args=(Person(address), number, found, stopped)) for number in range(2)]
    for one in people:
        one.start()
    began = time.monotonic()
    while not found.saved and time.monotonic() - began < _WAIT_S:
        time.sleep(0.1)  # until there is a promise to keep
    for number in range(times):
        time.sleep(chance.uniform(0.2, 2.0))
        victims = _processes(supervisor)
        name = chance.choice(sorted(victims))
        victim = chance.choice(victims[name])
        os.kill(victim, signal.SIGKILL)
        found.away[name].append(_until_up(address, supervisor, victim))
        if say:
            sys.stderr.write(f"\r{number + 1}/{times} {name:<12}")
    stopped.set()
    for one in people:
        one.join()


def _use(person: Person, number: int, found: Counted, stopped: threading.Event) -> None:
    place = 0
    while not stopped.is_set():
        place += 1
        name = f"d{number}-{place}"
        if person.post("scenarios/new/", {"name": name, "reason": "drill"}) == 200:
            found.saved.append(name)
        year = 2020 + place % 12
        if place % 3 == 0 and person.post("runs/ask/", {"verb": "balance", "year": str(year), "scenario": "base"}) == 200:
            found.asked += 1
        stopped.wait(_THINK_S)


def _processes(supervisor: int) -> dict[str, list[int]]:
    """What may be killed, by what it is."""
    found: dict[str, list[int]] = {}
    below: dict[int, list[tuple[int, str]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text("utf-8").partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, parent, *_ = rest.split()
        if state != "Z":
            below.setdefault(int(parent), []).append((int(path.parent.name), name))
    for child, called in below.get(supervisor, []):
        name = "worker" if called == "liantu-worker" else "server"
        found.setdefault(name, []).append(child)
        for grandchild, _ in below.get(child, []):
            found.setdefault("job" if name == "worker" else "server's process", []).append(grandchild)
    return found


def _until_up(address: str, supervisor: int, victim: int) -> float:
    """Seconds until pages are answered and everything is there again."""
    began = time.monotonic()
    while time.monotonic() - began < _WAIT_S:
        try:
            with urllib.request.urlopen(f"{address}login/", timeout=5) as answer:
                now = _processes(supervisor)
                is_whole = {"worker", "server"} <= set(now) and len(now.get("server's process", [])) == _SERVERS
                if answer.status == 200 and is_whole and not any(victim in pids for pids in now.values()):
                    return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.05)
    return time.monotonic() - began


def _settle(home: Path) -> None:
    """Until no job waits or runs any more, or none has ended for long."""
    left, until = -1, time.monotonic() + _WAIT_S
    while left and time.monotonic() < until:
        with closing(sqlite3.connect(home / "liantu.sqlite3", timeout=20)) as database:
            now = database.execute("SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running')").fetchone()[0]
        if now != left:
            left, until = now, time.monotonic() + 3 * _WAIT_S
        time.sleep(0.5)


def _look(home: Path, found: Counted) -> None:
    with closing(sqlite3.connect(home / "liantu.sqlite3")) as database:
        kept = {name for (name,) in database.execute("SELECT name FROM work_scenario")}
        found.lost = [name for name in found.saved if name not in kept]
        done = database.execute("SELECT target FROM audit_event WHERE action = 'job.done' GROUP BY target HAVING count(*) > 1")
        found.twice = [target for (target,) in done]
        found.states = Counter(dict(database.execute("SELECT state, count(*) FROM jobs_job GROUP BY state").fetchall()))
        found.unanswered = database.execute(
            "SELECT count(*) FROM work_run r JOIN jobs_job j ON j.id = r.job_id WHERE j.state = 'done' AND r.computed IS NULL"
        ).fetchone()[0]
        found.whole &= database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _times(away: list[float]) -> str:
    above = sum(one > _SOON_S for one in away)
    return f"{len(away)}, up again after {statistics.median(away):.1f} s, at worst {max(away):.1f} s, above {_SOON_S:.0f} s: {above}"


def main() -> int:
    """Drill and print."""
    found = drill(int(sys.argv[1]) if len(sys.argv) > 1 else 100, say=True)
    lines = {f"{name} killed": _times(away) for name, away in found.away.items()} | {
        "killed": _times([one for away in found.away.values() for one in away]),
        "saved and answered": len(found.saved), "of these lost": len(found.lost),
        "questions answered with a page": found.asked, "jobs by end": dict(found.states),
        "done twice": len(found.twice), "done without an answer": found.unanswered, "database and trail whole": found.whole,
    }  # fmt: skip
    sys.stdout.write("\n" + "".join(f"{name:<32}{value}\n" for name, value in lines.items()))
    return int(bool(found.lost or found.twice or found.unanswered or not found.whole))


if __name__ == "__main__":
    sys.exit(main())
