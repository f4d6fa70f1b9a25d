"""What can be set is in the manual, and nothing else is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "liantu").rglob("*.py"))
    read = set(re.findall(r"""(?:text|switch|choice|environ\.get)\(\s*\(?"((?:LIANTU|DATABASE)_\w+)\"""", source))
    read |= {f"LIANTU_{name.upper()}" for name in re.findall(r"""env\.key\("(\w+)"\)""", source)} | set(
        re.findall(r'"(LIANTU_LANG)"', source)
    )
    page = (ROOT / "docs" / "howto" / "operations.md").read_text("utf-8")

    documented = {
        name for row in re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE) for name in re.findall(r"`((?:LIANTU|DATABASE)_\w+)`", row)
    }

    assert read == documented


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "postgres://x:abc/db", "no address that can be read"),
        ("DATABASE_URL", "postgres://[bad/db", "no address that can be read"),
        ("DATABASE_URL", "postgres://u:sesame@127.0.0.1:1/db", "does not answer"),
        ("DATABASE_URL", "postgres:///x?none=1", "does not answer"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3", "does not answer"),
        ("DATABASE_URL_FILE", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_a_database_that_is_not_there_is_told_in_one_sentence_without_its_password(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    env = {key: text for key, text in os.environ.items() if key != "DATABASE_URL"}
    env |= {"LIANTU_HOME": str(tmp_path), "LIANTU_LANG": "en", "DJANGO_SETTINGS_MODULE": "liantu.web.config.settings", name: value}
    done = subprocess.run(
        [sys.executable, "-m", "liantu.web", "audit", "verify"], env=env, capture_output=True, text=True, timeout=120, check=False
    )

    assert 2 == done.returncode
    assert said in done.stderr and 1 == len(done.stderr.strip().splitlines())
    assert "Traceback" not in done.stderr and "sesame" not in done.stderr
