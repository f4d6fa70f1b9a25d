"""The house rules that a reader of one file cannot see, run over the whole source."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from importlinter import cli as import_linter

SOURCE = Path(__file__).resolve().parent.parent / "src" / "liantu"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations")
WORDS = sorted((SOURCE / "words").glob("*.csv"))
LONGEST_FILE, LONGEST_BODY = 400, 40
SHAPELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base", "core"}
FETCHING = {"socket", "urllib.request", "http.client", "requests", "httpx", "ftplib", "smtplib", "aiohttp"}
ERRORS = {"InputError", "CallError", "SolveError", "LiantuError"}
# Where everything must be caught: what a child process met crosses to its parent as a value.
CATCH_ALL = {"io/child.py"}

# Where the caller names whatever it hands over: Django its options, a template the blanks of a sentence.
OPEN_ENDED = {"web/config/jinja.py", "web/kit/listing.py"}
# Their names say all: addresses, and the package of Django's migrations.
SILENT = {"__init__.py", "__main__.py", "urls.py"}

Rule = Callable[[ast.Module, Path], Iterator[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def offenders(rule: Rule) -> list[str]:
    return [f"{name(path)}: {found}" for path in MODULES for found in rule(ast.parse(path.read_text("utf-8")), path)]


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def body_lines(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def too_long(tree: ast.Module, _: Path) -> Iterator[str]:
    return (f"{one.name} has {body_lines(one)} lines" for one in functions(tree) if body_lines(one) > LONGEST_BODY)


def prints(tree: ast.Module, path: Path) -> Iterator[str]:
    if name(path).startswith("cli/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"line {node.lineno} prints"


def is_passed_on(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise)


def catches_all(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and name(path) not in CATCH_ALL and not is_passed_on(node):
            caught = {"bare"} if node.type is None else {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)}
            if caught & {"bare", "Exception", "BaseException"}:
                yield f"line {node.lineno} catches everything"


def relative_or_private(tree: ast.Module, _: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                yield f"line {node.lineno} imports relatively"
            if (node.module or "").startswith("liantu"):
                yield from (f"line {node.lineno} imports private {one.name}" for one in node.names if re.match(r"_(?!_)", one.name))


def fetches(tree: ast.Module, _: Path) -> Iterator[str]:
    for module, member in imported(tree):
        if {module, f"{module}.{member}"} & FETCHING:
            yield f"imports {module}"


def open_ended(tree: ast.Module, path: Path) -> Iterator[str]:
    for one in functions(tree):
        if one.args.kwarg and not one.name.startswith("_") and name(path) not in OPEN_ENDED and "/management/commands/" not in name(path):
            yield f"{one.name} takes **{one.args.kwarg.arg}"


def unspoken(tree: ast.Module, path: Path) -> Iterator[str]:
    if not tree.body or name(path) in {"__init__.py", "__main__.py"} or (name(path).startswith("web/") and path.name in SILENT):
        return
    said = ast.get_docstring(tree) or ""
    # What a verb never does is said once, in cli/__init__.py.
    if "Owns:" not in said or ("Never:" not in said and not name(path).startswith("cli/")):
        yield "does not say what it owns and what it never does"


@pytest.mark.parametrize(
    "rule", [too_long, prints, catches_all, relative_or_private, fetches, open_ended, unspoken], ids=lambda rule: rule.__name__
)
def test_no_module_breaks_a_house_rule(rule: Rule) -> None:
    assert [] == offenders(rule)


def test_imports_run_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    status = import_linter.lint_imports(config_filename=str(SOURCE.parent.parent / "pyproject.toml"), no_cache=True)
    assert status == import_linter.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_has_a_shapeless_name() -> None:
    assert [] == [name(path) for path in MODULES if path.stem in SHAPELESS or path.parent.name in SHAPELESS]


def test_no_file_is_too_long_to_read() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {} == {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE}


def test_importing_liantu_imports_nothing_heavy() -> None:
    heavy = {"pandas", "scipy", "openpyxl", "xlsxwriter", "jinja2", "python_calamine"}
    code = f"import sys, liantu; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


# Words -------------------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def blanks(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field}


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_every_word_is_there_once_in_both_languages(path: Path) -> None:
    found = rows(path)
    assert [] == [key for key, times in Counter(row["key"] for row in found).items() if times > 1]
    # Blank in both is an example of nothing; "-end" is what only one language puts behind a number (第 3 页).
    halves = [row["key"] for row in found if bool(row["en"].strip()) != bool(row["zh"].strip())]
    assert [] == [key for key in halves if not key.endswith("-end")]
    assert [] == [row["key"] for row in found if None in row or None in row.values()]


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_both_languages_are_filled_by_the_same_values(path: Path) -> None:
    assert [] == [row["key"] for row in rows(path) if blanks(row["en"]) != blanks(row["zh"])]


def test_every_finding_has_a_level_and_a_way_out() -> None:
    found = rows(SOURCE / "words" / "finding.csv")
    assert [] == [row["key"] for row in found if row["level"] not in {"error", "warning", "note"}]
    assert [] == [row["key"] for row in found if not (row["hint_en"].strip() and row["hint_zh"].strip())]


def codes() -> Iterator[str]:
    """Codes given to an error or a finding as a literal."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = node.args[:1] if node.func.id in ERRORS else [one.value for one in node.keywords if one.arg == "code"]
                yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_code_raised_has_its_words() -> None:
    assert set() == set(codes()) - {row["key"] for row in rows(SOURCE / "words" / "finding.csv")}


def test_no_finding_is_left_over() -> None:
    literals = {
        node.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set() == {row["key"] for row in rows(SOURCE / "words" / "finding.csv")} - literals


# Schema ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((SOURCE / "model" / "schema").glob("*.csv")), ids=lambda path: path.stem)
def test_every_schema_row_has_words_in_both_languages(path: Path) -> None:
    assert [] == [row for row in rows(path) if not (row["zh"] and row["help_en"] and row["help_zh"])]
