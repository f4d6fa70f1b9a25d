"""Reference pages that cannot fall behind. Owns: the text of tables, findings, commands and rights. Never: a fact of its own."""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sphinx.util.docutils import SphinxDirective

from liantu import words
from liantu.cli import parser
from liantu.model import schema

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

# ``{rows:row|rows}``, the one word for one and the other for many: the page shows the latter.
_COUNTED = re.compile(r"\{(\w+):[^|{}]*\|([^{}]*)\}")


def tables() -> Iterator[str]:
    """Every table and column of a chain package."""
    for table in schema.tables().values():
        yield f"\n(table-{table.name})=\n### {table.name} · {table.zh}\n"
        yield f"{table.help_en}. {table.help_zh}。" + ("" if not table.required else " **Required.**") + "\n"
        if table.aliases:
            yield f"Also read as: {', '.join(table.aliases)}.\n"
        yield "| column | type | what it is |\n|---|---|---|"
        yield from (_column(column) for column in table.columns.values())


def _column(column: schema.Column) -> str:
    name = f"**{column.name}**" if column.required else column.name
    return f"| {name}<br>{column.zh} | {_type(column)} | {_cell(column.help_en)}<br>{_cell(column.help_zh)} |"


def _type(column: schema.Column) -> str:
    joined = f"{column.type} → [{column.refers}](#table-{column.refers})" if column.refers else column.type
    choices = ": " + ", ".join(f"`{choice}`" for choice in column.choices) if column.choices else ""
    return joined + choices + (f" ({column.unit})" if column.unit else "")


def findings() -> Iterator[str]:
    """Every finding and error, with its way out."""
    text = files(words).joinpath("finding.csv").read_text(encoding="utf-8")
    yield "| finding | what it says | 中文 |\n|---|---|---|"
    for row in sorted(csv.DictReader(text.splitlines()), key=lambda row: row["key"]):
        yield f"| `{row['key']}`<br>{row['level']} | {_said(row, 'en')} | {_said(row, 'zh')} |"


def _said(row: dict[str, str], lang: str) -> str:
    text, hint = (_COUNTED.sub(r"{\1} \2", row[column]) for column in (lang, f"hint_{lang}"))
    return _cell(text) + (f"<br>*{_cell(hint)}*" if hint else "")


def commands() -> Iterator[str]:
    """Every verb of the command line with its options, as its own help says them."""
    english, chinese = _verbs(parser("en")), _verbs(parser("zh"))
    for verb, one in english.items():
        yield f"\n(verb-{verb})=\n### liantu {verb}\n\n{one.description}. {chinese[verb].description}。\n"
        one.formatter_class = partial(argparse.HelpFormatter, width=92)
        yield f"```text\n{one.format_usage().removeprefix('usage: ').strip()}\n```\n"
        yield "| option | what it does | 说明 |\n|---|---|---|"
        for option, other in zip(one._actions, chinese[verb]._actions, strict=True):
            yield f"| {_option(option)} | {_cell(option.help or '')} | {_cell(other.help or '')} |"


def _verbs(whole: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = (action.choices for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    return dict(next(found))


def _option(option: argparse.Action) -> str:
    name = option.metavar or (f"{{{','.join(map(str, option.choices))}}}" if option.choices else option.dest.upper())
    words = f" {name}" if option.nargs != 0 else ""
    return ", ".join(f"`{flag}{words}`" for flag in option.option_strings) or f"`{name}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("\n", " ")


def rights() -> Iterator[str]:
    """Every route of the workbench and who may use it, from the tables that it obeys."""
    tables = sorted(Path(str(files("liantu"))).glob("web/*/rights.csv"))
    for table in tables:
        rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
        yield f"\n(rights-{table.parent.name})=\n## {table.parent.name}\n"
        yield "| route | method | who may |\n|---|---|---|"
        for row in rows:
            may = [actor for actor, right in row.items() if actor not in {"route", "method"} and right]
            yield f"| `{row['route']}` | {row['method']} | {', '.join(may)} |"


class Generated(SphinxDirective):
    """A directive that says what its function yields."""

    text: ClassVar[Callable[[], Iterator[str]]]

    def run(self) -> list[Node]:
        """The Markdown, read as part of the page."""
        return self.parse_text_to_nodes("\n".join(type(self).text()), allow_section_headings=True)


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "liantu-tables": tables,
    "liantu-findings": findings,
    "liantu-cli": commands,
    "liantu-rights": rights,
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Make every part a directive of its name."""
    for name, part in PARTS.items():
        app.add_directive(name, type(name, (Generated,), {"text": staticmethod(part)}))
    return {"parallel_read_safe": True}
