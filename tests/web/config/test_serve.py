"""The workbench as it is started, killed and stopped: real processes, a real address."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, Queue

import pytest

from liantu import runs

WAIT_S = 180
# Keeps running what ends by itself.
ENDS = """
import django, sys; django.setup()
from liantu.web.config.server import Supervisor
Supervisor({"it": lambda parent: sys.exit(3)}).run(lambda: None)
"""


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    return {**kept, "LIANTU_HOME": str(home), "LIANTU_LANG": "en"}


class Served:
    """``liantu serve`` in a folder of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        command = [sys.executable, "-m", "liantu", "serve", "--port", "0", "--workers", "1", *words]
        self.process = subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: Queue[str] = Queue()
        self.ear = threading.Thread(target=self._listen, daemon=True)
        self.ear.start()
        self.said: list[str] = []

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, pattern: str) -> str:
        while True:
            try:
                self.said.append(self.lines.get(timeout=WAIT_S))
            except Empty:
                pytest.fail(f"{pattern!r} was not said: {self.said}")
            if found := re.search(pattern, self.said[-1]):
                return found.group(1)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WAIT_S)
        self.close()
        return code

    def close(self) -> None:
        assert self.process.stdout is not None
        self.ear.join(WAIT_S)
        self.process.stdout.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    one = Served(tmp_path)
    yield one
    one.stop()


def answer(address: str) -> int:
    with urllib.request.urlopen(address, timeout=WAIT_S) as response:
        return int(response.status)


def children(of: int) -> dict[str, int]:
    """Processes started by one, by what they do."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text("utf-8").partition("(")[2].rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(rest.split()[1]) == of:
            found[name.removeprefix("liantu-")] = int(path.parent.name)
    return found


def test_the_first_start_prints_a_password_once_and_serves_the_chain_it_loaded(served: Served, tmp_path: Path) -> None:
    password = served.until(r"admin, password (\S+)\.")
    address = served.until(r"Open (http://127\.0\.0\.1:\d+/)")

    assert 200 == answer(f"{address}login/")
    assert 0 == served.stop()

    with closing(sqlite3.connect(tmp_path / "liantu.sqlite3")) as database:
        assert len(runs.gather("chenzhou").tables["plants"]) == database.execute("SELECT count(*) FROM registry_plantsrow").fetchone()[0]
        assert ("published",) == database.execute("SELECT state FROM registry_version").fetchone()
        assert {"system", "lead"} == {role for (role,) in database.execute("SELECT role FROM accounts_grant")}
    assert password.encode() not in (tmp_path / "liantu.sqlite3").read_bytes()
    assert {0o600} == {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")}

    again = Served(tmp_path)
    assert password != again.until(r"no longer works\. First sign-in: admin, password (\S+)\.")
    assert 0 == again.stop()


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_what_is_killed_is_there_again(served: Served, victim: str) -> None:
    address = served.until(r"Open (http://\S+/)")
    supervisor = next(iter(children(served.process.pid).values()))
    before = children(supervisor)

    os.kill(before[victim], signal.SIGKILL)
    served.until(rf"({victim}) ended with -9")

    while children(supervisor).get(victim, before[victim]) == before[victim]:
        assert served.process.poll() is None
    while True:
        try:
            assert 200 == answer(f"{address}login/")
            break
        except OSError:
            assert served.process.poll() is None


def test_a_server_killed_again_and_again_is_given_up_never_and_one_that_ends_by_itself_is(served: Served, tmp_path: Path) -> None:
    served.until(r"Open (http://\S+/)")
    supervisor = next(iter(children(served.process.pid).values()))
    killed: set[int] = set()
    while len(killed) < 10:
        web = children(supervisor).get("web")
        assert served.process.poll() is None
        if web and web not in killed:
            os.kill(web, signal.SIGKILL)
            killed.add(web)

    done = subprocess.run(
        [sys.executable, "-c", ENDS],
        env={**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "liantu.web.config.settings"},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )

    assert "CallError: “it” ends again and again right after its start." in done.stderr
    assert 9 == done.stderr.count("it ended with 3 and is started again")


def test_nothing_is_left_when_the_whole_is_killed(served: Served) -> None:
    served.until(r"Open (http://\S+/)")
    supervisor = next(iter(children(served.process.pid).values()))
    left = list(children(supervisor).values())

    os.kill(supervisor, signal.SIGKILL)
    served.process.wait(WAIT_S)

    for pid in left:
        while Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8"):
            pass


def test_an_address_that_is_taken_is_said(served: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    port = served.until(r"Open http://127\.0\.0\.1:(\d+)/")

    other = subprocess.run(
        [sys.executable, "-m", "liantu", "serve", "--port", port], env=environment(tmp_path_factory.mktemp("other")),
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip

    assert 2 == other.returncode
    assert f"Nothing can listen on 127.0.0.1:{port}" in other.stderr


def test_a_newer_database_is_refused_in_words(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "liantu.web"]
    subprocess.run([*run, "migrate", "-v0"], env=environment(tmp_path), check=True, timeout=WAIT_S)
    with closing(sqlite3.connect(tmp_path / "liantu.sqlite3")) as database, database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('registry', '0099_future', '2030-01-01')")

    done = subprocess.run(
        [*run, "serve", "--port", "0"], env=environment(tmp_path), capture_output=True, text=True, timeout=WAIT_S, check=False
    )

    assert 2 == done.returncode
    assert "registry.0099_future" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = subprocess.run(
        [sys.executable, "-m", "liantu", "serve", "--port", "0"], env=environment(tmp_path / "file" / "home"),
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip

    assert 2 == done.returncode
    assert f"The workbench cannot write into its folder {tmp_path / 'file' / 'home'}: Not a directory." in done.stderr
    assert "Set LIANTU_HOME" in done.stderr and "Traceback" not in done.stderr
