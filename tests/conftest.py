"""What all tests share: a neutral language, repeatable random cases, and a browser where one is asked for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent

# Words follow the locale; without one they are English, on every machine.
for name in ("LIANTU_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
    os.environ.pop(name, None)
os.environ["PYTHONUTF8"] = "1"

settings.register_profile("liantu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("liantu"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "liantu")


class Scheduling(LoadScopeScheduling):
    """A module to a process, but all that a browser looks at to one: filling its workbench takes longest."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/web/browser/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """Which process takes which tests."""
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's command; where there is none the test says what to install, and where changes are judged it fails."""
    found = os.environ.get("LIANTU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        wanted = "no browser: apt-get install --no-install-recommends chromium fonts-noto-cjk fontconfig"
        if os.environ.get("CI"):
            pytest.fail(wanted)
        pytest.skip(wanted)
    return found
