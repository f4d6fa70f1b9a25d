"""Every page in a real browser: it opens in both languages, says nothing behind the scenes, fits every screen, and can be read by all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import resolve

from liantu.web.accounts import rights
from tests.web.browser.conftest import Opened

pytestmark = pytest.mark.chromium
# Address and who opens it.
PAGES = (
    ("/login/", ""),
    ("/", "editor"),
    ("/account/", "viewer"),
    ("/account/password/", "viewer"),
    ("/account/authenticator/", "viewer"),
    ("/api/v1/tokens/", "editor"),
    ("/chain/", "viewer"),
    ("/chain/", "firm_a"),
    ("/balance/", "viewer"),
    ("/recruit/", "viewer"),
    ("/plan/?first=2026&last=2028", "viewer"),
    ("/coupling/", "viewer"),
    ("/manage/calendar/", "system"),
    ("/notices/", "editor"),
    ("/scenarios/", "editor"),
    ("/scenarios/new/", "editor"),
    ("/scenarios/{scenario}/", "editor"),
    ("/scenarios/{scenario}/edit/", "editor"),
    ("/scenarios/compare/", "editor"),
    ("/runs/", "editor"),
    ("/runs/{run}/", "editor"),
    ("/runs/compare/?run={run}&run={other_run}", "editor"),
    ("/registers/", "viewer"),
    ("/registers/plants/", "editor"),
    ("/registers/plants/new/", "editor"),
    ("/registers/plants/{plant}/", "editor"),
    ("/registers/plants/{plant}/edit/", "editor"),
    ("/imports/", "editor"),
    ("/imports/{match}/", "editor"),
    ("/imports/{check}/", "editor"),
    ("/versions/", "reviewer"),
    ("/versions/{version}/", "reviewer"),
    ("/versions/{version}/against/{version}/", "reviewer"),
    ("/reports/", "editor"),
    ("/reports/{paper}/", "reviewer"),
    ("/manage/people/", "system"),
    ("/manage/people/new/", "system"),
    ("/manage/people/{person}/", "security"),
    ("/manage/organisations/", "system"),
    ("/manage/organisations/new/", "system"),
    ("/manage/organisations/{organisation}/", "system"),
    ("/manage/roles/", "security"),
    ("/manage/audit/", "auditor"),
    ("/manage/audit/1/", "auditor"),
    ("/manage/health/", "system"),
)
NO_PAGE = {  # what is fetched, not looked at
    "jobs:state", "work:state", "work:record", "papers:file", "registry:export", "registry:marked", "registry:package",
    "manage:audit-export", "manage:live",
}  # fmt: skip
# 720 is a screen of 1440 at twice the size.
WIDTHS = (1440, 1280, 1180, 860, 720, 390, 320)
WIDER = "[document.documentElement.scrollWidth, innerWidth]"
AXE = """
async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})).violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join(" | ")}`)
"""


@pytest.fixture(scope="module")
def axe(root: Path) -> str:
    """The checker's source; a page's own policy lets no script in, so it comes by the debugger."""
    source = root / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed: tools/setup.sh test")
    return source.read_text(encoding="utf-8")


def test_every_route_that_shows_a_page_is_looked_at() -> None:
    routes = {route for route, method in rights.table() if method == "GET"}
    numbers = dict.fromkeys(("scenario", "run", "other_run", "plant", "match", "check", "version", "paper", "person", "organisation"), 1)
    looked_at = {resolve(path.format(**numbers).partition("?")[0]).view_name for path, _ in PAGES}
    assert looked_at - {"api:tokens"} == {route for route in routes - NO_PAGE if not route.startswith("api:")}


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
@pytest.mark.parametrize(("path", "name"), PAGES)
def test_a_page_is_quiet_fits_every_screen_and_can_be_read_by_all(
    visit: Opened, axe: str, path: str, name: str, lang: str, dark: bool
) -> None:
    opened = visit(path, name, lang=lang, dark=dark)
    page = opened.page
    assert {"zh": "zh-CN", "en": "en"}[lang] == page.locator("html").get_attribute("lang")
    assert 1 == page.locator("h1").count()
    page.evaluate(axe)
    assert [] == page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed, there = page.evaluate(WIDER)
        assert needed <= there, f"{needed} px needed at {width} px"
    assert [] == opened.elsewhere
    assert [] == opened.messages
