"""The one door: terminal, Python, report and web all come through here. Owns: which calls there are. Never: how they work."""

from liantu.runs.door import DEFAULT_PACKAGE, VERBS, Prepared, Source, gather, prepare, run, variant
from liantu.runs.exchange import convert, mark, mark_received, received, renamed, taken_for, template, written
from liantu.runs.scenarios import compare

__all__ = [
    "DEFAULT_PACKAGE", "VERBS", "Prepared", "Source", "compare", "convert", "gather", "mark", "mark_received", "prepare", "received",
    "renamed", "run", "taken_for", "template", "variant", "written",
]  # fmt: skip
