"""What can be asked, and how it becomes a call of the core. Owns: options of each verb, the key of a question, scenarios as rows.
Never: the database, computing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from liantu import __version__
from liantu.errors import CallError
from liantu.model.tables import Table, Tables

# Options each verb takes besides year and scenario; what is blank is left to the core's own default.
OPTIONS: Mapping[str, frozenset[str]] = {
    "overview": frozenset({"demand", "buy"}),
    "outlook": frozenset({"first", "last", "budget", "blocks", "rate", "targets"}),
    "check": frozenset(),
    "balance": frozenset(),
    "require": frozenset({"demand", "buy"}),
    "throughput": frozenset(),
    "recruit": frozenset({"rate", "stages", "sites", "zone", "capital"}),
    "whynot": frozenset({"demand", "make"}),
    "plan": frozenset({"first", "last", "rate", "blocks", "budget", "fix", "forbid", "sites", "targets"}),
}
# A page that is asked for no years plans the five after its own.
YEARS_PLANNED = 5
CHANGE = ("table", "rows", "column", "operation", "value", "unit", "reason")
# A plan from the web is asked to end before its job is ended.
_TIME_LIMIT_S = 300.0
_PLAN = ("first", "last", "rate", "blocks", "budget", "fix", "forbid", "sites", "targets")
Options = Mapping[str, Any]
Changes = Sequence[Mapping[str, str]]


def settled(verb: str, options: Options) -> dict[str, Any]:
    """The options of a question with blanks taken out, in one order.

    Raises
    ------
    CallError
        ``question-verb`` or ``question-option`` for what does not exist.
    """
    if verb not in OPTIONS:
        raise CallError("question-verb", {"value": verb[:40], "verbs": ", ".join(OPTIONS)})
    kept = {name: options[name] for name in sorted(options) if options[name] not in (None, "", False, [], {})}
    if unknown := set(kept) - OPTIONS[verb]:
        raise CallError("question-option", {"value": ", ".join(sorted(unknown))[:80], "verb": verb})
    return kept


def key(digest: str, verb: str, question: Mapping[str, Any]) -> str:
    """The same data, the same question and the same version of Liantu have the same key."""
    whole = json.dumps([digest, verb, question, __version__], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def options_of(verb: str, question: Mapping[str, Any]) -> object:
    """What a verb of planning is asked besides year and demand, as the core takes it."""
    # Jobs ask this, pages never: planning is not imported to show a page.
    from liantu.runs.expanding import PlanAsked
    from liantu.runs.recruiting import RecruitAsked
    from liantu.runs.wishing import Wish

    asked = question.get("options", {})
    if verb in {"plan", "outlook"}:
        plan = PlanAsked(**{name: asked[name] for name in _PLAN if name in asked})
        return replace(plan, solver=replace(plan.solver, time_limit_s=_TIME_LIMIT_S))
    if verb == "recruit":
        return RecruitAsked(**asked)
    return Wish(make=bool(asked.get("make"))) if verb == "whynot" else None


def scenario_of(question: Mapping[str, Any]) -> str:
    """The scenario the core is asked under; one without changes is the chain as it is."""
    return str(question.get("scenario", "")) if question.get("changes") else ""


def with_scenario(tables: Tables, code: str, changes: Changes) -> Tables:
    """The registers with one scenario in place of all others; the line of a change is its number."""
    columns = {name: [change.get(name, "") for change in changes] for name in CHANGE}
    rows = Table(
        name="scenarios", columns={"scenario": [code] * len(changes), **columns}, lines=range(1, len(changes) + 1), files=("scenarios",)
    )
    kept = {name: table for name, table in tables.tables.items() if name != "scenarios"}
    return replace(tables, tables={**kept, "scenarios": rows} if changes else kept)
