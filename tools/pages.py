"""What the pages show, done and checked. Owns: reading fenced blocks, running them, renewing what commands print. Never: prose.

A block with a ``:caption:`` is a file, ``console`` holds commands with what they print (``...`` for lines left out), ``python`` and
``pycon`` are Python. ``tests/test_docs.py`` runs them all; ``make pages`` writes what the commands print today into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(ROOT / name for name in ("README.md", "README.zh.md", "docs/tutorial.md", "docs/tutorial.zh.md", "docs/howto/python.md"))
BLOCK = re.compile(r"^```(?:\{code-block\} )?(\w+)\n(?::caption: (\S+)\n+)?(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "..."


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file it shows, its text."""

    kind: str
    file: str
    text: str

    def place(self, folder: Path) -> None:
        """Write the file it shows."""
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, "utf-8")


def language(page: Path) -> str:
    """The language of a page, by its name."""
    return "zh" if page.name.endswith(".zh.md") else "en"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    return (Block(*found.groups(default="")) for found in BLOCK.finditer(page.read_text("utf-8")))


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each ``$ liantu …`` with what is printed below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield line, shown


def answer(line: str, folder: Path, lang: str) -> str:
    """What a command prints."""
    environment = {**os.environ, "LIANTU_LANG": lang, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    program, *words = shlex.split(line)
    if program != "liantu":
        raise ValueError(f"a page may only run liantu, not {program!r}")
    command = [sys.executable, "-m", "liantu", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False)
    return "".join(f"{line.rstrip()}\n" for line in (done.stdout + done.stderr).splitlines())


def shortened(printed: str, shown: str) -> str:
    """As many lines from both ends as were shown before."""
    before, lines = shown.splitlines(), printed.splitlines()
    if LEFT_OUT not in before:
        return printed
    head = before.index(LEFT_OUT)
    tail = len(before) - head - 1
    return "".join(f"{line}\n" for line in [*lines[:head], LEFT_OUT, *lines[len(lines) - tail :]])


def renewed(page: Path, folder: Path) -> str:
    """The page with what its commands print today."""

    def renew(found: re.Match[str]) -> str:
        block = Block(*found.groups(default=""))
        if block.file:
            block.place(folder)
        if block.kind != "console":
            return found[0]
        parts = [f"$ {line}\n{shortened(answer(line, folder, language(page)), shown)}" for line, shown in commands(block.text)]
        return "```console\n" + "".join(parts) + "```"

    return BLOCK.sub(renew, page.read_text("utf-8"))


def main() -> None:
    """Renew every page."""
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(renewed(page, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
