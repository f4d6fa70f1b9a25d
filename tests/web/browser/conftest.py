"""A workbench in use, in processes of its own, and a browser before it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web.browser.filled import PASSWORD

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
WITHIN_MS = 60_000  # on a machine with other things to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Where it answers, and the numbers that stand in its addresses."""

    url: str
    numbers: Mapping[str, int]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/health/live/"):
                return
        except urllib.error.URLError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Workbench]:
    """Server and worker over a database in use."""
    home = tmp_path_factory.mktemp("workbench")
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    path = os.pathsep.join([str(root / "src"), str(root)])
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "tests.settings", "LIANTU_HOME": str(home), "PYTHONPATH": path}
    run = {"env": environment, "cwd": root}
    filled = subprocess.run([sys.executable, "-m", "tests.web.browser.filled"], check=True, capture_output=True, text=True, **run)  # type: ignore[call-overload]
    port = _free_port()
    serve = ["granian", "--interface", "wsgi", "--no-log", "--port", str(port), "liantu.web.config.wsgi:application"]
    commands = ([sys.executable, "-m", *serve], [sys.executable, "-m", "liantu.web", "worker"])
    processes = [subprocess.Popen(command, **run) for command in commands]  # type: ignore[call-overload]
    try:
        _until_it_answers(f"http://127.0.0.1:{port}", processes[0])
        yield Workbench(url=f"http://127.0.0.1:{port}", numbers=json.loads(filled.stdout.splitlines()[-1]))
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield launched
        launched.close()


@dataclass(slots=True)
class Heard:
    """What a page said behind the scenes, and whom else it asked."""

    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def listen(self, page: Page, url: str) -> None:
        """To console, errors and requests."""
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", lambda request: self.messages.append(f"failed: {request.url}"))
        page.on("request", lambda request: None if request.url.startswith((url, "data:")) else self.elsewhere.append(request.url))


@dataclass(slots=True, kw_only=True)
class Visit:
    """A page and what was heard of it."""

    page: Page
    heard: Heard


Opened = Callable[..., Visit]


@pytest.fixture(scope="session")
def cookies(browser: Browser, workbench: Workbench) -> Callable[[str], list[dict[str, object]]]:
    """Signed in once each, by the page itself."""
    kept: dict[str, list[dict[str, object]]] = {}

    def of(name: str) -> list[dict[str, object]]:
        if name and name not in kept:
            context = browser.new_context()
            page = context.new_page()
            sign_in(page, workbench.url, name)
            kept[name] = context.cookies()  # type: ignore[assignment]
            context.close()
        return kept.get(name, [])

    return of


def sign_in(page: Page, url: str, name: str) -> None:
    """By name and password, to the desk."""
    page.goto(f"{url}/login/", timeout=WITHIN_MS)
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{url}/", timeout=WITHIN_MS)


@pytest.fixture
def visit(browser: Browser, workbench: Workbench, cookies: Callable[[str], list[dict[str, object]]]) -> Iterator[Opened]:
    """``visit("/chain/", "viewer", lang="en", dark=True, width=390)``: the page, once it has come to rest."""
    contexts: list[BrowserContext] = []

    def opened(path: str, name: str, *, lang: str = "zh", dark: bool = False, width: int = 1440, height: int = 900) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(WITHIN_MS)
        context.add_cookies([*cookies(name), {"name": "lang", "value": lang, "url": workbench.url}])  # type: ignore[list-item]
        visited = Visit(page=context.new_page(), heard=Heard())
        visited.heard.listen(visited.page, workbench.url)
        answer = visited.page.goto(workbench.url + path.format(**workbench.numbers), wait_until="load")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return visited

    yield opened
    for context in contexts:
        context.close()
