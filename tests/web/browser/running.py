"""A workbench in use, in processes of its own: for tests and for the pictures of the manual."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.web.browser.filled import PASSWORD

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
WITHIN_MS = 60_000  # on a machine with other things to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Where it answers, and the numbers that stand in its addresses."""

    url: str
    numbers: Mapping[str, int]

    def at(self, path: str) -> str:
        """An address with its numbers filled in."""
        return self.url + path.format(**self.numbers)


@contextmanager
def running(home: Path, root: Path) -> Iterator[Workbench]:
    """Filled, then served as ``liantu serve`` does, until the block ends."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    path = os.pathsep.join([str(root / "src"), str(root)])
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "tests.settings", "LIANTU_HOME": str(home), "PYTHONPATH": path}
    filling = subprocess.run(
        [sys.executable, "-m", "tests.web.browser.filled"], check=True, stdout=subprocess.PIPE, env=environment, cwd=root
    )
    serve = [sys.executable, "-m", "liantu.web", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(serve, stdout=subprocess.PIPE, env=environment, cwd=root, text=True)
    assert process.stdout is not None
    try:
        said = next((found[0] for line in process.stdout if (found := re.search(r"http://[\d.:]+", line))), "")
        assert said, "the server ended"
        yield Workbench(url=said, numbers=json.loads(filling.stdout.splitlines()[-1]))
    finally:
        process.terminate()
        process.communicate(timeout=60)


def sign_in(page: Page, workbench: Workbench, name: str) -> None:
    """By name and password, to the desk."""
    page.goto(workbench.at("/login/"), timeout=WITHIN_MS)
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(workbench.at("/"), timeout=WITHIN_MS)


def speak(context: BrowserContext, workbench: Workbench, lang: str) -> None:
    """Choose the language of a browser."""
    context.add_cookies([{"name": "lang", "value": lang, "url": workbench.url}])
