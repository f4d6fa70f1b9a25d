"""A browser before a workbench in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.web.browser.running import FLAGS, WITHIN_MS, Workbench, running, sign_in, speak


@pytest.fixture(scope="package")
def workbench(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Workbench]:
    """One workbench for all these tests, ended before others begin: its event loop is not theirs."""
    with running(tmp_path_factory.mktemp("workbench"), root) as one:
        yield one


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all these tests, ended before others begin: its event loop is not theirs."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield launched
        launched.close()


@dataclass(slots=True, kw_only=True)
class Visit:
    """A page, what it said behind the scenes, and whom else it asked."""

    page: Page
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def listen(self, url: str) -> None:
        """To console, errors and requests."""
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("requestfailed", lambda request: self.messages.append(f"failed: {request.url}"))
        self.page.on("request", lambda request: None if request.url.startswith((url, "data:")) else self.elsewhere.append(request.url))


Signed = Callable[[str], StorageState | None]
Opened = Callable[..., Visit]


@pytest.fixture(scope="package")
def signed(browser: Browser, workbench: Workbench) -> Signed:
    """What a browser keeps of somebody signed in; each signs in once, by the page itself."""
    kept: dict[str, StorageState] = {}

    def of(name: str) -> StorageState | None:
        if name and name not in kept:
            context = browser.new_context()
            sign_in(context.new_page(), workbench, name)
            kept[name] = context.storage_state()
            context.close()
        return kept.get(name)

    return of


@pytest.fixture
def visit(browser: Browser, workbench: Workbench, signed: Signed) -> Iterator[Opened]:
    """``visit("/chain/", "viewer", lang="en", dark=True, width=390)``: the page, loaded."""
    contexts: list[BrowserContext] = []

    def opened(path: str, name: str, *, lang: str = "zh", dark: bool = False, width: int = 1440) -> Visit:
        theme = "dark" if dark else "light"
        context = browser.new_context(
            storage_state=signed(name), viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(WITHIN_MS)
        speak(context, workbench, lang)
        visited = Visit(page=context.new_page())
        visited.listen(workbench.url)
        answer = visited.page.goto(workbench.at(path))
        assert answer is not None
        assert 200 == answer.status, path
        return visited

    yield opened
    for context in contexts:
        context.close()
