"""What can be set is in the manual, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

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
