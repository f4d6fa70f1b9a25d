"""Stages of the chain map. Owns: which stage of a process stands in which column, lanes. Never: names (word list), colours (look)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


def group_of(stage: str) -> str:
    """The stage on the map a process's stage belongs to; a stage of its own where it is not known."""
    return _stages().get(stage.strip().lower(), stage.strip() or "other")


@cache
def _stages() -> Mapping[str, str]:
    return {row["stage"]: row["group"] for row in _rows("stages.csv")}


@cache
def lanes() -> Mapping[str, str]:
    """Group → lane (main, return or neither), in the order of the chain."""
    return {row["group"]: row["lane"] for row in _rows("groups.csv")}


def _rows(name: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines())
