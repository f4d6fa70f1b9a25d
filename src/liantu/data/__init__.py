"""Bundled facts in the shape of a user's own folder. Owns: which packages there are, where they lie, what they
hold and where they are weak. Never: reading cells into a chain, computing.

``reference`` is the library of recipes, economics and prices; ``chenzhou`` is the chain as it stands, with
``reference`` as its base. What is solid, thin and conflicting in them is told in ``docs/data.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from liantu.data.citing import Citation, CitedRow, cite
from liantu.errors import CallError
from liantu.words import Lang, keys, say, word

__all__ = ["Bundled", "Caveat", "Citation", "CitedRow", "caveats", "cite", "describe", "folder", "is_bundled", "names"]

_NAMES = ("chenzhou", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """One bundled package: its titles, the rows of its own tables (not of its base), its scenarios with their Chinese names."""

    name: str
    title_en: str
    title_zh: str
    base: str
    rows: Mapping[str, int]
    scenarios: Mapping[str, str]

    def title(self, lang: Lang) -> str:
        """The title in the language."""
        return self.title_zh if lang == "zh" else self.title_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """A known weakness of bundled data: what kind (weak, thin, conflict, trap) and which ids it is about, none meaning all."""

    key: str
    package: str
    kind: str
    about: tuple[str, ...]

    def text(self, lang: Lang) -> str:
        """The caveat in words."""
        return say(f"caveat.{self.key}", lang)


def names() -> tuple[str, ...]:
    """Names of the bundled packages, the default first."""
    return _NAMES


def is_bundled(name: str) -> bool:
    """Whether a bundled package has this name."""
    return name in _NAMES


def folder(name: str) -> Path:
    """Folder of a bundled package, to be read like a user's own.

    Raises
    ------
    CallError
        ``not-bundled`` if there is no such package.
    """
    if not is_bundled(name):
        raise CallError("not-bundled", {"value": name[:80], "names": ", ".join(_NAMES)})
    return Path(str(files(__name__))) / name


def describe(name: str) -> Bundled:
    """What a bundled package is called and how many rows its tables have."""
    place = folder(name)
    tables = {path.stem: _rows(path) for path in sorted(place.glob("*.csv"))}
    settings = dict(tables["settings"][1:])
    scenarios = tables.get("scenarios", [])
    return Bundled(
        name=name,
        title_en=settings["title_en"],
        title_zh=settings["title_zh"],
        base=settings.get("base", ""),
        rows={table: len(rows) - 1 for table, rows in tables.items()},
        scenarios={row[0]: row[1] for row in scenarios[1:]},
    )


def caveats(name: str) -> tuple[Caveat, ...]:
    """What is known to be weak, thin, contradictory or a trap in a bundled package; its base has caveats of its own."""
    found = (_caveat(key) for key in keys("caveat"))
    return tuple(caveat for caveat in found if caveat.package == name)


def _caveat(key: str) -> Caveat:
    package, kind, about = (word(f"caveat.{key}", column) for column in ("package", "kind", "about"))
    return Caveat(key=key, package=package, kind=kind, about=tuple(filter(None, about.split(";"))))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))
