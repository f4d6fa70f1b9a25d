"""What the manual shows works, and what exists is in the manual."""

from __future__ import annotations

import csv
import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from liantu.cli import VERBS
from liantu.model import schema
from tools import pages

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "liantu"
PAGES = [ROOT / name for name in ("README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted(DOCS.rglob("*.md"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def show(block: pages.Block, folder: Path, names: dict[str, object], lang: str) -> None:
    """Do what a block shows: write its file, run its commands, run its Python."""
    if block.file:
        block.place(folder)
    elif block.kind == "console":
        for line, shown in pages.commands(block.text):
            printed = pages.answer(line, folder, lang)
            assert doctest.OutputChecker().check_output(shown, printed, FLAGS), f"$ {line}\n{printed}"
    elif block.kind == "python":
        exec(compile(block.text, "a page", "exec"), names)
    elif block.kind == "pycon":
        told: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        runner.run(doctest.DocTestParser().get_doctest(block.text, names, "a page", None, 0), out=told.append, clear_globs=False)
        assert "".join(told) == ""


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lang = pages.language(page)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANTU_LANG", lang)
    shown = list(pages.blocks(page))
    assert {"console", "python", "pycon"} & {block.kind for block in shown}
    names: dict[str, object] = {}
    for block in shown:
        show(block, tmp_path, names, lang)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual, built without a warning."""
    folder = tmp_path_factory.mktemp("manual")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", str(folder / "tree"), str(DOCS), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_command_and_option_is_in_the_manual(manual: Path) -> None:
    page = (manual / "reference" / "cli.html").read_text("utf-8")
    assert [] == [verb for verb in VERBS if f"liantu {verb}" not in page]
    assert [] == [option for option in ("--json", "--year", "--demand", "--buy", "--errors", "--out", "--lang") if option not in page]


def test_every_table_and_column_is_in_the_manual(manual: Path) -> None:
    page = (manual / "reference" / "tables.html").read_text("utf-8")
    for table in schema.tables().values():
        assert f'id="table-{table.name}"' in page
        assert [] == [column.zh for column in table.columns.values() if f"<br>{column.zh}</p></td>" not in page]


def test_every_finding_is_in_the_manual(manual: Path) -> None:
    page = (manual / "reference" / "findings.html").read_text("utf-8")
    with (SOURCE / "words" / "finding.csv").open(encoding="utf-8", newline="") as lines:
        assert [] == [row["key"] for row in csv.DictReader(lines) if f">{row['key']}</span>" not in page]


def test_the_manual_asks_nothing_of_a_network(manual: Path) -> None:
    loaded = r"""<(?:script|img|iframe)[^>]+src=["']https?:|<link[^>]+rel=["']stylesheet["'][^>]+href=["']https?:"""
    assert [] == [page.name for page in manual.rglob("*.html") if re.search(loaded, page.read_text("utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_front_page_names_every_verb_and_both_commands(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert [] == [verb for verb in VERBS if f"liantu {verb}" not in text]
    assert [] == [command for command in ("make run", "make test") if command not in text]


def test_both_front_pages_have_the_same_parts() -> None:
    def parts(name: str) -> list[int]:
        return [len(mark) for mark in re.findall(r"^(#+) ", (ROOT / name).read_text("utf-8"), re.MULTILINE)]

    assert parts("README.md") == parts("README.zh.md")
