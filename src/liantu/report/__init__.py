"""The report a chain leader reads. Owns: nothing itself; this is the door to what the package makes. Never: reading, solving."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liantu.report.boards import boards
    from liantu.report.futures import futures
    from liantu.report.output import FORMATS, rendered, summary, write, write_page, write_workbook
    from liantu.report.page import Report
    from liantu.report.render import render_html
    from liantu.report.sections import report
    from liantu.report.workbook import render_workbook

__all__ = [
    "FORMATS", "Report", "boards", "futures", "render_html", "render_workbook", "rendered", "report", "summary", "write", "write_page",
    "write_workbook",
]  # fmt: skip
_ROOMS = {"Report": "page", "boards": "boards", "futures": "futures", "render_html": "render", "render_workbook": "workbook"}


def __getattr__(name: str) -> object:
    # Whoever wants numbers written the report's way need not import what writes workbooks.
    if name not in __all__:
        raise AttributeError(f"module 'liantu.report' has no attribute {name!r}")
    room = "sections" if name == "report" else _ROOMS.get(name, "output")
    # Kept under its name: two calls are called like their rooms, which the import has just put there.
    globals()[name] = found = getattr(import_module(f"liantu.report.{room}"), name)
    return found
