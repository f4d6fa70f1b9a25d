"""The one door: terminal, Python, report and web all come through here. Owns: which calls there are. Never: how they work."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liantu.runs.door import DEFAULT_PACKAGE, VERBS, Prepared, Source, gather, prepare, run, variant
    from liantu.runs.exchange import convert, mark, mark_received, received, renamed, taken_for, template, written
    from liantu.runs.scenarios import compare

__all__ = [
    "DEFAULT_PACKAGE", "VERBS", "Prepared", "Source", "compare", "convert", "gather", "mark", "mark_received", "prepare", "received",
    "renamed", "run", "taken_for", "template", "variant", "written",
]  # fmt: skip
_EXCHANGE = frozenset({"convert", "mark", "mark_received", "received", "renamed", "taken_for", "template", "written"})


def __getattr__(name: str) -> object:
    # A server that shows pages has no need of mathematics: what computes is imported when it is asked for.
    if name not in __all__:
        raise AttributeError(f"module 'liantu.runs' has no attribute {name!r}")
    room = "exchange" if name in _EXCHANGE else "scenarios" if name == "compare" else "door"
    return getattr(import_module(f"liantu.runs.{room}"), name)
