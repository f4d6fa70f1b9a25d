"""The pictures of the workbench in the manual: ``make screens`` takes them anew from a workbench in use."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import sync_playwright

from tests.web.browser.running import FLAGS, WITHIN_MS, running, sign_in, speak

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "_static"


class Picture(NamedTuple):
    """A page as one sees it."""

    name: str
    path: str
    lang: str
    theme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 860


SHOWN = (
    Picture("workbench-chain-zh", "/chain/", "zh"),
    Picture("workbench-chain-en-dark", "/chain/", "en", "dark"),
    Picture("workbench-balance-en", "/balance/", "en"),
    Picture("workbench-register-zh", "/registers/plants/", "zh"),
    Picture("workbench-import-en", "/imports/{check}/", "en", height=620),
    Picture("workbench-desk-zh-phone", "/", "zh", width=390, height=844),
)


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("no browser: apt-get install --no-install-recommends chromium fonts-noto-cjk\n")
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="liantu-screens-") as home,
        running(Path(home), ROOT) as workbench,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        first = browser.new_context()
        sign_in(first.new_page(), workbench, "editor")
        signed = first.storage_state()
        for one in SHOWN:
            context = browser.new_context(
                storage_state=signed, viewport={"width": one.width, "height": one.height}, reduced_motion="reduce", color_scheme=one.theme
            )
            context.set_default_timeout(WITHIN_MS)
            speak(context, workbench, one.lang)
            page = context.new_page()
            page.goto(workbench.at(one.path), wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{one.name}.png")
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
