"""The report, section by section. Owns: which sections there are, their order, the head and the foot. Never: markup, arithmetic.

A new part of the report is one function here and one entry in SECTIONS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import RunRecord
from liantu.model.scenario import BASE
from liantu.report import numbers
from liantu.report.apart import apart, called
from liantu.report.cells import number
from liantu.report.conclusions import conclusion, longest
from liantu.report.facts import Facts, facts
from liantu.report.figures import chain_map, targets, unmeasured
from liantu.report.flows import Graph
from liantu.report.labels import chain_title, demanded, join, link_name, process_name, scenario_name, scenario_reason
from liantu.report.limiting import limits_section
from liantu.report.links import Link
from liantu.report.otherways import ways_section
from liantu.report.page import KeyFigure, Page, Report, Section
from liantu.report.planning import plan_section
from liantu.report.prospects import Prospects, prospects
from liantu.report.quality import Quality, quality
from liantu.report.recruiting import recruit_figure, recruit_section
from liantu.report.sankey import graphs, sankeys
from liantu.report.tables import (
    basis_table,
    cited,
    findings_table,
    parts_table,
    require_table,
    sources_table,
    targets_table,
    trade_table,
    weak_table,
)
from liantu.words import LANGUAGES, Lang, Value, say


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What all sections draw on, worked out once for both languages."""

    facts: Facts
    graphs: tuple[Graph, ...]
    quality: Quality
    findings: tuple[Finding, ...]
    common: frozenset[tuple[object, ...]]
    recruit: Prospects | None
    throughput: RunRecord | None
    plans: tuple[RunRecord, ...]
    alternatives: RunRecord | None


def report(
    chain: Chain,
    balance: RunRecord,
    require: RunRecord,
    *,
    lang: Lang,
    at: str = "",
    recruit: RunRecord | None = None,
    throughput: RunRecord | None = None,
    plan: RunRecord | Sequence[RunRecord] | None = None,
) -> Report:
    """The report on a chain: what it makes in a year, what the yardstick requires, and what should come next.

    Parameters
    ----------
    chain : Chain
        The chain both records were computed from.
    balance, require : RunRecord
        Answers of the verbs of these names; ``require`` is the yardstick that long and short are measured against.
    lang : {"zh", "en"}
        The language the file opens in; it holds both.
    at : str
        When it was run, as it should be printed; blank leaves the time out.
    recruit, throughput : RunRecord, optional
        Answers of the verbs of these names for the same year; a part without an answer is left out, its findings are not.
    plan : RunRecord or sequence of them, optional
        A plan over years; of several, the first is shown and the others set against it. The answer of ``alternatives`` may stand
        among them.
    """
    joined = facts(chain, balance, require, at)
    planned = (plan,) if isinstance(plan, RunRecord) else tuple(plan or ())
    given = [record for record in (recruit, throughput, *planned) if record is not None]
    found = {_key(finding): finding for record in (balance, require, *given) for finding in record.findings}
    known = _Known(
        facts=joined,
        graphs=graphs(joined),
        quality=quality(joined),
        findings=tuple(found.values()),
        common=frozenset(_key(one) for record in (balance, require, *given) if record.command != "plan" for one in record.findings),
        recruit=prospects(joined, recruit) if recruit is not None and "links" in recruit.result else None,
        throughput=throughput if throughput is not None and "plants" in throughput.result else None,
        plans=tuple(record for record in planned if record.command != "alternatives"),
        alternatives=next((record for record in planned if record.command == "alternatives"), None),
    )
    return Report(lang=lang, pages={each: _page(known, each) for each in LANGUAGES})


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.file, finding.row, finding.column, tuple(sorted(finding.values.items()))


def _page(known: _Known, lang: Lang) -> Page:
    facts = known.facts
    asked = bool(facts.demand)
    return Page(
        lang=lang,
        title=say("report.title", lang, {"chain": chain_title(facts.chain, lang)}),
        dateline=_dateline(facts, lang),
        conclusion=conclusion(facts, lang),
        reckoned=say("report.reckoned" if asked else "report.reckoned-none", lang, {"demand": demanded(facts, lang)}),
        figures=_key_figures(known, lang),
        sections=tuple(section for build in SECTIONS if (section := build(known, lang)) is not None),
        foot=_foot(facts, lang),
        badges=(say("report.dateline-illustrative", lang),) if facts.illustrative else (),
    )


def _dateline(facts: Facts, lang: Lang) -> tuple[str, ...]:
    lines = [say("report.dateline-year", lang, {"year": str(facts.year)})]
    if (scenario := str(facts.balance.options.get("scenario", BASE))) != BASE:
        lines.append(say("report.dateline-scenario", lang, {"scenario": scenario_name(facts.chain, scenario, lang)}))
    if facts.at:
        lines.append(say("report.dateline-run", lang, {"at": facts.at}))
    lines.append(say("report.dateline-sources", lang, {"count": len(cited(facts))}))
    return tuple(lines)


