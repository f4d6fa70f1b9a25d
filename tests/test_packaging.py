"""What is shipped is what is here, and it runs where nothing else is."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "liantu"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
VERSION = re.search(r'^__version__ = "(.+)"$', (SOURCE / "__init__.py").read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel laid out in an otherwise empty folder, ahead of the checkout on the path."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def shipped(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")


def test_the_wheel_holds_every_file_of_the_source(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("liantu/")}
    assert packed == {path.relative_to(SOURCE.parent).as_posix() for path in SOURCE.rglob("*") if shipped(path)}


def test_the_wheel_carries_data_words_schema_and_charts(wheel: Path) -> None:
    wanted = {
        "liantu/data/chenzhou/datapackage.json",
        "liantu/data/reference/exchanges.csv",
        "liantu/model/schema/plants.csv",
        "liantu/words/finding.csv",
        "liantu/report/assets/echarts.min.js",
    }
    with zipfile.ZipFile(wheel) as archive:
        assert set() == wanted - set(archive.namelist())


def test_the_installed_wheel_checks_the_bundled_chain(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-m", "liantu", "check", "chenzhou", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr or done.stdout
    answer = json.loads(done.stdout)
    assert {"check", PROJECT_VERSION} == {answer["command"], answer["liantu"]}
    assert {"materials", "processes", "exchanges", "plants"} <= {table["table"] for table in answer["result"]["tables"]}


def test_the_installed_wheel_is_the_one_that_ran(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-c", "import liantu; print(liantu.__file__)", folder=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_the_installed_wheel_draws_its_report(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-m", "liantu", "report", "chenzhou", "--out", str(tmp_path / "报告 1"), folder=tmp_path)
    assert done.returncode == 0, done.stderr or done.stdout
    assert [True] == [path.stat().st_size > 100_000 for path in tmp_path.rglob("*.html")][:1]


PROJECT_VERSION = VERSION[1] if VERSION else ""


def test_the_version_is_the_same_wherever_it_is_written(wheel: Path) -> None:
    assert wheel.name.startswith(f"liantu-{PROJECT_VERSION}-")
    assert f"\nversion: {PROJECT_VERSION}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_changelog_knows_the_version_or_waits_for_it() -> None:
    waiting = [path for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md"]
    assert waiting or f"## {PROJECT_VERSION} " in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert [] == [path.name for path in waiting if not re.fullmatch(r"\d+\.(added|changed|fixed|removed)\.md", path.name)]


# Modules whose package has another name.
BROUGHT_BY = {"ninja": "django-ninja", "pydantic": "django-ninja", "docx": "python-docx"}
# What only the extra `web` needs, outside the workbench itself: the report as Word and PDF.
EXTRA = {SOURCE / "report" / "word.py", SOURCE / "report" / "paper.py"}


def third_party(path: Path) -> Iterator[str]:
    known = set(sys.stdlib_module_names) | {"liantu", "__future__"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (BROUGHT_BY.get(top, top.replace("_", "-")) for module in modules if (top := module.partition(".")[0]) not in known)


def declared(lines: list[str]) -> set[str]:
    return {re.split(r"[\[><=~! ]", one)[0] for one in lines}


def test_what_is_imported_is_what_is_declared() -> None:
    extra = {path for path in SOURCE.rglob("*.py") if path.is_relative_to(SOURCE / "web")} | EXTRA
    core = {module for path in SOURCE.rglob("*.py") if path not in extra for module in third_party(path)}
    wanted = {module for path in extra for module in third_party(path)}
    web = declared(PROJECT["optional-dependencies"]["web"])

    assert declared(PROJECT["dependencies"]) == core
    assert web - core == (wanted - core) | named_in_words()


def named_in_words() -> set[str]:
    """Servers and drivers that settings and commands name without importing them."""
    said = "".join(path.read_text("utf-8") for path in [*(SOURCE / "web" / "config").rglob("*.py"), *(SOURCE / "cli").glob("*.py")])
    said = said.replace("backends.postgresql", "psycopg")
    return {name for name in ("granian", "psycopg", "whitenoise") if name in said}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_one_version_and_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    assert [] == [entry for entry in entries if not re.match(r"[\w.-]+==\S+", entry) or "--hash=sha256:" not in entry]


def test_the_development_lock_agrees_with_the_core_lock() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8"), re.MULTILINE))

    assert set() == (pinned("core") | pinned("build")) - pinned("dev")


@pytest.mark.parametrize("path", [*LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_a_lock_names_no_host(path: Path) -> None:
    assert [] == re.findall(r"https?://\S+", path.read_text("utf-8"))
