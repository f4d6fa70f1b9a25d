"""Two answers side by side. Owns: which figures, their difference, states of links. Never: computing either answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from liantu.model.results import Grid
from liantu.report import numbers
from liantu.report.labels import indicator_name
from liantu.runs.figures import FIGURES, Figure, figures
from liantu.web.work import queries, showing
from liantu.web.work.models import Run
from liantu.words import Lang, say

_SHOWN = 100
# Differences below this share are noise of the last digits.
_NOISE = 1e-9
_SHARE, _INDICATORS, _NET = "fraction", "indicators", "materials.net"
_MONEY = frozenset({"CNY", "USD", "EUR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure in two answers; ``part`` names the answer it is from, where two overviews are set side by side."""

    part: str
    figure: str
    item: str
    unit: str
    left: float
    right: float

    @property
    def by(self) -> float:
        """Right less left."""
        return self.right - self.left

    @property
    def share(self) -> float:
        """How great the difference is against the greater of the two."""
        return abs(self.by) / max(abs(self.left), abs(self.right), 1e-300)

    def shown(self, lang: Lang) -> tuple[str, str, str, str]:
        """Difference, left, right and unit as they are read: in one scale, shares as per cent."""
        by, unit = _scale(self.unit, max(abs(self.left), abs(self.right)), lang)
        change = numbers.bare(self.by * by)
        return f"+{change}" if self.by > 0 else change, numbers.bare(self.left * by), numbers.bare(self.right * by), unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two answers: figures that differ, links whose state differs, and whether they can be compared at all."""

    is_same_verb: bool
    are_answered: bool
    differences: tuple[Difference, ...] = ()
    total: int = 0
    states: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...] = ()
    figures: tuple[tuple[str, str, str, str], ...] = ()
    conclusions: tuple[str, str] = ("", "")

    @property
    def by_part(self) -> list[tuple[str, list[Difference]]]:
        """The differences, an answer at a time."""
        return [(part, list(rows)) for part, rows in groupby(self.differences, lambda one: one.part)]


def _scale(unit: str, most: float, lang: Lang) -> tuple[float, str]:
    if unit == _SHARE:
        return 100.0, "%"
    if unit in _MONEY:
        by, name = numbers.money_scale(most, unit, lang)
        return 1 / by, name
    if not unit or most == 0:
        return 1.0, unit
    shown = numbers.scale(unit, most, lang)
    return shown.factor, shown.unit


def compared(left: Run, right: Run, lang: Lang) -> Compared:
    """What differs between two answers to one verb."""
    same, answered = left.verb == right.verb, left.is_answered and right.is_answered
    if not (same and answered):
        return Compared(is_same_verb=same, are_answered=answered)
    pairs = [(left, right)] if left.verb in FIGURES else list(_parts(left, right))
    names = queries.names(left.snapshot)
    found = [one for a, b in pairs for one in _differences(a, b, lang, names, say(f"work.verb-{a.verb}", lang) if len(pairs) > 1 else "")]
    pages = [queries.answer(run, lang).get("page") or {} for run in (left, right)]
    return Compared(
        is_same_verb=True,
        are_answered=True,
        differences=tuple(found[:_SHOWN]),
        total=len(found),
        states=tuple(_states(*pages)),
        figures=tuple(_figures(*pages)),
        conclusions=(_sentence(pages[0]), _sentence(pages[1])),
    )


def _parts(left: Run, right: Run) -> Iterator[tuple[Run, Run]]:
    """The answers two overviews were put together from, pair by pair."""
    ours, theirs = queries.parts(left), queries.parts(right)
    yield from ((ours[verb], theirs[verb]) for verb in FIGURES if verb in ours and verb in theirs)


def _differences(left: Run, right: Run, lang: Lang, names: showing.Names, part: str) -> list[Difference]:
    before, after = _told(left, lang), _told(right, lang)
    called = {**names, **_indicators(left, lang), **_indicators(right, lang)}
    # What is bought or sold says already what the net is.
    keys = [key for key in dict.fromkeys((*before, *after)) if key[0] != _NET]
    found = [_difference(left.verb, before.get(key), after.get(key), lang, called, part) for key in keys]
    return sorted((one for one in found if one.share > _NOISE), key=lambda one: -one.share)


def _indicators(run: Run, lang: Lang) -> dict[str, tuple[str, str]]:
    rows = queries.answer(run, lang).get("result", {}).get("indicators", ())
    return {str(row["id"]): (indicator_name(row, lang),) * 2 for row in rows}


def _told(run: Run, lang: Lang) -> dict[tuple[str, str], Figure]:
    result = queries.answer(run, lang).get("result", {})
    rebuilt = {key: _grid(value) if isinstance(value, list) else value for key, value in result.items()}
    return {(one.name, one.item): one for one in figures(run.verb, rebuilt)} if run.is_ok else {}


def _grid(rows: list[Any]) -> Grid:
    """A table as it was before it became JSON."""
    named = [row for row in rows if isinstance(row, dict)]
    return Grid(columns={name: [row[name] for row in named] for name in named[0]} if named else {})


def _difference(verb: str, before: Figure | None, after: Figure | None, lang: Lang, names: showing.Names, part: str) -> Difference:
    one = before or after
    if one is None:
        raise LookupError(verb)
    table, _, column = one.name.partition(".")
    words = say("work.objective", lang) if not column else f"{say(f'work.table-{table}', lang)} · {say(f'work.col-{column}', lang)}"
    item = " · ".join(showing.named(each, lang, names) for each in one.item.split(" @ ") if each)
    unit = (one.unit or _SHARE) if table == _INDICATORS else one.unit
    left, right = (found.value if found else 0.0 for found in (before, after))
    return Difference(part=part, figure=words, item=item, unit=unit, left=left, right=right)


def _nodes(page: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    chains = [section["chain"] for section in page.get("sections", ()) if section.get("chain")]
    return {node["name"]: node for chain in chains for stage in (*chain["main"], *chain["back"]) for node in stage["nodes"]}


def _states(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str], Mapping[str, str]]]:
    """Links that are long in one and short in the other, and so on."""
    ours, theirs = _nodes(left), _nodes(right)
    for name in dict.fromkeys((*ours, *theirs)):
        if name in ours and name in theirs and ours[name]["state"] != theirs[name]["state"]:
            yield name, ours[name], theirs[name]


def _figures(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    theirs = {figure["label"]: figure for figure in right.get("figures", ())}
    for figure in left.get("figures", ()):
        other = theirs.get(figure["label"])
        if other:
            yield figure["label"], figure["value"], other["value"], figure["unit"]


def _sentence(page: Mapping[str, Any]) -> str:
    return "".join(phrase["text"] for phrase in page.get("conclusion", ()))
