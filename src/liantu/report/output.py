"""The report as files and as a summary. Owns: file names, which formats there are, the lines for a terminal. Never: content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from liantu.errors import CallError
from liantu.io.files import made_folder, whole
from liantu.report.page import Report, Section
from liantu.report.paper import render_pdf
from liantu.report.render import render_html
from liantu.report.word import render_word
from liantu.report.workbook import render_workbook
from liantu.words import say

FORMATS: Mapping[str, Callable[[Report], bytes]] = {
    "html": render_html,
    "xlsx": render_workbook,
    "docx": render_word,
    "pdf": render_pdf,
}


def write(report: Report, folder: Path, *, formats: Sequence[str] = ("html", "xlsx")) -> tuple[Path, ...]:
    """Write the report into a folder, each file whole or not at all; all are rendered before any is written.

    Raises
    ------
    CallError
        ``report-format`` for a format that does not exist.
    InputError
        ``write-…`` if a file cannot be written.
    """
    for name in formats:
        if name not in FORMATS:
            raise CallError("report-format", {"value": name, "formats": ", ".join(FORMATS)})
    made = {folder / f"report.{name}": rendered(report, name) for name in formats}
    made_folder(folder)
    for path, content in made.items():
        whole(path, content)
    return tuple(made)


def rendered(report: Report, form: str) -> bytes:
    """The report in one of `FORMATS`.

    Raises
    ------
    CallError
        ``report-no-writer`` if what writes it is not installed.
    """
    try:
        return FORMATS[form](report)
    except ModuleNotFoundError as error:
        raise CallError("report-no-writer", {"format": form, "package": str(error.name)}) from error


def write_page(report: Report, path: Path) -> None:
    """Write the report as one HTML file, whole or not at all."""
    whole(path, render_html(report))


def write_workbook(report: Report, path: Path) -> None:
    """Write the report's tables as one workbook, whole or not at all."""
    whole(path, render_workbook(report))


def summary(report: Report) -> tuple[str, ...]:
    """What a terminal shows: the conclusion, the links by state, the targets, what is weak in the data."""
    sections = {section.key: section for section in report.sections}
    return (
        report.title,
        report.conclusion,
        report.page.reckoned,
        *_states(report, sections.get("require")),
        *_targets(report, sections.get("targets")),
        *_quality(report, sections.get("quality")),
    )


def _states(report: Report, section: Section | None) -> list[str]:
    names: dict[str, list[str]] = {}
    for row in section.tables[0].rows if section else ():
        names.setdefault(row[3].text, []).append(row[0].text)
    between = "、" if report.lang == "zh" else ", "
    return [
        say("report.summary-line", report.lang, {"word": word, "count": len(found), "names": between.join(found)})
        for word, found in names.items()
    ]


def _targets(report: Report, section: Section | None) -> list[str]:
    if section is None:
        return []
    lines = [
        say(
            "report.summary-target",
            report.lang,
            {"name": target.name, "value": target.value, "target": target.target, "verdict": target.verdict},
        )
        for target in section.targets
    ]
    return [*lines, *section.notes]


def _quality(report: Report, section: Section | None) -> list[str]:
    if section is None:
        return []
    shares, weakest = section.tables
    parts = [f"{row[0].text} {row[2].text} %" for row in shares.rows]
    lines = [say("report.summary-quality", report.lang, {"shares": " · ".join(parts)})]
    for row in weakest.rows[:1]:
        values = {"process": row[0].text, "material": row[1].text, "unit": row[2].text, "low": row[4].text, "high": row[5].text}
        lines.append(say("report.summary-weak", report.lang, values))
    return lines