def _foot(facts: Facts, lang: Lang) -> tuple[str, ...]:
    record = facts.balance
    values: dict[str, Value] = {"at": facts.at, "version": record.version, "digest": record.digest[:12]}
    run = say("report.foot-run" if facts.at else "report.foot-run-undated", lang, values)
    return say("report.foot-formula", lang), say("report.foot-states", lang), run


def _key_figures(known: _Known, lang: Lang) -> tuple[KeyFigure, ...]:
    """Five figures: what is asked, what is longest, what is missing, whom to recruit, and how the resources targets stand."""
    wanted = (
        *_demand_figure(known.facts, lang),
        *_long_figure(known.facts, lang),
        *_gaps_figure(known.facts, lang),
        *(recruit_figure(known.facts, known.recruit, lang) if known.recruit else ()),
        *_target_figures(known.facts, lang),
        *_estimate_figure(known.quality, lang),
    )
    return wanted[:5]


def _demand_figure(facts: Facts, lang: Lang) -> list[KeyFigure]:
    link = _asked(facts)
    if link is None:
        return []
    value, _, unit = numbers.amount(link.capacity, link.unit, lang).partition(" ")
    need = numbers.amount(link.need, link.unit, lang)
    key = "figure-capacity-meaning" if link.capacity > 0 else "figure-capacity-idle"
    return [
        KeyFigure(
            label=say("report.figure-capacity", lang, {"name": link_name(facts, link, lang)}),
            value=value,
            unit=unit,
            meaning=say(f"report.{key}", lang, {"need": need, "load": numbers.percent(link.load)}),
        )
    ]


def _asked(facts: Facts) -> Link | None:
    """The link that makes what is asked for."""
    products = {at for at, _ in facts.demand}
    return next((link for link in facts.links if link.product in products), None)


def _long_figure(facts: Facts, lang: Lang) -> list[KeyFigure]:
    link = longest(facts)
    if link is None or link == _asked(facts):
        return []
    value, _, unit = numbers.amount(link.capacity, link.unit, lang).partition(" ")
    values = {"need": numbers.amount(link.need, link.unit, lang), "times": numbers.times(link.capacity / link.need)}
    label = say("report.figure-long", lang, {"name": link_name(facts, link, lang)})
    return [KeyFigure(label=label, value=value, unit=unit, meaning=say("report.figure-long-meaning", lang, values), tone="long")]


def _gaps_figure(facts: Facts, lang: Lang) -> list[KeyFigure]:
    asked = [link for link in facts.links if link.need > 0]
    if not asked:
        return []
    missing, few = len(facts.counted("missing")), len(facts.counted("short"))
    return [
        KeyFigure(
            label=say("report.figure-gaps", lang),
            value=str(missing + few),
            unit=say("report.figure-gaps-unit", lang, {"links": len(asked)}),
            meaning=say("report.figure-gaps-meaning", lang, {"missing": missing, "short": few}),
            tone="missing" if missing else "short" if few else "",
        )
    ]


def _target_figures(facts: Facts, lang: Lang) -> list[KeyFigure]:
    """Residue use, then the recovery that is furthest off."""
    shown = targets(facts, lang)
    first = [target for target in shown if target.key == "residue_use"][:1]
    rest = [target for target in shown if target not in first and target.light != "grey"][:1]
    return [
        KeyFigure(
            label=target.name,
            value=target.value.removesuffix(" %"),
            unit="%" if target.value.endswith("%") else "",
            meaning=say("report.figure-target-meaning", lang, {"target": target.target, "verdict": target.verdict}),
            tone=target.light,
        )
        for target in (*first, *rest)
    ]


def _estimate_figure(found: Quality, lang: Lang) -> list[KeyFigure]:
    rows = sum(share.rows for share in found.shares)
    estimates = next((share for share in found.shares if share.basis == "estimate"), None)
    if not rows or estimates is None:
        return []
    value, _, unit = numbers.percent(estimates.share).rpartition(" ")
    meaning = say("report.figure-estimates-meaning", lang, {"rows": rows})
    return [KeyFigure(label=say("report.figure-estimates", lang), value=value, unit=unit, meaning=meaning)]


def _chain(known: _Known, lang: Lang) -> Section | None:
    facts = known.facts
    if not facts.links:
        return None
    notes = []
    running = facts.chain.running(facts.year)
    if not (facts.chain.plants.utilisation[running] < 1).all():
        notes.append(say("report.note-utilisation", lang))
    drawn = chain_map(facts, lang)
    if drawn.back:
        notes.append(say("report.note-feed", lang))
    return replace(_section("chain", lang), chain=drawn, notes=tuple(notes))


def _recruit(known: _Known, lang: Lang) -> Section | None:
    return recruit_section(known.facts, known.recruit, lang) if known.recruit else None


def _limits(known: _Known, lang: Lang) -> Section | None:
    return limits_section(known.facts, known.throughput, lang) if known.throughput else None


def _plan(known: _Known, lang: Lang) -> Section | None:
    section = plan_section(known.facts, known.plans, lang)
    solved = [plan for plan in known.plans if plan.ok and "builds" in plan.result]
    if section is None:
        return None
    section = replace(section, notes=(*section.notes, *_reasons(known.facts, known.plans, lang)))
    if len(solved) < 2:
        return section
    found = apart(known.facts, solved, lang)
    return replace(section, lead=(*section.lead, *found.lead), tables=(*section.tables, found.table), details=found.details)


