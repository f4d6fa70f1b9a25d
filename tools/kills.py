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
from collections import Counter
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
_WAIT_S = 120.0
_THINK_S = 2.0  # between two things a person does; without it two people ask for more than any worker does


@dataclass
class Counted:
    """What came out of a drill."""

    kills: Counter[str] = field(default_factory=Counter)
    away: list[float] = field(default_factory=list)
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
    command = [sys.executable, "-m", "liantu.web", "serve", "--port", "0", "--workers", "2"]
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
        os.kill(chance.choice(victims[name]), signal.SIGKILL)
        found.kills[name] += 1
        found.away.append(_until_up(address, supervisor))
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
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(path.read_text("utf-8").rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
        except OSError:
            continue
    for child in parents.get(supervisor, []):
        name = "worker" if b"worker" in _words(child) else "server"
        found.setdefault(name, []).append(child)
        for below in parents.get(child, []):
            found.setdefault("job" if name == "worker" else "server's process", []).append(below)
    return found


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def _until_up(address: str, supervisor: int) -> float:
    """Seconds until pages are answered and the worker is there again."""
    began = time.monotonic()
    while time.monotonic() - began < _WAIT_S:
        try:
            with urllib.request.urlopen(f"{address}login/", timeout=5) as answer:
                if answer.status == 200 and {"worker", "server"} <= set(_processes(supervisor)):
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


def main() -> int:
    """Drill and print."""
    found = drill(int(sys.argv[1]) if len(sys.argv) > 1 else 100, say=True)
    away = sorted(found.away)
    lines = {
        "killed": ", ".join(f"{name} {count}" for name, count in found.kills.items()),
        "up again, s": f"median {statistics.median(away):.1f}, worst {away[-1]:.1f}, above 5 s: {sum(one > 5 for one in away)}",
        "saved and answered": len(found.saved), "of these lost": len(found.lost),
        "questions answered with a page": found.asked, "jobs by end": dict(found.states),
        "done twice": len(found.twice), "done without an answer": found.unanswered, "database and trail whole": found.whole,
    }  # fmt: skip
    sys.stdout.write("\n" + "".join(f"{name:<32}{value}\n" for name, value in lines.items()))
    return int(bool(found.lost or found.twice or found.unanswered or not found.whole))


if __name__ == "__main__":
    sys.exit(main())
