"""The report a chain leader reads. Owns: nothing itself; this is the door to what the package makes. Never: reading, solving."""

from __future__ import annotations

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