def _reasons(facts: Facts, plans: Sequence[RunRecord], lang: Lang) -> Iterator[str]:
    """The scenarios of plans, with why each is looked at."""
    for name in dict.fromkeys(str(plan.options.get("scenario", "")) for plan in plans):
        if reason := scenario_reason(facts.chain, name, lang):
            yield say("report.note-scenario", lang, {"scenario": scenario_name(facts.chain, name, lang), "reason": reason})


def _ways(known: _Known, lang: Lang) -> Section | None:
    return ways_section(known.facts, known.alternatives, lang) if known.alternatives else None


def _flows(known: _Known, lang: Lang) -> Section | None:
    if not known.graphs:
        return None
    gaps = [abs(number(row, "gap")) for row in known.facts.balance.grid("balances") if math.isfinite(number(row, "gap"))]
    drawn = sankeys(known.facts, known.graphs, lang)
    key, values = "flows" if gaps else "flows-open", {"gap": numbers.percent(max(gaps, default=0.0))}
    undrawn = say(f"report.hint-{key}-undrawn", lang, values)
    return Section(
        key="flows", title=say("report.section-flows", lang), hint=say(f"report.hint-{key}", lang, values), undrawn=undrawn, sankeys=drawn
    )


def _require(known: _Known, lang: Lang) -> Section | None:
    facts = known.facts
    if not facts.links:
        return None
    names = join([process_name(facts, process, lang) for process in facts.renamed], lang)
    notes = (say("report.note-renamed", lang, {"names": names}),) if names else ()
    undrawn = say("report.hint-require-undrawn", lang)
    return replace(_section("require", lang), undrawn=undrawn, tables=(require_table(facts, lang),), notes=notes)


def _targets(known: _Known, lang: Lang) -> Section | None:
    if not any(math.isfinite(number(row, key)) for row in known.facts.balance.grid("indicators") for key in ("value", "target")):
        return None
    details = tuple(table for table in (targets_table(known.facts, lang), parts_table(known.facts, lang)) if table.rows)
    aims, silent = targets(known.facts, lang), unmeasured(known.facts, lang)
    notes = (say("report.note-unmeasured", lang, {"names": join(silent, lang)}),) if silent else ()
    if not aims and not silent:
        notes = (say("report.note-no-targets", lang),)
    return replace(_section("targets", lang), targets=aims, details=details, notes=notes)


def _trade(known: _Known, lang: Lang) -> Section | None:
    traded = trade_table(known.facts, lang)
    return replace(_section("trade", lang), tables=(traded,)) if traded.rows else None


def _quality(known: _Known, lang: Lang) -> Section | None:
    found = known.quality
    rows = sum(share.rows for share in found.shares)
    if not rows:
        return None
    notes = [say("report.note-moves" if found.priced else "report.note-moves-tonnes", lang)]
    if found.unbounded:
        notes.append(say("report.note-unbounded", lang, {"count": found.unbounded, "share": numbers.percent(found.unbounded_weight)}))
    if found.unweighted and found.priced:
        notes.append(say("report.note-unweighted", lang, {"count": found.unweighted}))
    hint = say("report.hint-quality" if found.priced else "report.hint-quality-tonnes", lang, {"rows": rows})
    tables = basis_table(found, lang), weak_table(known.facts, found, lang)
    return Section(key="quality", title=say("report.section-quality", lang), hint=hint, tables=tables, notes=tuple(notes))


def _findings(known: _Known, lang: Lang) -> Section:
    levels = [finding.level for finding in known.findings]
    among = [_scenarios(known, finding, lang) for finding in known.findings]
    values = {f"{level}s": levels.count(level) for level in ("error", "warning", "note")}
    notes = () if levels else (say("report.no-findings", lang),)
    tables = (findings_table(known.facts, known.findings, among, lang),) if levels else ()
    return replace(_section("findings", lang, values), tables=tables, notes=notes)


def _scenarios(known: _Known, finding: Finding, lang: Lang) -> str:
    """The plans a finding belongs to, if other plans are without it and no other record has it."""
    key = _key(finding)
    having = [key in map(_key, plan.findings) for plan in known.plans]
    if all(having) or key in known.common:
        return ""
    return join([called(known.facts, plan, at, lang) for at, plan in enumerate(known.plans) if having[at]], lang)


def _sources(known: _Known, lang: Lang) -> Section | None:
    listed = sources_table(known.facts, lang)
    return replace(_section("sources", lang), tables=(listed,)) if listed.rows else None


def _section(key: str, lang: Lang, values: Mapping[str, Value] | None = None) -> Section:
    return Section(key=key, title=say(f"report.section-{key}", lang), hint=say(f"report.hint-{key}", lang, values))


SECTIONS: tuple[Callable[[_Known, Lang], Section | None], ...] = (
    _chain, _recruit, _limits, _plan, _ways, _flows, _require, _targets, _trade, _quality, _findings, _sources,
)  # fmt: skip
