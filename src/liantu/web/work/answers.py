"""Answers, as they are computed and stored. Owns: calling the core, composing overviews, their JSON. Never: the database, pages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from liantu import report, runs
from liantu.model.results import RunRecord
from liantu.model.tables import Tables
from liantu.report.page import Page
from liantu.web.work import questions
from liantu.words import LANGUAGES, Lang

# Verbs an overview is put together from; what a verb cannot answer is a part less, and its findings say why.
PARTS = ("balance", "require", "throughput", "recruit")
Told = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in both languages, as JSON."""

    verb: str
    digest: str
    is_ok: bool
    errors: int
    warnings: int
    told: Mapping[Lang, Mapping[str, Any]]


def answered(verb: str, tables: Tables, question: Mapping[str, Any], tell: Told) -> list[Answer]:
    """The answer to a question; behind an overview come the answers it was put together from."""
    code = questions.scenario_of(question)
    tell(0.05, "work.said-prepare")
    ready = runs.prepare(questions.with_scenario(tables, code, question.get("changes", ())))
    if verb in {"overview", "outlook"}:
        return _composed(verb, ready, question, tell)
    tell(0.3, f"work.said-{verb}")
    return [_answer(_run(verb, ready, question))]


def _run(verb: str, ready: runs.Prepared, question: Mapping[str, Any]) -> RunRecord:
    asked = question.get("options", {})
    return runs.run(
        verb, ready, year=question.get("year"), demand=asked.get("demand"), buy=asked.get("buy", ()),
        scenario=questions.scenario_of(question), options=questions.options_of(verb, question),
    )  # fmt: skip


def _composed(verb: str, ready: runs.Prepared, question: Mapping[str, Any], tell: Told) -> list[Answer]:
    verbs = PARTS if verb == "overview" else ("balance", "require", "plan")
    plain = {**question, "options": {}}
    records: dict[str, RunRecord] = {}
    for place, part in enumerate(verbs):
        tell(0.1 + 0.7 * place / len(verbs), f"work.said-{part}")
        asked = question if part == "plan" or (part == "require" and verb == "overview") else plain
        records[part] = _run(part, ready, asked)
    parts = [_answer(record) for record in records.values()]
    first = parts[0]
    errors, warnings = (max(getattr(part, name) for part in parts) for name in ("errors", "warnings"))
    is_ok = all(records[part].ok for part in ("balance", "require", *(["plan"] if verb == "outlook" else [])))
    tell(0.85, "work.said-compose")
    pages = _pages(ready, records, questions.scenario_of(question)) if records["balance"].ok and records["require"].ok else {}
    told: dict[Lang, Mapping[str, Any]] = {
        lang: {
            "command": verb,
            "options": dict(records["balance"].options),
            "digest": first.digest,
            "findings": _once([part.told[lang]["findings"] for part in parts]),
            **pages.get(lang, {"page": None, "board": None}),
        }
        for lang in LANGUAGES
    }
    whole = Answer(verb=verb, digest=first.digest, is_ok=is_ok, errors=errors, warnings=warnings, told=told)
    return [whole, *parts]


def _pages(ready: runs.Prepared, records: Mapping[str, RunRecord], scenario: str) -> dict[Lang, dict[str, Any]]:
    """The report's page and, of an overview, the board of what can be pressed."""
    chain = runs.variant(ready, scenario)
    if chain is None:
        return {}
    rest = {name: record for name, record in records.items() if name not in {"balance", "require"}}
    made = report.report(chain, records["balance"], records["require"], lang="zh", **rest)  # type: ignore[arg-type]
    pressed = report.boards(chain, records["balance"], records["require"], recruit=records.get("recruit")) if "recruit" in records else {}
    return {lang: {"page": plain(page), "board": asdict(pressed[lang]) if lang in pressed else None} for lang, page in made.pages.items()}


def plain(page: Page) -> dict[str, Any]:
    """A page as JSON holds it; tables are cut to the rows a page shows."""
    whole: dict[str, Any] = _cut(asdict(page))
    return whole


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        cut = {name: _cut(inner) for name, inner in value.items()}
        if "shown" in cut and "rows" in cut:
            cut["rows"] = cut["rows"][: cut["shown"]]
        return cut
    return [_cut(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _answer(record: RunRecord) -> Answer:
    counts = {level: sum(finding.level == level for finding in record.findings) for level in ("error", "warning")}
    told: dict[Lang, Mapping[str, Any]] = {lang: {**record.as_dict(lang), "options": dict(record.options)} for lang in LANGUAGES}
    return Answer(verb=record.command, digest=record.digest, is_ok=record.ok, errors=counts["error"], warnings=counts["warning"], told=told)


def _once(found: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Findings of several answers, each once."""
    return list({json.dumps(one, sort_keys=True, ensure_ascii=False): one for findings in found for one in findings}.values())


def packed(told: Mapping[str, Any]) -> bytes:
    """An answer as it is stored."""
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpacked(stored: bytes) -> dict[str, Any]:
    """An answer as it is read."""
    told: dict[str, Any] = json.loads(gzip.decompress(stored))
    return told
