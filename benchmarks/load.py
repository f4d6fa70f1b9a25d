"""``python -m benchmarks.load``: how fast the workbench answers when it is full and many ask at once.

Fills a database (``DATABASE_URL``, else SQLite in a folder of its own), serves it with two processes, lets twenty users read pages and
prints what they waited. ``--think 0`` lets nobody pause; ``--home FOLDER`` keeps the folder and uses it again.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import load_data

PAGES: Mapping[str, tuple[str, ...]] = {
    "list": ("/registers/plants/",),
    "list, far page": tuple(f"/registers/plants/?page={page}" for page in (50, 400, 790)),
    "list, sorted": ("/registers/plants/?sort=-capacity", "/registers/plants/?sort=firm"),
    "list, filtered": (
        "/registers/plants/?status=operating",
        "/registers/plants/?site=guiyang",
        "/registers/plants/?status=planned&sort=start",
    ),
    "list, searched": tuple(f"/registers/plants/?q=p{number}" for number in (17, 1234, 19999)),
    "list of prices": ("/registers/prices/", "/registers/prices/?sort=-date", "/registers/prices/?page=4000"),
    "detail": tuple(f"/registers/plants/{{plant+{number}}}/" for number in (0, 777, 15_000)),
    "detail of a firm": tuple(f"/registers/firms/{{firm+{number}}}/" for number in (0, 777, 1_500)),
    "map": ("/chain/",),
    "balance": ("/balance/",),
    "recruit": ("/recruit/",),
    "runs": ("/runs/",),
    "desk": ("/",),
    "trail": ("/manage/audit/", "/manage/audit/?before=700000"),
    "trail, filtered": ("/manage/audit/?action=plants.changed", "/manage/audit/?actor=person:3", "/manage/audit/?target=p77"),
}
SLOWEST_MS, MOST_QUERIES, MOST_SCRIPT_BYTES = 200, 15, 1_500_000
_TRAIL = "trail"
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
    const first = list.getEntriesByName("first-contentful-paint")[0];
    if (first) done(first.startTime);
}).observe({type: "paint", buffered: true}))"""


class Asked(NamedTuple):
    """One answer: the page's name, how long it took, what it was."""

    page: str
    ms: float
    status: int


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    options.add_argument("--think", type=float, default=1.0, help="seconds between two pages of one user, on average")
    options.add_argument("--rounds", type=int, default=3, help="how often each user reads every page")
    options.add_argument("--home", type=Path, help="folder to keep")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="liantu-load-") as folder:
        home = (asked.home or Path(folder)).resolve()
        os.environ["LIANTU_HOME"] = str(home)
        _fill(home)
        paths, sessions = _paths(), _sessions()
        with _serving() as port:
            answers = _users(port, sessions, paths, asked.think, asked.rounds)
            painted = _first_paint(port, sessions[1])
        return _told(answers, _in_process(sessions, paths), painted)


def _fill(home: Path) -> None:
    """Fill the database, if the last time has not."""
    mark = home / "filled"
    if not mark.is_file():
        home.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "benchmarks.load_data"], check=True)
        mark.touch()
        print(f"filled in {time.monotonic() - started:.0f} s")


def _sessions() -> list[str]:
    """Every user signed in."""
    from django.test import Client

    from liantu.web.accounts.models import Person

    sessions = []
    for number in range(load_data.USERS):
        client = Client()
        client.force_login(Person.objects.get(username=f"user{number}"))
        sessions.append(client.cookies["session"].value)
    return sessions


def _paths() -> Mapping[str, tuple[str, ...]]:
    """Pages with the numbers of this database in them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
    import django

    django.setup()
    from liantu.web.registry.models import MODELS

    first = {name: MODELS[f"{name}s"].objects.get(key=f"{name[0]}0").pk for name in ("plant", "firm")}

    def numbered(path: str) -> str:
        before, brace, rest = path.partition("{")
        name, _, more = rest.partition("}")[0].partition("+")
        return f"{before}{first[name] + int(more)}{rest.partition('}')[2]}" if brace else path

    return {page: tuple(map(numbered, paths)) for page, paths in PAGES.items()}


@contextmanager
def _serving() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    serve = ["-m", "liantu.web", "web", "127.0.0.1", str(port), "2", "--parent", str(os.getpid())]
    process = subprocess.Popen([sys.executable, *serve])
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _users(port: int, sessions: Sequence[str], paths: Mapping[str, tuple[str, ...]], think: float, rounds: int) -> list[Asked]:
    """What every user waited, after a first round that does not count. The first reads the trail, the others the rest."""
    answers: list[Asked] = []

    def use(number: int) -> None:
        chance = random.Random(number)
        mine = [page for page in paths if page.startswith(_TRAIL) == (number == 0)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for turn in range(rounds + 1):
            for page in chance.sample(mine, len(mine)):
                time.sleep(chance.uniform(0.5, 1.5) * think)
                one = _get(connection, page, chance.choice(paths[page]), sessions[number])
                if turn:
                    answers.append(one)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(len(sessions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _get(connection: http.client.HTTPConnection, page: str, path: str, session: str) -> Asked:
    before = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"session={session}"})
    answer = connection.getresponse()
    answer.read()
    return Asked(page, (time.perf_counter() - before) * 1000, answer.status)


def _in_process(sessions: Sequence[str], paths: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[int, float]]:
    """Page → the most queries it takes, and the processor's milliseconds: the wait on a machine with nothing else to do."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for page, some in paths.items():
        client = Client(SERVER_NAME="127.0.0.1")
        client.cookies["session"] = sessions[0 if page.startswith(_TRAIL) else 1]
        client.get(some[0])
        queries, spent = [], []
        for path in some * 3:
            with CaptureQueriesContext(connection) as captured:
                before = time.process_time()
                client.get(path)
                spent.append((time.process_time() - before) * 1000)
            queries.append(len(captured))
        found[page] = (max(queries), statistics.median(spent))
    return found


def _first_paint(port: int, session: str) -> float | None:
    """Milliseconds until the chain map is first painted, as the browser says; None without one."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = os.environ.get("LIANTU_CHROMIUM", "/usr/bin/chromium")
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            return None
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "session", "value": session, "url": f"http://127.0.0.1:{port}"}])
        painted = []
        for _ in range(5):
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}/chain/")
            painted.append(float(page.evaluate(_PAINTED)))
            page.close()
        browser.close()
    return statistics.median(painted)


def _script_bytes() -> int:
    """All scripts of the workbench together."""
    from django.contrib.staticfiles.finders import get_finders

    found = {path: storage.size(path) for finder in get_finders() for path, storage in finder.list([]) if path.endswith(".js")}
    return sum(found.values())


def _told(answers: Sequence[Asked], in_process: Mapping[str, tuple[int, float]], painted: float | None) -> int:
    """Print the table; 1 where something misses its limit."""
    from django.db import connection

    by_page: dict[str, list[float]] = defaultdict(list)
    for one in answers:
        by_page[one.page].append(one.ms)
    by_page["all"] = [one.ms for one in answers]
    wrong = [one for one in answers if one.status != 200]
    print(f"{connection.display_name}: {load_data.PLANTS:,} plants, {load_data.FIRMS:,} firms, {load_data.EVENTS:,} events, "
          f"{load_data.PRICES:,} prices; {load_data.USERS} users, 2 processes; load of the machine {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"{'page':20}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'CPU ms':>9}{'queries':>9}")
    missed = len(wrong)
    for page, waits in by_page.items():
        p95 = sorted(waits)[max(0, -(-len(waits) * 95 // 100) - 1)]
        queries, spent = in_process.get(page, (0, 0.0))
        missed += p95 > SLOWEST_MS or queries > MOST_QUERIES
        print(f"{page:20}{len(waits):9}{statistics.median(waits):9.0f}{p95:9.0f}{max(waits):9.0f}{spent:9.1f}{queries:9}")
    print(f"answers that were not 200: {len(wrong)} {sorted({(one.page, one.status) for one in wrong})}")
    print(f"JavaScript in all: {_script_bytes():,} bytes (at most {MOST_SCRIPT_BYTES:,})")
    print(f"first paint of the chain map: {'no browser' if painted is None else f'{painted:.0f} ms'}")
    return int(missed > 0 or _script_bytes() > MOST_SCRIPT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
